//! `paytr_token` of the two sends: is it right, and if not, which known mistake made it?
//!
//! The formula is PayTR's (every official sample of the two methods): base64 of the HMAC-SHA256, keyed with the
//! merchant key, of `id`, `merchant_id`, the recipient and the merchant salt, with nothing between them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::merchant::Merchant;

/// What a send signs, besides the merchant's own values.
#[derive(Clone, Copy)]
pub(crate) struct Signed<'a> {
    pub(crate) merchant: &'a Merchant,
    pub(crate) id: &'a str,
    pub(crate) recipient: &'a str,
}

impl Signed<'_> {
    /// Whether `token` is the token of this send. Compares in constant time.
    pub(crate) fn is_signed_by(&self, token: &str) -> bool {
        let Merchant { merchant_id, merchant_key, merchant_salt } = self.merchant;
        STANDARD
            .decode(token)
            .is_ok_and(|digest| mac(merchant_key, &[self.id, merchant_id, self.recipient, merchant_salt], &digest))
    }

    /// The known mistake behind a wrong token, if it is one, for the developer's eyes in the outbox.
    pub(crate) fn mistake(&self, token: &str) -> Option<&'static str> {
        if token.contains(' ') {
            return Some("The token holds a blank: its + was not percent-encoded as %2B in the form.");
        }
        let Merchant { merchant_id, merchant_key: key, merchant_salt: salt } = self.merchant;
        let Self { id, recipient, .. } = *self;
        if let Some(digest) = from_hex(token) {
            let right = mac(key, &[id, merchant_id, recipient, salt], &digest);
            return right.then_some("The digest is right but written in hex: PayTR wants base64 of the raw bytes.");
        }
        let digest = STANDARD.decode(token).ok()?;
        let known: [(&str, &[&str], &str); 7] = [
            (salt, &[id, merchant_id, recipient, key], "Key and salt are swapped."),
            (salt, &[id, merchant_id, recipient, salt], "Signed with the salt as key: merchant_key is the key."),
            (key, &[id, merchant_id, recipient], "The merchant_salt is missing at the end of the signed text."),
            (key, &[id, merchant_id, recipient, salt, salt], "The merchant_salt is in the signed text twice."),
            (
                key,
                &[merchant_id, id, recipient, salt],
                "The id comes before merchant_id in the signed text, not after it.",
            ),
            (key, &[salt, id, merchant_id, recipient], "The merchant_salt goes to the end of the signed text."),
            (key, &[id, merchant_id, salt], "This is the token that deletes the link: the recipient is not signed."),
        ];
        known.into_iter().find_map(|(key, message, words)| mac(key, message, &digest).then_some(words))
    }
}

fn mac(key: &str, message: &[&str], digest: &[u8]) -> bool {
    // An HMAC takes a key of any length, so the error never comes; without a verdict the token is wrong.
    Hmac::<Sha256>::new_from_slice(key.as_bytes()).is_ok_and(|mut mac| {
        for part in message {
            mac.update(part.as_bytes());
        }
        mac.verify_slice(digest).is_ok()
    })
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail this way")]
mod tests {
    use serde_json::Value;

    use super::*;

    const VECTORS: &str = include_str!("../../tests/vectors/paytr-token.jsonl");

    /// Merchant, id, recipient and token of every send in the vectors.
    fn sends() -> Vec<(Merchant, String, String, String)> {
        let text = |vector: &Value, name: &str| vector[name].as_str().map(str::to_owned);
        let sends: Vec<_> = VECTORS
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .filter(|vector| vector["op"].as_str().unwrap().starts_with("send_"))
            .map(|vector| {
                let merchant = Merchant {
                    merchant_id: text(&vector, "merchant_id").unwrap(),
                    merchant_key: text(&vector, "merchant_key").unwrap(),
                    merchant_salt: text(&vector, "merchant_salt").unwrap(),
                };
                let recipient = text(&vector, "cell_phone").or(text(&vector, "email")).unwrap();
                let token = text(&vector, "paytr_token").unwrap();
                (merchant, text(&vector, "id").unwrap(), recipient, token)
            })
            .collect();
        assert!(sends.len() >= 12, "the vectors are gone");
        sends
    }

    fn made(key: &str, message: &[&str]) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(message.concat().as_bytes());
        mac.finalize().into_bytes().to_vec()
    }

    #[test]
    fn every_send_of_the_vectors_is_signed_by_its_token() {
        for (merchant, id, recipient, token) in sends() {
            let signed = Signed { merchant: &merchant, id: &id, recipient: &recipient };
            assert!(signed.is_signed_by(&token), "{id}");
        }
    }

    #[test]
    fn a_token_is_good_for_its_own_id_recipient_and_merchant_only() {
        for (merchant, id, recipient, token) in sends() {
            let other = Merchant { merchant_id: format!("{}0", merchant.merchant_id), ..merchant.clone() };
            for (merchant, id, recipient) in [
                (&other, id.clone(), recipient.clone()),
                (&merchant, format!("{id}x"), recipient.clone()),
                (&merchant, id.clone(), format!("{recipient}1")),
                (&merchant, id, String::new()),
            ] {
                assert!(!Signed { merchant, id: &id, recipient: &recipient }.is_signed_by(&token));
            }
        }
    }

    #[test]
    fn a_token_that_is_not_44_characters_of_base64_is_refused() {
        let (merchant, id, recipient, token) = sends().remove(1);
        let signed = Signed { merchant: &merchant, id: &id, recipient: &recipient };
        let url_safe = token.replace('/', "_").replace('+', "-");
        for token in ["", "=", &token[..43], &token[..40], &format!("{token}="), &format!(" {token}"), &url_safe] {
            assert!(!signed.is_signed_by(token), "{token}");
        }
    }

    #[test]
    fn a_known_mistake_is_named() {
        let merchant = Merchant { merchant_id: "1".into(), merchant_key: "key".into(), merchant_salt: "salt".into() };
        let signed = Signed { merchant: &merchant, id: "NB2Zlz3", recipient: "05321234567" };
        let (id, to) = (signed.id, signed.recipient);
        let base64 = |digest: Vec<u8>| STANDARD.encode(digest);
        let hex =
            made("key", &[id, "1", to, "salt"]).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        for (token, words) in [
            (hex, "hex"),
            (base64(made("salt", &[id, "1", to, "key"])), "swapped"),
            (base64(made("salt", &[id, "1", to, "salt"])), "salt as key"),
            (base64(made("key", &[id, "1", to])), "missing"),
            (base64(made("key", &[id, "1", to, "salt", "salt"])), "twice"),
            (base64(made("key", &["1", id, to, "salt"])), "before merchant_id"),
            (base64(made("key", &["salt", id, "1", to])), "to the end"),
            (base64(made("key", &[id, "1", "salt"])), "deletes the link"),
            ("ab cd".to_owned(), "%2B"),
        ] {
            assert!(!signed.is_signed_by(&token));
            assert!(signed.mistake(&token).is_some_and(|said| said.contains(words)), "{words}");
        }
        assert_eq!(signed.mistake(&base64(made("another key", &[id, "1", to, "salt"]))), None);
    }
}
