//! Payments of links that are sold by the piece, that were deleted, that are paid again and again.
//!
//! In scope: what is told and looked up of them. Not in scope: PayTR's answer to a notification (`callback`), and how an event
//! reaches the shop (`events`).

use crate::support::prelude::*;
use paytr_sandbox::Misbehaviour::Bytes;

crate::tests![
    a_payment_of_a_link_that_the_shop_deleted_is_for_a_person_and_the_link_is_paid,
    a_link_that_was_paid_stays_paid_when_it_is_deleted,
    a_link_that_is_paid_for_ever_is_shown_in_pages,
    a_retried_create_sends_no_link_that_was_paid_or_deleted_meanwhile,
    a_qr_code_of_any_kind_and_size_costs_no_link,
];

const SERVICE: &str = "payments";

async fn a_payment_of_a_link_that_the_shop_deleted_is_for_a_person_and_the_link_is_paid(suite: Arc<Suite>) {
    for kind in [product(), collection(), flex()] {
        let link = suite.link(&kind).await;
        let deleted = suite.post(EVENTS, &about("link.delete", &link.callback_id)).await;
        assert_eq!(deleted.code(), "deleted", "{}", deleted.text());
        assert_eq!(suite.record(&link).await["state"], "deleted");
        assert_eq!(told(&suite, &link, PRICE).await, ["deleted"], "{kind}");
        assert_eq!(suite.record(&link).await["state"], "paid");
        assert_eq!(told(&suite, &link, PRICE).await, ["deleted", "paid_before"], "{kind}");
        // What is deleted is not deleted once more.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(suite.deletions_of(&link.id).len(), 1, "{kind}");
    }
}

async fn a_link_that_was_paid_stays_paid_when_it_is_deleted(suite: Arc<Suite>) {
    let link = suite.link(&and(product(), &json!({"max_count": 5}))).await;
    assert!(told(&suite, &link, PRICE).await.is_empty());
    assert_eq!(suite.post(EVENTS, &about("link.delete", &link.callback_id)).await.code(), "deleted");
    assert_eq!(suite.record(&link).await["state"], "paid");
}

async fn a_link_that_is_paid_for_ever_is_shown_in_pages(suite: Arc<Suite>) {
    let link = suite.link(&and(flex(), &json!({"reusable": true}))).await;
    let mut told = Vec::new();
    for _ in 0..130 {
        let oid = merchant_oid();
        suite.callback(EVENTS, &Notice::new(&link.callback_id, &oid, PRICE).form(), "stored").await.assert_ok(&oid);
        told.push(json!(oid));
    }
    suite.shop.wait_for(&link.callback_id, 130).await;
    let with = |message_type: &str, more: &Value| {
        let data = and(json!({"callback_id": link.callback_id}), more);
        Signed::new(json!({"type": message_type, "data": data}).to_string())
    };
    let newest = suite.record(&link).await;
    let oids = |page: &Value| -> Vec<Value> {
        page["payments"].as_array().unwrap().iter().map(|payment| payment["merchant_oid"].clone()).collect()
    };
    let mut shown = oids(&newest);
    assert_eq!(shown.len(), 100);
    // One more comes in between, and changes nothing.
    let oid = merchant_oid();
    suite.callback(EVENTS, &Notice::new(&link.callback_id, &oid, PRICE).form(), "stored").await.assert_ok(&oid);
    let before = suite.post(EVENTS, &with("link.get", &json!({"cursor": newest["cursor"]}))).await.json();
    assert_eq!((before["payments"].as_array().unwrap().len(), &before["cursor"]), (30, &Value::Null));
    shown.extend(oids(&before));
    let sorted = |mut oids: Vec<Value>| {
        oids.sort_by_key(Value::to_string);
        oids
    };
    assert_eq!(sorted(shown), sorted(told));

    for (more, events) in [
        (json!({}), 100),
        (json!({"created_after": "2026-01-01T00:00:00+03:00"}), 131),
        (json!({"created_after": "2099-01-01T00:00:00Z"}), 0),
    ] {
        let replayed = suite.post(EVENTS, &with("event.replay", &more)).await;
        replayed.assert_body(&json!({"outcome": "replayed", "events": events}));
    }
}

async fn a_retried_create_sends_no_link_that_was_paid_or_deleted_meanwhile(suite: Arc<Suite>) {
    let service = Service::with_events(SERVICE, &suite.sandbox.base_url(), &suite.shop.events_url())
        .json("SEND_LIMITS", r#"[{"count": 1, "seconds": 2}]"#);
    let aging = Aging::new(service);
    let workerd = aging.start();
    for over in ["paid", "deleted"] {
        let phone = people::phone();
        let first = Order::new(&and(product(), &json!({"send": {"cell_phone": phone}})));
        aging.assert_first(&workerd, &first.signed).await;
        let order = Order::new(&and(product(), &json!({"send": {"cell_phone": phone}})));
        let created = aging.assert_first(&workerd, &order.signed).await;
        assert_eq!(created.json()["sends"][0]["outcome"], "limited");
        let link = order.link(&created);
        if over == "paid" {
            workerd.pay(SERVICE, &link.callback_id).await;
        } else {
            assert_eq!(workerd.post(SERVICE, &about("link.delete", &link.callback_id)).await.code(), "deleted");
        }
        tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
        for _ in 0..2 {
            let retried = workerd.post(SERVICE, &order.signed.retry()).await;
            let expected = json!([{"type": "link.send_sms", "outcome": "obsolete"}]);
            assert_eq!((retried.is_replay(), &retried.json()["sends"]), (true, &expected), "{over}");
        }
        let sent = suite.sandbox.received_for(&link.id).into_iter().filter(|call| call.channel == Channel::Sms);
        assert_eq!(sent.count(), 0, "{over}");
    }
}

/// Which codes are none is in `tests/pure`.
async fn a_qr_code_of_any_kind_and_size_costs_no_link(suite: Arc<Suite>) {
    // A PNG's first bytes, and as much behind them as makes the code this long.
    let png = |length: usize| format!("iVBORw0KGgo{}", "A".repeat(length - 11));
    for (qr, is_shown) in [
        (png(200), true),
        (png(60_000), true),
        (png(68_000), false),
        (png(200_000), false),
        (format!("\"><script>{}", png(200)), false),
    ] {
        let order = Order::new(&and(product(), &json!({"get_qr": 1})));
        let url = "https://www.paytr.com/link/x";
        let body = json!({"status": "success", "id": people::link_id(), "link": url, "base64_qr": qr});
        let answered = Bytes { status: 200, body: body.to_string().into_bytes(), delivers: false };
        suite.sandbox.misbehave(&order.name, answered);
        let case = format!("{} characters", qr.len());
        let answer = suite.post_twice(EVENTS, &order.signed, &case).await;
        order.link(&answer);
        assert_eq!(answer.json()["link"].get("base64_qr"), is_shown.then(|| json!(qr)).as_ref(), "{case}");
    }
}

/// The reasons with which a payment of this amount is told; none for `link.paid`.
async fn told(suite: &Suite, link: &Link, amount: u64) -> Vec<String> {
    let oid = merchant_oid();
    suite.callback(EVENTS, &Notice::new(&link.callback_id, &oid, amount).form(), "stored").await.assert_ok(&oid);
    let find = || suite.shop.events(&link.callback_id).into_iter().find(|event| event.merchant_oid() == oid);
    wait_until("the shop is told", || find().is_some()).await;
    let event = find().unwrap().json();
    let reasons = event["data"]["reasons"].as_array().cloned().unwrap_or_default();
    assert_eq!(event["type"] == "link.paid", reasons.is_empty());
    reasons.iter().map(|reason| reason.as_str().unwrap().to_owned()).collect()
}
