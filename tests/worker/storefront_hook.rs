//! `POST /hooks/<name>`: which deliveries are taken, and what each is answered.
//!
//! In scope: signatures, pings, topics, sizes, paths, and the deliveries of a real WooCommerce as they came. Not in scope:
//! what follows from an order (`storefront_orders`).

use crate::support::prelude::*;
use crate::support::raw::chunked;
use crate::support::secrets::{NEW_SHOP_SECRET, SHOP_SECRET, TYPED_SHOP_SECRET};
use crate::support::storefront::{delivery_of, headers_of};
use paytr_sandbox::woocommerce::{HookDelivery, sign};
use std::fs;
use std::path::Path;

crate::tests![
    a_delivery_is_taken_by_its_signature_alone,
    a_ping_is_answered_without_a_signature,
    what_is_signed_and_not_ours_is_answered_200_and_makes_no_link,
    what_is_signed_and_cannot_be_read_is_answered_200_and_is_an_error_of_the_log,
    an_order_of_any_size_up_to_512_kib_is_taken_and_no_more,
    a_path_that_is_not_exactly_a_storefronts_is_not_found,
    the_deliveries_of_a_real_shop_make_and_close_a_link,
    a_delivery_has_one_line_of_the_log,
];

const SIGNATURE: &str = "x-wc-webhook-signature";
const MOST: usize = 512 * 1024;

/// A delivery of this topic with this body, signed with this secret.
fn delivery(topic: &str, body: impl Into<Vec<u8>>, secret: &str) -> HookDelivery {
    let body = body.into();
    let signature = sign(secret, &body);
    signed(topic, body, signature)
}

/// The same with whatever signature.
fn signed(topic: &str, body: Vec<u8>, signature: String) -> HookDelivery {
    let content_type = ("content-type", "application/json".to_owned());
    delivery_of(vec![content_type, ("x-wc-webhook-topic", topic.to_owned()), (SIGNATURE, signature)], body)
}

/// The body of an order that nobody has, with other members.
fn order(other: &Value) -> Value {
    let mut order = json!({"id": 900_000 + people::next(), "number": format!("H{}", people::next()), "status": "on-hold",
        "currency": "TRY", "total": "10.00", "payment_method": "bacs", "billing": {"phone": people::phone(), "email": ""},
        "date_paid_gmt": null, "date_modified_gmt": "2026-11-29T15:25:31"});
    order.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    order
}

async fn a_delivery_is_taken_by_its_signature_alone(suite: Arc<Suite>) {
    // Signed, and not ours: nothing follows.
    let body = order(&json!({"payment_method": "cod"})).to_string().into_bytes();
    let good = sign(SHOP_SECRET, &body);
    let changed = [body.as_slice(), b" "].concat();
    for (case, name, signature, body, is_taken) in [
        ("the secret", "shop", good.clone(), &body, true),
        ("the next of two", "changing", sign(NEW_SHOP_SECRET, &body), &body, true),
        ("a secret as WordPress stores it", "stored", sign(TYPED_SHOP_SECRET, &body), &body, true),
        ("a secret of another storefront", "shop", sign(NEW_SHOP_SECRET, &body), &body, false),
        ("of another body", "shop", good.clone(), &changed, false),
        ("nothing", "shop", String::new(), &body, false),
    ] {
        let answer = suite.deliver(name, &signed("order.updated", body.clone(), signature)).await;
        if is_taken {
            assert_taken(&answer, "ignored", Some("other-method"), case);
        } else {
            answer.assert_problem(401, "invalid-signature", case);
        }
    }
    let mut unsigned = delivery("order.updated", body, "");
    unsigned.headers.retain(|(name, _)| *name != SIGNATURE);
    suite.deliver("shop", &unsigned).await.assert_problem(401, "invalid-signature", "no header");
}

async fn a_ping_is_answered_without_a_signature(suite: Arc<Suite>) {
    for (body, is_ping) in [("webhook_id=1", true), ("", false), ("webhook_id=-1", false), ("webhook_id=1&x=2", false)]
    {
        let form = ("content-type", "application/x-www-form-urlencoded".to_owned());
        let answer = suite.deliver("shop", &delivery_of(vec![form], body)).await;
        if is_ping {
            assert_taken(&answer, "pong", None, body);
        } else {
            answer.assert_problem(401, "invalid-signature", body);
        }
    }
}

/// One of each kind; the others are in `tests/pure`.
async fn what_is_signed_and_not_ours_is_answered_200_and_makes_no_link(suite: Arc<Suite>) {
    for (topic, other, outcome, reason) in [
        ("coupon.created", json!({}), "ignored", Some("other-topic")),
        ("order.created", json!({"payment_method": "cod"}), "ignored", Some("other-method")),
        // What is known to want no link is remembered, so that older news makes none.
        ("order.created", json!({"date_paid_gmt": "2026-11-29T15:25:54"}), "stored", None),
        ("order.updated", json!({"status": "kargoda"}), "stored", None),
    ] {
        let body = order(&other);
        let case = format!("{topic} {other}");
        let answer = suite.deliver("shop", &delivery(topic, body.to_string(), SHOP_SECRET)).await;
        assert_taken(&answer, outcome, reason, &case);
        let number = body["number"].as_str().unwrap();
        let of_it = |call: &Received| call.field("name").is_some_and(|name| name.ends_with(number));
        assert!(!suite.sandbox.received().iter().any(of_it), "{case}: PayTR was asked");
    }
    let deleted = delivery("order.deleted", "{\"id\":987654321}", SHOP_SECRET);
    for case in ["deleted", "deleted again"] {
        assert_taken(&suite.deliver("shop", &deleted).await, "stored", None, case);
    }
}

async fn what_is_signed_and_cannot_be_read_is_answered_200_and_is_an_error_of_the_log(suite: Arc<Suite>) {
    let legacy = json!({"order": order(&json!({}))});
    let nested = "[".repeat(10_000) + &"]".repeat(10_000);
    for (body, reason) in [
        (legacy.to_string(), "api-version-is-not-v3"),
        (nested, "no-json"),
        (order(&json!({"id": 1.5})).to_string(), "no-id"),
    ] {
        let ray = ray();
        let mut delivery = delivery("order.updated", body.clone(), SHOP_SECRET);
        delivery.headers.push(("cf-ray", ray.clone()));
        assert_taken(&suite.deliver("shop", &delivery).await, "unreadable", Some(reason), &body);
        let line = suite.line("request_id", &ray, 0).await;
        assert!(suite.workerd.errors().contains(&line), "{body}: no error");
    }
}

async fn an_order_of_any_size_up_to_512_kib_is_taken_and_no_more(suite: Arc<Suite>) {
    for lines in [60, 800] {
        Placed::with(&suite.stores.shop, |basket| basket.lines = lines).wait_until_linked(&suite).await;
    }
    for (size, is_taken) in [(MOST - 1, true), (MOST, true), (MOST + 1, false), (3 * MOST, false)] {
        let text = order(&json!({"payment_method": "cod"})).to_string();
        let body = format!("{}{text}", " ".repeat(size - text.len())).into_bytes();
        let whole = delivery("order.updated", body.clone(), SHOP_SECRET);
        let in_chunks = [headers_of(&whole), vec![("transfer-encoding", "chunked")]].concat();
        let head = raw::head("POST", "/hooks/shop", &in_chunks);
        let bytes = [head.as_bytes(), b"\r\n", &chunked(&body, 60_000)].concat();
        for answer in [suite.deliver("shop", &whole).await, suite.raw(STOREFRONT, &bytes).await.unwrap()] {
            if is_taken {
                assert_taken(&answer, "ignored", Some("other-method"), &size.to_string());
            } else {
                answer.assert_problem(413, "body-too-large", &size.to_string());
            }
        }
    }
}

async fn a_path_that_is_not_exactly_a_storefronts_is_not_found(suite: Arc<Suite>) {
    let signed = delivery("order.updated", order(&json!({})).to_string(), SHOP_SECRET);
    for (service, path) in [
        (STOREFRONT, "/hooks"),
        (STOREFRONT, "/hooks/"),
        (STOREFRONT, "/hooks/other"),
        (STOREFRONT, "/hooks/shop/"),
        (STOREFRONT, "/hooks/Shop"),
        (STOREFRONT, "/hooks/shop%20"),
        (STOREFRONT, "//hooks/shop"),
        (DEFAULTS, "/hooks/shop"),
    ] {
        let answer = suite.request(service, "POST", path, &headers_of(&signed), signed.body.clone()).await;
        answer.assert_problem(404, "not-found", path);
        assert!(answer.text().contains("/hooks/"), "{path}");
    }
    // A query is not looked at, as behind /webhook.
    let ours = delivery("coupon.created", "{}", SHOP_SECRET);
    assert_taken(&suite.deliver("shop?x=1", &ours).await, "ignored", Some("other-topic"), "a query");
}

/// A delivery as a real shop's came, but for the path.
fn real(name: &str) -> HookDelivery {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/woocommerce").join(format!("{name}.http"));
    let text = fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let (head, body) = text.split_once("\n\n").unwrap();
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let kept = headers.filter_map(|(name, value)| {
        let known = ["content-type", "user-agent", "x-wc-webhook-topic", SIGNATURE];
        let name = known.into_iter().find(|known| name.eq_ignore_ascii_case(known))?;
        Some((name, value.trim_end().to_owned()))
    });
    delivery_of(kept.collect(), body.trim_end_matches('\n'))
}

/// What every other delivery of it says is in `tests/pure`.
async fn the_deliveries_of_a_real_shop_make_and_close_a_link(suite: Arc<Suite>) {
    let (phone, email) = ("05321234567".to_owned(), "musteri@example.com".to_owned());
    let placed = Placed { id: 0, number: "11".to_owned(), phone, email };
    // By the whole name: the links of other tests end in such numbers too.
    let links = || {
        let links = suite.sandbox.links().into_iter();
        links.filter(|link| link.terms.name == placed.link_name()).collect::<Vec<_>>()
    };
    assert_taken(&suite.deliver("real", &real("ping")).await, "pong", None, "ping");
    assert_taken(&suite.deliver("real", &real("order.created.on-hold")).await, "stored", None, "on hold");
    wait_until("the link is made", || !links().is_empty()).await;
    let link = links().remove(0);
    assert_eq!((link.terms.price, link.terms.currency.as_str()), (ORDER_PRICE, "TL"));
    placed.wait_until_sent(&suite.sandbox, &link.id).await;
    assert_taken(&suite.deliver("real", &real("order.updated.processing")).await, "stored", None, "processing");
    wait_until("the link is deleted", || links()[0].state(0) == LinkState::Deleted).await;
    // The one before, once more: it is older than what is known.
    assert_taken(&suite.deliver("real", &real("order.created.on-hold")).await, "ignored", Some("older"), "older");
    assert_eq!(links().len(), 1);
}

async fn a_delivery_has_one_line_of_the_log(suite: Arc<Suite>) {
    let body = order(&json!({"payment_method": "cod", "number": "L-1"}));
    let ray = ray();
    let mut signed = delivery("order.updated", body.to_string(), SHOP_SECRET);
    signed.headers.push(("cf-ray", ray.clone()));
    suite.deliver("shop", &signed).await;
    let mut line = suite.line("request_id", &ray, 0).await;
    assert!(line.as_object_mut().unwrap().remove("total_ms").is_some());
    let expected = json!({"request_id": ray, "type": "hook", "storefront": "shop", "reference": "L-1", "outcome": "ignored",
        "status": 200, "code": "ignored", "reason": "other-method"});
    assert_eq!(line, expected);
}
