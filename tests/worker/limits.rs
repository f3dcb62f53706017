//! How often one recipient is written to.

use crate::support::prelude::*;

crate::tests![
    a_window_that_is_full_limits_its_recipient_for_what_is_left_of_it,
    without_limits_nothing_is_limited,
    a_rejected_message_does_not_count,
    an_unknown_outcome_counts,
    a_limited_message_goes_out_later_under_its_id,
    of_many_sends_the_newest_count,
    upper_and_lower_case_are_one_recipient,
];

const LIMITED: (u16, &str) = (429, "recipient-limit");

async fn a_window_that_is_full_limits_its_recipient_for_what_is_left_of_it(suite: Arc<Suite>) {
    // By default one a minute and five a day; of two an hour and three a day the first are used up first.
    for (service, count, seconds) in [(DEFAULTS, 1, 60), (JSON, 2, 3600)] {
        let phone = people::phone();
        let start = Instant::now();
        for _ in 0..count {
            suite.send(service, &Sms::to(&phone), service).await;
        }
        let again = Sms::to(&format!("+90{}", &phone[1..]));
        let answer = suite.refused(service, &again, LIMITED, service).await;
        // The window began after `start`; what is left of it is rounded up.
        let least = seconds - start.elapsed().as_secs();
        assert!((least..=seconds).contains(&answer.retry_after()), "{service}: {}", answer.retry_after());
        assert!(!answer.is_replay(), "{service}");
        suite.send(service, &Sms::new(), "somebody else").await;
    }
}

async fn without_limits_nothing_is_limited(suite: Arc<Suite>) {
    let phone = people::phone();
    for number in 0..8 {
        suite.send(FREE, &Sms::to(&phone), &format!("message {number}")).await;
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
    suite.send(DEFAULTS, &Sms::to(&phone), "afterwards").await;
}

async fn an_unknown_outcome_counts(suite: Arc<Suite>) {
    let phone = people::phone();
    let unknown = Sms::to(&phone);
    suite.sandbox.misbehave(&unknown.link_id, Misbehaviour::HtmlPage);
    suite.post(DEFAULTS, &unknown.signed).await.assert_problem(502, "outcome-unknown", "unknown");
    suite.refused(DEFAULTS, &Sms::to(&phone), LIMITED, "second").await;
}

async fn a_limited_message_goes_out_later_under_its_id(suite: Arc<Suite>) {
    let (email, link_id) = (people::email(), people::link_id());
    let first = Signed::new(message::email(&people::link_id(), &email));
    suite.post(TEXT, &first).await.assert_sent(&first.id, "first");
    let second = Signed::new(message::email(&link_id, &email));
    let limited = suite.post(TEXT, &second).await;
    limited.assert_problem(429, "recipient-limit", "limited");
    assert!((1..=2).contains(&limited.retry_after()), "{}", limited.retry_after());
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
    for number in 0..4 {
        let began = Instant::now();
        suite.send(TEXT, &Sms::to(&phone), &format!("message {number}")).await;
        let answer = suite.post(TEXT, &Sms::to(&phone).signed).await;
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
