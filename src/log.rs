//! The line of the log that every message and every refusal gets (a preflight and a good health check get none): JSON
//! of constant words, numbers and, once the signature holds, the message's id and its recipient, masked.

use crate::answer::Answer;
use crate::outcome::Outcome;
use crate::recipient::{Recipient, holds_recipient};
use crate::webhook::Verified;
use serde::Serialize;

/// The end of a request id that Cloudflare made: `-` and the data centre's three letters.
const DATA_CENTRE_LENGTH: usize = 4;
const RAY_DIGITS: usize = 16;

/// A request, as it is known before it is looked at.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// What the line is found by: see [`request_id`].
    pub request_id: String,
    /// Unix milliseconds.
    pub at: u64,
}

/// Cloudflare's id of a request, which the caller finds in the answer's `cf-ray`: 16 hexadecimal digits, a hyphen and a
/// data centre. Anything else was not written by Cloudflare, and is not taken into the log.
#[must_use]
pub fn request_id(cf_ray: &str) -> Option<&str> {
    let (digits, data_centre) = cf_ray.split_at_checked(RAY_DIGITS)?;
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    let is_data_centre = data_centre.is_empty()
        || data_centre.len() == DATA_CENTRE_LENGTH
            && data_centre
                .strip_prefix('-')
                .is_some_and(|letters| letters.bytes().all(|byte| byte.is_ascii_uppercase()));
    (are_digits && is_data_centre).then_some(cf_ray)
}

/// A line of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Line<'a> {
    /// [`Arrival::request_id`]
    pub request_id: &'a str,
    /// The `webhook-id`; see [`Line::verified`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<&'a str>,
    /// The message's `type`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub message_type: Option<&'static str>,
    /// [`Recipient::masked`]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// What became of the message: `sent`, `rejected` by PayTR, `unknown`, `refused` by the relay, or `pong`.
    pub outcome: &'static str,
    /// The HTTP status of the answer.
    pub status: u16,
    /// What happened: a problem's code, or `sent`, or `pong`.
    pub code: &'static str,
    /// More about it: why a signature was refused, why an outcome is unknown, which setting is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// PayTR's `status`, if it gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paytr_status: Option<&'static str>,
    /// The HTTP status of PayTR's answer, if there was one, whatever came with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paytr_http_status: Option<u16>,
    /// How long PayTR was waited for, in milliseconds; absent if it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paytr_ms: Option<u64>,
    /// How long all of it took, in milliseconds.
    pub total_ms: u64,
    /// The answer was recorded earlier, and PayTR was not asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub replayed: bool,
    /// Which of `WEBHOOK_SECRETS` signed the request, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<usize>,
}

impl<'a> Line<'a> {
    /// A request that is answered at `now`, Unix milliseconds.
    #[must_use]
    pub fn new(arrival: &'a Arrival, now: u64, answer: &Answer) -> Self {
        let Answer { status, code, .. } = *answer;
        let outcome = match code {
            "sent" | "pong" => code,
            "paytr-rejected" => "rejected",
            "outcome-unknown" | "ledger-unavailable" => "unknown",
            _ => "refused",
        };
        let total_ms = now.saturating_sub(arrival.at);
        Self { request_id: &arrival.request_id, outcome, status, code, total_ms, ..Self::default() }
    }

    /// Adds what is known once the signature holds: which secret it was, whom the message is for, if that could be read,
    /// and the id, unless a shop wrote a recipient into it.
    #[must_use]
    pub fn verified(self, verified: Verified<'a>, recipient: Option<&Recipient>) -> Self {
        let Verified { webhook_id, secret_number } = verified;
        let webhook_id = if holds_recipient(webhook_id, recipient) { "[redacted]" } else { webhook_id };
        Self {
            webhook_id: Some(webhook_id),
            message_type: recipient.map(Recipient::message_type),
            recipient: recipient.map(Recipient::masked),
            secret: Some(secret_number),
            ..self
        }
    }

    /// Adds how a send ended.
    #[must_use]
    pub fn ended(self, outcome: &Outcome) -> Self {
        let (paytr_status, reason) = match outcome {
            Outcome::Sent => (Some("success"), None),
            Outcome::Rejected(rejection) => (Some(rejection.status.as_str()), None),
            Outcome::Unknown(cause) => (None, Some(cause.as_str())),
        };
        Self { reason, paytr_status, ..self }
    }

    /// The line's text.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
