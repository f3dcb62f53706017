//! What a shop is to see of an order: each is written back at least once, and twice does no harm.

use super::wish::{Money, Why};
use crate::link::SendOutcome;
use crate::payment::Reason;
use serde::{Deserialize, Serialize};

/// Something to be written back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// The order has a link: a note.
    Link(LinkNote),
    /// The link was paid as it was to be: the status, if the order costs no more by now, and a note.
    Paid {
        /// PayTR's name of the payment
        merchant_oid: String,
        /// The link's price
        money: Money,
    },
    /// A person has to look at a payment: a note.
    Review(Review),
    /// A person has to look at the order: a note.
    Trouble(Trouble),
}

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkNote {
    /// Its address
    pub url: String,
    /// What it is over
    pub money: Money,
    /// Whether it is not the order's first
    pub is_another: bool,
    /// Whom it was sent to
    pub sent: Vec<Sent>,
    /// Until when it can be paid, Unix milliseconds
    pub expires_at: u64,
}

/// A send of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The recipient, masked
    pub to: String,
    /// What became of it
    pub outcome: SendOutcome,
}

/// A payment that a person has to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// PayTR's name of the payment
    pub merchant_oid: String,
    /// What was collected, minor units; `None` if it could not be read
    pub total_amount: Option<u64>,
    /// Why
    pub reasons: Vec<Reason>,
}

/// Why a person has to look at an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// PayTR refused to make the link; with its words, without what is private.
    Refused(Option<String>),
    /// Nobody knows whether the link was made, as often as it was tried.
    Unknown,
    /// The link, which is over this amount, could not be deleted.
    NotDeleted(Money),
    /// No link can be made over what the order costs.
    Unpayable(Why),
    /// It costs more than what was paid.
    CostsMore(Money),
}

impl Job {
    /// The word of the log.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Link(_) => "order.link",
            Self::Paid { .. } => "order.paid",
            Self::Review(_) => "order.review",
            Self::Trouble(_) => "order.trouble",
        }
    }
}
