//! What a person is told at once, by `ALERT_URL`: in one line, without anything that is private.
//!
//! In scope: the kinds and their words. Not in scope: when one is told, which is `tasks::send_alert`'s, and the posting.

use crate::packed;
use crate::paytr::Cause;
use serde::Serialize;

/// Something that a person has to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// What happened
    pub kind: AlertKind,
    /// To what: words of the relay's own, such as a `callback_id`
    pub about: String,
}

packed!(struct Alert { kind, about });

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    /// An event was given up.
    EventDead,
    /// Money may have moved, and nobody ships on it.
    PaymentReview,
    /// Nobody knows whether PayTR did what it was asked for.
    OutcomeUnknown,
    /// PayTR refuses the Worker itself.
    PaytrBlocks,
    /// A paid link could not be deleted.
    ClosingGivenUp,
    /// A shop could not be told of its order.
    WriteBackGivenUp,
    /// A delivery of a shop was refused.
    HookRefused,
    /// A shop refuses what it is told of its order, and it is tried again.
    WriteBackRefused,
}

packed!(enum AlertKind {
    0 EventDead,
    1 PaymentReview,
    2 OutcomeUnknown,
    3 PaytrBlocks,
    4 ClosingGivenUp,
    5 WriteBackGivenUp,
    6 HookRefused,
    7 WriteBackRefused,
});

impl AlertKind {
    /// All there are.
    pub const ALL: [Self; 8] = [
        Self::EventDead,
        Self::PaymentReview,
        Self::OutcomeUnknown,
        Self::PaytrBlocks,
        Self::ClosingGivenUp,
        Self::WriteBackGivenUp,
        Self::HookRefused,
        Self::WriteBackRefused,
    ];

    /// Its word in the storage and the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EventDead => "event-dead",
            Self::PaymentReview => "payment-review",
            Self::OutcomeUnknown => "outcome-unknown",
            Self::PaytrBlocks => "paytr-blocks",
            Self::ClosingGivenUp => "closing-given-up",
            Self::WriteBackGivenUp => "write-back-given-up",
            Self::HookRefused => "hook-refused",
            Self::WriteBackRefused => "write-back-refused",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }

    /// The kind of an outcome that is unknown for this reason.
    #[must_use]
    pub fn of_unknown(cause: Cause) -> Self {
        if cause == Cause::Blocked { Self::PaytrBlocks } else { Self::OutcomeUnknown }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::EventDead => (
                "An event was given up: the shop was not told of",
                "Correct what answers at EVENTS_URL, then send it again with event.replay.",
            ),
            Self::PaymentReview => {
                ("A payment has to be looked at before anything is shipped:", "link.get shows it with its reasons.")
            }
            Self::OutcomeUnknown => {
                ("Nobody knows whether PayTR did it:", "Look in PayTR's panel; it is not repeated by itself.")
            }
            Self::PaytrBlocks => (
                "PayTR refuses the relay itself, with 403 or 429:",
                "Ask PayTR's support whether it blocks requests from Cloudflare.",
            ),
            Self::ClosingGivenUp => {
                ("A paid link could not be deleted and can be paid again:", "Delete it in PayTR's panel.")
            }
            Self::WriteBackGivenUp => {
                ("A shop could not be told of its order:", "Change the order by hand, and look at the shop's API key.")
            }
            Self::HookRefused => (
                "A delivery of a shop was refused:",
                "Refused again and again, its webhook is switched off by the shop; npm run explain says what is wrong.",
            ),
            Self::WriteBackRefused => (
                "A shop refuses what it is told of its order:",
                "Look at the shop's API key in STOREFRONTS; it is tried again for three days.",
            ),
        }
    }
}

impl Alert {
    /// The body that is posted. `held_back` others of the kind came since the last one was.
    #[must_use]
    pub fn body(&self, held_back: u64) -> String {
        #[derive(Serialize)]
        struct Body {
            text: String,
        }
        let (before, after) = self.kind.words();
        let more =
            if held_back > 0 { format!(" {held_back} more of this kind came before it.") } else { String::new() };
        let text = format!("paytr-link-relay: {before} {}. {after}{more}", self.about);
        // A struct of a text always serialises.
        serde_json::to_string(&Body { text }).unwrap_or_default()
    }
}
