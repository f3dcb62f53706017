//! A link that the relay created: its own record of it, and what of it a shop may see.

use crate::model::{CallbackId, Currency, LinkId, LinkType, Price, Reference};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The relay's own record of a link. It holds nothing that names a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// `link_type`
    pub link_type: LinkType,
    /// `price`, minor units
    pub price: Price,
    /// `currency`
    pub currency: Currency,
    /// The shop's own number of the order
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// Whether a second payment is one too many.
    pub paid_once: bool,
    /// `expiry_date`, Unix milliseconds
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<u64>,
    /// When the relay was asked for it, Unix milliseconds
    pub created_at: u64,
    /// How far the create call got.
    pub creation: Creation,
    /// Whether a message deleted it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// How the sends ended that the create asked for; without those that may be tried again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sends: Vec<FollowUp>,
    /// What is left to do so that a link that is to be paid once is not paid again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<Closing>,
}

/// How far the create call got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Creation {
    /// PayTR is being asked.
    Pending,
    /// PayTR made it.
    Created(CreatedLink),
    /// PayTR refused.
    Rejected,
    /// Nobody knows: the answer was lost.
    Unknown,
}

/// What PayTR's create call returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedLink {
    /// PayTR's name of the link
    pub id: LinkId,
    /// Its address
    pub url: String,
    /// `base64_qr`, sealed: see [`crate::paytr::Merchant::seal`]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed_qr: Option<String>,
}

/// The deletion of a paid link at PayTR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// How often it was tried.
    pub tries: u32,
    /// When it is to be tried next, Unix milliseconds; `None` when it is done or given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<u64>,
}

/// How a send of a create ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The message type
    #[serde(rename = "type")]
    pub message_type: String,
    /// `sent`, `rejected`, `unknown` or `limited`
    pub outcome: String,
    /// The code of the problem that it would have been by itself
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// PayTR's words
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paytr: Option<Value>,
    /// Seconds until the next send is allowed
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// `false` where the message may have gone out
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resend_safe: Option<bool>,
}

/// What the object of a send answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendResult {
    /// It ended, or was limited.
    Ended(FollowUp),
    /// It is under way; over after so many seconds.
    InProgress(u64),
    /// The platform failed.
    Unavailable,
}

impl SendResult {
    /// Reads a send's answer.
    #[must_use]
    pub fn read(message_type: &str, status: u16, body: &str, retry_after: Option<u64>) -> Self {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        let member = |name: &str| body.get(name).filter(|value| !value.is_null()).cloned();
        let outcome = match status {
            200 => "sent",
            409 => return Self::InProgress(retry_after.unwrap_or(1)),
            429 => "limited",
            502 | 504 => "unknown",
            400..=499 => "rejected",
            _ => return Self::Unavailable,
        };
        let is_sent = outcome == "sent";
        Self::Ended(FollowUp {
            message_type: message_type.to_owned(),
            outcome: outcome.to_owned(),
            code: member("code").and_then(|code| code.as_str().map(str::to_owned)),
            paytr: if is_sent { None } else { member("paytr") },
            retry_after: if outcome == "limited" { retry_after } else { None },
            resend_safe: member("resend_safe").and_then(|safe| safe.as_bool()),
        })
    }
}

impl FollowUp {
    /// Whether a retry of the create may not change it any more.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.outcome != "limited"
    }
}

impl Link {
    /// What PayTR returned, if it did.
    #[must_use]
    pub const fn created(&self) -> Option<&CreatedLink> {
        match &self.creation {
            Creation::Created(created) => Some(created),
            _ => None,
        }
    }

    /// Whether the relay has a link to speak of.
    #[must_use]
    pub const fn may_exist(&self) -> bool {
        !matches!(self.creation, Creation::Rejected)
    }
}

/// A link with all that the relay knows of it.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkView {
    /// Its name
    pub callback_id: CallbackId,
    /// The relay's own record; `None` for a link that the relay did not make, or whose record is gone
    pub link: Option<Link>,
    /// `base64_qr`
    pub base64_qr: Option<String>,
    /// Its payments, oldest first
    pub payments: Vec<PaymentView>,
}

impl LinkView {
    /// `deleted`, `paid`, `open` or `unknown`.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match &self.link {
            Some(link) if link.deleted => "deleted",
            _ if self.payments.iter().any(|payment| payment.message_type == "link.paid") => "paid",
            Some(Link { creation: Creation::Created(_), .. }) => "open",
            _ => "unknown",
        }
    }
}

/// A payment as a shop may see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaymentView {
    /// PayTR's name of the payment
    pub merchant_oid: String,
    /// `link.paid` or `link.payment_review`
    #[serde(rename = "type")]
    pub message_type: String,
    /// All else that the event says of it
    #[serde(flatten)]
    pub details: Value,
    /// The event
    pub event: EventView,
}

/// An event as a shop may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventView {
    /// Its `webhook-id`
    pub webhook_id: String,
    /// `pending`, `delivered` or `dead`
    pub state: String,
    /// How often it was tried
    pub attempts: u32,
}

/// A link as answers show it.
#[derive(Serialize)]
pub struct LinkBody<'a> {
    /// PayTR's name of it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a str>,
    /// Its address
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'a str>,
    /// The relay's name of it
    pub callback_id: &'a str,
    /// A PNG in base64, if it was asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64_qr: Option<&'a str>,
}
