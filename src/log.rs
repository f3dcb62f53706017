//! The line of the log that every message and every refusal gets (a preflight and a good health check get none): JSON of
//! constant words, numbers and, once the signature holds, the message's id.

use crate::recipient::may_hold_recipient;
use serde::Serialize;

/// A line of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Line<'a> {
    /// The HTTP status of the answer.
    pub status: u16,
    /// What happened: a problem's code, or `sent`.
    pub code: &'static str,
    /// More about it than the caller is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The `webhook-id`; see [`Line::webhook_id`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<&'a str>,
    /// Which of `WEBHOOK_SECRETS` signed the request, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<usize>,
    /// The answer was recorded earlier, and PayTR was not asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub replayed: bool,
}

impl<'a> Line<'a> {
    /// Adds the id of a request whose signature holds, unless a shop wrote a recipient into it.
    #[must_use]
    pub fn webhook_id(mut self, webhook_id: &'a str) -> Self {
        self.webhook_id = Some(if may_hold_recipient(webhook_id) { "[redacted]" } else { webhook_id });
        self
    }

    /// The line's text.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
