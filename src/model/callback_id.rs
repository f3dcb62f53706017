//! `callback_id`: the relay's own name of a link that it created.

use crate::json::JsonValue;
use crate::mac::Tag;
use crate::packed;
use serde::Serialize;

/// The length of a `callback_id`, in characters.
pub const CALLBACK_ID_DIGITS: usize = 64;

/// Exactly 64 lower-case hexadecimal digits.
///
/// The length is fixed because nothing separates the parts that PayTR signs in a notification: `callback_id` and
/// `merchant_oid` stand first, one after the other. It is 64, the most that PayTR takes, because a notification of PayTR's
/// iFrame API signs the same text without a `callback_id`, under the same key, and its `merchant_oid` has at most 64
/// characters. So no such notification can be cut into a `callback_id` of 64 digits and a `merchant_oid` that is not empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CallbackId(String);

packed!(struct CallbackId(_));

impl CallbackId {
    /// The id of a link whose message has this keyed hash, so that the same message always finds the same link and
    /// nobody else can name it.
    #[must_use]
    pub fn from_hash(hash: &Tag) -> Self {
        Self(base16ct::lower::encode_string(hash))
    }

    /// Parses a member of a message.
    ///
    /// # Errors
    /// What to change.
    pub fn parse_json(value: &JsonValue) -> Result<Self, &'static str> {
        super::text(value)
            .and_then(Self::parse)
            .ok_or("must be the callback_id of link.create's answer: 64 digits of 0-9 a-f")
    }

    /// Reads an id back. What is none of the relay's own is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (text.len() == CALLBACK_ID_DIGITS && text.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// The first of the bytes that the digits stand for.
    #[must_use]
    pub fn first_byte(&self) -> u8 {
        self.0.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or_default()
    }

    /// The 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
