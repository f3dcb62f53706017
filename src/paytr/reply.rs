//! What PayTR answered, read without trust.

use super::merchant::Merchant;
use super::outcome::{Cause, Outcome, RejectedStatus, Rejection};
use super::redact::{Private, redact, shown};
use crate::json::JsonValue;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, Engine, GeneralPurpose, GeneralPurposeConfig};

/// The longest reply that is read, in bytes. PayTR's own are under 300.
pub const MAX_REPLY_BYTES: usize = 16 * 1024;
/// The longest reason that is passed on, in characters.
const MAX_REASON_CHARS: usize = 500;
/// Longer words than these, in bytes, are not looked through, nor passed on.
const MAX_WORDS_BYTES: usize = 16 * 1024;

/// The longest QR code that is passed on, in characters of PayTR's base64.
pub const MAX_QR_CHARS: usize = 64 * 1024;
/// What each PNG begins with (PNG Specification, section 5.2).
const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// What some programs write in front of a picture in base64 (RFC 2397).
const PNG_URL: &str = "data:image/png;base64,";
/// Base64 whose padding may be missing.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

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

    /// A member that is text, not empty, or an integer, and not there with two values.
    #[must_use]
    pub fn text_or_number(&self, name: &str) -> Option<String> {
        text_of(only(&self.members, name)?)
    }

    /// The texts and integers of a member that is a list, or an object with the list's items by their numbers, as PHP
    /// writes a list that has gaps. None if it is not there, or there with two values.
    #[must_use]
    pub fn texts(&self, name: &str) -> Vec<String> {
        match only(&self.members, name) {
            Some(JsonValue::Array(items)) => items.iter().filter_map(text_of).collect(),
            Some(JsonValue::Object(members)) => members.iter().filter_map(|(_, item)| text_of(item)).collect(),
            _ => Vec::new(),
        }
    }

    /// A member that is a PNG in base64, as plain base64: without the beginning of a `data:` URL and without white space.
    /// What is none, or longer than [`MAX_QR_CHARS`], is as if it were not there.
    #[must_use]
    pub fn png(&self, name: &str) -> Option<String> {
        let text = self.text(name).filter(|text| text.len() <= MAX_QR_CHARS)?;
        let encoded: String = text.strip_prefix(PNG_URL).unwrap_or(text).split_ascii_whitespace().collect();
        let png = BASE64.decode(encoded).ok().filter(|bytes| bytes.starts_with(PNG_SIGNATURE))?;
        Some(BASE64.encode(png))
    }

    /// A refusal in PayTR's words: its `reason`, else its `err_msg`. `private` is what was sent: no reason carries it, or
    /// the merchant's secrets, any further. Control characters go no further either, nor those of direction.
    #[must_use]
    pub fn rejection(&self, status: RejectedStatus, merchant: &Merchant, private: &[Private]) -> Rejection {
        let mut unspoken = private.to_vec();
        unspoken.extend(merchant.secrets().map(|text| Private::Secret(text.to_owned())));
        let words = text(&self.members, "reason").or_else(|| text(&self.members, "err_msg"));
        let words = words.filter(|words| words.len() <= MAX_WORDS_BYTES).unwrap_or_default();
        let redacted = redact(words.trim_matches(char::is_control), &unspoken);
        let reason: String = redacted.chars().filter_map(shown).take(MAX_REASON_CHARS).collect();
        let reason = Some(reason).filter(|reason| !reason.is_empty());
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
    match only(members, name) {
        Some(JsonValue::Text(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// A member, unless it is there with two values.
fn only<'a>(members: &'a [(String, JsonValue)], name: &str) -> Option<&'a JsonValue> {
    let mut values = members.iter().filter(|(known, _)| known == name).map(|(_, value)| value);
    let first = values.next()?;
    values.all(|other| other == first).then_some(first)
}

fn text_of(value: &JsonValue) -> Option<String> {
    match value {
        JsonValue::Text(text) if !text.is_empty() => Some(text.clone()),
        JsonValue::Integer(number) => Some(number.to_string()),
        _ => None,
    }
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
        private: &[Private],
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
