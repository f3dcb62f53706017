//! `paytr_token`: is it right, and if not, which known mistake made it?
//!
//! The formulas are PayTR's (its samples of the four methods): base64 of the HMAC-SHA256, keyed with the merchant key, of
//! the fields below and the merchant salt, with nothing between them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::merchant::Merchant;

/// What a call signs in front of the merchant salt.
pub(crate) struct Signed<'a> {
    merchant: &'a Merchant,
    fields: Vec<&'a str>,
    /// What is signed by mistake in their place, and the words for it.
    mistaken: Vec<(Vec<&'a str>, &'static str)>,
}

impl<'a> Signed<'a> {
    /// Of `send-sms` and `send-email`.
    pub(crate) fn send(merchant: &'a Merchant, id: &'a str, recipient: &'a str) -> Self {
        let merchant_id = merchant.merchant_id.as_str();
        let mistaken = vec![
            (vec![merchant_id, id, recipient], "The id comes before merchant_id in the signed text, not after it."),
            (vec![id, merchant_id], "This is the token that deletes the link: the recipient is not signed."),
        ];
        Self { merchant, fields: vec![id, merchant_id, recipient], mistaken }
    }

    /// Of `delete`; several ids are signed with the commas between them.
    pub(crate) fn delete(merchant: &'a Merchant, ids: &'a str) -> Self {
        let merchant_id = merchant.merchant_id.as_str();
        let first = ids.split(',').next().unwrap_or_default();
        let mistaken = vec![
            (vec![merchant_id, ids], "The id comes before merchant_id in the signed text, not after it."),
            (vec![first, merchant_id], "The whole list of ids is signed, not the first one only."),
            (
                ids.split(',').chain([merchant_id]).collect(),
                "The list of ids is signed as it is sent, with its commas.",
            ),
        ];
        Self { merchant, fields: vec![ids, merchant_id], mistaken }
    }

    /// Of `create`: name, price, currency, `max_installment`, `link_type`, lang, and what the kind of link adds.
    pub(crate) fn create(merchant: &'a Merchant, common: &[&'a str], of_type: Option<&'a str>) -> Self {
        let merchant_id = merchant.merchant_id.as_str();
        let fields: Vec<&str> = common.iter().copied().chain(of_type).collect();
        let mut mistaken = vec![
            (
                [&fields[..], &[merchant_id]].concat(),
                "merchant_id is not signed in create, unlike in the other methods.",
            ),
            (
                [&[merchant_id], &fields[..]].concat(),
                "merchant_id is not signed in create, unlike in the other methods.",
            ),
        ];
        if of_type.is_some() {
            mistaken.push((common.to_vec(), "min_count (product) or email (collection) is signed after lang."));
        }
        Self { merchant, fields, mistaken }
    }

    /// Whether `token` is the token of this call. Compares in constant time.
    pub(crate) fn is_signed_by(&self, token: &str) -> bool {
        let Merchant { merchant_key, merchant_salt, .. } = self.merchant;
        STANDARD
            .decode(token)
            .is_ok_and(|digest| mac(merchant_key, &[&self.fields[..], &[merchant_salt]].concat(), &digest))
    }

    /// The known mistake behind a wrong token, if it is one, for the developer's eyes in the outbox.
    pub(crate) fn mistake(&self, token: &str) -> Option<&'static str> {
        if token.contains(' ') {
            return Some("The token holds a blank: its + was not percent-encoded as %2B in the form.");
        }
        let Merchant { merchant_key: key, merchant_salt: salt, .. } = self.merchant;
        let (key, salt) = (key.as_str(), salt.as_str());
        let fields = &self.fields[..];
        if let Some(digest) = from_hex(token) {
            let right = mac(key, &[fields, &[salt]].concat(), &digest);
            return right.then_some("The digest is right but written in hex: PayTR wants base64 of the raw bytes.");
        }
        let digest = STANDARD.decode(token).ok()?;
        let known = [
            (salt, [fields, &[key]].concat(), "Key and salt are swapped."),
            (salt, [fields, &[salt]].concat(), "Signed with the salt as key: merchant_key is the key."),
            (key, fields.to_vec(), "The merchant_salt is missing at the end of the signed text."),
            (key, [fields, &[salt, salt]].concat(), "The merchant_salt is in the signed text twice."),
            (key, [&[salt], fields].concat(), "The merchant_salt goes to the end of the signed text."),
        ];
        let mistaken = self.mistaken.iter().map(|(fields, words)| (key, [&fields[..], &[salt]].concat(), *words));
        known.into_iter().chain(mistaken).find_map(|(key, text, words)| mac(key, &text, &digest).then_some(words))
    }
}

/// Signs as PayTR does for its own notices.
pub(crate) fn make(key: &str, message: &[&str]) -> String {
    keyed(key, message).map(|mac| STANDARD.encode(mac.finalize().into_bytes())).unwrap_or_default()
}

fn mac(key: &str, message: &[&str], digest: &[u8]) -> bool {
    keyed(key, message).is_some_and(|mac| mac.verify_slice(digest).is_ok())
}

/// None never comes, as an HMAC takes a key of any length.
fn keyed(key: &str, message: &[&str]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    for part in message {
        mac.update(part.as_bytes());
    }
    Some(mac)
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
            let signed = Signed::send(&merchant, &id, &recipient);
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
                assert!(!Signed::send(merchant, &id, &recipient).is_signed_by(&token));
            }
        }
    }

    #[test]
    fn a_token_that_is_not_44_characters_of_base64_is_refused() {
        let (merchant, id, recipient, token) = sends().remove(1);
        let signed = Signed::send(&merchant, &id, &recipient);
        let url_safe = token.replace('/', "_").replace('+', "-");
        for token in ["", "=", &token[..43], &token[..40], &format!("{token}="), &format!(" {token}"), &url_safe] {
            assert!(!signed.is_signed_by(token), "{token}");
        }
    }

    #[test]
    fn a_known_mistake_is_named() {
        let merchant = Merchant { merchant_id: "1".into(), merchant_key: "key".into(), merchant_salt: "salt".into() };
        let (id, to) = ("NB2Zlz3", "05321234567");
        let signed = Signed::send(&merchant, id, to);
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
