//! The merchant, whose key makes every `paytr_token` and every keyed name in the storage.
//!
//! In scope: the HMACs. Not in scope: what each token covers; that stands with its call.

use crate::mac::{MacKey, Tag};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::fmt;

/// A PayTR merchant: Mağaza No, Mağaza Parola, Mağaza Gizli Anahtar. Key and salt cannot be printed.
#[derive(Clone)]
pub struct Merchant {
    id: String,
    key: MacKey,
    key_text: String,
    salt: String,
}

/// A `paytr_token`: 44 characters of base64. It cannot be printed: who holds one can make its call.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Merchant {
    /// A merchant by `merchant_id`, `merchant_key` and `merchant_salt`, all as the text that PayTR's panel shows.
    /// `None` is what HMAC's interface allows for a key it does not take; it takes all.
    #[must_use]
    pub fn new(id: String, key_text: String, salt: String) -> Option<Self> {
        let key = MacKey::new(key_text.as_bytes())?;
        Some(Self { id, key, key_text, salt })
    }

    /// `merchant_id`
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The token of the parts and the salt after them.
    pub(super) fn sign(&self, parts: &[&str]) -> Token {
        let signed: Vec<&[u8]> = parts.iter().copied().chain([self.salt.as_str()]).map(str::as_bytes).collect();
        Token(STANDARD.encode(self.key.sign(&signed)))
    }

    /// A keyed name for `parts` that shows nothing of them, unlike every PayTR token: a NUL, which no token's message
    /// holds, stands before and between the parts.
    #[must_use]
    pub fn keyed_hash_base64(&self, parts: &[&str]) -> String {
        STANDARD.encode(self.keyed_hash(parts))
    }

    /// The same as [`Merchant::keyed_hash_base64`], in lower-case hexadecimal digits.
    #[must_use]
    pub fn keyed_hash_hex(&self, parts: &[&str]) -> String {
        base16ct::lower::encode_string(&self.keyed_hash(parts))
    }

    /// The bytes of [`Merchant::keyed_hash_base64`].
    #[must_use]
    pub fn keyed_hash(&self, parts: &[&str]) -> Tag {
        let separated: Vec<&[u8]> = parts.iter().flat_map(|part| [b"\0".as_slice(), part.as_bytes()]).collect();
        self.key.sign(&separated)
    }

    /// A keyed hash of bytes, which may hold a NUL: nothing comes after them.
    #[must_use]
    pub fn keyed_hash_of(&self, what: &str, bytes: &[u8]) -> Tag {
        self.key.sign(&[b"\0", what.as_bytes(), b"\0", bytes])
    }

    /// Whether `tag` is the HMAC of these parts with the salt between, compared in constant time.
    pub(super) fn is_signed(&self, before_salt: &[&str], after_salt: &[&str], tag: &Tag) -> bool {
        let parts: Vec<&[u8]> = before_salt
            .iter()
            .copied()
            .chain([self.salt.as_str()])
            .chain(after_salt.iter().copied())
            .map(str::as_bytes)
            .collect();
        self.key.verify_any(&parts, std::slice::from_ref(tag))
    }

    /// The texts that no answer of PayTR's may carry further.
    pub(super) fn secrets(&self) -> [&str; 2] {
        [&self.key_text, &self.salt]
    }
}

impl Token {
    /// The token's text, for the form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Merchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merchant").field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([redacted])")
    }
}
