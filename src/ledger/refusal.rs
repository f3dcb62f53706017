//! What a partition answers when it does not do what a message asks for.

use crate::model::CallbackId;
use crate::packed;
use crate::paytr::{Cause, Rejection};

/// Why a message was not carried out, or why nobody knows whether it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// `expiry_date` has passed.
    ExpiryPassed,
    /// The relay has no record of this link.
    LinkNotFound,
    /// The message is being carried out right now, for so many seconds at most.
    InProgress(u64),
    /// The `webhook-id` stands for another message.
    WebhookIdReused,
    /// The recipient has had enough messages for so many seconds.
    RecipientLimit(u64),
    /// PayTR could not post its notifications to the address that the message came by.
    CallbackUnreachable,
    /// PayTR said no.
    Rejected(Rejection),
    /// PayTR was asked, and nobody knows whether it did it.
    Unknown {
        /// Why.
        cause: Cause,
        /// The link that may have been created.
        callback_id: Option<CallbackId>,
    },
    /// PayTR was not asked: the ledger cannot take the message now.
    Unavailable(Unavailable),
}

packed!(enum Refusal {
    0 ExpiryPassed,
    1 LinkNotFound,
    2 InProgress(value),
    3 WebhookIdReused,
    4 RecipientLimit(value),
    5 CallbackUnreachable,
    6 Rejected(value),
    7 Unknown { cause, callback_id },
    8 Unavailable(value),
});

/// Why the ledger does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unavailable {
    /// The partition has as many requests under way to PayTR as it may have.
    Busy,
    /// The platform says that the object has too many requests.
    Overloaded,
    /// The platform restarted or moved the object.
    Reset,
    /// The object's storage took or gave nothing.
    StorageFailed,
    /// The Worker's code trapped.
    Trapped,
    /// The Worker has no ledger: its binding is missing.
    NotBound,
}

packed!(enum Unavailable {
    0 Busy,
    1 Overloaded,
    2 Reset,
    3 StorageFailed,
    4 Trapped,
    5 NotBound,
});

impl Unavailable {
    /// A constant word for the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Overloaded => "overloaded",
            Self::Reset => "reset",
            Self::StorageFailed => "storage-failed",
            Self::Trapped => "trapped",
            Self::NotBound => "not-bound",
        }
    }
}

impl Refusal {
    /// More about it than its name says, as a constant word for the log.
    #[must_use]
    pub const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Unknown { cause, .. } => Some(cause.as_str()),
            Self::Unavailable(reason) => Some(reason.as_str()),
            Self::CallbackUnreachable => Some("RELAY_ORIGIN"),
            _ => None,
        }
    }

    /// PayTR's words, if it gave any, without secrets and personal data.
    #[must_use]
    pub fn paytr_reason(&self) -> Option<&str> {
        match self {
            Self::Rejected(rejection) => rejection.reason.as_deref(),
            _ => None,
        }
    }

    /// PayTR's `status`, if it gave one.
    #[must_use]
    pub const fn paytr_status(&self) -> Option<&'static str> {
        match self {
            Self::Rejected(rejection) => Some(rejection.status.as_str()),
            _ => None,
        }
    }
}
