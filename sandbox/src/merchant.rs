//! The merchant whose requests the sandbox accepts.

use std::fmt;

/// What PayTR's panel calls Mağaza No, Mağaza Parola and Mağaza Gizli Anahtar.
#[derive(Clone)]
pub struct Merchant {
    /// Mağaza No. Text, so that a leading zero survives.
    pub merchant_id: String,
    /// Mağaza Parola: the key of the HMAC.
    pub merchant_key: String,
    /// Mağaza Gizli Anahtar: the end of the signed text.
    pub merchant_salt: String,
}

impl fmt::Debug for Merchant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Merchant").field("merchant_id", &self.merchant_id).finish_non_exhaustive()
    }
}
