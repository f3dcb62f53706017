//! A link that the relay makes for an order: its messages, where they are kept, and what a shop sees of it.
//!
//! The golden tables may never change: what a relay has recorded is found again by them alone.

use crate::shop::{email, phone, reference, storefront};
use crate::support::{
    ANSWER_CONTEXT, asks_paytr, body_of, call_context, callback_id, config_of, created, form_fields, link, merchant,
    message_of, payment, price, reads_link, response, terms, view,
};
use paytr_link_relay::config::Config;
use paytr_link_relay::ledger::{Keeper, Partition, Refusal, new_callback_id};
use paytr_link_relay::link::{Link, LinkOfOrder, Terms};
use paytr_link_relay::message::{AnswerContext, CallContext, Create, Delete, Get, Message};
use paytr_link_relay::model::{Currency, ExpiryDate, Lang, OrderKey, Recipient};
use paytr_link_relay::payment::Assessment;
use paytr_link_relay::payment::event::body;
use paytr_link_relay::standard_webhooks::{Headers, VerifyError, verify};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn key(storefront: &str, order_id: &str) -> OrderKey {
    OrderKey { storefront: storefront.to_owned(), order_id: order_id.to_owned() }
}

fn create_of(order: LinkOfOrder, send: Vec<Recipient>) -> Create {
    let name = storefront(&json!({})).link_name(&reference("1001")).unwrap();
    let expiry_date = ExpiryDate::from_unix_ms(1_795_600_800_999).unwrap();
    Create::of_order(order, reference("1001"), (name, price(158_000), Currency::Tl), Lang::Tr, expiry_date, send)
}

fn create(number: u32) -> Message {
    Message::Create(create_of(LinkOfOrder { key: key("shop", "11"), number }, vec![phone(), email()]))
}

fn config(events_url: Option<&str>, relay_origin: Option<&str>) -> Config {
    let given = |text: Option<&str>| text.map(str::to_owned);
    Config { events_url: given(events_url), relay_origin: given(relay_origin), ..config_of(merchant()) }
}

#[test]
fn it_is_the_link_that_a_shops_own_message_would_make() {
    let own = message_of(
        "link.create",
        &json!({
            "name": "Sipariş 1001", "price": 158_000, "currency": "TL", "lang": "tr", "reference": "1001",
            "expiry_date": "2026-11-25T13:00:00+03:00", "send": {"cell_phone": "05321234567", "email": "musteri@example.com"},
        }),
    );
    let config = config(Some("https://shop.example/events"), None);
    let callback_id = callback_id();
    let context = CallContext { callback_id: Some(&callback_id), ..call_context(&config) };
    let fields = |message: &Message| form_fields(&asks_paytr(message).call(&context).unwrap().form);
    assert_eq!(fields(&create(1)), fields(&own));
    let opened = |message: &Message| asks_paytr(message).opens().unwrap();
    let order = Some(LinkOfOrder { key: key("shop", "11"), number: 1 });
    assert_eq!(opened(&create(1)), Terms { order, ..opened(&own) });
    assert!(opened(&create(1)).paid_once);
}

#[test]
fn its_payments_come_to_the_relay_whether_or_not_events_go_somewhere() {
    let callback_id = callback_id();
    for (events_url, relay_origin, origin, expected) in [
        (None, None, "https://relay.example", Ok("https://relay.example/callback")),
        (Some("https://shop.example/e"), None, "https://relay.example", Ok("https://relay.example/callback")),
        (None, Some("https://own.example"), "https://relay", Ok("https://own.example/callback")),
        (None, None, "https://relay", Err(Refusal::CallbackUnreachable)),
    ] {
        let config = config(events_url, relay_origin);
        let context = CallContext { callback_id: Some(&callback_id), origin, ..call_context(&config) };
        let called = asks_paytr(&create(1)).call(&context).map(|call| form_fields(&call.form));
        let link = called.map(|fields| fields.into_iter().find(|(name, _)| name == "callback_link").unwrap().1);
        assert_eq!(link, expected.map(str::to_owned), "{events_url:?} {relay_origin:?} {origin}");
    }
}

#[test]
fn the_fingerprint_of_an_orders_create_never_changes() {
    let create = |storefront: &str, order_id: &str, number, send| {
        let order = LinkOfOrder { key: key(storefront, order_id), number };
        asks_paytr(&Message::Create(create_of(order, send))).fingerprint().hash(&merchant())
    };
    let both = || vec![phone(), email()];
    let golden = [
        (create("shop", "11", 1, both()), "GF1S6Ec2hDfPnkhL5suRomBNj7X3wIeCpbNLrFumRQs="),
        (create("shop", "11", 2, both()), "66BuW4gh/USQ26e09/s6WW7Vl/pYWuHh6Gp4seFZvaA="),
        (create("shop", "12", 1, both()), "nGiUKB+9N/CsORu4NCTrvbYRnf3RllbBHNN2H5gLy1Q="),
        (create("other", "11", 1, both()), "1eWE1HFqNB7fr2tfC53NIuVbQ3YhqYdOLu4PutiRfAY="),
        (create("shop", "11", 1, vec![phone()]), "QE4KGM/smHnwSVNxp9CiZDZM1hC2dIYgNO8wvxhgia0="),
        (create("shop", "11", 1, Vec::new()), "drKlk8RsJ5atfv+9jXMZfH17me3Q926i8XQLc5eVLsg="),
    ];
    for (hash, expected) in &golden {
        assert_eq!(hash, expected);
    }
}

#[test]
fn its_messages_have_ids_that_no_caller_may_write() {
    let key = key("shop", "11");
    assert_eq!(key.create_id(2), "storefront.shop.11.2");
    assert_eq!(key.delete_id(2, 5), "storefront.shop.11.2.delete.5");
    for id in [key.create_id(1), key.delete_id(1, 1)] {
        let headers = Headers { id: Some(&id), timestamp: Some("1795000000"), signature: Some("v1,AAAA") };
        assert_eq!(verify(headers, b"", &[], 1_795_000_000).unwrap_err(), VerifyError::BadId, "{id}");
    }
}

#[test]
fn a_task_of_an_order_names_it() {
    for key in [key("shop", "11"), key("-", "0"), key("shop", "a b")] {
        assert_eq!(OrderKey::parse(&key.text()), Some(key));
    }
    assert_eq!(key("shop", "11").text(), "shop 11");
    assert_eq!(OrderKey::parse("shop"), None);
}

#[test]
fn where_an_order_and_its_links_are_kept_never_changes() {
    let merchant = merchant();
    for (key, order, link) in [
        (key("shop", "11"), "ledger-21", "5f165df1b930cfb07a76e7deda4b3b80cb7a24c4652673e51ed55a4d880ef6f0"),
        (key("shop", "12"), "ledger-19", "b3bd83d7c49432a27d498616d0a80f65be7ddfde9b46997a13860c038bed385d"),
        (key("other", "11"), "ledger-22", "b795856ffe47063e8f75ab92c721820d0d60287d1f763284940f8994556552a1"),
    ] {
        assert_eq!(Partition::of_order(&merchant, &key).name(), order, "{key:?}");
        assert_eq!(new_callback_id(&merchant, "a relay's own", &key.create_id(1)).as_str(), link, "{key:?}");
    }
}

#[test]
fn orders_are_spread_over_the_partitions() {
    let merchant = merchant();
    let names: BTreeSet<String> =
        (0..1000).map(|number| Partition::of_order(&merchant, &key("shop", &number.to_string())).name()).collect();
    assert_eq!(names.len(), 32);
    // What ends the one and begins the other is no matter of chance.
    let apart = (0..40).any(|number: u32| {
        let (one, other) = (key("shop1", &number.to_string()), key("shop", &format!("1{number}")));
        Partition::of_order(&merchant, &one) != Partition::of_order(&merchant, &other)
    });
    assert!(apart);
}

#[test]
fn its_record_is_looked_up_and_deleted_by_its_own_name() {
    let own = callback_id();
    assert_eq!(Message::Get(Get::own(own.clone())), message_of("link.get", &json!({"callback_id": own})));
    assert_eq!(Message::Delete(Delete::own(own.clone())), message_of("link.delete", &json!({"callback_id": own})));
    assert!(matches!(asks_paytr(&Message::Delete(Delete::own(own.clone()))).keeper(), Keeper::Link(id) if *id == own));
}

fn of_order() -> Link {
    let order = Some(LinkOfOrder { key: key("shop", "11"), number: 2 });
    Link { terms: Terms { reference: Some(reference("1001")), order, ..terms() }, ..link(created()) }
}

#[test]
fn an_event_names_the_storefront_behind_the_orders_number() {
    let event = |link: &Link| body(&payment(), Some(link), &Assessment { reasons: Vec::new() }, 0);
    assert!(event(&of_order()).contains(r#""data":{"reference":"1001","storefront":"shop","link":{"#));
    assert!(!event(&link(created())).contains("storefront"));
}

#[test]
fn a_link_that_is_read_names_its_storefront() {
    let get = Message::Get(Get::own(callback_id()));
    let told = |link: Link| -> Value { body_of(&response(&get, reads_link(&get).answer(view(Some(link))))) };
    let whole = told(of_order());
    assert_eq!((&whole["reference"], &whole["storefront"]), (&json!("1001"), &json!("shop")));
    assert!(whole.get("link").is_some(), "{whole}");
    assert_eq!(told(link(created())).get("storefront"), None);
    assert_eq!((of_order().storefront(), link(created()).storefront()), (Some("shop"), None));
}

#[test]
fn the_answer_to_its_create_does_not_name_the_order() {
    let own = callback_id();
    let context = AnswerContext { callback_id: Some(&own), ..ANSWER_CONTEXT };
    let record = crate::support::record(&created().unwrap());
    let body = asks_paytr(&create(1)).answer(&record, &context).unwrap().body();
    assert!(body.contains(r#""reference":"1001""#) && !body.contains("shop"), "{body}");
}
