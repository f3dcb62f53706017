//! The constant words of outcomes, which are stored and so may never change.

use paytr_link_relay::paytr::{Cause, RejectedStatus, ReplyStatus};

#[test]
fn the_words_of_causes_and_refusals_are_constant() {
    let words = Cause::ALL.map(Cause::as_str);
    let expected = [
        "timed-out",
        "connection-lost",
        "blocked",
        "redirected",
        "server-error",
        "html-page",
        "broken-json",
        "not-understood",
        "interrupted",
    ];
    assert_eq!(words, expected);
    let [timed_out, connection_lost, .., not_understood, interrupted] = Cause::ALL;
    assert_eq!([timed_out, connection_lost], [Cause::TimedOut, Cause::ConnectionLost]);
    assert_eq!([not_understood, interrupted], [Cause::NotUnderstood, Cause::Interrupted]);
    let statuses = [
        ReplyStatus::Success,
        ReplyStatus::Rejected(RejectedStatus::Error),
        ReplyStatus::Rejected(RejectedStatus::Failed),
    ];
    assert_eq!(statuses.map(ReplyStatus::as_str), ["success", "error", "failed"]);
}
