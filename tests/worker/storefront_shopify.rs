//! A Shopify: its deliveries, and what its Admin API is asked while it works, fails, and its tokens expire.

use crate::support::prelude::*;
use crate::support::secrets::{SHOPIFY_APP, SHOPIFY_SECRET, SHOPIFY_TOKEN_MARK};
use crate::support::storefront::{delivery_of, shopify, tries};
use paytr_sandbox::shopify::{Shopify, ShopifyBasket, ShopifyOrder, ShopifyTrouble, sign};
use paytr_sandbox::woocommerce::HookDelivery;
use std::fs;
use std::path::Path;

crate::tests![
    a_delivery_of_shopify_is_taken_by_its_signature_alone,
    what_concerns_the_relay_not_is_answered_200_and_makes_no_link,
    an_order_gets_its_link_and_is_marked_as_paid,
    a_link_follows_the_order,
    an_order_without_personal_data_gets_a_link_that_a_person_sends,
    an_order_that_somebody_marked_as_paid_or_that_costs_more_by_now_is_left_to_a_person,
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
const SERVICE: &str = "shopify-tokens";

fn shop(suite: &Suite) -> &Shopify {
    &suite.stores.shopify
}

/// A delivery of this topic with this body, and more headers.
fn delivery(topic: &str, body: impl Into<Vec<u8>>, more: &[(&'static str, &str)]) -> HookDelivery {
    let body = body.into();
    let signature = sign(SHOPIFY_SECRET, &body);
    let all = [("content-type", "application/json"), ("x-shopify-topic", topic), (SIGNATURE, &signature)];
    let headers = all.iter().chain(more).map(|(name, value)| (*name, (*value).to_owned()));
    delivery_of(headers.collect(), body)
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
    let ping = delivery_of(vec![("content-type", "application/x-www-form-urlencoded".to_owned())], "webhook_id=1");
    suite.deliver("shopify", &ping).await.assert_problem(401, "invalid-signature", "WooCommerce's ping");
}

async fn what_concerns_the_relay_not_is_answered_200_and_makes_no_link(suite: Arc<Suite>) {
    let triggered = |at: &'static str| Some(("x-shopify-triggered-at", at));
    for (number, topic, other, header, outcome, reason) in [
        ("N1", "orders/create", json!({"test": true}), None, "ignored", Some("test")),
        ("N3", "orders/create", json!({}), Some(("x-shopify-test", "true")), "ignored", Some("test")),
        ("N4", "orders/fulfilled", json!({}), None, "ignored", Some("other-topic")),
        ("N9", "orders/create", json!({"id": null}), None, "unreadable", Some("no-id")),
        // What is known to want no link is remembered, so that older news makes none.
        ("N11", "orders/paid", json!({"financial_status": "paid"}), None, "stored", None),
        ("N11", "orders/create", json!({"updated_at": "2026-11-29T18:25:30+03:00"}), None, "ignored", Some("older")),
        (
            "N11",
            "orders/updated",
            json!({"financial_status": "paid"}),
            triggered("2026-11-29T15:25:31.200Z"),
            "stored",
            None,
        ),
        ("N11", "orders/create", json!({}), triggered("2026-11-29T15:25:31.100Z"), "ignored", Some("older")),
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
    let (placed, link) = suite.linked(shop).await;
    let note = placed.wait_for_note(shop, 1).await;
    assert!(note.starts_with("PayTR ödeme linki oluşturuldu: ") && note.contains(&link_path(&link)), "{note}");
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
    let (placed, first) = suite.linked(shop).await;
    shop.edit(placed.id, |order| order.cost("3160.00"));
    let second = placed.wait_for_link(&suite.sandbox, 2, 316_000).await;
    placed.wait_until_sent(&suite.sandbox, &second.id).await;
    assert_ne!(first.id, second.id);
    let note = placed.wait_for_note(shop, 2).await;
    assert!(note.contains("Önceki link artık geçersiz"), "{note}");
    shop.cancel(placed.id);
    placed.wait_until_deleted(&suite.sandbox).await;
    let (other, _) = suite.linked(shop).await;
    shop.mark_as_paid(other.id);
    other.wait_until_deleted(&suite.sandbox).await;
    assert_eq!(other.notes(shop).len(), 1);
    // What is outstanding is what is to be paid.
    let (part, _) = suite.linked(shop).await;
    shop.edit(part.id, |order| {
        "partially_paid".clone_into(&mut order.financial_status);
        "580.00".clone_into(&mut order.outstanding);
    });
    part.wait_for_link(&suite.sandbox, 2, 58_000).await;
}

async fn an_order_without_personal_data_gets_a_link_that_a_person_sends(suite: Arc<Suite>) {
    let shop = shop(&suite);
    let placed = Placed::with(shop, |basket| {
        let name = basket.name.take();
        *basket = ShopifyBasket { name, ..ShopifyBasket::default() };
    });
    placed.wait_for_link(&suite.sandbox, 1, ORDER_PRICE).await;
    let note = placed.wait_for_note(shop, 1).await;
    assert!(note.contains("Linki müşteriye siz gönderin."), "{note}");
    assert_eq!(tags(shop, &placed), ["paytr-check", "paytr-link"]);
}

async fn an_order_that_somebody_marked_as_paid_or_that_costs_more_by_now_is_left_to_a_person(suite: Arc<Suite>) {
    type Edit = fn(&mut ShopifyOrder);
    let shop = shop(&suite);
    let edits: [(Edit, &str, &str); 2] = [
        (ShopifyOrder::pay, "siparişin durumu zaten “PAID”", "paid"),
        (|order| order.cost("1580.01"), "sipariş tutarı şimdi 1.580,01 TL", "pending"),
    ];
    for (edit, words, status) in edits {
        let (placed, link) = suite.linked(shop).await;
        shop.edit_silently(placed.id, edit);
        suite.pay_order(&link).await;
        let note = placed.wait_for_note(shop, 2).await;
        assert!(note.contains(words), "{note}");
        assert_eq!(shop.order(placed.id).unwrap().financial_status, status);
        assert_eq!(tags(shop, &placed), ["paytr-check", "paytr-link", "paytr-paid"], "{words}");
        assert!(!asked(shop, &placed).contains(&"orderMarkAsPaid"), "{words}");
    }
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
        let placed = Placed::new(shop);
        shop.misbehave(placed.id, case.0.clone());
        (placed, case)
    };
    let begun = cases.into_iter().map(place).collect();
    suite.assert_tried_again(shop, begun, |placed| shop.behave(placed.id)).await;
}

async fn a_payment_that_shopify_refuses_to_take_is_tried_again(suite: Arc<Suite>) {
    let shop = shop(&suite);
    let (placed, link) = suite.linked(shop).await;
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
    let placed = Placed::new(shop);
    shop.misbehave(placed.id, ShopifyTrouble::AnswerLost);
    wait_until("the first note is tried", || !tries(&suite, &placed).is_empty()).await;
    let link = placed.wait_for_link(&suite.sandbox, 1, ORDER_PRICE).await;
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
    let placed = Placed::new(shop);
    shop.misbehave(placed.id, ShopifyTrouble::Close);
    let lose = || {
        shop.behave(placed.id);
        shop.delete(placed.id);
    };
    suite.assert_given_up(&placed, lose, || shop.calls(placed.id).len()).await;
}

async fn a_wrong_app_makes_links_all_the_same(suite: Arc<Suite>) {
    let number = "#77001";
    let body = untold(number, &json!({"id": 977_345_678_901_234_567_u64}));
    assert_taken(&suite.deliver("shopify-wrong", &delivery("orders/create", body, &[])).await, "stored", None, number);
    let placed = Placed { number: number.to_owned(), ..Placed::nobody() };
    placed.wait_for_link(&suite.sandbox, 1, ORDER_PRICE).await;
    wait_until("the note is tried", || !tries(&suite, &placed).is_empty()).await;
    let line = tries(&suite, &placed).remove(0);
    assert_eq!(json!([line["reason"], line["shop_http_status"]]), json!(["key-refused", 400]), "{line}");
    let health = suite.request(STOREFRONT, "GET", "/health", &[], Vec::new()).await;
    assert_eq!(health.status, 200);
}

/// Starts the relay of a shop, which then tells it its news.
fn start(aging: &Aging, shop: &Shopify) -> Workerd {
    let workerd = aging.start();
    shop.connect(&format!("http://{}/hooks/shop", workerd.address(SERVICE)), SHOPIFY_SECRET);
    workerd
}

async fn a_token_that_expired_in_between_is_asked_for_anew(suite: Arc<Suite>) {
    let shop = shopify().await;
    let aging = relay_of(&suite, SERVICE, &shop);
    let workerd = start(&aging, &shop);
    let placed = Placed::new(&shop);
    let link = placed.wait_for_link(&suite.sandbox, 1, ORDER_PRICE).await;
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
}

async fn a_token_is_kept_encrypted_until_its_time_is_over(suite: Arc<Suite>) {
    let shop = shopify().await;
    let aging = relay_of(&suite, SERVICE, &shop);
    let workerd = start(&aging, &shop);
    let placed = Placed::new(&shop);
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
    let workerd = start(&aging, &shop);
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
    let _workerd = start(&aging, &shop);
    shop.edit(placed.id, |order| order.basket.is_test = false);
    wait_until("it is swept", || aging.rows("kept") == 0).await;
}

fn files(directory: impl AsRef<Path>) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(path) } else { vec![path] }).collect()
}
