//! The relay's own record of a link that it created.

use crate::json::JsonValue;
use crate::model::{Count, Currency, LinkType, OrderKey, Price, Reference};
use crate::packed;
use crate::paytr::{CreatedLink, Outcome, Rejection};
use serde::Serialize;

/// The relay's own record of a link. It holds nothing that names a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What was agreed.
    pub terms: Terms,
    /// When the relay was asked for it, Unix milliseconds.
    pub created_at: u64,
    /// What became of the create call; `None` while PayTR is being asked.
    pub creation: Option<Outcome<CreatedLink>>,
    /// How the sends ended that the create asked for; without those that may be tried again.
    pub sends: Vec<SendReport>,
    /// When a message deleted it, Unix milliseconds.
    pub deleted_at: Option<u64>,
    /// When it was paid as it was to be, Unix milliseconds.
    pub paid_at: Option<u64>,
    /// When a payment last came, or its events were last replayed, Unix milliseconds.
    pub last_payment_at: Option<u64>,
    /// How often the deletion of the paid link was tried; `None` if it never has to be.
    pub closing_tries: Option<u32>,
}

/// What a payment is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// `link_type`
    pub link_type: LinkType,
    /// `price`, minor units; for `flex` the least that may be paid
    pub price: Price,
    /// `currency`
    pub currency: Currency,
    /// `min_count`: pieces of one purchase at least
    pub min_count: Count,
    /// The shop's own number of the order
    pub reference: Option<Reference>,
    /// Whether a second payment is one too many.
    pub paid_once: bool,
    /// `expiry_date`, Unix milliseconds
    pub expires_at: Option<u64>,
    /// The order that a storefront made it for
    pub order: Option<LinkOfOrder>,
}

packed!(struct Terms { link_type, price, currency, min_count, reference, paid_once, expires_at, order });

/// Which of an order's links it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkOfOrder {
    /// The order
    pub key: OrderKey,
    /// Counted from 1
    pub number: u32,
}

packed!(struct LinkOfOrder { key, number });

impl Terms {
    /// The least that one purchase costs, in minor units.
    #[must_use]
    pub fn least(&self) -> u64 {
        self.price.minor_units().saturating_mul(self.min_count.get())
    }
}

/// How a send of a create ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SendReport {
    /// The message type
    #[serde(rename = "type")]
    pub message_type: String,
    /// What became of it
    pub outcome: SendOutcome,
    /// The code of the problem that it would have been by itself
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// PayTR's words
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paytr: Option<Rejection>,
    /// Seconds until the next send is allowed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// `false` where the message may have gone out
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resend_safe: Option<bool>,
}

packed!(struct SendReport { message_type, outcome, code, paytr, retry_after, resend_safe });

/// What became of a send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SendOutcome {
    /// PayTR took it.
    Sent,
    /// PayTR or the relay refused it.
    Rejected,
    /// It may have gone out, and is not made again.
    Unknown,
    /// A retry of the create makes it later.
    Limited,
    /// The link was paid or deleted before it could be made.
    Obsolete,
}

packed!(enum SendOutcome {
    0 Sent,
    1 Rejected,
    2 Unknown,
    3 Limited,
    4 Obsolete,
});

impl SendReport {
    /// A send of this type that ended like this.
    #[must_use]
    pub fn new(message_type: &str, outcome: SendOutcome) -> Self {
        let message_type = message_type.to_owned();
        Self { message_type, outcome, code: None, paytr: None, retry_after: None, resend_safe: None }
    }

    /// Whether a retry of the create may not change it any more.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.outcome != SendOutcome::Limited
    }
}

/// How far a link is, in the relay's own knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkState {
    /// It can be paid.
    Open,
    /// It was paid.
    Paid,
    /// A message deleted it.
    Deleted,
    /// The answer of the create call is not known.
    Unknown,
}

packed!(enum LinkState {
    0 Open,
    1 Paid,
    2 Deleted,
    3 Unknown,
});

impl LinkState {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Open, Self::Paid, Self::Deleted, Self::Unknown];

    /// The word of answers and of the storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Deleted => "deleted",
            Self::Unknown => "unknown",
        }
    }

    /// Parses a state.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        let known = |text: &String| Self::ALL.into_iter().find(|state| state.as_str() == text);
        let state = if let JsonValue::Text(text) = value { known(text) } else { None };
        state.ok_or("must be open, paid, deleted or unknown, as text")
    }
}

impl Link {
    /// A link of which PayTR is being asked.
    #[must_use]
    pub const fn opened(terms: Terms, now: u64) -> Self {
        Self {
            terms,
            created_at: now,
            creation: None,
            sends: Vec::new(),
            deleted_at: None,
            paid_at: None,
            last_payment_at: None,
            closing_tries: None,
        }
    }

    /// What PayTR returned, if it did.
    #[must_use]
    pub const fn created(&self) -> Option<&CreatedLink> {
        match &self.creation {
            Some(Outcome::Succeeded(created)) => Some(created),
            _ => None,
        }
    }

    /// Whether the relay has a link to speak of.
    #[must_use]
    pub const fn may_exist(&self) -> bool {
        !matches!(self.creation, Some(Outcome::Rejected(_)))
    }

    /// How far it is. A payment counts more than a deletion, before or after it.
    #[must_use]
    pub const fn state(&self) -> LinkState {
        match self {
            Self { paid_at: Some(_), .. } => LinkState::Paid,
            Self { deleted_at: Some(_), .. } => LinkState::Deleted,
            Self { creation: Some(Outcome::Succeeded(_)), .. } => LinkState::Open,
            _ => LinkState::Unknown,
        }
    }

    /// The name of the storefront that made it, if one did.
    #[must_use]
    pub fn storefront(&self) -> Option<&str> {
        self.terms.order.as_ref().map(|order| order.key.storefront.as_str())
    }

    /// Whether sending it makes sense no more.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.paid_at.is_some() && self.terms.paid_once || self.deleted_at.is_some()
    }
}
