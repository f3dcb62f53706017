//! What a shop is to see of an order: each is written back at least once, and twice does no harm.

use super::setting::Ways;
use super::wish::{Money, Why};
use crate::link::SendOutcome;
use crate::packed;
use crate::payment::Reason;

/// Something to be written back.
#[derive(Debug, Clone, PartialEq, Eq)]
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

packed!(enum Job {
    0 Link(value),
    1 Paid { merchant_oid, money },
    2 Review(value),
    3 Trouble(value),
});

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkNote {
    /// Its address
    pub url: String,
    /// What it is over
    pub money: Money,
    /// Whether it is not the order's first
    pub is_another: bool,
    /// Whom it was sent to
    pub sent: Vec<Sent>,
    /// The ways by which it was to be sent, and for which the order has nothing that can be used
    pub missing: Ways,
    /// Until when it can be paid, Unix milliseconds
    pub expires_at: u64,
}

packed!(struct LinkNote { url, money, is_another, sent, missing, expires_at });

/// A send of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The recipient, masked
    pub to: String,
    /// What became of it
    pub outcome: SendOutcome,
}

packed!(struct Sent { to, outcome });

/// A payment that a person has to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// PayTR's name of the payment
    pub merchant_oid: String,
    /// What was collected, minor units; `None` if it could not be read
    pub total_amount: Option<u64>,
    /// Why
    pub reasons: Vec<Reason>,
}

packed!(struct Review { merchant_oid, total_amount, reasons });

/// Why a person has to look at an order.
#[derive(Debug, Clone, PartialEq, Eq)]
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

packed!(enum Trouble {
    0 Refused(value),
    1 Unknown,
    2 NotDeleted(value),
    3 Unpayable(value),
    4 CostsMore(value),
});

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
