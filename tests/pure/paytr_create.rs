//! The call that creates a link, and what of PayTR's reply is taken for a link. What is posted for
//! each message is in `message_create`.

use crate::support::{
    MERCHANT_KEY, MERCHANT_SALT, asks_paytr, call, callback_id, config_of, count, created_link, hmac_base64, merchant,
    message_of, price,
};
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::model::{Currency, Lang, LinkName, MaxInstallment};
use paytr_link_relay::paytr::create::{Callback, Kind, read};
use paytr_link_relay::paytr::{CreatedLink, MAX_REPLY_BYTES, NewLink, read_reply};
use serde_json::{Value, json};

fn product() -> NewLink {
    NewLink {
        name: LinkName::parse(&JsonValue::Text("Order 1001".to_owned())).unwrap(),
        price: price(1445),
        currency: Currency::Tl,
        max_installment: MaxInstallment::default(),
        lang: Lang::Tr,
        kind: Kind::Product { min_count: count(1), max_count: None },
        expiry_date: None,
        pft: None,
        get_qr: None,
    }
}

#[test]
fn the_form_of_a_new_link_is_exact_to_the_byte() {
    let callback =
        Callback { link: "https://relay.example/callback".to_owned(), id: callback_id().as_str().to_owned() };
    let token = hmac_base64(MERCHANT_KEY.as_bytes(), format!("Order 10011445TL12producttr1{MERCHANT_SALT}").as_bytes());
    let token = token.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let call = product().call(&merchant(), Some(&callback), true);
    assert_eq!(call.path, "/odeme/api/link/create");
    assert_eq!(
        call.form,
        format!(
            "merchant_id=123456&name=Order%201001&price=1445&currency=TL&max_installment=12&link_type=product&lang=tr\
             &min_count=1&callback_link=https%3A%2F%2Frelay.example%2Fcallback&callback_id={}&debug_on=1\
             &paytr_token={token}",
            callback_id().as_str()
        )
    );
}

#[test]
fn a_longer_reply_is_read_where_a_qr_code_was_asked_for() {
    let reply =
        r#"{"status":"success","id":"NB2Zlz3","link":"https://www.paytr.com/link/NB2Zlz3","base64_qr":"iVBORw0KGgo="}"#;
    let expected = CreatedLink { base64_qr: Some("iVBORw0KGgo=".to_owned()), ..created_link() };
    assert_eq!(read(&read_reply(200, reply.as_bytes()).ok().unwrap()), Some(expected), "it is kept as it is");
    for (get_qr, expected) in [(None, MAX_REPLY_BYTES), (Some(false), MAX_REPLY_BYTES), (Some(true), 262_144)] {
        let call = NewLink { get_qr, ..product() }.call(&merchant(), None, false);
        assert_eq!(call.max_reply_bytes, expected, "{get_qr:?}");
    }
    let message = message_of("link.create", &json!({"name": "Order 1001", "price": 1445, "get_qr": 1}));
    assert_eq!(call(asks_paytr(&message), &config_of(merchant())).max_reply_bytes, 262_144);
}

fn success(id: &Value, link: &Value) -> Option<CreatedLink> {
    let reply = json!({"status": "success", "id": id, "link": link}).to_string();
    read(&read_reply(200, reply.as_bytes()).ok().unwrap())
}

#[test]
fn only_an_id_and_an_address_that_a_customer_can_be_sent_to_are_a_link() {
    let long = |length: usize| format!("https://www.paytr.com/{}", "x".repeat(length - 22));
    for url in [
        "https://www.paytr.com/link/NB2Zlz3",
        "https://www.paytr.com/",
        "https://www.paytr.com",
        "https://paytr.example:8443/link?id=NB2Zlz3#top",
        "http://127.0.0.1:8788/link/NB2Zlz3",
        &long(400),
    ] {
        let expected = CreatedLink { url: url.to_owned(), ..created_link() };
        assert_eq!(success(&json!("NB2Zlz3"), &json!(url)), Some(expected), "{url}");
    }
    let no_links = [
        &["", "NB2Zlz3", "/link/NB2Zlz3", "www.paytr.com/link/NB2Zlz3", "http://www.paytr.com/link/NB2Zlz3"][..],
        &["ftp://www.paytr.com/link/NB2Zlz3", "javascript://www.paytr.com/%0aalert(1)", "https:///link/NB2Zlz3"],
        &["https://www.paytr.com@shop.example/link/NB2Zlz3", "https://WWW.paytr.com/link/NB2Zlz3", &long(401)],
        &[
            "https://www.paytr.com/link/NB2 Zlz3",
            "https://www.paytr.com/link/NB2\nZlz3",
            "https://www.paytr.com/link/ş",
        ],
    ];
    for url in no_links.concat().into_iter().map(Value::from).chain([json!(null), json!(1)]) {
        assert_eq!(success(&json!("NB2Zlz3"), &url), None, "{url}");
    }
    for id in [json!(""), json!("NB2 Zlz3"), json!(null), json!([7])] {
        assert_eq!(success(&id, &json!("https://www.paytr.com/link/NB2Zlz3")), None, "{id}");
    }
}
