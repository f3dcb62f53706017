//! A trap in the middle of a send: what a Rust panic would be.
//!
//! In scope: that its caller gets an answer, that the next call finds a fresh instance, and that nothing is sent twice. The trap
//! is made by the platform's `AbortSignal.timeout`, which the Worker calls between record and request, throwing what a
//! trap throws.

use crate::support::answer::Answer;
use crate::support::data_directory::DataDirectory;
use crate::support::services::Service;
use crate::support::signed::Signed;
use crate::support::suite::Suite;
use crate::support::workerd::Workerd;
use crate::support::{message, people};
use paytr_sandbox::Misbehaviour;
use std::sync::Arc;
use std::time::Duration;

crate::tests![a_message_that_traps_is_answered_at_once_and_then_unknown, a_trap_beside_a_slow_send_sends_nothing_twice,];

const SERVICE: &str = "trapping";
const PRELUDE: &str = r#"
const timeout = AbortSignal.timeout.bind(AbortSignal);
let calls = 0;
AbortSignal.timeout = (ms) => {
  calls += 1;
  if (calls === TRAP) throw new WebAssembly.RuntimeError("unreachable");
  return timeout(ms);
};
"#;

async fn a_message_that_traps_is_answered_at_once_and_then_unknown(suite: Arc<Suite>) {
    let trapping = Trapping::start(&suite, 1);
    let link_id = people::link_id();
    let signed = Signed::new(message::sms(&link_id, &people::phone()));
    trapping.post(&signed).await.assert_problem(503, "ledger-unavailable", "the trap");
    for retry in [signed.retry(), signed.retry()] {
        let answer = trapping.post(&retry).await;
        answer.assert_problem(502, "outcome-unknown", "a retry");
        assert!(answer.is_replay());
    }
    suite.assert_nothing_sent(&link_id, "trapped before the request");
    let other = Signed::new(message::sms(&people::link_id(), &people::phone()));
    trapping.post(&other).await.assert_sent(&other.id, "another message afterwards");
}

async fn a_trap_beside_a_slow_send_sends_nothing_twice(suite: Arc<Suite>) {
    let trapping = Arc::new(Trapping::start(&suite, 2));
    let (slow_link, link_id) = (people::link_id(), people::link_id());
    suite.sandbox.misbehave(&slow_link, Misbehaviour::Slow(Duration::from_millis(800)));
    let slow = Signed::new(message::sms(&slow_link, &people::phone()));
    let sending = tokio::spawn({
        let (trapping, slow) = (Arc::clone(&trapping), slow.clone());
        async move { trapping.post(&slow).await }
    });
    suite.wait_for_call(&slow_link).await;
    let signed = Signed::new(message::sms(&link_id, &people::phone()));
    trapping.post(&signed).await.assert_problem(503, "ledger-unavailable", "the trap");
    // The instance that waited for PayTR is gone, so its caller gets an error too, and nobody will ever know.
    sending.await.unwrap().assert_problem(503, "ledger-unavailable", "the slow one");
    let answer = trapping.post(&slow.retry()).await;
    answer.assert_problem(502, "outcome-unknown", "the slow one again");
    suite.only_call(&slow_link);
    suite.assert_nothing_sent(&link_id, "trapped before the request");
}

struct Trapping {
    workerd: Workerd,
    /// The Worker's files are read when it starts, and its ledgers are here.
    _data: DataDirectory,
}

impl Trapping {
    /// A relay whose n-th request to PayTR traps.
    fn start(suite: &Suite, n: usize) -> Self {
        let data = DataDirectory::new();
        data.prepend(&PRELUDE.replace("TRAP", &n.to_string()));
        let service = Service::new(SERVICE, &suite.sandbox.base_url());
        let workerd = Workerd::start(&data, &[service]);
        Self { workerd, _data: data }
    }

    async fn post(&self, signed: &Signed) -> Answer {
        self.workerd.post(SERVICE, signed).await
    }
}
