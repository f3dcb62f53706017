//! What kind of event it is, and how far it is.

use crate::json::JsonValue;
use crate::packed;
use serde::Serialize;

/// What the shop is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum EventType {
    /// Everything fits. A shop may ship on it alone.
    #[serde(rename = "link.paid")]
    LinkPaid,
    /// Money may have moved, and a person has to look at it.
    #[serde(rename = "link.payment_review")]
    LinkPaymentReview,
}

packed!(enum EventType {
    0 LinkPaid,
    1 LinkPaymentReview,
});

impl EventType {
    /// The type of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::LinkPaid, Self::LinkPaymentReview].into_iter().find(|known| known.as_str() == name)
    }

    /// The event's `type`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LinkPaid => "link.paid",
            Self::LinkPaymentReview => "link.payment_review",
        }
    }
}

/// How far an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EventState {
    /// The shop does not have it yet.
    Pending,
    /// The shop has it.
    Delivered,
    /// It was given up.
    Dead,
}

packed!(enum EventState {
    0 Pending,
    1 Delivered,
    2 Dead,
});

impl EventState {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Dead];

    /// Parses a state.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        let state = if let JsonValue::Text(text) = value { Self::from_name(text) } else { None };
        state.ok_or("must be pending, delivered or dead, as text")
    }

    /// The state of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }

    /// The word of answers, storage and the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }
}
