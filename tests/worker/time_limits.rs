//! The limit on PayTR's time.
//!
//! In scope: that it ends with its answer. Not in scope: what a caller gets when it is reached (`misbehaviours`).

use crate::support::patched::Patched;
use crate::support::prelude::*;

crate::tests![a_time_limit_ends_with_its_answer];

/// A timer that is set while another one runs fails.
const PRELUDE: &str = r#"
const [set, clear] = [globalThis.setTimeout, globalThis.clearTimeout];
let running = 0;
globalThis.setTimeout = (task, ms) => {
  if (running > 0) throw new Error("a timer still runs");
  running += 1;
  return set(task, ms);
};
globalThis.clearTimeout = (timer) => {
  running -= 1;
  clear(timer);
};
"#;

/// A timer holds its object in memory, which Cloudflare bills by the second.
async fn a_time_limit_ends_with_its_answer(suite: Arc<Suite>) {
    let relay = Patched::start(&suite, PRELUDE);
    for number in 1..=3 {
        let signed = Sms::new().signed;
        relay.post(&signed).await.assert_sent(&signed.id, &format!("send {number}"));
    }
}
