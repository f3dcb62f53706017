//! The event that tells the shop of a payment: its `webhook-id` and its body.
//!
//! Both are the same over retries, replays and PayTR's repeats, if the body is kept as it was first made.

use super::verdict::{Reason, Verdict};
use crate::model::callback_id::CallbackId;
use crate::model::currency::Currency;
use crate::model::price::Price;
use crate::model::reference::Reference;
use crate::paytr::{Merchant, Notification, Unsigned};
use serde::Serialize;
use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// The relay's own record of the link, for the shop.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    /// PayTR's id; `None` if the answer of the create call was lost, or is not there yet.
    pub id: Option<&'a str>,
    /// The price; for `flex` the least that may be paid.
    pub price: Price,
    /// The currency of `price`.
    pub currency: Currency,
    /// The shop's own number of the order.
    pub reference: Option<&'a Reference>,
}

/// `evt_` and 64 hexadecimal digits, made of the payment under the merchant key: nobody can tell it beforehand, and it
/// shows nothing of the payment. Of `merchant_oid`, which is PayTR's name of one payment, and `callback_id`: links know
/// nothing of each other, so that no two of them may ever make the same id.
#[must_use]
pub fn webhook_id(merchant: &Merchant, callback_id: &CallbackId, merchant_oid: &str) -> String {
    format!("evt_{}", merchant.keyed_hash_hex(&["event", callback_id.as_str(), merchant_oid]))
}

/// The body, in JSON. `link` is `None` if the relay has no record of it; `received_ms` is when the notice came, in Unix
/// milliseconds.
#[must_use]
pub fn body(notification: &Notification, link: Option<Link<'_>>, verdict: &Verdict, received_ms: u64) -> String {
    let event = Event {
        message_type: verdict.event_type(),
        timestamp: rfc_3339(received_ms),
        data: Data {
            reference: link.and_then(|link| link.reference),
            reasons: verdict.reasons(),
            link: LinkMember {
                id: link.and_then(|link| link.id),
                callback_id: &notification.callback_id,
                price: link.map(|link| link.price),
                currency: link.map(|link| link.currency),
            },
            payment: Payment {
                merchant_oid: &notification.merchant_oid,
                status: &notification.status,
                total_amount: notification.total_amount,
            },
            unsigned: &notification.unsigned,
        },
    };
    // Structs of texts and numbers always serialise.
    serde_json::to_string(&event).unwrap_or_default()
}

#[derive(Serialize)]
struct Event<'a> {
    #[serde(rename = "type")]
    message_type: &'static str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a Reference>,
    #[serde(skip_serializing_if = "<[Reason]>::is_empty")]
    reasons: &'a [Reason],
    link: LinkMember<'a>,
    payment: Payment<'a>,
    unsigned: &'a Unsigned,
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
    total_amount: u64,
}

/// `2026-11-25T10:00:00Z`; a time after the year 9999, which only a broken clock gives, as 1970.
fn rfc_3339(unix_ms: u64) -> String {
    let moment =
        i64::try_from(unix_ms / 1000).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    moment.unwrap_or(OffsetDateTime::UNIX_EPOCH).format(&Rfc3339).unwrap_or_default()
}

/// What a body says of its payment, beside what names it: reasons, `status`, `total_amount`, what is unsigned, and when it
/// came.
#[must_use]
pub fn payment_details(body: &Value) -> Value {
    let mut details = Map::new();
    let members = [
        ("reasons", "/data/reasons"),
        ("status", "/data/payment/status"),
        ("total_amount", "/data/payment/total_amount"),
        ("unsigned", "/data/unsigned"),
        ("received_at", "/timestamp"),
    ];
    for (name, pointer) in members {
        if let Some(value) = body.pointer(pointer) {
            details.insert(name.to_owned(), value.clone());
        }
    }
    Value::Object(details)
}
