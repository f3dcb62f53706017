//! Clients that disconnect.

use crate::support::prelude::*;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

crate::tests![
    a_caller_who_goes_away_in_mid_send_finds_the_outcome_later,
    a_caller_who_goes_away_in_the_middle_of_the_body_sends_nothing,
];

async fn a_caller_who_goes_away_in_mid_send_finds_the_outcome_later(suite: Arc<Suite>) {
    let rejected = Misbehaviour::SlowBody(Duration::from_millis(900));
    let mut cases = JoinSet::new();
    for (misbehaviour, is_reset) in
        [(Misbehaviour::Slow(Duration::from_millis(900)), false), (rejected.clone(), false), (rejected, true)]
    {
        let suite = Arc::clone(&suite);
        cases.spawn(async move {
            let case = format!("{misbehaviour:?}, reset: {is_reset}");
            let link_id = people::link_id();
            suite.sandbox.misbehave(&link_id, misbehaviour);
            let signed = Signed::new(message::sms(&link_id, &people::phone()));
            let length = signed.body.len().to_string();
            let mut stream = TcpStream::connect(suite.address(DEFAULTS)).await.unwrap();
            stream.write_all(&raw::post(&signed, &[("content-length", &length)])).await.unwrap();
            suite.wait_for_call(&link_id).await;
            if is_reset {
                stream.set_zero_linger().unwrap();
            }
            drop(stream);
            // The answer that nobody reads has its line in the log all the same.
            suite.seen.expect(200, "sent");
            let outcome = loop {
                let answer = suite.post(DEFAULTS, &signed.retry()).await;
                if answer.status != 409 {
                    break answer;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            };
            outcome.assert_sent(&signed.id, &case);
            assert!(outcome.is_replay(), "{case}");
            suite.only_call(&link_id);
        });
    }
    cases.join_all().await;
}

async fn a_caller_who_goes_away_in_the_middle_of_the_body_sends_nothing(suite: Arc<Suite>) {
    let link_id = people::link_id();
    let signed = Signed::new(message::sms(&link_id, &people::phone()));
    let length = signed.body.len().to_string();
    let mut bytes = raw::post(&signed, &[("content-length", &length)]);
    bytes.truncate(bytes.len() - 1);
    let mut stream = TcpStream::connect(suite.address(DEFAULTS)).await.unwrap();
    stream.write_all(&bytes).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(stream);
    // The answer that nobody reads.
    suite.seen.expect(400, "malformed-body");
    // As good as any other afterwards, also under the id that was never finished.
    let answer = suite.post(DEFAULTS, &signed).await;
    answer.assert_sent(&signed.id, "again");
    assert!(!answer.is_replay());
    wait_until("one call", || suite.sandbox.received_for(&link_id).len() == 1).await;
}
