//! PayTR's notice of a payment: the form that it posts to `callback_link`, with its hash.
//!
//! The formula is PayTR's (its PHP, Python and .NET samples): base64 of the HMAC-SHA256, keyed with the merchant key, of
//! `callback_id`, `merchant_oid`, the merchant salt, `status` and `total_amount`, with nothing between them.

use crate::{form::Fields, merchant::Merchant, token};

/// A notice. The first four fields are signed, the rest is left out where it is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// From `create`.
    pub callback_id: String,
    /// PayTR's number of the payment.
    pub merchant_oid: String,
    /// `success`; PayTR tells of nothing else.
    pub status: String,
    /// What the payer paid, with the interest of instalments; minor units.
    pub total_amount: String,
    /// The same without interest.
    pub payment_amount: Option<String>,
    /// `card`, …
    pub payment_type: Option<String>,
    /// `TL`, …
    pub currency: Option<String>,
    /// The merchant's own.
    pub merchant_id: Option<String>,
    /// `0` or `1`.
    pub test_mode: Option<String>,
}

impl Notification {
    /// A card payment in TL without instalments, as PayTR tells of it: all fields are there.
    #[must_use]
    pub fn new(merchant: &Merchant, callback_id: &str, merchant_oid: &str, amount: u64) -> Self {
        Self {
            callback_id: callback_id.to_owned(),
            merchant_oid: merchant_oid.to_owned(),
            status: "success".to_owned(),
            total_amount: amount.to_string(),
            payment_amount: Some(amount.to_string()),
            payment_type: Some("card".to_owned()),
            currency: Some("TL".to_owned()),
            merchant_id: Some(merchant.merchant_id.clone()),
            test_mode: Some("0".to_owned()),
        }
    }

    /// The right hash.
    #[must_use]
    pub fn hash(&self, merchant: &Merchant) -> String {
        let signed =
            [self.callback_id.as_str(), &self.merchant_oid, &merchant.merchant_salt, &self.status, &self.total_amount];
        token::make(&merchant.merchant_key, &signed)
    }

    /// The fields in PayTR's order, the right hash first.
    #[must_use]
    pub fn fields(&self, merchant: &Merchant) -> Fields {
        let signed = [
            ("hash", Some(self.hash(merchant))),
            ("callback_id", Some(self.callback_id.clone())),
            ("merchant_oid", Some(self.merchant_oid.clone())),
            ("status", Some(self.status.clone())),
            ("total_amount", Some(self.total_amount.clone())),
        ];
        let unsigned = [
            ("payment_amount", self.payment_amount.clone()),
            ("payment_type", self.payment_type.clone()),
            ("currency", self.currency.clone()),
            ("merchant_id", self.merchant_id.clone()),
            ("test_mode", self.test_mode.clone()),
        ];
        signed
            .into_iter()
            .chain(unsigned)
            .filter_map(|(name, value)| value.map(|value| (name.to_owned(), value)))
            .collect()
    }

    /// The body that PayTR posts: `application/x-www-form-urlencoded`, signed.
    #[must_use]
    pub fn form(&self, merchant: &Merchant) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.fields(merchant)).finish()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail this way")]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_callback_of_the_vectors_has_its_hash() {
        let vectors = include_str!("../../tests/vectors/paytr-token.jsonl").lines();
        let callbacks: Vec<Value> = vectors
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .filter(|vector| vector["op"] == "callback")
            .collect();
        assert!(callbacks.len() >= 4, "the vectors are gone");
        for vector in callbacks {
            let text = |name: &str| vector[name].as_str().unwrap().to_owned();
            let merchant = Merchant {
                merchant_id: text("merchant_id"),
                merchant_key: text("merchant_key"),
                merchant_salt: text("merchant_salt"),
            };
            let plain = Notification::new(&merchant, &text("callback_id"), &text("merchant_oid"), 0);
            let notification = Notification { status: text("status"), total_amount: text("total_amount"), ..plain };
            assert_eq!(notification.hash(&merchant), text("paytr_token"), "{}", text("note"));
        }
    }
}
