//! How often one recipient is written to.

use crate::support::services::{DEFAULTS, FREE, JSON, TEXT};
use crate::support::signed::Signed;
use crate::support::suite::Suite;
use crate::support::{message, people};
use paytr_sandbox::Misbehaviour;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::sleep;

crate::tests![
    a_second_message_within_a_minute_is_limited_by_default,
    a_limit_counts_each_recipient_by_itself,
    a_limit_ends_after_the_time_that_it_names,
    the_fullest_window_decides,
    without_limits_nothing_is_limited,
    a_rejected_message_does_not_count,
    an_unknown_outcome_counts,
    a_limited_message_goes_out_later_under_its_id,
    of_many_sends_the_newest_count,
    upper_and_lower_case_are_one_recipient,
];

async fn a_second_message_within_a_minute_is_limited_by_default(suite: Arc<Suite>) {
    let (phone, link_id) = (people::phone(), people::link_id());
    let start = Instant::now();
    send(&suite, DEFAULTS, &phone).await;
    let second = Signed::new(message::sms(&link_id, &format!("+90{}", &phone[1..])));
    let answer = suite.post(DEFAULTS, &second).await;
    answer.assert_problem(429, "recipient-limit", "second");
    // The minute began after `start`; what is left of it is rounded up.
    let least = 60 - start.elapsed().as_secs();
    assert!((least..=60).contains(&answer.retry_after()), "{}", answer.retry_after());
    assert!(!answer.is_replay());
    suite.assert_nothing_sent(&link_id, "limited");
}

async fn a_limit_counts_each_recipient_by_itself(suite: Arc<Suite>) {
    for _ in 0..3 {
        send(&suite, DEFAULTS, &people::phone()).await;
    }
}

async fn a_limit_ends_after_the_time_that_it_names(suite: Arc<Suite>) {
    let phone = people::phone();
    send(&suite, TEXT, &phone).await;
    let limited = Signed::new(message::sms(&people::link_id(), &phone));
    let answer = suite.post(TEXT, &limited).await;
    answer.assert_problem(429, "recipient-limit", "at once");
    assert!((1..=2).contains(&answer.retry_after()), "{}", answer.retry_after());
    sleep(Duration::from_secs(answer.retry_after())).await;
    send(&suite, TEXT, &phone).await;
}

async fn the_fullest_window_decides(suite: Arc<Suite>) {
    let phone = people::phone();
    let start = Instant::now();
    send(&suite, JSON, &phone).await;
    send(&suite, JSON, &phone).await;
    let answer = suite.post(JSON, &Signed::new(message::sms(&people::link_id(), &phone))).await;
    answer.assert_problem(429, "recipient-limit", "third");
    // Two an hour are used up, three a day are not.
    let least = 3600 - start.elapsed().as_secs();
    assert!((least..=3600).contains(&answer.retry_after()), "{}", answer.retry_after());
}

async fn without_limits_nothing_is_limited(suite: Arc<Suite>) {
    let phone = people::phone();
    for _ in 0..8 {
        send(&suite, FREE, &phone).await;
    }
}

async fn a_rejected_message_does_not_count(suite: Arc<Suite>) {
    let (phone, link_id) = (people::phone(), people::link_id());
    let rejected = Misbehaviour::Rejected { status: "error".to_owned(), reason: "Invalid id".to_owned() };
    suite.sandbox.misbehave(&link_id, rejected);
    for _ in 0..3 {
        let signed = Signed::new(message::sms(&link_id, &phone));
        suite.post(DEFAULTS, &signed).await.assert_problem(422, "paytr-rejected", "rejected");
    }
    assert_eq!(suite.sandbox.received_for(&link_id).len(), 3);
    send(&suite, DEFAULTS, &phone).await;
}

async fn an_unknown_outcome_counts(suite: Arc<Suite>) {
    let (phone, link_id) = (people::phone(), people::link_id());
    suite.sandbox.misbehave(&link_id, Misbehaviour::HtmlPage);
    let unknown = Signed::new(message::sms(&link_id, &phone));
    suite.post(DEFAULTS, &unknown).await.assert_problem(502, "outcome-unknown", "unknown");
    let second = Signed::new(message::sms(&people::link_id(), &phone));
    suite.post(DEFAULTS, &second).await.assert_problem(429, "recipient-limit", "second");
}

async fn a_limited_message_goes_out_later_under_its_id(suite: Arc<Suite>) {
    let (email, link_id) = (people::email(), people::link_id());
    let first = Signed::new(message::email(&people::link_id(), &email));
    suite.post(TEXT, &first).await.assert_sent(&first.id, "first");
    let second = Signed::new(message::email(&link_id, &email));
    let limited = suite.post(TEXT, &second).await;
    limited.assert_problem(429, "recipient-limit", "limited");
    sleep(Duration::from_secs(limited.retry_after())).await;
    let later = suite.post(TEXT, &second.retry()).await;
    later.assert_sent(&second.id, "later");
    assert!(!later.is_replay());
    suite.only_call(&link_id);
}

async fn of_many_sends_the_newest_count(suite: Arc<Suite>) {
    let phone = people::phone();
    // TEXT lets one through every two seconds; of these the first are long past, whatever order they are kept in.
    let window = Duration::from_secs(2);
    for _ in 0..4 {
        let began = Instant::now();
        send(&suite, TEXT, &phone).await;
        let early = Signed::new(message::sms(&people::link_id(), &phone));
        let answer = suite.post(TEXT, &early).await;
        // On a machine that stalls it may not have been early.
        if began.elapsed() < window {
            answer.assert_problem(429, "recipient-limit", "early");
        }
        sleep(window + Duration::from_millis(100)).await;
    }
}

async fn upper_and_lower_case_are_one_recipient(suite: Arc<Suite>) {
    let email = people::email();
    let (first, second) = (people::link_id(), people::link_id());
    let signed = Signed::new(message::email(&first, &email));
    suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, "first");
    let shouted = Signed::new(message::email(&second, &email.to_uppercase()));
    suite.post(DEFAULTS, &shouted).await.assert_problem(429, "recipient-limit", "shouted");
    suite.assert_nothing_sent(&second, "shouted");
    // What is sent is still what was written.
    assert_eq!(suite.only_call(&first).recipient.as_ref(), Some(&email));
}

/// A new message of a new link, which goes out.
async fn send(suite: &Suite, service: &str, phone: &str) {
    let link_id = people::link_id();
    let signed = Signed::new(message::sms(&link_id, phone));
    suite.post(service, &signed).await.assert_sent(&signed.id, service);
    suite.only_call(&link_id);
}
