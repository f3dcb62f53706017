//! Why a partition did not do what it was asked: the words of the log.

use crate::support::rejection;
use paytr_link_relay::ledger::{Refusal, Unavailable};
use paytr_link_relay::paytr::{Cause, RejectedStatus, Rejection};

#[test]
fn the_log_has_the_reason_of_a_refusal_if_its_code_does_not_say_it() {
    let unknown = |cause| Refusal::Unknown { cause, callback_id: None };
    for (refusal, reason, paytr_status) in [
        (Refusal::ExpiryPassed, None, None),
        (Refusal::LinkNotFound, None, None),
        (Refusal::InProgress(1), None, None),
        (Refusal::WebhookIdReused, None, None),
        (Refusal::RecipientLimit(1), None, None),
        (Refusal::CallbackUnreachable, Some("RELAY_ORIGIN"), None),
        (Refusal::Rejected(rejection()), None, Some("failed")),
        (Refusal::Rejected(Rejection { status: RejectedStatus::Error, reason: None }), None, Some("error")),
        (unknown(Cause::TimedOut), Some("timed-out"), None),
        (unknown(Cause::RecordUnreadable), Some("record-unreadable"), None),
        (Refusal::Unavailable(Unavailable::Busy), Some("busy"), None),
        (Refusal::Unavailable(Unavailable::Overloaded), Some("overloaded"), None),
        (Refusal::Unavailable(Unavailable::Reset), Some("reset"), None),
        (Refusal::Unavailable(Unavailable::StorageFailed), Some("storage-failed"), None),
        (Refusal::Unavailable(Unavailable::Trapped), Some("trapped"), None),
        (Refusal::Unavailable(Unavailable::NotBound), Some("not-bound"), None),
    ] {
        assert_eq!((refusal.reason(), refusal.paytr_status()), (reason, paytr_status), "{refusal:?}");
        let words = if let Refusal::Rejected(Rejection { reason, .. }) = &refusal { reason.as_deref() } else { None };
        assert_eq!(refusal.paytr_reason(), words, "{refusal:?}");
    }
}
