//! The constant words of outcomes, which are stored and so may never change.

use crate::support::{created_link, record, rejection};
use paytr_link_relay::paytr::{Cause, CreatedLink, Outcome, RejectedStatus, ReplyStatus};

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
        "record-unreadable",
    ];
    assert_eq!(words, expected);
    let [timed_out, connection_lost, .., not_understood, interrupted, unreadable] = Cause::ALL;
    assert_eq!([timed_out, connection_lost], [Cause::TimedOut, Cause::ConnectionLost]);
    assert_eq!([not_understood, interrupted], [Cause::NotUnderstood, Cause::Interrupted]);
    assert_eq!(unreadable, Cause::RecordUnreadable);
    for cause in Cause::ALL {
        assert_eq!(serde_json::to_value(cause).unwrap(), cause.as_str());
    }
    let statuses = [
        ReplyStatus::Success,
        ReplyStatus::Rejected(RejectedStatus::Error),
        ReplyStatus::Rejected(RejectedStatus::Failed),
    ];
    assert_eq!(statuses.map(ReplyStatus::as_str), ["success", "error", "failed"]);
}

/// What a relay has recorded is read by every later one.
#[test]
fn the_form_of_a_record_is_constant() {
    let created = r#"{"succeeded":{"id":"NB2Zlz3","url":"https://www.paytr.com/link/NB2Zlz3"}}"#;
    assert_eq!(record(&Outcome::Succeeded(created_link())), created);
    let with_qr = CreatedLink { base64_qr: Some("iVBORw0KGgo=".to_owned()), ..created_link() };
    let expected = created.replace("\"}}", "\",\"base64_qr\":\"iVBORw0KGgo=\"}}");
    assert_eq!(record(&Outcome::Succeeded(with_qr)), expected);
    assert_eq!(record(&Outcome::Succeeded(())), r#"{"succeeded":null}"#);
    let rejected = r#"{"rejected":{"status":"failed","reason":"Process failed. Invalid id"}}"#;
    assert_eq!(record(&Outcome::<()>::Rejected(rejection())), rejected);
    assert_eq!(record(&Outcome::<()>::Unknown(Cause::TimedOut)), r#"{"unknown":"timed-out"}"#);
}

#[test]
fn an_outcome_says_of_paytr_what_is_known() {
    for (outcome, status, reason) in [
        (Outcome::Succeeded(()), Some("success"), None),
        (Outcome::Rejected(rejection()), Some("failed"), None),
        (Outcome::Unknown(Cause::Blocked), None, Some("blocked")),
    ] {
        assert_eq!((outcome.paytr_status(), outcome.unknown_reason()), (status, reason), "{outcome:?}");
    }
}
