//! PayTR's tokens and hashes, computed here once more, from PayTR's formulas.

use super::secrets::{MERCHANT_ID, MERCHANT_KEY, MERCHANT_SALT};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// `paytr_token` of a send, and of a deletion, which has no recipient.
pub fn token(link_id: &str, recipient: &str) -> String {
    hash(&format!("{link_id}{MERCHANT_ID}{recipient}{MERCHANT_SALT}"))
}

/// `base64(HMAC-SHA256(merchant_key, text))`
pub fn hash(text: &str) -> String {
    hash_under(MERCHANT_KEY, text)
}

/// The same under another key.
pub fn hash_under(key: impl AsRef<[u8]>, text: impl AsRef<[u8]>) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_ref()).unwrap();
    mac.update(text.as_ref());
    STANDARD.encode(mac.finalize().into_bytes())
}
