//! Many at once.

use crate::support::prelude::*;

crate::tests![
    fifty_requests_with_one_id_are_one_message,
    fifty_recipients_at_once_get_one_message_each,
    two_messages_to_one_recipient_at_once_are_one_too_many,
    a_slow_send_to_one_recipient_holds_up_no_other,
];

async fn fifty_requests_with_one_id_are_one_message(suite: Arc<Suite>) {
    for slowness in [Duration::ZERO, Duration::from_millis(400)] {
        let Sms { link_id, signed } = Sms::new();
        suite.sandbox.misbehave(&link_id, Misbehaviour::Slow(slowness));
        for answer in suite.post_fifty_at_once(DEFAULTS, &signed).await {
            answer.assert_sent(&signed.id, "one of fifty");
        }
        suite.only_call(&link_id);
    }
}

async fn fifty_recipients_at_once_get_one_message_each(suite: Arc<Suite>) {
    let mut requests = JoinSet::new();
    for _ in 0..50 {
        let suite = Arc::clone(&suite);
        requests.spawn(async move { suite.send(DEFAULTS, &Sms::new(), "one of fifty").await });
    }
    requests.join_all().await;
}

async fn two_messages_to_one_recipient_at_once_are_one_too_many(suite: Arc<Suite>) {
    for service in [DEFAULTS, TEXT] {
        let (link_id, phone) = (people::link_id(), people::phone());
        suite.sandbox.misbehave(&link_id, Misbehaviour::Slow(Duration::from_millis(300)));
        let [one, other] = [(); 2].map(|()| Signed::new(message::sms(&link_id, &phone)));
        let (one, other) = tokio::join!(suite.post(service, &one), suite.post(service, &other));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 429], "{service}");
        let limited = if one.status == 429 { one } else { other };
        limited.assert_problem(429, "recipient-limit", service);
        suite.only_call(&link_id);
    }
}

async fn a_slow_send_to_one_recipient_holds_up_no_other(suite: Arc<Suite>) {
    let slow = Sms::new();
    suite.sandbox.misbehave(&slow.link_id, Misbehaviour::Slow(Duration::from_secs(3)));
    let slow_link = slow.link_id.clone();
    let slow_one = {
        let suite = Arc::clone(&suite);
        tokio::spawn(async move { suite.send(DEFAULTS, &slow, "slow").await })
    };
    suite.wait_for_call(&slow_link).await;
    suite.send(DEFAULTS, &Sms::new(), "other").await;
    assert!(!slow_one.is_finished(), "the other waited for the slow one");
    slow_one.await.unwrap();
}
