//! What PayTR answered, read without trust.

use super::token::{Merchant, Token};
use crate::json::Node;
use crate::outcome::{Cause, Outcome, RejectedStatus, Rejection};
use crate::recipient::{Recipient, ungroup};

/// The longest reply that is read, in bytes. PayTR's own are under 300.
pub const MAX_REPLY_BYTES: usize = 16 * 1024;
/// The longest reason that is passed on, in characters.
const MAX_REASON_CHARS: usize = 500;
const REDACTED: &str = "[redacted]";

/// Reads a reply of at most [`MAX_REPLY_BYTES`].
///
/// The content type is not looked at: PayTR sends JSON as `text/html`. Only `status` `success` under a 2xx is a success,
/// only `error` and `failed` under a 2xx or 4xx are refusals; everything else leaves open whether the message went out.
/// What is odd but readable hides no `status`: see [`Node::parse_leniently`]. `token` and `recipient` are what was sent: no
/// reason carries them, or the merchant's secrets, any further.
#[must_use]
pub fn read_reply(http_status: u16, body: &[u8], merchant: &Merchant, recipient: &Recipient, token: &Token) -> Outcome {
    let node = Node::parse_leniently(body);
    let members = match &node {
        Some(Node::Object(members)) => members.as_slice(),
        _ => &[],
    };
    let status = match (only_status(members), http_status) {
        (Some("success"), 200..=299) => return Outcome::Sent,
        (Some("error"), 200..=299 | 400..=499) => RejectedStatus::Error,
        (Some("failed"), 200..=299 | 400..=499) => RejectedStatus::Failed,
        _ if node.is_some() => return Outcome::Unknown(unread(http_status)),
        _ => return Outcome::Unknown(not_json(http_status, body)),
    };
    let text = |field: &str| {
        members.iter().find_map(|(name, value)| match value {
            Node::Text(text) if name == field && !text.is_empty() => Some(text.as_str()),
            _ => None,
        })
    };
    let [key, salt] = merchant.secrets();
    let private = [token.as_str(), key, salt, recipient.telltale()];
    let reason = text("reason").or_else(|| text("err_msg")).map(|reason| redact(reason, &private));
    Outcome::Rejected(Rejection { status, reason })
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

/// The text of `status`, unless it is there with two values.
fn only_status(members: &[(String, Node)]) -> Option<&str> {
    let mut values = members.iter().filter(|(name, _)| name == "status").map(|(_, value)| value);
    match values.next() {
        Some(first @ Node::Text(status)) if values.all(|other| other == first) => Some(status),
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
    let ungrouped = ungroup(&redacted);
    let holds =
        |private: Vec<u8>| !private.is_empty() && ungrouped.windows(private.len()).any(|window| window == private);
    if private.iter().map(|private| ungroup(private)).any(holds) {
        return REDACTED.to_owned();
    }
    redacted.chars().take(MAX_REASON_CHARS).collect()
}
