//! `POST /callback`: what PayTR is answered, and what is stored.
//!
//! In scope: every answer of the table of payments, forged notices, and notices at odd times. Not in scope: what the shop is
//! told of a payment (`events`).

use crate::support::prelude::*;
use crate::support::secrets::MERCHANT_SALT;
use crate::support::token::{hash, hash_under};
use paytr_sandbox::Misbehaviour::{Hang, HtmlPage, Slow};

crate::tests![
    a_notice_of_a_payment_is_stored_and_answered_ok_however_it_is_written,
    a_payment_that_is_told_again_is_answered_ok_and_stored_once,
    another_notification_of_one_payment_is_an_event_of_its_own,
    a_payment_after_a_refusal_of_the_same_name_is_told_for_a_person,
    a_field_that_cannot_be_read_is_not_an_absent_one,
    what_is_wrong_with_a_form_is_said_and_nothing_is_stored,
    forged_notices_are_refused_whatever_test_mode_says,
    a_form_may_have_16_kib_and_no_more,
    what_the_relay_itself_fails_at_is_a_500_so_that_paytr_comes_again,
    only_a_post_is_a_notice,
    fifty_copies_at_once_are_one_payment_and_one_event,
    a_payment_during_the_create_call_is_kept_and_so_is_the_link,
    a_payment_of_a_link_whose_answer_was_lost_is_kept,
    a_payment_before_the_relay_knows_of_its_link_is_kept_when_it_does,
    the_log_says_what_became_of_a_notice_and_nothing_of_the_payer,
];

/// A relay of a test's own, whose storage is made old.
const FORGETFUL: &str = "forgetful";

/// Every field's own values are in `tests/pure`.
async fn a_notice_of_a_payment_is_stored_and_answered_ok_however_it_is_written(suite: Arc<Suite>) {
    let link = suite.link(&and(flex(), &json!({"reusable": true}))).await;
    let new = || Notice::new(&link.callback_id, &merchant_oid(), PRICE);
    let odd_name = format!("a&b=c+d%{}", people::next());
    let cases = [
        ("as PayTR writes it", new()),
        ("nothing but what is signed", Notice::least(&link.callback_id, &merchant_oid(), PRICE)),
        ("with fields of the future", new().and("installment_count", "3").and("ödeme", "ş").and("", "")),
        ("a name with what a form sets apart", new().with("merchant_oid", &odd_name).signed()),
    ];
    for (case, notice) in &cases {
        suite.callback(EVENTS, &notice.form(), "stored").await.assert_ok(case);
    }
    let in_chunks = new();
    suite.callback_in_chunks(EVENTS, &in_chunks.form(), "stored").await.assert_ok("in chunks");
    let stored: BTreeSet<String> = cases.iter().map(|(_, notice)| notice).chain([&in_chunks]).map(oid).collect();
    assert_eq!(payments(&suite, &link).await, stored);
    let events = suite.shop.wait_for(&link.callback_id, stored.len()).await;
    assert_eq!(events.iter().map(Event::merchant_oid).collect::<BTreeSet<_>>(), stored);
}

async fn a_payment_that_is_told_again_is_answered_ok_and_stored_once(suite: Arc<Suite>) {
    let link = suite.link(&product()).await;
    let first = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
    suite.callback(EVENTS, &first.form(), "stored").await.assert_ok("first");
    let before = suite.record(&link).await;
    // What was stored first stands: what PayTR signs is what makes it this notification.
    for (case, notice) in [("the same", first.clone()), ("a test", first.clone().with("test_mode", "1"))] {
        suite.callback(EVENTS, &notice.form(), "repeated").await.assert_ok(case);
    }
    suite.shop.wait_for(&link.callback_id, 1).await;
    let after = suite.record(&link).await;
    assert_eq!(without_events(&after), without_events(&before));
    let payment = suite.pay(&link.id, Pay::default()).await;
    assert!(suite.sandbox.notify_again(&payment.merchant_oid));
    suite.sandbox.notified(&payment.merchant_oid).await.unwrap();
    suite.seen.expect(200, "repeated");
    suite.shop.wait_for(&link.callback_id, 2).await;
}

async fn another_notification_of_one_payment_is_an_event_of_its_own(suite: Arc<Suite>) {
    for (case, field, value) in [
        ("another amount", "total_amount", "1"),
        ("another status", "status", "failed"),
        ("zeros in front", "total_amount", "00001445"),
    ] {
        let link = suite.link(&product()).await;
        let first = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
        suite.callback(EVENTS, &first.form(), "stored").await.assert_ok(case);
        let event = suite.shop.wait_for(&link.callback_id, 1).await.remove(0);
        assert_eq!(event.json()["type"], "link.paid", "{case}");
        let second = first.clone().with(field, value).signed();
        suite.callback(EVENTS, &second.form(), "stored").await.assert_ok(case);
        suite.callback(EVENTS, &second.form(), "repeated").await.assert_ok(case);
        suite.callback(EVENTS, &first.form(), "repeated").await.assert_ok(case);
        let changed = suite.shop.wait_for(&link.callback_id, 2).await.remove(1);
        let reasons = changed.json()["data"]["reasons"].as_array().unwrap().clone();
        assert!(reasons.contains(&json!("changed")), "{case}: {reasons:?}");
        assert_ne!(changed.header("webhook-id"), event.header("webhook-id"), "{case}");
        assert_eq!(suite.record(&link).await["state"], "paid", "{case}");
    }
}

async fn a_payment_after_a_refusal_of_the_same_name_is_told_for_a_person(suite: Arc<Suite>) {
    let link = suite.link(&product()).await;
    let good = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
    suite.callback(EVENTS, &good.clone().with("status", "failed").signed().form(), "stored").await.assert_ok("failed");
    suite.callback(EVENTS, &good.form(), "stored").await.assert_ok("success");
    let events = suite.shop.wait_for(&link.callback_id, 2).await;
    let mut reasons: Vec<String> = events.iter().map(|event| event.json()["data"]["reasons"].to_string()).collect();
    reasons.sort();
    assert_eq!(reasons, [r#"["changed"]"#, r#"["not_success"]"#]);
    assert_eq!(suite.record(&link).await["state"], "open");
}

/// What is there and cannot be read speaks against a payment. Which values these are is in `tests/pure`.
async fn a_field_that_cannot_be_read_is_not_an_absent_one(suite: Arc<Suite>) {
    let link = suite.link(&product()).await;
    let fields = [("test_mode", "true"), ("currency", "USD "), ("payment_amount", "1.00"), ("merchant_id", " 999")];
    let good = Notice::new(&link.callback_id, &merchant_oid(), PRICE).with("total_amount", "1445,00").signed();
    let notice = fields.iter().fold(good, |notice, (field, value)| notice.with(field, value));
    suite.callback(EVENTS, &notice.form(), "stored").await.assert_ok("unreadable");
    let event = suite.shop.wait_for(&link.callback_id, 1).await.remove(0).json();
    assert_eq!((&event["type"], &event["data"]["reasons"]), (&json!("link.payment_review"), &json!(["unreadable"])));
    let texts: Value = fields.iter().map(|(field, value)| ((*field).to_owned(), json!(value))).collect();
    assert_eq!(
        (&event["data"]["unsigned_text"], &event["data"]["unsigned"]),
        (&texts, &json!({"payment_type": "card"}))
    );
    let payment = &event["data"]["payment"];
    assert_eq!((&payment["total_amount_text"], payment.get("total_amount")), (&json!("1445,00"), None));
    let record = suite.record(&link).await;
    assert_eq!((&record["state"], &record["payments"][0]["unsigned_text"]), (&json!("open"), &texts));
}

/// One of each kind; every field's own shape is in `tests/pure`.
async fn what_is_wrong_with_a_form_is_said_and_nothing_is_stored(suite: Arc<Suite>) {
    let link = suite.link(&product()).await;
    let good = || Notice::new(&link.callback_id, &merchant_oid(), PRICE);
    let not_ours = "the field callback_id is not of this relay";
    for (case, form, words) in [
        ("no amount", good().without("total_amount").form(), "the field total_amount is missing"),
        ("two statuses", good().and("status", "success").form(), "the field status came twice"),
        // Under a good hash: it is the field itself that is refused.
        ("a shop's own id", good().with("callback_id", "ORDER1001").signed().form(), not_ours),
        ("JSON", json!({"hash": good().field("hash")}).to_string().into_bytes(), "the field hash is missing"),
        ("no text", vec![0xff, 0, b'=', 0xfe, b'&'], "the field hash is missing"),
    ] {
        suite.callback(EVENTS, &form, "bad-notification").await.assert_failed(400, words, case);
    }
    assert_nothing_stored(&suite, &link).await;
}

/// Every other wrong formula and encoding is in `tests/pure`.
async fn forged_notices_are_refused_whatever_test_mode_says(suite: Arc<Suite>) {
    let link = suite.link(&product()).await;
    let (id, oid) = (link.callback_id.as_str(), merchant_oid());
    let good = Notice::new(id, &oid, PRICE);
    let right = format!("{id}{oid}{MERCHANT_SALT}success{PRICE}");
    for (case, hash) in [
        ("nothing", String::new()),
        ("of another amount", hash(&format!("{id}{oid}{MERCHANT_SALT}success1"))),
        ("without the key", hash_under("", &right)),
    ] {
        for test_mode in ["0", "1"] {
            let forged = good.clone().with("hash", &hash).with("test_mode", test_mode);
            let answer = suite.callback(EVENTS, &forged.form(), "bad-notification").await;
            answer.assert_failed(400, "bad hash", &format!("{case}, test_mode {test_mode}"));
        }
    }
    assert_nothing_stored(&suite, &link).await;
    suite.callback(EVENTS, &good.form(), "stored").await.assert_ok("the right one");
}

async fn a_form_may_have_16_kib_and_no_more(suite: Arc<Suite>) {
    const CAP: usize = 16 * 1024;
    const WORDS: &str = "the form is over 16384 bytes";
    let link = suite.link(&product()).await;
    let padded = |length: usize| {
        let mut form = Notice::new(&link.callback_id, &merchant_oid(), PRICE).form();
        form.extend(b"&padding=");
        form.resize(length, b'x');
        form
    };
    suite.callback(EVENTS, &padded(CAP + 1), "bad-notification").await.assert_failed(400, WORDS, "declared");
    suite.callback_in_chunks(EVENTS, &padded(CAP + 1), "bad-notification").await.assert_failed(400, WORDS, "in chunks");
    suite.callback(EVENTS, &padded(1 << 20), "bad-notification").await.assert_failed(400, WORDS, "a mebibyte");
    assert_nothing_stored(&suite, &link).await;
    suite.callback(EVENTS, &padded(CAP), "stored").await.assert_ok("declared");
    suite.callback_in_chunks(EVENTS, &padded(CAP), "stored").await.assert_ok("in chunks");
}

async fn what_the_relay_itself_fails_at_is_a_500_so_that_paytr_comes_again(suite: Arc<Suite>) {
    let notice = Notice::new(&"0123456789abcdef".repeat(4), &merchant_oid(), PRICE);
    let forged = notice.clone().with("hash", "forged");
    for form in [notice.form(), forged.form(), Vec::new()] {
        let answer = suite.callback(THREE_INVALID, &form, "misconfigured").await;
        answer.assert_failed(500, "the relay's settings are wrong", THREE_INVALID);
    }
    let answer = suite.callback(WITHOUT_LEDGER, &notice.form(), "ledger-unavailable").await;
    answer.assert_failed(500, "the relay could not store it", WITHOUT_LEDGER);
    // What is wrong with the notice itself no repetition mends.
    let answer = suite.callback(WITHOUT_LEDGER, &forged.form(), "bad-notification").await;
    answer.assert_failed(400, "bad hash", WITHOUT_LEDGER);
}

async fn only_a_post_is_a_notice(suite: Arc<Suite>) {
    for method in ["GET", "PUT", "DELETE", "OPTIONS"] {
        let answer =
            suite.request(EVENTS, method, "/callback", &[("origin", "https://shop.example")], Vec::new()).await;
        answer.assert_problem(405, "method-not-allowed", method);
        assert_eq!(answer.header("allow"), Some("POST"), "{method}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{method}");
    }
    let answer = suite.request(EVENTS, "POST", "/callback/", &[], Vec::new()).await;
    answer.assert_problem(404, "not-found", "a slash more");
}

async fn fifty_copies_at_once_are_one_payment_and_one_event(suite: Arc<Suite>) {
    for kind in [product(), collection()] {
        let link = suite.link(&kind).await;
        let notice = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
        let mut copies = JoinSet::new();
        for _ in 0..50 {
            let (suite, form) = (Arc::clone(&suite), notice.form());
            copies.spawn(async move { suite.request(EVENTS, "POST", "/callback", &[], form).await });
        }
        for answer in copies.join_all().await {
            answer.assert_ok("one of fifty");
        }
        suite.seen.expect(200, "stored");
        (1..50).for_each(|_| suite.seen.expect(200, "repeated"));
        assert_eq!(payments(&suite, &link).await, BTreeSet::from([oid(&notice)]));
        let events = suite.shop.wait_for(&link.callback_id, 1).await;
        assert_eq!(events[0].json()["type"], "link.paid");
    }
}

async fn a_payment_during_the_create_call_is_kept_and_so_is_the_link(suite: Arc<Suite>) {
    let send = json!({"send": {"cell_phone": people::phone()}, "get_qr": 1});
    for kind in [product(), and(product(), &send), flex(), and(collection(), &json!({"reusable": true}))] {
        let order = Order::new(&kind);
        suite.sandbox.misbehave(&order.name, Slow(Duration::from_secs(2)));
        let creating = {
            let (suite, signed) = (Arc::clone(&suite), order.signed.clone());
            tokio::spawn(async move { suite.post(EVENTS, &signed).await })
        };
        let link_id = suite.made(&order).await;
        let payment = suite.pay(&link_id, Pay::default()).await;
        assert!(!creating.is_finished(), "the create call ended before the payment");
        let link = order.link(&creating.await.unwrap());
        assert_eq!(link.id, link_id);
        let event = suite.shop.wait_for(&link.callback_id, 1).await.remove(0).json();
        assert_eq!(event["type"], "link.paid", "{kind}");
        // PayTR's name of the link was not known yet.
        let known = json!({"callback_id": link.callback_id, "price": PRICE, "currency": "TL"});
        assert_eq!(event["data"]["link"], known, "{kind}");
        assert_eq!(event["data"]["reference"], order.reference.as_str(), "{kind}");
        let record = suite.record(&link).await;
        assert_eq!((&record["state"], &record["link"]["id"]), (&json!("paid"), &json!(link_id)), "{kind}");
        assert_eq!(payments(&suite, &link).await, BTreeSet::from([payment.merchant_oid]), "{kind}");
        let again = suite.post(EVENTS, &order.signed.retry()).await;
        assert!(again.is_replay());
        assert_eq!(order.link(&again).id, link_id);
    }
}

async fn a_payment_of_a_link_whose_answer_was_lost_is_kept(suite: Arc<Suite>) {
    for (misbehaviour, status) in [(HtmlPage, 502), (Hang, 504)] {
        let order = Order::new(&product());
        suite.sandbox.misbehave(&order.name, misbehaviour);
        let answer = suite.post(EVENTS, &order.signed).await;
        answer.assert_unknown_but_safe(status, "the answer is lost");
        let callback_id = answer.json()["callback_id"].as_str().unwrap().to_owned();
        let link = Link { id: suite.made(&order).await, callback_id, reference: order.reference };
        assert_eq!(suite.record(&link).await["state"], "unknown");
        let payment = suite.pay(&link.id, Pay::default()).await;
        let event = suite.shop.wait_for(&link.callback_id, 1).await.remove(0).json();
        assert_eq!((&event["type"], &event["data"]["reference"]), (&json!("link.paid"), &json!(link.reference)));
        assert_eq!(suite.record(&link).await["state"], "paid");
        assert_eq!(payments(&suite, &link).await, BTreeSet::from([payment.merchant_oid]));
        suite.post(EVENTS, &order.signed.retry()).await.assert_unknown_but_safe(status, "for good");
    }
}

async fn a_payment_before_the_relay_knows_of_its_link_is_kept_when_it_does(suite: Arc<Suite>) {
    // The name that a link will have is known from one that was made before, under a relay that forgot it.
    let aging = Aging::new(Service::with_events(FORGETFUL, &suite.sandbox.base_url(), &suite.shop.events_url()));
    let order = Order::new(&product());
    let workerd = aging.start();
    let callback_id = order.link(&workerd.post(FORGETFUL, &order.signed).await).callback_id;
    let workerd = aging.restart(&workerd, 401.0);
    wait_until("the link is forgotten", || aging.rows("links") == 0).await;
    let notice = Notice::new(&callback_id, &merchant_oid(), PRICE);
    workerd.callback(FORGETFUL, &notice).await.unwrap().assert_ok("before the link");
    let event = suite.shop.wait_for(&callback_id, 1).await.remove(0).json();
    assert_eq!(event["data"]["reasons"], json!(["unknown_link"]));
    workerd.post(FORGETFUL, &about("link.get", &callback_id)).await.assert_problem(404, "link-not-found", "no record");
    let link = order.link(&workerd.post(FORGETFUL, &order.signed.retry()).await);
    assert_eq!(link.callback_id, callback_id);
    let record = workerd.record(FORGETFUL, &link).await;
    assert_eq!((&record["state"], &record["payments"][0]["merchant_oid"]), (&json!("open"), &json!(oid(&notice))));
    workerd.callback(FORGETFUL, &notice).await.unwrap().assert_ok("after the link");
    let second = Notice::new(&callback_id, &merchant_oid(), PRICE);
    workerd.callback(FORGETFUL, &second).await.unwrap().assert_ok("a payment");
    let events = suite.shop.wait_for(&callback_id, 2).await;
    assert_eq!(events[1].json()["type"], "link.paid");
}

async fn the_log_says_what_became_of_a_notice_and_nothing_of_the_payer(suite: Arc<Suite>) {
    let link = suite.link(&product()).await;
    let notice = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
    let stored = json!({"event_type": "link.paid", "total_amount": PRICE, "currency": "TL"});
    let of_link = |outcome: &str| json!({"callback_id": link.callback_id, "outcome": outcome});
    let refused = json!({"outcome": "refused", "reason": "bad hash"});
    for (form, status, code, more) in [
        (notice.form(), 200, "stored", and(of_link("stored"), &stored)),
        (notice.form(), 200, "repeated", of_link("repeated")),
        (notice.clone().with("hash", "forged").form(), 400, "bad-notification", refused),
    ] {
        let ray = ray();
        suite.request(EVENTS, "POST", "/callback", &[("cf-ray", &ray)], form).await;
        suite.seen.expect(status, code);
        let mut entry = suite.line("request_id", &ray, 0).await;
        assert!(entry.as_object_mut().unwrap().remove("total_ms").is_some());
        let expected = json!({"request_id": ray, "type": "callback", "status": status, "code": code});
        assert_eq!(entry, and(expected, &more), "{code}");
    }
}

fn oid(notice: &Notice) -> String {
    notice.field("merchant_oid").to_owned()
}

/// The payments of a link that are stored, by PayTR's names of them.
async fn payments(suite: &Suite, link: &Link) -> BTreeSet<String> {
    let record = suite.record(link).await;
    record["payments"].as_array().unwrap().iter().map(|payment| text(&payment["merchant_oid"])).collect()
}

async fn assert_nothing_stored(suite: &Suite, link: &Link) {
    let record = suite.record(link).await;
    assert_eq!((&record["state"], &record["payments"]), (&json!("open"), &json!([])));
    assert_eq!(suite.shop.events(&link.callback_id).len(), 0, "an event for nothing");
}

fn without_events(record: &Value) -> Value {
    let mut record = record.clone();
    for payment in record["payments"].as_array_mut().unwrap() {
        payment.as_object_mut().unwrap().remove("event");
    }
    record
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
