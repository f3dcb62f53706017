//! A trap in the middle of a send, and a Rust panic, which is one.
//!
//! In scope: that its caller gets an answer, that the next call finds a fresh instance, and that nothing is sent twice. The trap
//! is made by the platform's `setTimeout`, which the Worker calls between record and request, throwing what a
//! trap throws; the panic, after the request, by an array that says that it is too long for a `Vec`.

use crate::support::patched::Patched;
use crate::support::prelude::*;

crate::tests![
    a_message_that_traps_is_answered_at_once_and_then_unknown,
    a_trap_beside_a_slow_send_sends_nothing_twice,
    a_rust_panic_after_the_request_is_answered_at_once_and_then_unknown,
];

const PRELUDE: &str = r#"
const start = globalThis.setTimeout;
let calls = 0;
globalThis.setTimeout = (task, ms) => {
  calls += 1;
  if (calls === TRAP) throw new WebAssembly.RuntimeError("unreachable");
  return start(task, ms);
};
"#;

/// The first reply of PayTR's lies about its length.
const PANIC_PRELUDE: &str = r#"
const { arrayBuffer } = Response.prototype;
const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
const { get } = Object.getOwnPropertyDescriptor(typedArray, "length");
let replies = 0;
let lies = false;
Response.prototype.arrayBuffer = async function () {
  const buffer = await arrayBuffer.call(this);
  replies += 1;
  lies = replies === 1;
  return buffer;
};
Object.defineProperty(typedArray, "length", {
  get() {
    const length = lies ? 2 ** 31 : get.call(this);
    lies = false;
    return length;
  },
});
"#;

async fn a_message_that_traps_is_answered_at_once_and_then_unknown(suite: Arc<Suite>) {
    let trapping = Patched::start(&suite, &PRELUDE.replace("TRAP", "1"));
    let Sms { link_id, signed } = Sms::new();
    trapping.post(&signed).await.assert_problem(503, "ledger-unavailable", "the trap");
    let refusals = || -> Vec<_> {
        let lines = trapping.lines().into_iter().filter(|line| line["code"] == "ledger-unavailable");
        lines.map(|line| (line["outcome"].clone(), line["reason"].clone())).collect()
    };
    wait_until("the refusal is in the log", || !refusals().is_empty()).await;
    assert_eq!(refusals(), [(json!("refused"), json!("trapped"))]);
    for retry in [signed.retry(), signed.retry()] {
        let answer = trapping.post(&retry).await;
        answer.assert_problem(502, "outcome-unknown", "a retry");
        assert!(answer.is_replay());
    }
    suite.assert_nothing_sent(&link_id, "trapped before the request");
    let other = Sms::new().signed;
    trapping.post(&other).await.assert_sent(&other.id, "another message afterwards");
}

async fn a_trap_beside_a_slow_send_sends_nothing_twice(suite: Arc<Suite>) {
    let trapping = Arc::new(Patched::start(&suite, &PRELUDE.replace("TRAP", "2")));
    let (Sms { link_id: slow_link, signed: slow }, Sms { link_id, signed }) = (Sms::new(), Sms::new());
    suite.sandbox.misbehave(&slow_link, Misbehaviour::Slow(Duration::from_millis(800)));
    let sending = tokio::spawn({
        let (trapping, slow) = (Arc::clone(&trapping), slow.clone());
        async move { trapping.post(&slow).await }
    });
    suite.wait_for_call(&slow_link).await;
    trapping.post(&signed).await.assert_problem(503, "ledger-unavailable", "the trap");
    // The instance that waited for PayTR is gone, so its caller gets an error too, and nobody will ever know.
    sending.await.unwrap().assert_problem(503, "ledger-unavailable", "the slow one");
    let answer = trapping.post(&slow.retry()).await;
    answer.assert_problem(502, "outcome-unknown", "the slow one again");
    suite.only_call(&slow_link);
    suite.assert_nothing_sent(&link_id, "trapped before the request");
}

async fn a_rust_panic_after_the_request_is_answered_at_once_and_then_unknown(suite: Arc<Suite>) {
    let panicking = Patched::start(&suite, PANIC_PRELUDE);
    let Sms { link_id, signed } = Sms::new();
    panicking.post(&signed).await.assert_problem(503, "ledger-unavailable", "the panic");
    for retry in [signed.retry(), signed.retry()] {
        panicking.post(&retry).await.assert_problem(502, "outcome-unknown", "a retry");
    }
    suite.only_call(&link_id);
    let other = Sms::new().signed;
    panicking.post(&other).await.assert_sent(&other.id, "another message afterwards");
}
