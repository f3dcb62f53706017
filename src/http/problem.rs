//! Every error there is, and its one way to become an answer: RFC 9457 problem details with a stable `code`.
//!
//! Titles and codes are constant. Details say what to change and never hold a value that came in, a secret or a
//! recipient.

use super::response::Response;
use crate::config::InvalidSetting;
use crate::ledger::{Refusal, Unavailable};
use crate::model::CallbackId;
use crate::paytr::{Cause, Rejection};
use crate::standard_webhooks::VerifyError;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// After so many seconds a caller that found the ledger busy asks again.
const BUSY_SECONDS: u64 = 5;

/// One field that has to be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvalidField {
    /// Where it stands (RFC 6901), such as `/data/cell_phone`.
    pub pointer: String,
    /// What to change. Never holds the value.
    pub detail: &'static str,
}

impl InvalidField {
    /// A field at this place.
    #[must_use]
    pub fn new(pointer: &str, detail: &'static str) -> Self {
        Self { pointer: pointer.to_owned(), detail }
    }
}

/// A message type's texts for a refusal by PayTR and for an unknown outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// What PayTR did not do, to be read after "PayTR did not".
    pub rejected: &'static str,
    /// What is not known and what to do, to be read after the cause.
    pub unknown: &'static str,
    /// Whether asking anew does no harm.
    pub resend_safe: bool,
}

impl Words {
    /// Of a message that asks PayTR nothing.
    pub const NONE: Self = Self { rejected: "do it", unknown: "Nothing was sent.", resend_safe: true };
}

/// An error, as the caller gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// 400: not JSON, not UTF-8, a key twice, or not the envelope's shape; the text says which.
    MalformedBody(&'static str),
    /// 401: signature or headers fail, all with the same body.
    InvalidSignature,
    /// 401: a shop platform's delivery that no secret of its storefront signed.
    InvalidDelivery,
    /// 401: rightly signed, too long ago or ahead.
    StaleTimestamp,
    /// 404
    NotFound,
    /// 405, with what is allowed.
    MethodNotAllowed(&'static str),
    /// 409: being sent right now; over after so many seconds.
    InProgress(u64),
    /// 413, with the most bytes.
    BodyTooLarge(usize),
    /// 415
    UnsupportedMediaType,
    /// 422: fields to change.
    InvalidField(Vec<InvalidField>),
    /// 404: no link of the relay's own has this `callback_id`.
    LinkNotFound,
    /// 422, with the known types.
    UnknownType(&'static [&'static str]),
    /// 422: the id stands for another message.
    WebhookIdReused,
    /// 422: PayTR said no; the text says what it did not do.
    PaytrRejected(Rejection, &'static str),
    /// 429: the recipient has had enough messages for so many seconds.
    RecipientLimit(u64),
    /// 500: settings to change.
    Misconfigured(Vec<InvalidSetting>),
    /// 503: the ledger does not answer.
    LedgerUnavailable(Unavailable),
    /// 502 or 504: nobody knows whether it was done.
    OutcomeUnknown {
        /// Why.
        cause: Cause,
        /// What is not known, and what to do.
        advice: &'static str,
        /// Whether asking anew does no harm.
        resend_safe: bool,
        /// The relay's name of the link that may have been made.
        callback_id: Option<CallbackId>,
    },
}

impl Problem {
    /// The HTTP status and the stable code.
    #[must_use]
    pub const fn status_and_code(&self) -> (u16, &'static str) {
        match self {
            Self::MalformedBody(_) => (400, "malformed-body"),
            Self::InvalidSignature | Self::InvalidDelivery => (401, "invalid-signature"),
            Self::StaleTimestamp => (401, "stale-timestamp"),
            Self::NotFound => (404, "not-found"),
            Self::MethodNotAllowed(_) => (405, "method-not-allowed"),
            Self::InProgress(_) => (409, "in-progress"),
            Self::BodyTooLarge(_) => (413, "body-too-large"),
            Self::UnsupportedMediaType => (415, "unsupported-media-type"),
            Self::InvalidField(_) => (422, "invalid-field"),
            Self::LinkNotFound => (404, "link-not-found"),
            Self::UnknownType(_) => (422, "unknown-type"),
            Self::WebhookIdReused => (422, "webhook-id-reused"),
            Self::PaytrRejected(..) => (422, "paytr-rejected"),
            Self::RecipientLimit(_) => (429, "recipient-limit"),
            Self::Misconfigured(_) => (500, "misconfigured"),
            Self::LedgerUnavailable(_) => (503, "ledger-unavailable"),
            Self::OutcomeUnknown { cause: Cause::TimedOut, .. } => (504, "outcome-unknown"),
            Self::OutcomeUnknown { .. } => (502, "outcome-unknown"),
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::MalformedBody(detail) => (*detail).to_owned(),
            Self::InvalidSignature => {
                "The webhook headers do not sign this body with a secret of this relay. Send each \
                once: webhook-id, at most 256 visible ASCII characters without dot, comma or blank; webhook-timestamp, \
                Unix seconds, not milliseconds; webhook-signature, v1, and standard base64, not hex. Base64-decode what \
                follows the secret's prefix: those bytes are the key. Sign the very bytes that are sent. The relay's \
                docs/verification.md, \"Why 401?\", has a program that finds the slip."
                    .to_owned()
            }
            Self::InvalidDelivery => "The delivery is not signed with this storefront's webhook_secret. Give the shop's webhook and \
                STOREFRONTS the same secret."
                .to_owned(),
            Self::StaleTimestamp => "webhook-timestamp is more than 300 seconds off. Set the clock right, sign each \
                try anew, and keep its webhook-id."
                .to_owned(),
            Self::NotFound => "There are POST /webhook, POST /callback, GET /health, and POST /hooks/ with the name of each of \
                STOREFRONTS."
                .to_owned(),
            Self::LinkNotFound => {
                "Nothing was sent. The relay knows no link of its own under this callback_id: it was not \
                made by link.create, its record has run out, or PayTR's answer to the create call was lost."
                    .to_owned()
            }
            Self::MethodNotAllowed(allowed) => format!("Allowed here: {allowed}."),
            Self::InProgress(seconds) => format!(
                "This message is being processed right now. Ask again with the same webhook-id after {seconds} s at the \
                 latest to learn how it ended."
            ),
            Self::BodyTooLarge(most) => format!("The body is over {most} bytes."),
            Self::UnsupportedMediaType => {
                "Send content-type: application/json in UTF-8, without a content-encoding.".to_owned()
            }
            Self::InvalidField(_) => "Nothing was sent. Change the fields listed under errors.".to_owned(),
            Self::UnknownType(known) => format!("Nothing was sent. The known types are {}.", known.join(", ")),
            Self::WebhookIdReused => {
                "Nothing was sent. This webhook-id already stands for another message; a new message takes a new one."
                    .to_owned()
            }
            Self::PaytrRejected(_, what) => {
                format!("PayTR did not {what}; its words are under paytr. A new try takes a new webhook-id.")
            }
            Self::RecipientLimit(seconds) => format!(
                "Nothing was sent. This recipient has had as many messages as SEND_LIMITS allows; the next one may go \
                 out in {seconds} s."
            ),
            Self::Misconfigured(settings) => settings.iter().fold("Nothing was sent.".to_owned(), |text, bad| {
                let InvalidSetting { name, detail } = bad;
                format!("{text} {name} {detail}.")
            }),
            Self::LedgerUnavailable(_) => {
                "The relay's ledger did not answer. Ask again with the same webhook-id: what has \
                gone out is not sent twice."
                    .to_owned()
            }
            Self::OutcomeUnknown { cause, advice, .. } => {
                let why = match cause {
                    Cause::TimedOut => "PayTR did not answer in time.",
                    Cause::ConnectionLost => "The connection to PayTR broke before it had answered.",
                    Cause::Blocked
                    | Cause::Redirected
                    | Cause::ServerError
                    | Cause::HtmlPage
                    | Cause::BrokenJson
                    | Cause::NotUnderstood => "PayTR did not answer in its own format.",
                    Cause::Interrupted => "The relay was interrupted while PayTR was being asked.",
                    Cause::RecordUnreadable => "The relay cannot read what it recorded.",
                };
                format!("{why} {advice}")
            }
        }
    }

    /// What a partition did not do, in a message type's words.
    #[must_use]
    pub fn from_refusal(refusal: Refusal, words: &Words) -> Self {
        match refusal {
            Refusal::ExpiryPassed => {
                Self::InvalidField(vec![InvalidField::new("/data/expiry_date", "has passed; give a time to come")])
            }
            Refusal::LinkNotFound => Self::LinkNotFound,
            Refusal::InProgress(seconds) => Self::InProgress(seconds),
            Refusal::WebhookIdReused => Self::WebhookIdReused,
            Refusal::RecipientLimit(seconds) => Self::RecipientLimit(seconds),
            Refusal::CallbackUnreachable => Self::Misconfigured(vec![InvalidSetting {
                name: "RELAY_ORIGIN",
                detail: "must be set to the relay's own https address: PayTR cannot post its notifications to the one \
                         that this message came by",
            }]),
            Refusal::Rejected(rejection) => Self::PaytrRejected(rejection, words.rejected),
            Refusal::Unknown { cause, callback_id } => {
                Self::OutcomeUnknown { cause, advice: words.unknown, resend_safe: words.resend_safe, callback_id }
            }
            Refusal::Unavailable(reason) => Self::LedgerUnavailable(reason),
        }
    }

    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::InProgress(seconds) | Self::RecipientLimit(seconds) => Some(*seconds),
            Self::LedgerUnavailable(Unavailable::Busy) => Some(BUSY_SECONDS),
            _ => None,
        }
    }
}

impl From<Problem> for Response {
    fn from(problem: Problem) -> Self {
        let (status, code) = problem.status_and_code();
        let mut response = Self::json(status, code, "application/problem+json", &problem);
        if let Some(seconds) = problem.retry_after() {
            response.headers.push(("retry-after", seconds.to_string()));
        }
        if let Problem::MethodNotAllowed(allowed) = problem {
            response.headers.push(("allow", allowed.to_owned()));
        }
        response
    }
}

impl From<VerifyError> for Problem {
    fn from(refusal: VerifyError) -> Self {
        match refusal {
            VerifyError::Stale => Self::StaleTimestamp,
            _ => Self::InvalidSignature,
        }
    }
}

/// RFC 9457, section 3.1: without `type` it is `about:blank`, whose title is the status's own phrase.
impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (status, code) = self.status_and_code();
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("status", &status)?;
        object.serialize_entry("title", phrase(status))?;
        object.serialize_entry("code", code)?;
        object.serialize_entry("detail", &self.detail())?;
        match self {
            Self::InvalidField(errors) => object.serialize_entry("errors", errors)?,
            Self::Misconfigured(settings) => object.serialize_entry("settings", settings)?,
            Self::PaytrRejected(rejection, _) => object.serialize_entry("paytr", rejection)?,
            Self::OutcomeUnknown { resend_safe, callback_id, .. } => {
                object.serialize_entry("resend_safe", resend_safe)?;
                if let Some(callback_id) = callback_id {
                    object.serialize_entry("callback_id", callback_id)?;
                }
            }
            _ => {}
        }
        object.end()
    }
}

/// RFC 9110, section 15.
const fn phrase(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Internal Server Error",
    }
}
