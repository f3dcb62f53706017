//! The constant words of outcomes, which are stored and so may never change.

use paytr_link_relay::paytr::{Cause, RejectedStatus};

#[test]
fn the_words_of_causes_and_refusals_are_constant() {
    let words = Cause::ALL.map(Cause::as_str);
    assert_eq!(words, ["timed-out", "connection-lost", "not-understood", "interrupted"]);
    assert_eq!(Cause::ALL, [Cause::TimedOut, Cause::ConnectionLost, Cause::NotUnderstood, Cause::Interrupted]);
    assert_eq!((RejectedStatus::Error.as_str(), RejectedStatus::Failed.as_str()), ("error", "failed"));
}
