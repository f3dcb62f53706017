//! Against the published library, and against whoever changes a bit.

use crate::standard_webhooks_verify::{NOW, key, sign};
use paytr_link_relay::standard_webhooks::{Headers, VerifyError, parse_secrets, verify};
use proptest::prelude::*;
use proptest::sample::Index;
use reqwest::header::{HeaderMap, HeaderValue};
use standardwebhooks::Webhook;

const VISIBLE_WITHOUT_DOT_AND_COMMA: &str = "[!-+\\-/-~]{1,256}";

fn secret() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 24..=64)
}

#[expect(clippy::disallowed_methods, reason = "the published library reads the system's clock")]
fn clock() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

/// Headers that are nearly right, in the ways in which the libraries disagree.
fn nearly(id: &str, timestamp: &str, signature: &str) -> Vec<[String; 3]> {
    let [id, timestamp, signature] = [id, timestamp, signature].map(str::to_owned);
    let mut headers = vec![[id.clone(), timestamp.clone(), signature.clone()]];
    for other in [format!("+{timestamp}"), format!(" {timestamp}"), format!("0{timestamp}"), format!("{timestamp}abc")]
    {
        headers.push([id.clone(), other, signature.clone()]);
    }
    for other in [format!("{id}, {id}"), format!("{id}.1"), String::new(), format!("{id} ")] {
        headers.push([other, timestamp.clone(), signature.clone()]);
    }
    for other in [
        format!("v2,x {signature}"),
        format!("{signature} v1a,{signature}"),
        format!("{signature}, {signature}"),
        signature.trim_end_matches('=').to_owned(),
        signature.replace("v1", "v2"),
        format!("v1,invalid {signature} "),
    ] {
        headers.push([id.clone(), timestamp.clone(), other]);
    }
    headers
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_the_published_library_signs_is_accepted(
        secret in secret(),
        id in VISIBLE_WITHOUT_DOT_AND_COMMA,
        timestamp in 1..=999_999_999_999_u64,
        body in any::<String>(),
        off in -300..=300_i64,
    ) {
        let signer = Webhook::from_bytes(secret.clone()).unwrap();
        let signature = signer.sign(&id, i64::try_from(timestamp).unwrap(), body.as_bytes()).unwrap();
        let written = timestamp.to_string();
        let headers = Headers { id: Some(&id), timestamp: Some(&written), signature: Some(&signature) };
        let now = timestamp.saturating_add_signed(off);
        let verified = verify(headers, body.as_bytes(), &[key(&secret)], now).unwrap();
        prop_assert_eq!((verified.webhook_id, verified.secret_number), (id.as_str(), 1));
    }

    #[test]
    fn a_secret_in_its_written_form_is_the_published_librarys_secret(secret in secret(), body in any::<String>()) {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let written = format!("whsec_{}", STANDARD.encode(&secret));
        let signature = Webhook::new(&written).unwrap().sign("msg_1", 1, body.as_bytes()).unwrap();
        let headers = Headers { id: Some("msg_1"), timestamp: Some("1"), signature: Some(&signature) };
        prop_assert!(verify(headers, body.as_bytes(), &parse_secrets(&written).unwrap(), 1).is_ok());
    }

    #[test]
    fn whatever_is_accepted_the_published_library_accepts_too(
        secret in secret(),
        id in "[a-zA-Z0-9_]{1,40}",
        body in any::<String>(),
        off in -290..=290_i64,
    ) {
        let now = clock();
        let timestamp = now.saturating_add_signed(off).to_string();
        let signature = sign(&secret, &id, &timestamp, body.as_bytes());
        let published = Webhook::from_bytes(secret.clone()).unwrap();
        let mut accepted = 0;
        for [id, timestamp, signature] in nearly(&id, &timestamp, &signature) {
            let headers = Headers { id: Some(&id), timestamp: Some(&timestamp), signature: Some(&signature) };
            if verify(headers, body.as_bytes(), &[key(&secret)], now).is_err() {
                continue;
            }
            accepted += 1;
            let mut map = HeaderMap::new();
            for (name, value) in [("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", signature)] {
                map.insert(name, HeaderValue::from_str(&value).unwrap());
            }
            prop_assert!(published.verify(body.as_bytes(), &map).is_ok(), "{map:?}");
        }
        prop_assert_eq!(accepted, 4);
    }

    #[test]
    fn a_flipped_bit_anywhere_is_refused(
        id in "[!-+\\-/-~]{1,40}",
        body in proptest::collection::vec(any::<u8>(), 1..200),
        part in 0..4_usize,
        place in any::<Index>(),
        bit in 0..8_u32,
    ) {
        let secret = [7; 32];
        let timestamp = NOW.to_string();
        let signature = sign(&secret, &id, &timestamp, &body);
        let mut parts = [id.into_bytes(), timestamp.into_bytes(), signature.into_bytes(), body];
        let bit = if part == 3 { bit } else { bit % 7 };
        let place = place.index(parts[part].len());
        let verdict = |parts: &[Vec<u8>; 4]| {
            let [id, timestamp, signature] = [0, 1, 2].map(|part| std::str::from_utf8(&parts[part]).unwrap());
            let headers = Headers { id: Some(id), timestamp: Some(timestamp), signature: Some(signature) };
            verify(headers, &parts[3], &[key(&secret)], NOW).map(|verified| verified.secret_number)
        };
        prop_assert_eq!(verdict(&parts), Ok(1));
        parts[part][place] ^= 1 << bit;
        let refusal = verdict(&parts).unwrap_err();
        // It would be `Stale` if the age were looked at first.
        prop_assert_ne!(refusal, VerifyError::Stale);
    }
}
