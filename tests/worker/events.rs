//! What the shop is told of payments: which event, how often, and how it is signed; and what follows from a payment.
//!
//! In scope: events on their way to a shop that answers in every way, on storage that is made older where a try would have
//! to be waited for. Not in scope: PayTR's notice (`callback`), and the schedule by itself (`tests/pure`).

use crate::support::prelude::*;
use crate::support::redirect_target::RedirectTarget;
use paytr_sandbox::Misbehaviour::{ClientError, HtmlPage, Rejected};
use paytr_sandbox::Payment;

crate::tests![
    a_payment_that_fits_is_told_exactly,
    a_payment_in_instalments_is_told_with_and_without_interest,
    every_reason_for_a_review_is_told_exactly,
    an_event_that_the_shop_does_not_take_is_told_again_when_it_is_due,
    an_event_that_is_gone_is_dead_at_once_and_a_replay_revives_it,
    a_shop_that_does_not_answer_is_given_up_after_fifteen_seconds,
    the_body_of_an_answer_is_not_read,
    a_shop_that_is_not_there_is_tried_again,
    a_slow_shop_holds_up_no_other_links_event,
    many_payments_of_one_link_all_reach_the_shop,
    a_replay_sends_all_events_of_a_link_again_under_their_ids,
    a_replay_during_a_try_is_a_try_of_its_own,
    a_link_without_events_has_none_to_replay_and_an_unknown_one_that_was_paid_has,
    the_links_record_shows_its_payments_and_their_events,
    a_shop_is_tried_ten_times_over_days_and_then_the_event_is_dead,
    a_shop_that_was_down_for_two_days_gets_its_event_on_the_ninth_try,
    the_secret_of_events_is_rotated_without_an_event_that_nobody_can_check,
    events_that_were_off_are_told_when_they_are_on,
    more_events_than_are_tried_at_once_are_all_tried,
    settings_that_are_wrong_for_a_while_lose_no_event,
    an_alarm_that_was_lost_is_set_again_by_the_next_request,
    a_payment_is_remembered_for_thirty_days,
    a_collection_or_flex_link_is_deleted_after_its_first_payment_unless_it_is_reusable,
    a_further_payment_of_a_link_that_is_to_be_paid_once_is_for_review,
    a_deletion_without_an_answer_is_tried_again,
    a_deletion_that_is_never_answered_is_given_up_after_five_tries,
    a_paid_link_whose_id_nobody_knows_is_named_when_it_cannot_be_deleted,
];

const AGING: &str = "aging";

async fn a_payment_that_fits_is_told_exactly(suite: Arc<Suite>) {
    for (kind, amount) in [
        (product(), PRICE),
        (collection(), PRICE),
        (flex(), PRICE + 1),
        (and(product(), &json!({"currency": "EUR"})), PRICE),
    ] {
        let started = now();
        let (link, payment, event) = paid(&suite, &kind, &[], Pay { amount: Some(amount), ..Pay::default() }).await;
        assert_eq!((event.method.as_str(), event.target.as_str()), ("POST", "/paytr-events"));
        assert_eq!(event.header("content-type"), "application/json");
        assert!(event.header("user-agent").starts_with("paytr-link-relay/"));
        let timestamp: i64 = event.header("webhook-timestamp").parse().unwrap();
        assert!((started..=now()).contains(&timestamp), "{timestamp}");
        let id = event.header("webhook-id");
        assert!(
            id.len() == 68 && id.starts_with("evt_") && id[4..].bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{id}"
        );
        assert!(event.is_signed_by(&secrets::events()));
        assert!(!event.is_signed_by(&secrets::current()), "signed by what shops sign with");
        let mut json = event.json();
        let told_at = json.as_object_mut().unwrap().remove("timestamp").unwrap();
        assert!(told_at.as_str().is_some_and(|time| time.len() == 20 && time.ends_with('Z')), "{told_at}");
        let currency = kind["currency"].as_str().unwrap_or("TL");
        assert_eq!(
            json,
            json!({"type": "link.paid", "data": {
                "reference": link.reference,
                "link": {"id": link.id, "callback_id": link.callback_id, "price": PRICE, "currency": currency},
                "payment": {"merchant_oid": payment.merchant_oid, "status": "success", "total_amount": amount},
                "unsigned": {"payment_amount": amount, "currency": currency, "payment_type": "card", "test_mode": false,
                    "merchant_id": secrets::MERCHANT_ID},
            }}),
            "{kind}"
        );
        let mut entry = suite.line("event_id", id, 0).await;
        assert!(entry.as_object_mut().unwrap().remove("total_ms").is_some());
        let expected = json!({"type": "link.paid", "event_id": id, "callback_id": link.callback_id, "outcome": "delivered",
            "code": "delivered", "attempt": 1, "shop_http_status": 200});
        assert_eq!(entry, expected);
    }
}

async fn a_payment_in_instalments_is_told_with_and_without_interest(suite: Arc<Suite>) {
    let (_, payment, event) = paid(&suite, &product(), &[], Pay { installments: Some(6), ..Pay::default() }).await;
    assert!(payment.total_amount > PRICE);
    let event = event.json();
    assert_eq!(event["type"], "link.paid");
    assert_eq!(event["data"]["payment"]["total_amount"], payment.total_amount);
    assert_eq!(event["data"]["unsigned"]["payment_amount"], PRICE);
}

/// Each reason by itself is in `tests/pure`.
async fn every_reason_for_a_review_is_told_exactly(suite: Arc<Suite>) {
    let other_merchant = || Pay { merchant_id: Some("7654321".into()), ..Pay::default() };
    let all = Pay {
        status: Some("failed".into()),
        currency: Some("USD".into()),
        amount: Some(1),
        test_mode: true,
        ..other_merchant()
    };
    for (pay, reasons) in [
        (other_merchant(), &["other_merchant"][..]),
        (all, &["not_success", "other_merchant", "other_currency", "too_little", "test_payment"]),
    ] {
        let (link, payment, event) = paid(&suite, &flex(), &[], pay).await;
        let event = event.json();
        assert_review(&event, reasons);
        assert_eq!(event["data"]["reference"], link.reference.as_str(), "{reasons:?}");
        assert_eq!(event["data"]["payment"]["merchant_oid"], payment.merchant_oid.as_str());
        // A review does not make a link paid, and what is not paid is not deleted.
        let record = suite.record(&link).await;
        assert_eq!((&record["state"], &record["payments"][0]["reasons"]), (&json!("open"), &json!(reasons)));
        assert_eq!(suite.deletions_of(&link.id).len(), 0, "{reasons:?}");
        // The payment that follows it is the first that fits.
        suite.pay(&link.id, Pay { even_if_inactive: true, ..Pay::default() }).await;
        let event = suite.shop.wait_for(&link.callback_id, 2).await.remove(1).json();
        assert_eq!(event["type"], "link.paid", "after {reasons:?}");
    }
    let unknown = format!("{:064x}", people::next());
    let notice = Notice::new(&unknown, &merchant_oid(), PRICE);
    suite.callback(EVENTS, &notice.form(), "stored").await.assert_ok("an unknown link");
    let event = suite.shop.wait_for(&unknown, 1).await.remove(0).json();
    assert_review(&event, &["unknown_link"]);
    assert_eq!((&event["data"]["link"], &event["data"]["reference"]), (&json!({"callback_id": unknown}), &Value::Null));
}

/// After five seconds, or later if the shop asks for it. What a shop does not mend by itself is an error of the log. Which
/// answers put a try off is in `tests/pure`.
async fn an_event_that_the_shop_does_not_take_is_told_again_when_it_is_due(suite: Arc<Suite>) {
    let target = Arc::new(RedirectTarget::start().await);
    let redirect = |status| (Reply::Redirect(status, target.location()), Some(status), 5, true);
    let mut cases = vec![
        (Reply::Status(500), Some(500), 5, false),
        (Reply::Status(400), Some(400), 5, false),
        (Reply::Status(304), Some(304), 5, true),
        (Reply::Status(401), Some(401), 5, true),
        (Reply::Status(403), Some(403), 5, true),
        (Reply::Status(404), Some(404), 5, true),
        (Reply::Status(405), Some(405), 5, true),
        (Reply::Close, None, 5, false),
        (Reply::RetryAfter(503, "8"), Some(503), 8, false),
    ];
    cases.extend([301, 302, 303, 307, 308].map(redirect));
    let mut trying = JoinSet::new();
    for (reply, status, least, is_error) in cases {
        let suite = Arc::clone(&suite);
        trying.spawn(async move {
            let case = format!("{reply:?}");
            let (link, ..) = paid(&suite, &product(), &[reply], Pay::default()).await;
            let [first, second] = two(&suite, &link).await;
            assert_told_again(&first, &second, Duration::from_secs(least), &case);
            let id = first.header("webhook-id");
            let failed = suite.line("event_id", id, 0).await;
            assert_try(&failed, 1, "retried-later", &case);
            assert_eq!(failed["shop_http_status"], json!(status), "{case}");
            assert_eq!(failed["reason"], json!(status.is_none().then_some("connection-lost")), "{case}");
            assert_eq!(failed["callback_id"], json!(link.callback_id), "{case}");
            assert_eq!(suite.workerd.errors().contains(&failed), is_error, "{case}");
            assert_try(&suite.line("event_id", id, 1).await, 2, "delivered", &case);
        });
    }
    trying.join_all().await;
    assert_eq!(target.visitors(), 0, "a redirect was followed");
}

async fn an_event_that_is_gone_is_dead_at_once_and_a_replay_revives_it(suite: Arc<Suite>) {
    let (link, _, first) = paid(&suite, &product(), &[Reply::Status(410)], Pay::default()).await;
    let id = first.header("webhook-id");
    let entry = suite.line("event_id", id, 0).await;
    assert_eq!((&entry["outcome"], &entry["code"], &entry["attempt"]), (&json!("dead"), &json!("dead"), &json!(1)));
    assert!(suite.workerd.errors().contains(&entry), "no error of the log");
    assert_eq!(event_of(&suite, &link).await, json!({"webhook_id": id, "state": "dead", "attempts": 1}));
    // Longer than until the second try of an event that lives.
    sleep(Duration::from_secs(7)).await;
    suite.shop.wait_for(&link.callback_id, 1).await;
    replay(&suite, &link, 1).await;
    let second = suite.shop.wait_for(&link.callback_id, 2).await.remove(1);
    assert_told_again(&first, &second, Duration::ZERO, "revived");
    wait_for_event(&suite, &link, &json!({"webhook_id": id, "state": "delivered", "attempts": 1})).await;
}

async fn a_shop_that_does_not_answer_is_given_up_after_fifteen_seconds(suite: Arc<Suite>) {
    let (link, ..) = paid(&suite, &product(), &[Reply::Hang], Pay::default()).await;
    sleep(Duration::from_secs(15)).await;
    let [first, second] = two(&suite, &link).await;
    assert_told_again(&first, &second, Duration::from_secs(20), "after a hang");
    let entry = suite.line("event_id", first.header("webhook-id"), 0).await;
    assert_eq!((&entry["outcome"], &entry["reason"]), (&json!("retried-later"), &json!("timed-out")));
    assert!((15_000..20_000).contains(&entry["total_ms"].as_u64().unwrap()), "{entry}");
}

async fn the_body_of_an_answer_is_not_read(suite: Arc<Suite>) {
    const MOST_UNREAD_BYTES: usize = 64 << 20;
    let (link, ..) = paid(&suite, &product(), &[Reply::Endless], Pay::default()).await;
    wait_for_state(&suite, &link, "delivered").await;
    wait_until("the relay hangs up", || suite.shop.endless().0 == 0).await;
    let (_, bytes) = suite.shop.endless();
    assert!((1..MOST_UNREAD_BYTES).contains(&bytes), "{bytes} bytes were sent");
    suite.shop.wait_for(&link.callback_id, 1).await;
}

async fn a_shop_that_is_not_there_is_tried_again(suite: Arc<Suite>) {
    // The port of tcpmux, where nobody listens.
    let nowhere = on(&suite).text("EVENTS_URL", "http://127.0.0.1:1/events");
    let (_aging, workerd, link) = aged(nowhere, &product()).await;
    workerd.pay(AGING, &link.callback_id).await;
    let entry = logged_tries(&workerd, &link, 1).await.remove(0);
    assert_eq!((&entry["outcome"], &entry["reason"]), (&json!("retried-later"), &json!("connection-lost")));
    assert_eq!(entry.get("shop_http_status"), None);
    let record = workerd.record(AGING, &link).await;
    assert_eq!(record["payments"][0]["event"]["state"], "pending");
}

async fn a_slow_shop_holds_up_no_other_links_event(suite: Arc<Suite>) {
    let (slow, other) = (suite.link(&product()).await, suite.link(&product()).await);
    suite.shop.reply(&slow.callback_id, &[Reply::Slow(Duration::from_secs(4))]);
    let start = Instant::now();
    suite.pay(&slow.id, Pay::default()).await;
    suite.shop.wait_for(&slow.callback_id, 1).await;
    suite.pay(&other.id, Pay::default()).await;
    wait_for_state(&suite, &other, "delivered").await;
    assert!(start.elapsed() < Duration::from_secs(4), "the other waited for the slow one");
    // Nor does the shop hold up PayTR.
    let notice = Notice::new(&slow.callback_id, &merchant_oid(), PRICE);
    suite.callback(EVENTS, &notice.form(), "stored").await.assert_ok("while the shop is slow");
    assert!(start.elapsed() < Duration::from_secs(4), "PayTR waited for the shop");
    wait_for_state(&suite, &slow, "delivered").await;
}

async fn many_payments_of_one_link_all_reach_the_shop(suite: Arc<Suite>) {
    const PAYMENTS: usize = 20;
    let link = suite.link(&and(flex(), &json!({"reusable": true}))).await;
    suite.shop.reply(&link.callback_id, &vec![Reply::Status(500); PAYMENTS / 2]);
    let mut paying = JoinSet::new();
    for _ in 0..PAYMENTS {
        let (suite, link_id) = (Arc::clone(&suite), link.id.clone());
        paying.spawn(async move { suite.pay(&link_id, Pay::default()).await.merchant_oid });
    }
    let mut paid = paying.join_all().await;
    wait_until("all are told", || taken(&suite, &link).len() == PAYMENTS).await;
    let mut told: Vec<String> = taken(&suite, &link).iter().map(Event::merchant_oid).collect();
    told.sort_unstable();
    paid.sort_unstable();
    assert_eq!(told, paid);
    let events = suite.shop.events(&link.callback_id);
    assert_eq!(events.len(), PAYMENTS + PAYMENTS / 2);
    assert!(events.iter().all(|event| event.json()["type"] == "link.paid"));
}

async fn a_replay_sends_all_events_of_a_link_again_under_their_ids(suite: Arc<Suite>) {
    let link = suite.link(&and(flex(), &json!({"reusable": true}))).await;
    suite.pay(&link.id, Pay::default()).await;
    suite.shop.wait_for(&link.callback_id, 1).await;
    suite.pay(&link.id, Pay { test_mode: true, ..Pay::default() }).await;
    let before = suite.shop.wait_for(&link.callback_id, 2).await;
    wait_for_state(&suite, &link, "delivered").await;
    for round in 1..=2 {
        replay(&suite, &link, 2).await;
        wait_until("both come again", || suite.shop.events(&link.callback_id).len() >= 2 + 2 * round).await;
        wait_for_state(&suite, &link, "delivered").await;
        let all = suite.shop.events(&link.callback_id);
        assert_eq!(all.len(), 2 + 2 * round);
        for event in &before {
            let again = all.iter().rfind(|again| again.merchant_oid() == event.merchant_oid()).unwrap();
            assert_told_again(event, again, Duration::ZERO, &format!("round {round}"));
        }
    }
}

async fn a_replay_during_a_try_is_a_try_of_its_own(suite: Arc<Suite>) {
    let (link, ..) = paid(&suite, &product(), &[Reply::Slow(Duration::from_secs(2))], Pay::default()).await;
    replay(&suite, &link, 1).await;
    let [first, second] = two(&suite, &link).await;
    assert_told_again(&first, &second, Duration::ZERO, "replayed");
    let event = json!({"webhook_id": first.header("webhook-id"), "state": "delivered", "attempts": 1});
    wait_for_event(&suite, &link, &event).await;
}

async fn a_link_without_events_has_none_to_replay_and_an_unknown_one_that_was_paid_has(suite: Arc<Suite>) {
    let link = suite.link(&product()).await;
    replay(&suite, &link, 0).await;
    let unknown = format!("{:064x}", people::next());
    // A payment of a link that the relay does not know has an event all the same.
    let notice = Notice::new(&unknown, &merchant_oid(), PRICE);
    suite.callback(EVENTS, &notice.form(), "stored").await.assert_ok("an unknown link");
    suite.shop.wait_for(&unknown, 1).await;
    let answer = suite.post(EVENTS, &about("event.replay", &unknown)).await;
    answer.assert_body(&json!({"outcome": "replayed", "events": 1}));
    suite.shop.wait_for(&unknown, 2).await;
}

async fn the_links_record_shows_its_payments_and_their_events(suite: Arc<Suite>) {
    let link = suite.link(&and(collection(), &json!({"reusable": true}))).await;
    suite.shop.reply(&link.callback_id, &[Reply::Status(200), Reply::Status(410)]);
    let paid = suite.pay(&link.id, Pay::default()).await;
    let first = suite.shop.wait_for(&link.callback_id, 1).await.remove(0);
    wait_for_state(&suite, &link, "delivered").await;
    let review = suite.pay(&link.id, Pay { test_mode: true, ..Pay::default() }).await;
    let second = suite.shop.wait_for(&link.callback_id, 2).await.remove(1);
    suite.line("event_id", second.header("webhook-id"), 0).await;
    let payment = |event: &Event, payment: &Payment, event_type: &str, more: &Value| {
        let json = event.json();
        let shown = json!({
            "merchant_oid": payment.merchant_oid,
            "type": event_type,
            "status": "success",
            "total_amount": PRICE,
            "unsigned": json["data"]["unsigned"],
            "received_at": json["timestamp"],
        });
        and(shown, more)
    };
    let event =
        |event: &Event, state: &str| json!({"webhook_id": event.header("webhook-id"), "state": state, "attempts": 1});
    let url = format!("{}/link/{}", suite.sandbox.base_url(), link.id);
    suite.post(EVENTS, &about("link.get", &link.callback_id)).await.assert_body(&json!({
        "outcome": "found",
        "reference": link.reference,
        "link": {"id": link.id, "url": url, "callback_id": link.callback_id},
        "state": "paid",
        "price": PRICE,
        "currency": "TL",
        "sends": [],
        "payments": [
            payment(&first, &paid, "link.paid", &json!({"event": event(&first, "delivered")})),
            payment(
                &second,
                &review,
                "link.payment_review",
                &json!({"reasons": ["test_payment"], "event": event(&second, "dead")}),
            ),
        ],
    }));
}

async fn a_shop_is_tried_ten_times_over_days_and_then_the_event_is_dead(suite: Arc<Suite>) {
    let (aging, mut workerd, link) = aged(on(&suite), &product()).await;
    suite.shop.always(&link.callback_id, Reply::Status(500));
    workerd.pay(AGING, &link.callback_id).await;
    for attempt in 1..=10 {
        let events = suite.shop.wait_for(&link.callback_id, attempt).await;
        assert_told_again(&events[0], &events[attempt - 1], Duration::ZERO, &format!("try {attempt}"));
        let entry = logged_tries(&workerd, &link, 1).await.remove(0);
        let (outcome, state) = if attempt < 10 { ("retried-later", "pending") } else { ("dead", "dead") };
        assert_try(&entry, attempt, outcome, "a shop that fails");
        assert_eq!(workerd.errors().contains(&entry), attempt >= 4, "try {attempt} is an error of the log, or none");
        let event = workerd.record(AGING, &link).await["payments"][0]["event"].clone();
        assert_eq!((&event["state"], &event["attempts"]), (&json!(state), &json!(attempt)));
        workerd = aging.restart(&workerd, LONGEST_GAP_DAYS);
    }
    // Dead is dead, until it is asked for.
    assert_eq!(workerd.record(AGING, &link).await["payments"][0]["event"]["state"], "dead");
    suite.shop.wait_for(&link.callback_id, 10).await;
    suite.shop.always(&link.callback_id, Reply::Status(204));
    let answer = workerd.post(AGING, &about("event.replay", &link.callback_id)).await;
    answer.assert_body(&json!({"outcome": "replayed", "events": 1}));
    let events = suite.shop.wait_for(&link.callback_id, 11).await;
    assert_told_again(&events[0], &events[10], Duration::ZERO, "replayed");
}

async fn a_shop_that_was_down_for_two_days_gets_its_event_on_the_ninth_try(suite: Arc<Suite>) {
    let (aging, mut workerd, link) = aged(on(&suite), &product()).await;
    suite.shop.always(&link.callback_id, Reply::Close);
    workerd.pay(AGING, &link.callback_id).await;
    // Each try falls due once as much time has gone by as the schedule says and the random delay may add.
    let gaps_hours = [0.01, 0.1, 0.6, 2.4, 6.0, 12.0, 16.8, 24.0];
    for (number, hours) in gaps_hours.into_iter().enumerate() {
        suite.shop.wait_for(&link.callback_id, number + 1).await;
        logged_tries(&workerd, &link, 1).await;
        if number + 1 == gaps_hours.len() {
            suite.shop.always(&link.callback_id, Reply::Status(200));
        }
        workerd = aging.restart(&workerd, hours / 24.0);
    }
    let ninth = suite.shop.wait_for(&link.callback_id, 9).await.remove(8);
    assert!(ninth.taken);
    assert_try(&logged_tries(&workerd, &link, 1).await[0], 9, "delivered", "the ninth");
}

async fn the_secret_of_events_is_rotated_without_an_event_that_nobody_can_check(suite: Arc<Suite>) {
    let (old, new) = (secrets::events(), secrets::new_events());
    let mut first: Option<(Link, Event)> = None;
    let mut aging = Aging::new(on(&suite));
    let steps = [(old.clone(), [true, false]), (format!("{new}\n {old}"), [true, true]), (new.clone(), [false, true])];
    for (number, (configured, signed_by)) in steps.into_iter().enumerate() {
        aging = aging.under(on(&suite).text("EVENTS_SECRETS", &configured));
        let workerd = aging.start();
        let link = workerd.link(AGING, &product()).await;
        workerd.pay(AGING, &link.callback_id).await;
        let event = suite.shop.wait_for(&link.callback_id, 1).await.remove(0);
        assert_eq!([&old, &new].map(|secret| event.is_signed_by(secret)), signed_by);
        let signatures = event.header("webhook-signature").split(' ').count();
        assert_eq!(signatures, configured.split_whitespace().count());
        logged_tries(&workerd, &link, 1).await;
        // An event of before is signed with what is configured now, and is the same event.
        let (link, before) = first.get_or_insert((link, event));
        let answer = workerd.post(AGING, &about("event.replay", &link.callback_id)).await;
        answer.assert_body(&json!({"outcome": "replayed", "events": 1}));
        let again = suite.shop.wait_for(&link.callback_id, number + 2).await.pop().unwrap();
        assert_eq!([&old, &new].map(|secret| again.is_signed_by(secret)), signed_by);
        assert_eq!((again.header("webhook-id"), &again.body), (before.header("webhook-id"), &before.body));
        logged_tries(&workerd, link, 2).await;
    }
}

async fn events_that_were_off_are_told_when_they_are_on(suite: Arc<Suite>) {
    let (aging, workerd, link) = aged(on(&suite), &product()).await;
    workerd.kill();
    // PayTR still knows the callback of a link that was made while events were on.
    let aging = aging.under(on(&suite).text("EVENTS_URL", ""));
    let workerd = aging.start();
    workerd.pay(AGING, &link.callback_id).await;
    let entry = logged_tries(&workerd, &link, 1).await.remove(0);
    assert_eq!((&entry["outcome"], &entry["reason"]), (&json!("retried-later"), &json!("events-off")));
    workerd.kill();
    assert_eq!(suite.shop.events(&link.callback_id).len(), 0);
    aging.age(0.01);
    let aging = aging.under(on(&suite));
    let _workerd = aging.start();
    let event = suite.shop.wait_for(&link.callback_id, 1).await.remove(0);
    assert_eq!(event.json()["type"], "link.paid");
}

/// With events off a try takes no time, so that an alarm has to set itself anew in the millisecond it was set for, which
/// the platform may lose.
async fn more_events_than_are_tried_at_once_are_all_tried(suite: Arc<Suite>) {
    const MANY: usize = 30;
    const REPLAYS: usize = 10;
    let (aging, workerd, link) = aged(on(&suite), &and(flex(), &json!({"reusable": true}))).await;
    workerd.kill();
    let aging = aging.under(on(&suite).text("EVENTS_URL", ""));
    let workerd = aging.start();
    for _ in 0..MANY {
        workerd.pay(AGING, &link.callback_id).await;
    }
    // Only those that a payment or a replay brought: on a slow machine second tries by the schedule come in between.
    let is_first = |line: &Value| line.get("event_id").is_some() && line["attempt"] == 1;
    for round in 1..=REPLAYS {
        logged(&workerd, &link, round * MANY, is_first).await;
        workerd.post(AGING, &about("event.replay", &link.callback_id)).await;
    }
}

async fn settings_that_are_wrong_for_a_while_lose_no_event(suite: Arc<Suite>) {
    let (mut aging, workerd, link) = aged(on(&suite), &product()).await;
    suite.shop.always(&link.callback_id, Reply::Status(500));
    workerd.pay(AGING, &link.callback_id).await;
    logged_tries(&workerd, &link, 1).await;
    workerd.kill();
    for wrong in [on(&suite).set("PAYTR_MERCHANT_KEY", None), on(&suite).text("EVENTS_SECRETS", "whsec_")] {
        aging.age(LONGEST_GAP_DAYS);
        aging = aging.under(wrong);
        let workerd = aging.start();
        let notice = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
        let answer = workerd.callback(AGING, &notice).await.unwrap();
        answer.assert_failed(500, "the relay's settings are wrong", "meanwhile");
        // The alarm has gone off long before that.
        sleep(Duration::from_secs(1)).await;
        suite.shop.wait_for(&link.callback_id, 1).await;
    }
    suite.shop.always(&link.callback_id, Reply::Status(200));
    aging.age(0.01);
    let aging = aging.under(on(&suite));
    let workerd = aging.start();
    suite.shop.wait_for(&link.callback_id, 2).await;
    assert_try(&logged_tries(&workerd, &link, 1).await[0], 2, "delivered", "under good settings");
}

async fn an_alarm_that_was_lost_is_set_again_by_the_next_request(suite: Arc<Suite>) {
    // The platform keeps it in two places: with the object, and with what rings.
    for lost in ["everywhere", "with-the-object", "with-what-rings"] {
        for overdue_days in [0.0001, 0.01] {
            let (aging, workerd, link) = aged(on(&suite), &product()).await;
            suite.shop.reply(&link.callback_id, &[Reply::Status(500)]);
            workerd.pay(AGING, &link.callback_id).await;
            suite.shop.wait_for(&link.callback_id, 1).await;
            logged_tries(&workerd, &link, 1).await;
            workerd.kill();
            aging.age(overdue_days);
            aging.lose_alarms(lost);
            let workerd = aging.start();
            // Any request to the object will do.
            workerd.record(AGING, &link).await;
            let event = suite.shop.wait_for(&link.callback_id, 2).await.remove(1);
            assert!(event.taken, "lost {lost}");
        }
    }
}

async fn a_payment_is_remembered_for_thirty_days(suite: Arc<Suite>) {
    let expires = and(product(), &json!({"expiry_date": "2099-01-01 00:00:00"}));
    let (aging, workerd, link) = aged(on(&suite), &expires).await;
    let unknown = Link { callback_id: format!("{:064x}", people::next()), ..link.clone() };
    for link in [&link, &unknown] {
        workerd.pay(AGING, &link.callback_id).await;
        suite.shop.wait_for(&link.callback_id, 1).await;
    }
    for link in [&link, &unknown] {
        logged_tries(&workerd, link, 2).await;
    }
    let workerd = aging.restart(&workerd, 29.9);
    let replayed = workerd.post(AGING, &about("event.replay", &unknown.callback_id)).await;
    assert_eq!(replayed.json()["events"], 1);
    suite.shop.wait_for(&unknown.callback_id, 2).await;
    logged_tries(&workerd, &unknown, 1).await;
    let workerd = aging.restart(&workerd, 30.1);
    aging.ask_all(&workerd).await;
    wait_until("what is too old goes", || aging.rows("events") == 1).await;
    let gone = workerd.post(AGING, &about("event.replay", &unknown.callback_id)).await;
    gone.assert_problem(404, "link-not-found", "after thirty days");
    // This one can be paid until it expires.
    assert_eq!(workerd.record(AGING, &link).await["payments"].as_array().unwrap().len(), 1);
}

async fn a_collection_or_flex_link_is_deleted_after_its_first_payment_unless_it_is_reusable(suite: Arc<Suite>) {
    let reusable = json!({"reusable": true});
    for (kind, is_deleted) in [
        (collection(), true),
        (flex(), true),
        (and(flex(), &reusable), false),
        (product(), false),
        (and(product(), &json!({"max_count": 3})), false),
    ] {
        let link = suite.link(&kind).await;
        suite.pay(&link.id, Pay::default()).await;
        wait_for_state(&suite, &link, "delivered").await;
        if is_deleted {
            let entry = suite.line_of(&link.id, "link.close", 0).await;
            assert_try(&entry, 1, "deleted", &kind.to_string());
            assert_eq!(entry["paytr_status"], "success", "{kind}");
            assert_eq!(suite.sandbox.link(&link.id).unwrap().state(0), LinkState::Deleted, "{kind}");
        }
        assert_eq!(suite.deletions_of(&link.id).len(), usize::from(is_deleted), "{kind}");
        // To the shop it is paid, whatever became of the link.
        assert_eq!(suite.record(&link).await["state"], "paid", "{kind}");
        if !is_deleted && kind != product() {
            suite.pay(&link.id, Pay::default()).await;
            let second = suite.shop.wait_for(&link.callback_id, 2).await.remove(1);
            assert_eq!(second.json()["type"], "link.paid", "{kind}");
            assert_eq!(suite.deletions_of(&link.id).len(), 0, "{kind}");
        }
    }
}

async fn a_further_payment_of_a_link_that_is_to_be_paid_once_is_for_review(suite: Arc<Suite>) {
    for kind in [product(), collection(), flex()] {
        let link = suite.link(&kind).await;
        suite.pay(&link.id, Pay::default()).await;
        suite.shop.wait_for(&link.callback_id, 1).await;
        // Two payers at once can do that.
        for (number, (pay, reasons)) in [
            (Pay::default(), &["paid_before"][..]),
            (Pay { test_mode: true, ..Pay::default() }, &["test_payment", "paid_before"]),
        ]
        .into_iter()
        .enumerate()
        {
            suite.pay(&link.id, Pay { even_if_inactive: true, ..pay }).await;
            let event = suite.shop.wait_for(&link.callback_id, number + 2).await.remove(number + 1).json();
            assert_review(&event, reasons);
        }
        assert!(suite.deletions_of(&link.id).len() <= 1, "{kind}");
        assert_eq!(suite.record(&link).await["state"], "paid", "{kind}");
    }
}

async fn a_deletion_without_an_answer_is_tried_again(suite: Arc<Suite>) {
    let refused = || Rejected { status: "error".into(), reason: "Bakiye yetersiz".into() };
    let cases: [(Misbehaviour, &str, &str); 2] =
        [(HtmlPage, "unknown", "rejected"), (refused(), "rejected", "deleted")];
    for (misbehaviour, outcome, then) in cases {
        let link = suite.link(&flex()).await;
        suite.sandbox.misbehave(&link.id, misbehaviour);
        suite.pay(&link.id, Pay::default()).await;
        let first = suite.line_of(&link.id, "link.close", 0).await;
        assert_try(&first, 1, outcome, "the first deletion");
        suite.sandbox.behave(&link.id);
        let second = suite.line_of(&link.id, "link.close", 1).await;
        // Where the answer was lost, the first had taken effect.
        assert_try(&second, 2, then, "the second deletion");
        assert_eq!(second["callback_id"], json!(link.callback_id));
        assert!(suite.deletions_of(&link.id)[1].at - suite.deletions_of(&link.id)[0].at >= 5000);
        suite.shop.wait_for(&link.callback_id, 1).await;
    }
    // One that is paid before the create call's answer is deleted when its name is known.
    let order = Order::new(&flex());
    suite.sandbox.misbehave(&order.name, Misbehaviour::Slow(Duration::from_secs(2)));
    let creating = {
        let (suite, signed) = (Arc::clone(&suite), order.signed.clone());
        tokio::spawn(async move { suite.post(EVENTS, &signed).await })
    };
    suite.pay(&suite.made(&order).await, Pay::default()).await;
    let link = order.link(&creating.await.unwrap());
    assert_try(&suite.line_of(&link.id, "link.close", 0).await, 2, "deleted", "paid during the create call");
    assert_eq!(suite.deletions_of(&link.id).len(), 1);
}

async fn a_deletion_that_is_never_answered_is_given_up_after_five_tries(suite: Arc<Suite>) {
    let (aging, mut workerd, link) = aged(on(&suite), &flex()).await;
    suite.sandbox.misbehave(&link.id, ClientError);
    workerd.pay(AGING, &link.callback_id).await;
    let is_closing = |line: &Value| line["type"] == "link.close";
    for attempt in 1..=5 {
        let entry = logged(&workerd, &link, 1, is_closing).await.remove(0);
        assert_try(&entry, attempt, if attempt < 5 { "unknown" } else { "dead" }, "never answered");
        workerd = aging.restart(&workerd, 0.1);
    }
    assert_eq!(workerd.record(AGING, &link).await["state"], "paid");
    logged(&workerd, &link, 0, is_closing).await;
    workerd.kill();
    assert_eq!(suite.deletions_of(&link.id).len(), 5);
    suite.shop.wait_for(&link.callback_id, 1).await;
}

async fn a_paid_link_whose_id_nobody_knows_is_named_when_it_cannot_be_deleted(suite: Arc<Suite>) {
    let order = Order::new(&flex());
    suite.sandbox.misbehave(&order.name, HtmlPage);
    let lost = suite.post(EVENTS, &order.signed).await;
    lost.assert_unknown_but_safe(502, "the answer is lost");
    let callback_id = lost.json()["callback_id"].as_str().unwrap().to_owned();
    let notice = Notice::new(&callback_id, &merchant_oid(), PRICE);
    suite.callback(EVENTS, &notice.form(), "stored").await.assert_ok("paid");
    let closings = || -> Vec<Value> {
        let lines = suite.workerd.lines().into_iter();
        lines.filter(|line| line["type"] == "link.close" && line["callback_id"] == callback_id.as_str()).collect()
    };
    wait_until("it is given up", || !closings().is_empty()).await;
    let lines = closings();
    let members = ["outcome", "reason", "attempt", "link_id"].map(|name| lines[0][name].clone());
    assert_eq!(members, [json!("dead"), json!("link-id-unknown"), json!(1), Value::Null]);
    assert!(lines.len() == 1 && suite.workerd.errors().contains(&lines[0]), "{lines:?}");
    assert_eq!(suite.shop.wait_for(&callback_id, 1).await[0].json()["type"], "link.paid");
}

/// A link that is paid like this once the shop is told how to answer, and the first try of its event.
async fn paid(suite: &Suite, kind: &Value, replies: &[Reply], pay: Pay) -> (Link, Payment, Event) {
    let link = suite.link(kind).await;
    suite.shop.reply(&link.callback_id, replies);
    let payment = suite.pay(&link.id, pay).await;
    let event = suite.shop.wait_for(&link.callback_id, 1).await.remove(0);
    (link, payment, event)
}

/// The service of a relay of a test's own whose events go to the suite's shop.
fn on(suite: &Suite) -> Service {
    Service::with_events(AGING, &suite.sandbox.base_url(), &suite.shop.events_url())
}

/// A relay of a test's own, and a link of it.
async fn aged(service: Service, kind: &Value) -> (Aging, Workerd, Link) {
    let aging = Aging::new(service);
    let workerd = aging.start();
    let link = workerd.link(AGING, kind).await;
    (aging, workerd, link)
}

/// Waits until this many tries of a link's events are logged, and are durable.
async fn logged_tries(workerd: &Workerd, link: &Link, count: usize) -> Vec<Value> {
    logged(workerd, link, count, |line| line.get("event_id").is_some()).await
}

/// The same for other lines.
async fn logged(workerd: &Workerd, link: &Link, count: usize, is_it: fn(&Value) -> bool) -> Vec<Value> {
    let lines = || -> Vec<Value> { workerd.lines().into_iter().filter(is_it).collect() };
    wait_until("the try is logged", || lines().len() >= count).await;
    // No answer leaves an object before what it wrote is durable; a line of the log may.
    workerd.post(AGING, &about("link.get", &link.callback_id)).await;
    let lines = lines();
    assert_eq!(lines.len(), count);
    lines
}

#[track_caller]
fn assert_try(entry: &Value, attempt: usize, outcome: &str, case: &str) {
    assert_eq!((&entry["attempt"], &entry["outcome"]), (&json!(attempt), &json!(outcome)), "{case}");
}

#[track_caller]
fn assert_review(event: &Value, reasons: &[&str]) {
    assert_eq!((&event["type"], &event["data"]["reasons"]), (&json!("link.payment_review"), &json!(reasons)));
}

/// Asserts that two tries are of one event, and that the later one has a signature of its own.
#[track_caller]
fn assert_told_again(first: &Event, again: &Event, least: Duration, case: &str) {
    assert_eq!(again.header("webhook-id"), first.header("webhook-id"), "{case}");
    assert_eq!(again.body, first.body, "{case}");
    assert!(again.is_signed_by(&secrets::events()), "{case}");
    let gap = again.at.duration_since(first.at);
    assert!(gap >= least, "{case}: after {gap:?}");
    let seconds = |event: &Event| event.header("webhook-timestamp").parse::<u64>().unwrap();
    assert!(seconds(again) - seconds(first) >= least.as_secs(), "{case}: an old timestamp");
}

async fn two(suite: &Suite, link: &Link) -> [Event; 2] {
    wait_until("there is a second try", || suite.shop.events(&link.callback_id).len() >= 2).await;
    suite.shop.wait_for(&link.callback_id, 2).await.try_into().unwrap()
}

fn taken(suite: &Suite, link: &Link) -> Vec<Event> {
    suite.shop.events(&link.callback_id).into_iter().filter(|event| event.taken).collect()
}

async fn replay(suite: &Suite, link: &Link, events: usize) {
    let answer = suite.post(EVENTS, &about("event.replay", &link.callback_id)).await;
    answer.assert_body(&json!({"outcome": "replayed", "events": events}));
}

/// The event of the first payment, as the link's record shows it.
async fn event_of(suite: &Suite, link: &Link) -> Value {
    suite.record(link).await["payments"][0]["event"].clone()
}

/// Waits until all events of a link are in this state.
async fn wait_for_state(suite: &Suite, link: &Link, state: &str) {
    loop {
        let record = suite.record(link).await;
        let payments = record["payments"].as_array().unwrap();
        if !payments.is_empty() && payments.iter().all(|payment| payment["event"]["state"] == state) {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

async fn wait_for_event(suite: &Suite, link: &Link, event: &Value) {
    wait_for_state(suite, link, event["state"].as_str().unwrap()).await;
    assert_eq!(event_of(suite, link).await, *event);
}
