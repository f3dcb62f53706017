//! What the sandbox received, and what it decided.

use std::fmt;

use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::form::Fields;

/// The method of the Link API that was called; for a send, the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// `POST /odeme/api/link/send-sms`
    Sms,
    /// `POST /odeme/api/link/send-email`
    Email,
    /// `POST /odeme/api/link/create`
    Create,
    /// `POST /odeme/api/link/delete`
    Delete,
}

impl Channel {
    /// PayTR's name of the method: the end of its path, and part of its error texts.
    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::Sms => "send-sms",
            Self::Email => "send-email",
            Self::Create => "create",
            Self::Delete => "delete",
        }
    }

    /// PayTR's name of the field that holds the recipient of a send.
    pub(crate) fn recipient_field(self) -> Option<&'static str> {
        match self {
            Self::Sms => Some("cell_phone"),
            Self::Email => Some("email"),
            Self::Create | Self::Delete => None,
        }
    }
}

/// PayTR's verdict. A misbehaviour may keep it from arriving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// `success`, `error` or `failed`; anything else only by misbehaviour.
    pub status: String,
    /// PayTR's words. Never holds a recipient, key, salt or token.
    pub reason: Option<String>,
}

impl Answer {
    pub(crate) fn success() -> Self {
        Self { status: "success".to_owned(), reason: None }
    }

    pub(crate) fn error(reason: impl Into<String>) -> Self {
        Self { status: "error".to_owned(), reason: Some(reason.into()) }
    }

    pub(crate) fn failed(reason: impl Into<String>) -> Self {
        Self { status: "failed".to_owned(), reason: Some(reason.into()) }
    }

    /// The body as PayTR writes it: `failed` comes with `err_msg`, everything else with `reason`.
    pub(crate) fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Body<'a> {
            status: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            err_msg: Option<&'a str>,
        }
        let text = self.reason.as_deref();
        let (reason, err_msg) = if self.status == "failed" { (None, text) } else { (text, None) };
        serde_json::to_string(&Body { status: &self.status, reason, err_msg }).unwrap_or_default()
    }
}

/// One POST to one of the four endpoints.
#[derive(Clone, Serialize, Deserialize)]
pub struct Received {
    /// When it came, Unix time in milliseconds.
    pub at: u64,
    /// Running number from 1; a clear does not start it again.
    pub number: u64,
    /// By its path.
    pub channel: Channel,
    /// The `content-type` header, empty when there is none.
    pub content_type: String,
    /// The body as it came; the first 64 KiB of one that is too large. Empty after a restart.
    #[serde(skip)]
    pub body: Vec<u8>,
    /// The form fields, decoded, in order. Empty when the body is no form.
    pub fields: Fields,
    /// The request's headers in order, names in lower case. Empty after a restart.
    #[serde(skip)]
    pub headers: Vec<(String, String)>,
    /// The first `id` field, of a delete the whole list; of a create the id that the new link got.
    pub link_id: Option<String>,
    /// The first `cell_phone` or `email` field of a send, by channel.
    pub recipient: Option<String>,
    /// PayTR's verdict.
    pub answer: Answer,
    /// For developers: what to change after a refusal. PayTR does not send this.
    pub hint: Option<String>,
    /// The name of the misbehaviour that the caller met, if any.
    pub misbehaviour: Option<String>,
    /// Whether it took effect: the customer would have received it, the link was made or (one at least) deleted. A
    /// misbehaving PayTR acts first and fails then, as a time-out can mean that the SMS went out; only an answer that
    /// refuses does nothing.
    pub delivered: bool,
}

impl Received {
    /// The first value of a form field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        first(&self.fields, name)
    }

    /// Whether it is about this link.
    #[must_use]
    pub fn concerns(&self, link_id: &str) -> bool {
        self.link_id.as_deref().is_some_and(|ids| ids.split(',').any(|id| id == link_id))
    }
}

/// Returns the headers in order, names in lower case.
pub(crate) fn texts_of(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}

/// The first value of a form field.
pub(crate) fn first<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
}

impl fmt::Debug for Received {
    /// Leaves out everything that can hold a recipient or a token: test output ends up in logs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Received")
            .field("number", &self.number)
            .field("at", &self.at)
            .field("channel", &self.channel)
            .field("answer", &self.answer)
            .field("hint", &self.hint)
            .field("misbehaviour", &self.misbehaviour)
            .field("delivered", &self.delivered)
            .finish_non_exhaustive()
    }
}
