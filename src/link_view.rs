//! What a shop may see of a link.

use crate::link::Link;
use crate::model::{CallbackId, Moment};
use crate::packed;
use crate::payment::{EventState, EventType, PaymentDetails, Reason};
use crate::paytr::{CreatedLink, Unsigned, UnsignedText};
use serde::Serialize;

/// A link with all that the relay knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkView {
    /// Its name
    pub callback_id: CallbackId,
    /// The relay's own record; `None` for a link that the relay did not create, or whose record is gone
    pub link: Option<Link>,
    /// The newest of its payments that were asked for, oldest first
    pub payments: Vec<PaymentView>,
    /// What asks for the payments before these, if there are any
    pub cursor: Option<String>,
    /// How many of its events are delivered again
    pub replayed: u64,
}

/// A payment as a shop may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentView {
    /// PayTR's name of the payment
    pub merchant_oid: String,
    /// `link.paid` or `link.payment_review`
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// Why it has to be looked at
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// PayTR's `status`
    pub status: String,
    /// What was collected, minor units; absent if it could not be read
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_amount: Option<u64>,
    /// What stands in its place then
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_amount_text: Option<String>,
    /// What PayTR did not sign
    pub unsigned: Unsigned,
    /// What of it could not be read
    #[serde(skip_serializing_if = "UnsignedText::is_empty")]
    pub unsigned_text: UnsignedText,
    /// When PayTR's notification came, RFC 3339
    pub received_at: Moment,
    /// The event
    pub event: EventView,
}

packed!(struct PaymentView { merchant_oid, event_type, reasons, status, total_amount, total_amount_text, unsigned, unsigned_text, received_at, event });

impl PaymentView {
    /// A payment that came at `received_ms`, Unix milliseconds, with its event.
    #[must_use]
    pub fn new(event_type: EventType, details: PaymentDetails, received_ms: u64, event: EventView) -> Self {
        let PaymentDetails { merchant_oid, reasons, status, total_amount, total_amount_text, unsigned, unsigned_text } =
            details;
        let received_at = Moment::from_unix_ms(received_ms);
        Self {
            merchant_oid,
            event_type,
            reasons,
            status,
            total_amount,
            total_amount_text,
            unsigned,
            unsigned_text,
            received_at,
            event,
        }
    }
}

/// An event as a shop may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventView {
    /// Its `webhook-id`
    pub webhook_id: String,
    /// How far it is
    pub state: EventState,
    /// How often it was tried
    pub attempts: u32,
}

packed!(struct EventView { webhook_id, state, attempts });

/// A link as answers show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkBody {
    /// PayTR's name of it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its address
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The relay's name of it
    pub callback_id: CallbackId,
    /// A PNG in base64, if it was asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64_qr: Option<String>,
}

packed!(struct LinkBody { id, url, callback_id, base64_qr });

impl LinkBody {
    /// A link under this name; of one that PayTR did not return, the name alone.
    #[must_use]
    pub fn new(callback_id: &CallbackId, created: Option<&CreatedLink>) -> Self {
        Self {
            id: created.map(|created| created.id.as_str().to_owned()),
            url: created.map(|created| created.url.clone()),
            callback_id: callback_id.clone(),
            base64_qr: created.and_then(|created| created.base64_qr.clone()),
        }
    }
}
