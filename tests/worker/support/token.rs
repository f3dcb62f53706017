//! `paytr_token`, computed here once more, from PayTR's formula.

use super::secrets::{MERCHANT_ID, MERCHANT_KEY, MERCHANT_SALT};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// `base64(HMAC-SHA256(merchant_key, id + merchant_id + recipient + merchant_salt))`
pub fn token(link_id: &str, recipient: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(MERCHANT_KEY.as_bytes()).unwrap();
    mac.update(format!("{link_id}{MERCHANT_ID}{recipient}{MERCHANT_SALT}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The token that deletes links, by PayTR's formula.
pub fn delete_token(ids: &str) -> String {
    token(ids, "")
}
