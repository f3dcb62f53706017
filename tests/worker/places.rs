//! The connections that a partition gives out: what PayTR cannot take at once is not asked, and is not said to have been.

use crate::support::prelude::*;

crate::tests![while_paytr_hangs_nobody_is_told_unknown_of_a_message_that_was_not_asked];

const SERVICE: &str = "places";
/// More than 32 partitions may ask at once.
const CALLERS: usize = 200;
const AT_ONCE: usize = 32 * 4;

async fn while_paytr_hangs_nobody_is_told_unknown_of_a_message_that_was_not_asked(suite: Arc<Suite>) {
    let service =
        Service::new(SERVICE, &suite.sandbox.base_url()).json("SEND_LIMITS", "[]").text("PAYTR_TIMEOUT_MS", "8000");
    let aging = Aging::new(service);
    let workerd = Arc::new(aging.start());
    // All are ready before the first is sent, so that they come together.
    let messages: Vec<Sms> = (0..CALLERS).map(|_| Sms::new()).collect();
    for sms in &messages {
        suite.sandbox.misbehave(&sms.link_id, Misbehaviour::Hang);
    }
    let mut asking = JoinSet::new();
    for Sms { link_id, signed } in messages {
        let workerd = Arc::clone(&workerd);
        asking.spawn(async move { (workerd.post(SERVICE, &signed).await, link_id, signed) });
    }
    let mut busy = Vec::new();
    while let Some(asked) = asking.join_next().await {
        let (answer, link_id, signed) = asked.unwrap();
        let calls = suite.sandbox.received_for(&link_id).len();
        if answer.status == 504 {
            assert_eq!(calls, 1, "an unknown outcome of {link_id}");
            continue;
        }
        assert_eq!((answer.status, answer.code().as_str(), calls), (503, "ledger-unavailable", 0), "{link_id}");
        assert_eq!(answer.retry_after(), 5);
        busy.push((link_id, signed));
    }
    assert!(busy.len() >= CALLERS - AT_ONCE, "{} were not asked", busy.len());
    let of_busy = || {
        let lines = workerd.lines().into_iter();
        lines.filter(|line| line["reason"] == "busy" && line["outcome"] == "refused").count()
    };
    wait_until("each refusal is in the log", || of_busy() >= busy.len()).await;
    assert_eq!(of_busy(), busy.len());
    // Under the same id they go out once PayTR is back.
    for (link_id, signed) in busy {
        suite.sandbox.behave(&link_id);
        aging.assert_first(&workerd, &signed).await;
        assert_eq!(suite.sandbox.received_for(&link_id).len(), 1, "{link_id}");
    }
}
