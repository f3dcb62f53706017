//! The inbox for the shop's events: what gets in, and what is seen of it.

use crate::support::*;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::HeaderMap;
use paytr_sandbox::{EventSecrets, Options, Sandbox};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

const OLD: &str = "whsec_b2xkIG9sZCBvbGQgb2xkIG9sZCBvbGQgb2xkIG9sZCE=";
const NEW: &str = "whsec_bmV3IG5ldyBuZXcgbmV3IG5ldyBuZXcgbmV3IG5ldyE=";
const OTHER: &str = "whsec_b3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgb3Q=";

async fn shop(secrets: &str) -> Sandbox {
    let options = Options { event_secrets: Some(EventSecrets::parse(secrets).unwrap()), ..Options::default() };
    sandbox_with(options).await
}

fn paid() -> Value {
    json!({ "type": "link.paid", "timestamp": "2026-11-25T10:00:00Z", "data": {
        "reference": "1001",
        "link": { "id": "NB2Zlz3", "callback_id": "9f86d081", "price": 158_000, "currency": "TL" },
        "payment": { "merchant_oid": "LNK0000000001", "status": "success", "total_amount": 158_000 },
        "unsigned": { "test_mode": false } } })
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// Posts a body as an event, signed with `secret` at `timestamp`, and gives the status.
async fn tell(sandbox: &Sandbox, secret: &str, id: &str, timestamp: i64, body: &str) -> u16 {
    let signature = Webhook::new(secret).unwrap().sign(id, timestamp, body.as_bytes()).unwrap();
    post_event(sandbox, id, timestamp, &signature, body).await
}

async fn post_event(sandbox: &Sandbox, id: &str, timestamp: i64, signature: &str, body: &str) -> u16 {
    let timestamp = timestamp.to_string();
    let headers = [("webhook-id", id), ("webhook-timestamp", &timestamp), ("webhook-signature", signature)];
    exchange(sandbox, "POST /shop/events", "127.0.0.1", &headers, body.as_bytes()).await.status()
}

#[tokio::test]
async fn an_event_is_listed_with_what_a_person_looks_for() {
    let sandbox = shop(NEW).await;
    assert_eq!(json(&sandbox, "/sandbox/events").await, json!({ "on": true, "total": 0, "events": [] }));
    assert_eq!(tell(&sandbox, NEW, "evt_1", now(), &paid().to_string()).await, 204);
    let mut review = paid();
    review["type"] = "link.payment_review".into();
    review["data"]["reasons"] = json!(["too_little", "paid_before"]);
    assert_eq!(tell(&sandbox, NEW, "evt_2", now(), &review.to_string()).await, 204);
    let list = json(&sandbox, "/sandbox/events").await;
    assert_eq!(list["total"], 2);
    let [second, first] = list["events"].as_array().unwrap().as_slice() else { panic!("not two") };
    let kept = &sandbox.shop_events()[0];
    let (at, headers) = (kept.at, &kept.headers);
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["host", "content-length", "webhook-id", "webhook-timestamp", "webhook-signature", "connection"]);
    assert_eq!(
        first,
        &json!({
            "webhook_id": "evt_1", "at": at, "deliveries": 1, "type": "link.paid", "reference": "1001", "reasons": null,
            "merchant_oid": "LNK0000000001", "total_amount": 158_000, "currency": "TL", "link_id": "NB2Zlz3",
            "headers": headers, "text": paid().to_string(), "body": paid(),
        })
    );
    assert_eq!((&second["type"], &second["reasons"]), (&review["type"], &review["data"]["reasons"]));
}

#[tokio::test]
async fn an_event_is_kept_byte_for_byte() {
    let sandbox = shop(NEW).await;
    let body = r#"{ "type":"link.paid",  "data": {"reference":"Sipari\u015f", "amount": 1.50, "amount": 2} }"#;
    assert_eq!(tell(&sandbox, NEW, "evt_1", now(), body).await, 204);
    let event = &sandbox.shop_events()[0];
    assert_eq!(event.text, body);
    let headers: HeaderMap =
        event.headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    Webhook::new(NEW).unwrap().verify(event.text.as_bytes(), &headers).unwrap();
}

#[tokio::test]
async fn an_event_that_comes_again_is_one_event() {
    let sandbox = shop(NEW).await;
    for _ in 0..3 {
        assert_eq!(tell(&sandbox, NEW, "evt_1", now(), &paid().to_string()).await, 204);
    }
    let events: Vec<_> = sandbox.shop_events().into_iter().map(|event| (event.webhook_id, event.deliveries)).collect();
    assert_eq!(events, [("evt_1".to_owned(), 3)]);
}

#[tokio::test]
async fn each_of_the_secrets_is_good_and_another_is_not() {
    let sandbox = shop(&format!("{OLD} {NEW}")).await;
    for (secret, status) in [(OLD, 204), (NEW, 204), (OTHER, 401)] {
        assert_eq!(tell(&sandbox, secret, "evt_1", now(), &paid().to_string()).await, status, "{secret}");
    }
    assert_eq!(sandbox.shop_events()[0].deliveries, 2);
}

#[tokio::test]
async fn what_is_not_signed_as_it_came_is_refused() {
    let sandbox = shop(NEW).await;
    let body = paid().to_string();
    let at = now();
    let signature = Webhook::new(NEW).unwrap().sign("evt_1", at, body.as_bytes()).unwrap();
    for (id, at, body) in [
        ("evt_2", at, body.clone()),
        ("evt_1", at.saturating_sub(1), body.clone()),
        ("evt_1", at, body.replace("158000", "1")),
    ] {
        assert_eq!(post_event(&sandbox, id, at, &signature, &body).await, 401, "{id} {at} {body}");
    }
    assert_eq!(tell(&sandbox, NEW, "evt_1", at.saturating_sub(301), &body).await, 401, "stale");
    let unsigned = exchange(&sandbox, "POST /shop/events", "127.0.0.1", &[], body.as_bytes()).await;
    assert_eq!(unsigned.status(), 401, "unsigned");
    assert!(sandbox.shop_events().is_empty());
    assert_eq!(post_event(&sandbox, "evt_1", at, &signature, &body).await, 204, "the unchanged one is good");
}

#[tokio::test]
async fn a_signed_text_that_is_no_event_is_refused() {
    let sandbox = shop(NEW).await;
    for body in ["", "paid", "[]", "{}", r#"{"type": 1}"#] {
        assert_eq!(tell(&sandbox, NEW, "evt_1", now(), body).await, 400, "{body}");
    }
    assert_eq!(tell(&sandbox, NEW, "evt_1", now(), &" ".repeat(64 * 1024 + 1)).await, 413);
    assert!(sandbox.shop_events().is_empty());
}

#[tokio::test]
async fn without_secrets_the_inbox_is_off() {
    let sandbox = sandbox().await;
    assert_eq!(tell(&sandbox, NEW, "evt_1", now(), &paid().to_string()).await, 404);
    assert_eq!(json(&sandbox, "/sandbox/events").await, json!({ "on": false, "total": 0, "events": [] }));
}

#[test]
fn secrets_are_whsec_and_base64_with_blanks_between_them() {
    for good in [NEW.to_owned(), format!("{OLD} {NEW}"), format!(" {OLD}\n{NEW} ")] {
        assert!(EventSecrets::parse(&good).is_some(), "{good}");
    }
    for bad in ["", " ", "whsec_!", &OLD["whsec_".len()..], &format!("{OLD},{NEW}")] {
        assert!(EventSecrets::parse(bad).is_none(), "{bad}");
    }
    let shown = format!("{:?}", EventSecrets::parse(NEW).unwrap());
    assert!(!shown.contains(&NEW["whsec_".len()..]));
}
