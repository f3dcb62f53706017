//! The event that tells the shop of a payment: its `webhook-id` and its body.
//!
//! Both are the same over retries, replays and PayTR's repeats, if the body is kept as it was first made.

use super::assessment::{Assessment, Reason};
use super::event_type::EventType;
use crate::link::Link;
use crate::model::callback_id::CallbackId;
use crate::model::currency::Currency;
use crate::model::moment::Moment;
use crate::model::price::Price;
use crate::model::reference::Reference;
use crate::packed;
use crate::paytr::{Merchant, Notification, TotalAmount, Unsigned, UnsignedText};
use serde::Serialize;

/// The hexadecimal digits that name the payment; as many name what PayTR said of it.
const HALF_DIGITS: usize = 32;

/// An event's `webhook-id`: `evt_` and 64 hexadecimal digits. The first half is made of what names the payment, the second
/// of all that PayTR signed, both under the merchant key: nobody can tell it beforehand, it shows nothing of the payment,
/// and PayTR's repeat of a notification has the same, while another notification of the same payment has another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventId(String);

impl EventId {
    /// The id of the event of this notification.
    #[must_use]
    pub fn new(merchant: &Merchant, notification: &Notification) -> Self {
        let Notification { callback_id, merchant_oid, status, total_amount, .. } = notification;
        let half = |parts: &[&str]| -> String {
            let digits = merchant.keyed_hash_hex(parts);
            digits.get(..HALF_DIGITS).unwrap_or_default().to_owned()
        };
        let payment = ["event", callback_id.as_str(), merchant_oid];
        let [event, callback_id, merchant_oid] = payment;
        let said = ["said", event, callback_id, merchant_oid, status, total_amount.as_str()];
        Self(format!("evt_{}{}", half(&payment), half(&said)))
    }

    /// The id's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the ids of all events of this payment begin with.
    #[must_use]
    pub fn payment_prefix(&self) -> &str {
        self.0.get(..self.0.len().saturating_sub(HALF_DIGITS)).unwrap_or_default()
    }
}

/// What PayTR said of a payment, and what the relay made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentDetails {
    /// PayTR's name of the payment
    pub merchant_oid: String,
    /// Why it has to be looked at
    pub reasons: Vec<Reason>,
    /// PayTR's `status`
    pub status: String,
    /// What was collected, minor units; absent if it could not be read
    pub total_amount: Option<u64>,
    /// What stands in its place then
    pub total_amount_text: Option<String>,
    /// What PayTR did not sign
    pub unsigned: Unsigned,
    /// What of it could not be read
    pub unsigned_text: UnsignedText,
}

packed!(struct PaymentDetails { merchant_oid, reasons, status, total_amount, total_amount_text, unsigned, unsigned_text });

impl PaymentDetails {
    /// What is kept of a payment.
    #[must_use]
    pub fn new(notification: &Notification, assessment: &Assessment) -> Self {
        let Notification { merchant_oid, status, total_amount, unsigned, unsigned_text, .. } = notification;
        Self {
            merchant_oid: merchant_oid.clone(),
            reasons: assessment.reasons.clone(),
            status: status.clone(),
            total_amount: total_amount.minor_units(),
            total_amount_text: unreadable(total_amount).map(str::to_owned),
            unsigned: unsigned.clone(),
            unsigned_text: unsigned_text.clone(),
        }
    }
}

fn unreadable(amount: &TotalAmount) -> Option<&str> {
    match amount {
        TotalAmount::Unreadable(text) => Some(text),
        TotalAmount::MinorUnits(..) => None,
    }
}

/// The body, in JSON. `link` is `None` if the relay has no record of it; `received_ms` is when the notification came, in
/// Unix milliseconds.
#[must_use]
pub fn body(notification: &Notification, link: Option<&Link>, assessment: &Assessment, received_ms: u64) -> String {
    let Notification { callback_id, merchant_oid, status, total_amount, unsigned, unsigned_text } = notification;
    let event = Body {
        event_type: assessment.event_type(),
        timestamp: Moment::from_unix_ms(received_ms),
        data: Data {
            reference: link.and_then(|link| link.terms.reference.as_ref()),
            storefront: link.and_then(Link::storefront),
            reasons: &assessment.reasons,
            link: LinkMember {
                id: link.and_then(Link::created).map(|created| created.id.as_str()),
                callback_id,
                price: link.map(|link| link.terms.price),
                currency: link.map(|link| link.terms.currency),
            },
            payment: Payment {
                merchant_oid,
                status,
                total_amount: total_amount.minor_units(),
                total_amount_text: unreadable(total_amount),
            },
            unsigned,
            unsigned_text,
        },
    };
    // Structs of texts and numbers always serialise.
    serde_json::to_string(&event).unwrap_or_default()
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    event_type: EventType,
    timestamp: Moment,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    storefront: Option<&'a str>,
    #[serde(skip_serializing_if = "<[Reason]>::is_empty")]
    reasons: &'a [Reason],
    link: LinkMember<'a>,
    payment: Payment<'a>,
    unsigned: &'a Unsigned,
    #[serde(skip_serializing_if = "UnsignedText::is_empty")]
    unsigned_text: &'a UnsignedText,
}

#[derive(Serialize)]
struct LinkMember<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    callback_id: &'a CallbackId,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<Currency>,
}

#[derive(Serialize)]
struct Payment<'a> {
    merchant_oid: &'a str,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_amount: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_amount_text: Option<&'a str>,
}
