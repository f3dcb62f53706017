//! At most once: what a retry gets.

use crate::support::secrets;
use crate::support::services::{DEFAULTS, FREE, WITHOUT_LEDGER};
use crate::support::signed::{Signed, now};
use crate::support::suite::Suite;
use crate::support::{message, people};
use paytr_sandbox::Misbehaviour;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

crate::tests![
    a_retry_gets_the_recorded_answer_and_paytr_is_not_asked,
    a_retry_may_write_the_same_message_otherwise,
    a_message_that_is_being_sent_is_in_progress_and_then_replayed,
    an_id_that_stands_for_another_message_is_refused,
    an_id_is_one_recipients_own,
    the_two_channels_of_one_link_are_two_messages,
    an_id_with_a_phone_number_in_it_works_like_any_other,
    a_refused_request_leaves_its_id_free,
    without_its_ledger_the_relay_sends_nothing_and_asks_for_the_same_id_again,
];

async fn a_retry_gets_the_recorded_answer_and_paytr_is_not_asked(suite: Arc<Suite>) {
    let link_id = people::link_id();
    let signed = Signed::new(message::email(&link_id, &people::email()));
    let first = suite.post(DEFAULTS, &signed).await;
    first.assert_sent(&signed.id, "first");
    assert!(!first.is_replay());
    for retry in
        [signed.clone(), signed.retry(), Signed::with(&secrets::current(), &signed.id, now() - 200, signed.body)]
    {
        let answer = suite.post(DEFAULTS, &retry).await;
        answer.assert_sent(&retry.id, "retry");
        assert!(answer.is_replay());
        assert_eq!(answer.body, first.body);
    }
    suite.only_call(&link_id);
}

async fn a_retry_may_write_the_same_message_otherwise(suite: Arc<Suite>) {
    let (link_id, phone) = (people::link_id(), people::phone());
    let signed = Signed::new(message::sms(&link_id, &phone));
    suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, "first");
    let otherwise = message::sms(&link_id, &format!("+90 {}", &phone[1..]));
    let answer = suite.post(DEFAULTS, &signed.with_body(otherwise)).await;
    answer.assert_sent(&signed.id, "otherwise");
    assert!(answer.is_replay());
    suite.only_call(&link_id);
}

async fn a_message_that_is_being_sent_is_in_progress_and_then_replayed(suite: Arc<Suite>) {
    let link_id = people::link_id();
    suite.sandbox.misbehave(&link_id, Misbehaviour::Slow(Duration::from_millis(1500)));
    let signed = Signed::new(message::sms(&link_id, &people::phone()));
    let start = Instant::now();
    let first = {
        let (suite, signed) = (Arc::clone(&suite), signed.clone());
        tokio::spawn(async move { suite.post(DEFAULTS, &signed).await })
    };
    suite.wait_for_call(&link_id).await;
    let meanwhile = suite.post(DEFAULTS, &signed.retry()).await;
    meanwhile.assert_problem(409, "in-progress", "meanwhile");
    assert!(!meanwhile.is_replay());
    // What is left of the default 20 s, rounded up.
    let least = 20_u64.saturating_sub(start.elapsed().as_secs());
    assert!((least..=20).contains(&meanwhile.retry_after()), "{}", meanwhile.retry_after());

    first.await.unwrap().assert_sent(&signed.id, "first");
    let afterwards = suite.post(DEFAULTS, &signed.retry()).await;
    afterwards.assert_sent(&signed.id, "afterwards");
    assert!(afterwards.is_replay());
    suite.only_call(&link_id);
}

async fn an_id_that_stands_for_another_message_is_refused(suite: Arc<Suite>) {
    let (link_id, other_link, phone) = (people::link_id(), people::link_id(), people::phone());
    let signed = Signed::new(message::sms(&link_id, &phone));
    suite.post(FREE, &signed).await.assert_sent(&signed.id, "first");
    let debug = json!({"type": "link.send_sms", "data": {"id": link_id, "cell_phone": phone, "debug_on": 1}});
    for (case, body) in [("another link", message::sms(&other_link, &phone)), ("debug", debug.to_string().into_bytes())]
    {
        let answer = suite.post(FREE, &signed.with_body(body)).await;
        answer.assert_problem(422, "webhook-id-reused", case);
        assert!(!answer.is_replay(), "{case}");
    }
    suite.assert_nothing_sent(&other_link, "reused");
    suite.only_call(&link_id);
    assert!(suite.post(FREE, &signed.retry()).await.is_replay(), "the first message is still known");
}

async fn an_id_is_one_recipients_own(suite: Arc<Suite>) {
    let (link_id, other_link) = (people::link_id(), people::link_id());
    let signed = Signed::new(message::sms(&link_id, &people::phone()));
    suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, "one");
    let other = signed.with_body(message::sms(&other_link, &people::phone()));
    let answer = suite.post(DEFAULTS, &other).await;
    answer.assert_sent(&signed.id, "the other");
    assert!(!answer.is_replay());
    suite.only_call(&link_id);
    suite.only_call(&other_link);
}

async fn the_two_channels_of_one_link_are_two_messages(suite: Arc<Suite>) {
    let link_id = people::link_id();
    for body in [message::sms(&link_id, &people::phone()), message::email(&link_id, &people::email())] {
        let signed = Signed::new(body);
        suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, "channel");
    }
    assert_eq!(suite.sandbox.received_for(&link_id).len(), 2);
}

async fn an_id_with_a_phone_number_in_it_works_like_any_other(suite: Arc<Suite>) {
    let phone = people::phone();
    // No address: a webhook-id holds no dot.
    let grouped = format!("+90-{}-{}:{}", &phone[1..4], &phone[4..7], &phone[7..]);
    for id in [format!("order-7-{phone}"), format!("+90{}", &phone[1..]), grouped] {
        let link_id = people::link_id();
        let signed = Signed::with(&secrets::current(), &id, now(), message::sms(&link_id, &people::phone()));
        suite.post(DEFAULTS, &signed).await.assert_sent(&id, "first");
        assert!(suite.post(DEFAULTS, &signed.retry()).await.is_replay());
        suite.only_call(&link_id);
    }
}

async fn a_refused_request_leaves_its_id_free(suite: Arc<Suite>) {
    let (link_id, phone) = (people::link_id(), people::phone());
    let good = Signed::new(message::sms(&link_id, &phone));
    let bad = json!({"type": "link.send_sms", "data": {"id": "no link", "cell_phone": phone}});
    let bad = good.with_body(bad.to_string());
    suite.post(DEFAULTS, &bad).await.assert_problem(422, "invalid-field", "bad");
    let foreign = Signed::with(&secrets::foreign(), &good.id, now(), good.body.clone());
    suite.post(DEFAULTS, &foreign).await.assert_problem(401, "invalid-signature", "foreign");
    let answer = suite.post(DEFAULTS, &good).await;
    answer.assert_sent(&good.id, "good");
    assert!(!answer.is_replay());
    suite.only_call(&link_id);
}

async fn without_its_ledger_the_relay_sends_nothing_and_asks_for_the_same_id_again(suite: Arc<Suite>) {
    let link_id = people::link_id();
    let signed = Signed::new(message::sms(&link_id, &people::phone()));
    for signed in [signed.clone(), signed.retry()] {
        let answer = suite.post(WITHOUT_LEDGER, &signed).await;
        answer.assert_problem(503, "ledger-unavailable", "no ledger");
        assert!(answer.json()["detail"].as_str().unwrap().contains("same webhook-id"));
        assert!(!answer.is_replay());
    }
    suite.assert_nothing_sent(&link_id, "no ledger");
}
