//! A call of PayTR's.

use super::redact::Private;

/// A call of PayTR's, ready to be posted.
pub struct Call {
    /// Behind `PAYTR_BASE_URL`.
    pub path: &'static str,
    /// The body, `application/x-www-form-urlencoded`.
    pub form: String,
    /// What was sent and no text of PayTR's may carry any further: the token, and personal data.
    pub private: Vec<Private>,
    /// The longest reply that is read, in bytes.
    pub max_reply_bytes: usize,
}

/// As PayTR's forms write a flag.
#[must_use]
pub const fn write_flag(on: bool) -> &'static str {
    if on { "1" } else { "0" }
}
