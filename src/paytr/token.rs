//! `paytr_token`, and the merchant whose key makes it.

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

    /// `base64(HMAC-SHA256(merchant_key, id + merchant_id + recipient + merchant_salt))`, the recipient being
    /// `cell_phone` or `email` (Link API, "SMS ile gönderim" and "E-posta ile gönderim", `paytr_token`).
    ///
    /// With an empty recipient this would be the token that deletes the link, so none is made: `None`.
    #[must_use]
    pub fn token(&self, link_id: &str, recipient: &str) -> Option<Token> {
        if recipient.is_empty() {
            return None;
        }
        Some(self.sign(&[link_id, &self.id, recipient]))
    }

    /// `base64(HMAC-SHA256(merchant_key, id + merchant_id + merchant_salt))` (Link API, "Link silme", `paytr_token`).
    /// For several links, `link_ids` is their list as it is posted: ids with commas between.
    #[must_use]
    pub fn delete_token(&self, link_ids: &str) -> Token {
        self.sign(&[link_ids, &self.id])
    }

    /// Whether `tag` is the hash of a payment's notice: `HMAC-SHA256(merchant_key, callback_id + merchant_oid +
    /// merchant_salt + status + total_amount)` (Link API, "Callback"), compared in constant time.
    #[must_use]
    pub fn signed_callback(&self, [callback_id, merchant_oid, status, total_amount]: [&str; 4], tag: &Tag) -> bool {
        let parts = [callback_id, merchant_oid, &self.salt, status, total_amount].map(str::as_bytes);
        self.key.verify_any(&parts, std::slice::from_ref(tag))
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
