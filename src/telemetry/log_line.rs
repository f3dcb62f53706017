//! The line of the log that every message and every refusal gets (a preflight and a good health check get none): JSON
//! of constant words, numbers and, once the signature holds, the message's id and its recipient, masked.

use crate::model::Recipient;
use crate::model::recipient::looks_like_personal_data;
use crate::packed;
use crate::standard_webhooks::Verified;
use serde::Serialize;

/// The end of a request id that Cloudflare made: `-` and the data centre's three letters.
const DATA_CENTRE_LENGTH: usize = 4;
const RAY_DIGITS: usize = 16;

/// What the log calls a notification of PayTR's.
pub const CALLBACK: &str = "callback";

/// A request, as it is known before it is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestInfo {
    /// What the line is found by: see [`request_id`].
    pub request_id: String,
    /// Unix milliseconds.
    pub received_at: u64,
}

packed!(struct RequestInfo { request_id, received_at });

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
pub struct LogLine<'a> {
    /// [`RequestInfo::request_id`]; empty for what no request caused.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub request_id: &'a str,
    /// The `webhook-id`; see [`LogLine::verified`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<&'a str>,
    /// The message's `type`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub message_type: Option<&'static str>,
    /// The recipient, masked: [`Recipient::masked`](crate::model::Recipient::masked)
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// The id of the link that it is about; several have commas between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_id: Option<String>,
    /// The relay's own name of the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback_id: Option<String>,
    /// What became of the message: `sent`, `rejected` by PayTR, `unknown`, `refused` by the relay, or `pong`.
    pub outcome: &'static str,
    /// The HTTP status of the answer; 0 for what no request caused.
    #[serde(skip_serializing_if = "is_zero")]
    pub status: u16,
    /// What happened: a problem's code, or `sent`, or `pong`.
    pub code: &'static str,
    /// More about it: why a signature was refused, why an outcome is unknown, which setting is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// PayTR's `status`, if it gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paytr_status: Option<&'static str>,
    /// PayTR's words for a refusal, without secrets and personal data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paytr_reason: Option<&'a str>,
    /// The HTTP status of PayTR's answer, if there was one, whatever came with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paytr_http_status: Option<u16>,
    /// How long PayTR was waited for, in milliseconds; absent if it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paytr_ms: Option<u64>,
    /// The storefront that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storefront: Option<&'a str>,
    /// The order's number that people know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<&'a str>,
    /// What a payment is to the shop: the type of its event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<&'static str>,
    /// What was collected, minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_amount: Option<u64>,
    /// In which currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<&'static str>,
    /// The event that was delivered, or was not: its `webhook-id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<&'a str>,
    /// The number of this try, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// The HTTP status of the shop's answer, if it gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop_http_status: Option<u16>,
    /// How long all of it took, in milliseconds.
    pub total_ms: u64,
    /// The answer was recorded earlier, and PayTR was not asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub replayed: bool,
    /// Which of `WEBHOOK_SECRETS` signed the request, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<usize>,
    /// Whether somebody has to look at it, though it is tried again.
    #[serde(skip)]
    pub is_urgent: bool,
}

impl<'a> LogLine<'a> {
    /// A request that is answered at `now`, Unix milliseconds, with this HTTP status and code.
    #[must_use]
    pub fn new(request: &'a RequestInfo, now: u64, (status, code): (u16, &'static str)) -> Self {
        let outcome = match code {
            "paytr-rejected" => "rejected",
            "outcome-unknown" => "unknown",
            _ if status < 300 => code,
            _ => "refused",
        };
        let total_ms = now.saturating_sub(request.received_at);
        Self { request_id: &request.request_id, outcome, status, code, total_ms, ..Self::default() }
    }

    /// Adds what is known once the signature holds: which secret it was, and the id, unless a shop wrote a recipient into
    /// it. `recipients` are the message's, none if they could not be read.
    #[must_use]
    pub fn verified(self, verified: Verified<'a>, recipients: &[&Recipient]) -> Self {
        let Verified { webhook_id, secret_number } = verified;
        self.identified(webhook_id, Some(secret_number), recipients)
    }

    /// Adds the id of a message, unless somebody wrote a recipient into it, and the number of the secret that signed it.
    #[must_use]
    pub fn identified(self, webhook_id: &'a str, secret: Option<usize>, recipients: &[&Recipient]) -> Self {
        let webhook_id = if looks_like_personal_data(webhook_id, recipients) { "[redacted]" } else { webhook_id };
        Self { webhook_id: Some(webhook_id), secret, ..self }
    }

    /// Whether somebody has to look: the relay, PayTR or the shop failed.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.is_urgent || self.status >= 500 || matches!(self.outcome, "dead" | "failed")
    }

    /// The line's text.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_zero(status: &u16) -> bool {
    *status == 0
}
