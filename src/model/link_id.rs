//! The name of a payment link.

use crate::json::JsonValue;
use crate::packed;
use serde::Serialize;

/// The longest link id, in characters.
pub const MAX_LINK_ID_CHARS: usize = 64;

/// What PayTR's create call named the link: `[A-Za-z0-9_-]{1,64}`, case matters.
///
/// The grammar is strict because nothing separates the fields of a token: an `id` that could hold a merchant number or
/// an address would make one token good for two requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LinkId(String);

packed!(struct LinkId(_));

impl LinkId {
    /// Parses an id; `None` if it breaks the grammar.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        ((1..=MAX_LINK_ID_CHARS).contains(&text.len()) && text.bytes().all(allowed)).then(|| Self(text.to_owned()))
    }

    /// Parses a member of a message.
    ///
    /// # Errors
    /// What to change.
    pub fn parse_json(value: &JsonValue) -> Result<Self, &'static str> {
        let text = match value {
            JsonValue::Text(text) => text.clone(),
            JsonValue::Integer(number) => number.to_string(),
            _ => return Err("must be text, or an integer from 0 to 18446744073709551615"),
        };
        if looks_like_address(&text) {
            return Err("must be the link's id, not its address: what stands behind the last slash");
        }
        Self::parse(&text).ok_or("must be 1 to 64 letters, digits, _ or -")
    }

    /// The id as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a text that is no id is the address of a link, as `PayTR`'s create call and a browser's address bar show it.
fn looks_like_address(text: &str) -> bool {
    text.contains("://") || text.contains("paytr.com/")
}
