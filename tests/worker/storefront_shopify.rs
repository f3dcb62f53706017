//! A Shopify: its deliveries, and what its Admin API is asked while it works, fails, and its tokens expire.

use crate::support::aging::Aging;
use crate::support::answer::Answer;
use crate::support::lines::ray;
use crate::support::secrets::{SHOPIFY_APP, SHOPIFY_SECRET, SHOPIFY_TOKEN_MARK};
use crate::support::services::Service;
use crate::support::storefront::{Placed, STOREFRONT, shopify, shopify_storefront, tries};
use crate::support::suite::{Suite, wait_until};
use paytr_sandbox::shopify::{Shopify, ShopifyBasket, ShopifyTrouble, sign};
use paytr_sandbox::woocommerce::HookDelivery;
use paytr_sandbox::{Link, Received};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

crate::tests![
    a_delivery_of_shopify_is_taken_by_its_signature_alone,
    what_concerns_the_relay_not_is_answered_200_and_makes_no_link,
    an_order_gets_its_link_and_is_marked_as_paid,
    a_link_follows_the_order,
    an_order_without_personal_data_gets_a_link_that_a_person_sends,
    an_order_that_somebody_else_marked_as_paid_is_left_to_a_person,
    an_order_that_costs_more_by_now_is_left_to_a_person,
    every_failure_of_the_admin_api_is_tried_again_and_the_note_is_there_once,
    a_payment_that_shopify_refuses_to_take_is_tried_again,
    an_answer_of_shopify_that_is_lost_writes_nothing_twice,
    an_order_that_is_no_more_there_is_given_up,
    a_wrong_app_makes_links_all_the_same,
    a_token_that_expired_in_between_is_asked_for_anew,
    a_token_is_kept_encrypted_until_its_time_is_over,
];

const SIGNATURE: &str = "x-shopify-hmac-sha256";
const A_WHILE: Duration = Duration::from_millis(700);
/// The schedule's second try, with its random delay.
const SECOND_TRY: Duration = Duration::from_secs(5);
const SERVICE: &str = "shopify-tokens";

fn shop(suite: &Suite) -> &Shopify {
    &suite.stores.shopify
}

/// A delivery of this topic with this body, and more headers.
fn delivery(topic: &str, body: impl Into<Vec<u8>>, more: &[(&'static str, &str)]) -> HookDelivery {
    let body = body.into();
    let mut headers = vec![
        ("content-type", "application/json".to_owned()),
        ("x-shopify-topic", topic.to_owned()),
        (SIGNATURE, sign(SHOPIFY_SECRET, &body)),
    ];
    headers.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    HookDelivery { order_id: 0, headers, body, status: None, answer: String::new() }
}

fn assert_taken(answer: &Answer, outcome: &str, reason: Option<&str>, case: &str) {
    assert_eq!(answer.status, 200, "{case}: {}", answer.text());
    let json = answer.json();
    assert_eq!((json["outcome"].as_str(), json["reason"].as_str()), (Some(outcome), reason), "{case}");
}

/// An order that nobody told of, as a delivery has it, with other members.
fn untold(number: &str, other: &Value) -> String {
    let mut order = json!({"id": 912_345_678_901_234_567_u64, "name": number, "order_number": 1, "currency": "TRY",
        "presentment_currency": "TRY", "current_total_price": "1580.00", "total_outstanding": "1580.00",
        "financial_status": "pending", "payment_gateway_names": ["Havale"], "cancelled_at": null, "test": false,
        "updated_at": "2026-11-29T18:25:31+03:00"});
    order.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    order.to_string()
}

fn tags(shop: &Shopify, placed: &Placed) -> Vec<String> {
    shop.order(placed.id).unwrap().tags.into_iter().collect()
}

/// What the order of each request of the API was about, without the token's.
fn asked(shop: &Shopify, placed: &Placed) -> Vec<&'static str> {
    shop.calls(placed.id).iter().map(|call| call.asked[0]).collect()
}

/// An order with its link, sent and noted.
async fn linked(suite: &Suite) -> (Placed, Link) {
    let placed = Placed::at(shop(suite));
    let link = placed.wait_for_link(&suite.sandbox, 1, 158_000).await;
    placed.wait_until_sent(&suite.sandbox, &link.id).await;
    placed.wait_for_note(shop(suite), 1).await;
    (placed, link)
}

async fn wait_until_paid(shop: &Shopify, placed: &Placed) {
    let is_paid = || shop.order(placed.id).unwrap().financial_status == "paid";
    wait_until(&format!("order {} is paid", placed.number), is_paid).await;
}

async fn a_delivery_of_shopify_is_taken_by_its_signature_alone(suite: Arc<Suite>) {
    let body = untold("#1", &json!({"payment_gateway_names": ["visa"]}));
    let good = sign(SHOPIFY_SECRET, body.as_bytes());
    for (case, signature, is_taken) in [
        ("good", good.clone(), true),
        ("another secret", sign("e2e0123456789abcdef0123456789abd", body.as_bytes()), false),
        ("another body", sign(SHOPIFY_SECRET, b"{}"), false),
        ("without its padding", good.trim_end_matches('=').to_owned(), false),
        ("twice", format!("{good}, {good}"), false),
        ("nothing", String::new(), false),
    ] {
        // Names of headers as Shopify has written them over the years.
        for name in ["x-shopify-hmac-sha256", "X-Shopify-Hmac-SHA256", "X-Shopify-Hmac-Sha256", "X-SHOPIFY-HMAC-SHA256"]
        {
            let mut delivery = delivery("orders/updated", body.clone(), &[]);
            delivery.headers.retain(|(name, _)| *name != SIGNATURE);
            delivery.headers.push((name, signature.clone()));
            let answer = suite.deliver("shopify", &delivery).await;
            if is_taken {
                assert_taken(&answer, "ignored", Some("other-method"), case);
            } else {
                answer.assert_problem(401, "invalid-signature", case);
            }
        }
    }
    let mut unsigned = delivery("orders/updated", body, &[]);
    unsigned.headers.retain(|(name, _)| *name != SIGNATURE);
    suite.deliver("shopify", &unsigned).await.assert_problem(401, "invalid-signature", "no header");
    let ping = delivery("", "webhook_id=1", &[]);
    let ping = HookDelivery { headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())], ..ping };
    suite.deliver("shopify", &ping).await.assert_problem(401, "invalid-signature", "WooCommerce's ping");
}

async fn what_concerns_the_relay_not_is_answered_200_and_makes_no_link(suite: Arc<Suite>) {
    let test_id = json!({"id": 820_982_911_946_154_508_u64});
    for (number, topic, other, header, outcome, reason) in [
        ("N1", "orders/create", json!({"test": true}), None, "ignored", Some("test")),
        ("N2", "orders/create", test_id, None, "ignored", Some("test")),
        ("N3", "orders/create", json!({}), Some(("x-shopify-test", "true")), "ignored", Some("test")),
        ("N4", "orders/fulfilled", json!({}), None, "ignored", Some("other-topic")),
        ("N5", "products/update", json!({}), None, "ignored", Some("other-topic")),
        ("N6", "", json!({}), None, "ignored", Some("other-topic")),
        ("N7", "orders/create", json!({"payment_gateway_names": ["visa"]}), None, "ignored", Some("other-method")),
        ("N8", "orders/create", json!({"total_outstanding": "0.00"}), None, "ignored", Some("nothing-to-pay")),
        ("N9", "orders/create", json!({"id": null}), None, "unreadable", Some("no-id")),
        ("N10", "orders/create", json!({"financial_status": null}), None, "unreadable", Some("no-status")),
        // What is known to want no link is remembered, so that older news makes none.
        ("N11", "orders/paid", json!({"financial_status": "paid"}), None, "stored", None),
        ("N11", "orders/create", json!({"updated_at": "2026-11-29T18:25:30+03:00"}), None, "ignored", Some("older")),
    ] {
        let ray = ray();
        let mut delivery = delivery(topic, untold(number, &other), header.as_slice());
        delivery.headers.push(("cf-ray", ray.clone()));
        assert_taken(&suite.deliver("shopify", &delivery).await, outcome, reason, &format!("{number} {topic} {other}"));
        let line = suite.line("request_id", &ray, 0).await;
        assert_eq!((line["type"].as_str(), line["storefront"].as_str()), (Some("hook"), Some("shopify")), "{line}");
        assert_eq!(suite.workerd.errors().contains(&line), outcome == "unreadable", "{line}");
        let of_it = |call: &Received| call.field("name").is_some_and(|name| name.ends_with(&format!(" {number}")));
        assert!(!suite.sandbox.received().iter().any(of_it), "{number}: PayTR was asked");
    }
}

async fn an_order_gets_its_link_and_is_marked_as_paid(suite: Arc<Suite>) {
    let shop = shop(&suite);
    let (placed, link) = linked(&suite).await;
    let note = placed.wait_for_note(shop, 1).await;
    assert!(
        note.starts_with("PayTR ödeme linki oluşturuldu: ") && note.contains(&format!("/link/{} ", link.id)),
        "{note}"
    );
    assert!(!note.contains(&placed.phone) && !note.contains(&placed.email), "{note}");
    assert_eq!(tags(shop, &placed), ["paytr-link"]);
    let payment = suite.pay_order(&link).await;
    wait_until_paid(shop, &placed).await;
    let note = placed.wait_for_note(shop, 2).await;
    assert!(note.contains("1.580,00 TL ödeme linkiyle ödendi") && note.contains(&payment.merchant_oid), "{note}");
    assert_eq!(tags(shop, &placed), ["paytr-link", "paytr-paid"]);
    assert_eq!(asked(shop, &placed), ["order", "tagsAdd", "order", "tagsAdd", "orderMarkAsPaid"]);
    let order = shop.order(placed.id).unwrap();
    assert_eq!(order.note.as_deref(), Some("Paketi kapıcıya bırakın."), "the merchant's own note stays");
    // What Shopify tells of that payment is nothing new.
    shop.idle().await;
    sleep(A_WHILE).await;
    assert_eq!((placed.links(&suite.sandbox).len(), placed.notes(shop).len()), (1, 2));
    let event = suite.shop.wait_for(&link.terms.callback.unwrap().id, 1).await.remove(0).json();
    assert_eq!((event["type"].as_str(), event["data"]["storefront"].as_str()), (Some("link.paid"), Some("shopify")));
}

async fn a_link_follows_the_order(suite: Arc<Suite>) {
    let shop = shop(&suite);
    let (placed, first) = linked(&suite).await;
    shop.edit(placed.id, |order| order.cost("3160.00"));
    let second = placed.wait_for_link(&suite.sandbox, 2, 316_000).await;
    placed.wait_until_sent(&suite.sandbox, &second.id).await;
    assert_ne!(first.id, second.id);
    let note = placed.wait_for_note(shop, 2).await;
    assert!(note.contains("Önceki link artık geçersiz"), "{note}");
    shop.cancel(placed.id);
    placed.wait_until_deleted(&suite.sandbox).await;
    let (other, _) = linked(&suite).await;
    shop.mark_as_paid(other.id);
    other.wait_until_deleted(&suite.sandbox).await;
    assert_eq!(other.notes(shop).len(), 1);
    // What is outstanding is what is to be paid.
    let (part, _) = linked(&suite).await;
    shop.edit(part.id, |order| {
        "partially_paid".clone_into(&mut order.financial_status);
        "580.00".clone_into(&mut order.outstanding);
    });
    part.wait_for_link(&suite.sandbox, 2, 58_000).await;
}

async fn an_order_without_personal_data_gets_a_link_that_a_person_sends(suite: Arc<Suite>) {
    let shop = shop(&suite);
    let somebody = Placed::at(&suite.stores.shopify);
    let number = format!("{}P", somebody.number);
    let id = shop.place(ShopifyBasket { name: Some(number.clone()), ..ShopifyBasket::default() });
    let placed = Placed { id, number, ..somebody };
    placed.wait_for_link(&suite.sandbox, 1, 158_000).await;
    let note = placed.wait_for_note(shop, 1).await;
    assert!(note.contains("Linki müşteriye siz gönderin."), "{note}");
    assert_eq!(tags(shop, &placed), ["paytr-check", "paytr-link"]);
}

async fn an_order_that_somebody_else_marked_as_paid_is_left_to_a_person(suite: Arc<Suite>) {
    let shop = shop(&suite);
    let (placed, link) = linked(&suite).await;
    shop.edit_silently(placed.id, paytr_sandbox::shopify::ShopifyOrder::pay);
    suite.pay_order(&link).await;
    let note = placed.wait_for_note(shop, 2).await;
    assert!(note.contains("siparişin durumu zaten “PAID”"), "{note}");
    assert_eq!(tags(shop, &placed), ["paytr-check", "paytr-link", "paytr-paid"]);
    assert!(!asked(shop, &placed).contains(&"orderMarkAsPaid"));
}

async fn an_order_that_costs_more_by_now_is_left_to_a_person(suite: Arc<Suite>) {
    let shop = shop(&suite);
    let (placed, link) = linked(&suite).await;
    shop.edit_silently(placed.id, |order| order.cost("1580.01"));
    suite.pay_order(&link).await;
    let note = placed.wait_for_note(shop, 2).await;
    assert!(note.contains("sipariş tutarı şimdi 1.580,01 TL"), "{note}");
    assert_eq!(shop.order(placed.id).unwrap().financial_status, "pending");
    assert!(!asked(shop, &placed).contains(&"orderMarkAsPaid"));
}

async fn every_failure_of_the_admin_api_is_tried_again_and_the_note_is_there_once(suite: Arc<Suite>) {
    let shop = shop(&suite);
    let elsewhere = suite.redirect_target.location();
    let cases = [
        (ShopifyTrouble::TokenRefused, Some(401), "key-refused", true),
        (ShopifyTrouble::Throttled, Some(200), "throttled", false),
        (ShopifyTrouble::ThrottledWithoutCode, Some(200), "throttled", false),
        (ShopifyTrouble::TooMany(1), Some(429), "throttled", false),
        (ShopifyTrouble::AccessDenied, Some(200), "key-may-not-write", false),
        (ShopifyTrouble::UnknownField, Some(200), "query-refused", false),
        (ShopifyTrouble::NotFound, Some(404), "no-admin-api", true),
        (ShopifyTrouble::Forbidden, Some(403), "forbidden", true),
        (ShopifyTrouble::Redirect(elsewhere), Some(307), "redirected", true),
        (ShopifyTrouble::Unavailable, Some(503), "refused", false),
        (ShopifyTrouble::Page, Some(200), "no-json", false),
        (ShopifyTrouble::NoteRefused, Some(200), "note-refused", false),
        (ShopifyTrouble::NotesChange, Some(200), "note-refused", false),
        (ShopifyTrouble::Close, None, "connection-lost", false),
    ];
    let place = |case: (ShopifyTrouble, _, _, _)| {
        let placed = Placed::at(shop);
        shop.misbehave(placed.id, case.0.clone());
        (placed, case)
    };
    let begun: Vec<(Placed, _)> = cases.into_iter().map(place).collect();
    // Each behaves as soon as it was tried once, whatever the others wait for.
    suite.when_tried(begun.iter().map(|(placed, _)| placed).collect(), |placed| shop.behave(placed.id)).await;
    for (placed, (trouble, status, reason, is_error)) in begun {
        let case = format!("{trouble:?}");
        let logged = tries(&suite, &placed).remove(0);
        assert_eq!(logged["type"], "order.link", "{case}: {logged}");
        let became = (logged["outcome"].as_str(), logged["reason"].as_str());
        assert_eq!(became, (Some("retried-later"), Some(reason)), "{case}");
        assert_eq!(logged["shop_http_status"].as_u64(), status, "{case}");
        assert_eq!(suite.workerd.errors().contains(&logged), is_error, "{case}: an error at once");
        // The link is there and sent, whatever the shop says.
        let link = placed.wait_for_link(&suite.sandbox, 1, 158_000).await;
        placed.wait_until_sent(&suite.sandbox, &link.id).await;
        let of_link = |note: &String| note.contains(&format!("/link/{} ", link.id));
        wait_until(&case, || tries(&suite, &placed).len() == 2).await;
        assert_eq!(tries(&suite, &placed)[1]["outcome"], "delivered", "{case}");
        assert_eq!(placed.notes(shop).iter().filter(|note| of_link(note)).count(), 1, "{case}");
    }
    assert_eq!(suite.redirect_target.visitors(), 0);
}

async fn a_payment_that_shopify_refuses_to_take_is_tried_again(suite: Arc<Suite>) {
    let shop = shop(&suite);
    let (placed, link) = linked(&suite).await;
    shop.misbehave(placed.id, ShopifyTrouble::MarkRefused);
    suite.pay_order(&link).await;
    wait_until("the payment is refused", || tries(&suite, &placed).len() == 2).await;
    let logged = tries(&suite, &placed).remove(1);
    let became = (logged["type"].as_str(), logged["outcome"].as_str(), logged["reason"].as_str());
    assert_eq!(became, (Some("order.paid"), Some("retried-later"), Some("not-marked")), "{logged}");
    shop.behave(placed.id);
    wait_until_paid(shop, &placed).await;
    assert_eq!(placed.notes(shop).len(), 2);
}

async fn an_answer_of_shopify_that_is_lost_writes_nothing_twice(suite: Arc<Suite>) {
    let shop = shop(&suite);
    let placed = Placed::at(shop);
    shop.misbehave(placed.id, ShopifyTrouble::AnswerLost);
    wait_until("the first note is tried", || !tries(&suite, &placed).is_empty()).await;
    let link = placed.wait_for_link(&suite.sandbox, 1, 158_000).await;
    suite.pay_order(&link).await;
    // The note, then the payment's note, then the payment: each is done, and said to have failed.
    let is_paid = || shop.order(placed.id).unwrap().financial_status == "paid";
    wait_until("all is written", is_paid).await;
    shop.behave(placed.id);
    assert_eq!(placed.notes(shop).len(), 2, "{:?}", placed.notes(shop));
    assert_eq!(tags(shop, &placed), ["paytr-link", "paytr-paid"]);
    assert_eq!(asked(shop, &placed).iter().filter(|asked| **asked == "orderMarkAsPaid").count(), 1);
}

async fn an_order_that_is_no_more_there_is_given_up(suite: Arc<Suite>) {
    let shop = shop(&suite);
    let placed = Placed::at(shop);
    shop.misbehave(placed.id, ShopifyTrouble::Close);
    wait_until("the note is tried", || !tries(&suite, &placed).is_empty()).await;
    shop.behave(placed.id);
    shop.delete(placed.id);
    wait_until("it is tried again", || tries(&suite, &placed).len() == 2).await;
    let logged = tries(&suite, &placed).remove(1);
    assert_eq!((logged["outcome"].as_str(), logged["reason"].as_str()), (Some("dead"), Some("no-such-order")));
    let asked = shop.calls(placed.id).len();
    sleep(SECOND_TRY + Duration::from_secs(2)).await;
    assert_eq!(shop.calls(placed.id).len(), asked);
}

async fn a_wrong_app_makes_links_all_the_same(suite: Arc<Suite>) {
    let number = "#77001";
    let body = untold(number, &json!({"id": 977_345_678_901_234_567_u64}));
    assert_taken(&suite.deliver("shopify-wrong", &delivery("orders/create", body, &[])).await, "stored", None, number);
    let is_its = |link: &Link| link.terms.name == format!("Sipariş {number}");
    wait_until("there is a link", || suite.sandbox.links().iter().any(is_its)).await;
    let of_it = |line: &Value| line["reference"] == number && line["attempt"].is_u64();
    wait_until("the note is tried", || suite.workerd.lines().iter().any(of_it)).await;
    let line = suite.workerd.lines().into_iter().find(of_it).unwrap();
    assert_eq!(
        (line["reason"].as_str(), line["shop_http_status"].as_u64()),
        (Some("key-refused"), Some(400)),
        "{line}"
    );
    let record = suite.request(STOREFRONT, "GET", "/health", &[], Vec::new()).await;
    assert_eq!(record.status, 200);
}

/// A relay with a storage and a shop of its own.
async fn alone(suite: &Suite) -> (Shopify, Aging) {
    let shop = shopify().await;
    let storefronts = json!([shopify_storefront("shop", &shop.url(), SHOPIFY_APP)]);
    let service = Service::with_events(SERVICE, &suite.sandbox.base_url(), &suite.shop.events_url());
    (shop, Aging::new(service.text("STOREFRONTS", &storefronts.to_string())))
}

async fn a_token_that_expired_in_between_is_asked_for_anew(suite: Arc<Suite>) {
    let (shop, aging) = alone(&suite).await;
    let workerd = aging.start();
    shop.connect(&format!("http://{}/hooks/shop", workerd.address(SERVICE)), SHOPIFY_SECRET);
    let placed = Placed::at(&shop);
    let link = placed.wait_for_link(&suite.sandbox, 1, 158_000).await;
    placed.wait_for_note(&shop, 1).await;
    assert_eq!(shop.tokens_given(), 1);
    // The same order is the same partition, which uses the token again.
    shop.edit(placed.id, |order| order.cost("3160.00"));
    placed.wait_for_note(&shop, 2).await;
    assert_eq!(shop.tokens_given(), 1);
    shop.expire_tokens();
    assert_ne!(placed.wait_for_link(&suite.sandbox, 2, 316_000).await.id, link.id);
    shop.edit(placed.id, |order| order.cost("1580.00"));
    placed.wait_for_note(&shop, 3).await;
    assert_eq!(shop.tokens_given(), 2, "no try was lost by it");
    let lines = workerd.lines();
    let mut tries = lines.iter().filter(|line| line["attempt"].is_u64());
    assert!(tries.all(|line| line["outcome"] == "delivered" && line["attempt"] == 1), "{lines:?}");
    workerd.kill();
}

async fn a_token_is_kept_encrypted_until_its_time_is_over(suite: Arc<Suite>) {
    let (shop, aging) = alone(&suite).await;
    let workerd = aging.start();
    let url = |workerd: &crate::support::workerd::Workerd| format!("http://{}/hooks/shop", workerd.address(SERVICE));
    shop.connect(&url(&workerd), SHOPIFY_SECRET);
    let placed = Placed::at(&shop);
    placed.wait_for_note(&shop, 1).await;
    sleep(A_WHILE).await;
    workerd.kill();
    assert_eq!((aging.rows("kept"), shop.tokens_given()), (1, 1));
    let token = shop.every_token().remove(0);
    for file in files(aging.data.storage()) {
        let bytes = fs::read(&file).unwrap();
        for hidden in [token.as_str(), SHOPIFY_TOKEN_MARK, SHOPIFY_APP] {
            let is_there = bytes.windows(hidden.len()).any(|window| window == hidden.as_bytes());
            assert!(!is_there, "{hidden} is in {}", file.display());
        }
    }
    // Eight minutes before it expires it is used no more, though it is still good.
    aging.age(1.0 - 480.0 / 86_400.0);
    let workerd = aging.start();
    shop.connect(&url(&workerd), SHOPIFY_SECRET);
    shop.edit(placed.id, |order| order.cost("3160.00"));
    placed.wait_for_note(&shop, 2).await;
    assert_eq!(shop.tokens_given(), 2);
    let paths: BTreeSet<String> = shop.calls(placed.id).into_iter().map(|call| call.path).collect();
    assert_eq!(paths, BTreeSet::from(["/admin/api/2026-10/graphql.json".to_owned()]));
    shop.idle().await;
    sleep(A_WHILE).await;
    workerd.kill();
    // A day later nobody needs it: the partition's sweep takes it away.
    aging.age(1.1);
    let workerd = aging.start();
    shop.connect(&url(&workerd), SHOPIFY_SECRET);
    shop.edit(placed.id, |order| order.basket.is_test = false);
    wait_until("it is swept", || aging.rows("kept") == 0).await;
    workerd.kill();
}

fn files(directory: impl AsRef<Path>) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(path) } else { vec![path] }).collect()
}
