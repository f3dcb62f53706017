//! At most once: what a retry gets.

use crate::support::prelude::*;

crate::tests![
    a_retry_gets_the_recorded_answer_and_paytr_is_not_asked,
    a_message_that_is_being_sent_is_in_progress_and_then_replayed,
    an_id_that_stands_for_another_message_is_refused,
    an_id_is_one_recipients_own,
    the_two_channels_of_one_link_are_two_messages,
    an_id_with_a_phone_number_in_it_works_like_any_other,
    a_refused_request_leaves_its_id_free,
    without_its_ledger_the_relay_sends_nothing_and_asks_for_the_same_id_again,
];

async fn a_retry_gets_the_recorded_answer_and_paytr_is_not_asked(suite: Arc<Suite>) {
    let phone = people::phone();
    let sms = Sms::to(&phone);
    let first = suite.send(DEFAULTS, &sms, "first").await;
    let signed = &sms.signed;
    let otherwise = message::sms(&sms.link_id, &format!("+90 {}", &phone[1..]));
    for (case, retry) in [
        ("the same", signed.clone()),
        ("signed later", signed.retry()),
        ("signed earlier", Signed::with(&secrets::current(), &signed.id, now() - 200, signed.body.clone())),
        ("written otherwise", signed.with_body(otherwise)),
    ] {
        let answer = suite.post(DEFAULTS, &retry).await;
        suite.assert_sent(&sms, &answer, case);
        assert!(answer.is_replay(), "{case}");
        assert_eq!(answer.body, first.body, "{case}");
    }
}

async fn a_message_that_is_being_sent_is_in_progress_and_then_replayed(suite: Arc<Suite>) {
    let sms = Sms::new();
    suite.sandbox.misbehave(&sms.link_id, Misbehaviour::Slow(Duration::from_millis(1500)));
    let start = Instant::now();
    let first = {
        let (suite, sms) = (Arc::clone(&suite), sms.clone());
        tokio::spawn(async move { suite.send(DEFAULTS, &sms, "first").await })
    };
    suite.wait_for_call(&sms.link_id).await;
    let meanwhile = suite.post(DEFAULTS, &sms.signed.retry()).await;
    meanwhile.assert_problem(409, "in-progress", "meanwhile");
    assert!(!meanwhile.is_replay());
    // What is left of the default 20 s, rounded up.
    let least = 20_u64.saturating_sub(start.elapsed().as_secs());
    assert!((least..=20).contains(&meanwhile.retry_after()), "{}", meanwhile.retry_after());

    first.await.unwrap();
    let afterwards = suite.post(DEFAULTS, &sms.signed.retry()).await;
    suite.assert_sent(&sms, &afterwards, "afterwards");
    assert!(afterwards.is_replay());
}

async fn an_id_that_stands_for_another_message_is_refused(suite: Arc<Suite>) {
    let (other_link, phone) = (people::link_id(), people::phone());
    let sms = Sms::to(&phone);
    suite.send(FREE, &sms, "first").await;
    let debug = json!({"type": "link.send_sms", "data": {"id": sms.link_id, "cell_phone": phone, "debug_on": 1}});
    for (case, body) in [("another link", message::sms(&other_link, &phone)), ("debug", debug.to_string().into_bytes())]
    {
        let answer = suite.post(FREE, &sms.signed.with_body(body)).await;
        answer.assert_problem(422, "webhook-id-reused", case);
        assert!(!answer.is_replay(), "{case}");
    }
    suite.assert_nothing_sent(&other_link, "reused");
    suite.only_call(&sms.link_id);
    assert!(suite.post(FREE, &sms.signed.retry()).await.is_replay(), "the first message is still known");
}

async fn an_id_is_one_recipients_own(suite: Arc<Suite>) {
    let (one, mut other) = (Sms::new(), Sms::new());
    suite.send(DEFAULTS, &one, "one").await;
    other.signed = one.signed.with_body(other.signed.body);
    suite.send(DEFAULTS, &other, "the other").await;
    suite.only_call(&one.link_id);
}

async fn the_two_channels_of_one_link_are_two_messages(suite: Arc<Suite>) {
    let sms = Sms::new();
    suite.send(DEFAULTS, &sms, "SMS").await;
    let signed = Signed::new(message::email(&sms.link_id, &people::email()));
    suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, "e-mail");
    assert_eq!(suite.sandbox.received_for(&sms.link_id).len(), 2);
}

async fn an_id_with_a_phone_number_in_it_works_like_any_other(suite: Arc<Suite>) {
    let phone = people::phone();
    // No address: a webhook-id holds no dot.
    let grouped = format!("+90-{}-{}:{}", &phone[1..4], &phone[4..7], &phone[7..]);
    for id in [format!("order-7-{phone}"), format!("+90{}", &phone[1..]), grouped] {
        let mut sms = Sms::new();
        sms.signed = Signed::with(&secrets::current(), &id, now(), sms.signed.body);
        suite.send(DEFAULTS, &sms, &id).await;
        assert!(suite.post(DEFAULTS, &sms.signed.retry()).await.is_replay(), "{id}");
        suite.only_call(&sms.link_id);
    }
}

async fn a_refused_request_leaves_its_id_free(suite: Arc<Suite>) {
    let phone = people::phone();
    let good = Sms::to(&phone);
    let bad = json!({"type": "link.send_sms", "data": {"id": "no link", "cell_phone": phone}});
    let bad = good.signed.with_body(bad.to_string());
    suite.post(DEFAULTS, &bad).await.assert_problem(422, "invalid-field", "bad");
    let foreign = Signed::with(&secrets::foreign(), &good.signed.id, now(), good.signed.body.clone());
    suite.post(DEFAULTS, &foreign).await.assert_problem(401, "invalid-signature", "foreign");
    suite.send(DEFAULTS, &good, "good").await;
}

async fn without_its_ledger_the_relay_sends_nothing_and_asks_for_the_same_id_again(suite: Arc<Suite>) {
    let mut sms = Sms::new();
    for case in ["first", "retry"] {
        let answer = suite.refused(WITHOUT_LEDGER, &sms, (503, "ledger-unavailable"), case).await;
        assert!(answer.json()["detail"].as_str().unwrap().contains("same webhook-id"), "{case}");
        assert!(!answer.is_replay(), "{case}");
        sms.signed = sms.signed.retry();
    }
}
