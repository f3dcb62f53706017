//! The constant words of outcomes, and their form in the storage, which may never change.

use crate::support::{check_stored, created_link, record, rejection};
use paytr_link_relay::paytr::{Cause, CreatedLink, Outcome, RejectedStatus, ReplyStatus};

#[test]
fn the_words_of_causes_and_refusals_are_constant() {
    let words = "timed-out connection-lost blocked redirected server-error html-page broken-json not-understood \
                 interrupted record-unreadable";
    assert_eq!(Cause::ALL.map(Cause::as_str).join(" "), words);
    let [timed_out, connection_lost, .., not_understood, interrupted, unreadable] = Cause::ALL;
    assert_eq!([timed_out, connection_lost], [Cause::TimedOut, Cause::ConnectionLost]);
    assert_eq!([not_understood, interrupted], [Cause::NotUnderstood, Cause::Interrupted]);
    assert_eq!(unreadable, Cause::RecordUnreadable);
    for (number, cause) in (0..).zip(Cause::ALL) {
        check_stored(&cause, &[number, 0]);
    }
    for (number, status) in (0..).zip([RejectedStatus::Error, RejectedStatus::Failed]) {
        check_stored(&status, &[number, 0]);
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
    check_stored(&Outcome::Succeeded(created_link()), b"\0\x2d\x2c\x07NB2Zlz3\x22https://www.paytr.com/link/NB2Zlz3\0");
    let with_qr = CreatedLink { base64_qr: Some("iVBORw0KGgo=".to_owned()), ..created_link() };
    check_stored(
        &Outcome::Succeeded(with_qr),
        b"\0\x3a\x39\x07NB2Zlz3\x22https://www.paytr.com/link/NB2Zlz3\x01\x0ciVBORw0KGgo=",
    );
    check_stored(&Outcome::Succeeded(()), b"\0\0");
    check_stored(&Outcome::<()>::Rejected(rejection()), b"\x01\x1f\x1e\x01\0\x01\x1aProcess failed. Invalid id");
    check_stored(&Outcome::<()>::Unknown(Cause::TimedOut), b"\x02\x02\0\0");
    assert_eq!(record(&Outcome::Succeeded(())), b"\0\0");
}
