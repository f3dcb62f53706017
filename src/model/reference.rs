//! `reference`: the shop's own number of the order.

use crate::json::JsonValue;
use crate::packed;
use serde::Serialize;

/// The most characters of a reference.
pub const MAX_REFERENCE_CHARS: usize = 64;

/// 1 to 64 of `A-Z a-z 0-9 _ . : / # -`. It never goes to PayTR: the relay keeps it, and gives it back in answers and
/// events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Reference(String);

packed!(struct Reference(_));

impl Reference {
    /// Parses a reference. Case matters.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        let reference = match value {
            JsonValue::Text(reference) => reference,
            JsonValue::Integer(_) => return Err("must be text; put the number in quotes"),
            _ => return Err("must be text"),
        };
        Self::from_text(reference).ok_or("must be 1 to 64 of the characters A-Z a-z 0-9 _ . : / # -")
    }

    /// The reference of this text, if it is one.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:/#-".contains(&byte);
        let is_reference = (1..=MAX_REFERENCE_CHARS).contains(&text.len()) && text.bytes().all(is_allowed);
        is_reference.then(|| Self(text.to_owned()))
    }

    /// The reference as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
