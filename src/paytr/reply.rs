//! What PayTR answered, read without trust.

use super::merchant::Merchant;
use super::outcome::{Cause, Outcome, RejectedStatus, Rejection};
use crate::json::JsonValue;
use crate::model::recipient::holds_ungrouped;

/// The longest reply that is read, in bytes. PayTR's own are under 300.
pub const MAX_REPLY_BYTES: usize = 16 * 1024;
/// The longest reason that is passed on, in characters.
const MAX_REASON_CHARS: usize = 500;
const REDACTED: &str = "[redacted]";

/// What PayTR answered, in its own format.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// What its `status` says.
    pub status: ReplyStatus,
    /// Its members.
    pub members: Vec<(String, JsonValue)>,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyStatus {
    /// `success`
    Success,
    /// `error` or `failed`
    Rejected(RejectedStatus),
}

/// Reads a reply of at most [`MAX_REPLY_BYTES`].
///
/// The content type is not looked at: PayTR sends JSON as `text/html`. Only `status` `success` under a 2xx is a success,
/// only `error` and `failed` under a 2xx or 4xx are refusals. What is odd but readable hides no `status`: see
/// [`JsonValue::parse_leniently`].
///
/// # Errors
/// Everything else leaves open whether it was done.
pub fn read_reply(http_status: u16, body: &[u8]) -> Result<Reply, Cause> {
    let members = match JsonValue::parse_leniently(body) {
        Some(JsonValue::Object(members)) => members,
        Some(_) => return Err(unread(http_status)),
        None => return Err(not_json(http_status, body)),
    };
    let status = match (only_text(&members, "status"), http_status) {
        (Some("success"), 200..=299) => ReplyStatus::Success,
        (Some("error"), 200..=299 | 400..=499) => ReplyStatus::Rejected(RejectedStatus::Error),
        (Some("failed"), 200..=299 | 400..=499) => ReplyStatus::Rejected(RejectedStatus::Failed),
        _ => return Err(unread(http_status)),
    };
    Ok(Reply { status, members })
}

impl Reply {
    /// A member that is text, not empty, and not there with two values.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        only_text(&self.members, name)
    }

    /// The texts of a member that is a list; none if it is not there.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<&str> {
        let items = self.members.iter().find_map(|(known, value)| match value {
            JsonValue::Array(items) if known == name => Some(items.as_slice()),
            _ => None,
        });
        items
            .unwrap_or_default()
            .iter()
            .filter_map(|item| match item {
                JsonValue::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    /// A refusal in PayTR's words: its `reason`, else its `err_msg`. `private` is what was sent: no reason carries it, or
    /// the merchant's secrets, any further.
    #[must_use]
    pub fn rejection(&self, status: RejectedStatus, merchant: &Merchant, private: &[String]) -> Rejection {
        let private: Vec<&str> = private.iter().map(String::as_str).chain(merchant.secrets()).collect();
        let reason = text(&self.members, "reason")
            .or_else(|| text(&self.members, "err_msg"))
            .map(|reason| redact(reason, &private));
        Rejection { status, reason }
    }
}

fn text<'a>(members: &'a [(String, JsonValue)], name: &str) -> Option<&'a str> {
    members.iter().find_map(|(known, value)| match value {
        JsonValue::Text(text) if known == name && !text.is_empty() => Some(text.as_str()),
        _ => None,
    })
}

/// Why a reply says nothing, by its HTTP status alone.
#[must_use]
pub const fn unread(http_status: u16) -> Cause {
    match http_status {
        300..=399 => Cause::Redirected,
        403 | 429 => Cause::Blocked,
        500..=599 => Cause::ServerError,
        _ => Cause::NotUnderstood,
    }
}

fn not_json(http_status: u16, body: &[u8]) -> Cause {
    const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
    let mut written = body.iter().filter(|byte| !byte.is_ascii_whitespace() && !BYTE_ORDER_MARK.contains(byte));
    match unread(http_status) {
        Cause::NotUnderstood if written.next() == Some(&b'<') => Cause::HtmlPage,
        Cause::NotUnderstood => Cause::BrokenJson,
        cause => cause,
    }
}

/// A member that is text, unless it is there with two values.
fn only_text<'a>(members: &'a [(String, JsonValue)], name: &str) -> Option<&'a str> {
    let mut values = members.iter().filter(|(known, _)| known == name).map(|(_, value)| value);
    match values.next() {
        Some(first @ JsonValue::Text(text)) if !text.is_empty() && values.all(|other| other == first) => Some(text),
        _ => None,
    }
}

/// `text` with each of `private` struck out, in whatever case, and cut to [`MAX_REASON_CHARS`]. Where one of them is
/// written in groups, such as a phone number, all of the text is struck out.
fn redact(text: &str, private: &[&str]) -> String {
    let mut redacted = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let struck = private
            .iter()
            .filter_map(|private| rest.get(..private.len()).filter(|start| start.eq_ignore_ascii_case(private)))
            .find(|start| !start.is_empty());
        redacted.push_str(if struck.is_some() { REDACTED } else { rest.get(..first.len_utf8()).unwrap_or_default() });
        rest = rest.get(struck.map_or(first.len_utf8(), str::len)..).unwrap_or_default();
    }
    if holds_ungrouped(&redacted, private.iter().copied()) {
        return REDACTED.to_owned();
    }
    redacted.chars().take(MAX_REASON_CHARS).collect()
}

impl ReplyStatus {
    /// PayTR's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Rejected(status) => status.as_str(),
        }
    }
}

impl<T> Outcome<T> {
    /// Reads PayTR's reply. A success that does not hold what `success` looks for is not believed. `private` is what was
    /// sent and no record may hold.
    pub fn read(
        answered: Result<&Reply, Cause>,
        private: &[String],
        merchant: &Merchant,
        success: impl FnOnce(&Reply) -> Option<T>,
    ) -> Self {
        match answered {
            Err(cause) => Self::Unknown(cause),
            Ok(reply) => match reply.status {
                ReplyStatus::Success => success(reply).map_or(Self::Unknown(Cause::NotUnderstood), Self::Succeeded),
                ReplyStatus::Rejected(status) => Self::Rejected(reply.rejection(status, merchant, private)),
            },
        }
    }
}
