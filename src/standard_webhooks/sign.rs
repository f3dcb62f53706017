//! Signing what goes out.
//!
//! In scope: the header `webhook-signature`. Not in scope: the written form of secrets, which is `verify`'s.

use crate::mac::MacKey;
use base64::{Engine, engine::general_purpose::STANDARD};

/// The value of `webhook-signature`: `v1,` and the base64 of `HMAC-SHA256(secret, id.timestamp.body)` for each secret,
/// in their order, with blanks between. A receiver that knows one of the secrets takes the message.
///
/// `timestamp` is in Unix seconds, as it stands in `webhook-timestamp`. `webhook_id` holds no dot: dots separate what
/// is signed.
#[must_use]
pub fn sign(secrets: &[MacKey], webhook_id: &str, timestamp: u64, body: &[u8]) -> String {
    let timestamp = timestamp.to_string();
    let signed: [&[u8]; 5] = [webhook_id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    let signatures: Vec<String> =
        secrets.iter().map(|secret| format!("v1,{}", STANDARD.encode(secret.sign(&signed)))).collect();
    signatures.join(" ")
}
