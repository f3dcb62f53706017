//! Headers and freshness: the grammar to the letter. Signature entries, secrets and properties have their own modules.

use crate::support::{hmac_base64, texts};
use paytr_link_relay::mac::MacKey;
use paytr_link_relay::standard_webhooks::{Headers, VerifyError, read_headers, verify};
use proptest::prelude::*;
use proptest::sample::Index;

pub const SECRET: &[u8] = b"a secret of 32 bytes for testing";
pub const BODY: &[u8] = br#"{"type":"link.send_sms"}"#;
pub const NOW: u64 = 1_795_000_000;

pub fn key(secret: &[u8]) -> MacKey {
    MacKey::new(secret).unwrap()
}

pub fn headers<'a>(id: &'a str, timestamp: &'a str, signature: &'a str) -> Headers<'a> {
    Headers { id: Some(id), timestamp: Some(timestamp), signature: Some(signature) }
}

/// The signature header that a sender makes, by an HMAC that is not the relay's.
pub fn sign(secret: &[u8], id: &str, timestamp: &str, body: &[u8]) -> String {
    let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
    format!("v1,{}", hmac_base64(secret, &signed))
}

/// The verdict on headers that are signed as they are.
fn signed_verdict(id: &str, timestamp: &str, body: &[u8], now: u64) -> Result<(), VerifyError> {
    let signature = sign(SECRET, id, timestamp, body);
    verify(headers(id, timestamp, &signature), body, &[key(SECRET)], now).map(|verified| {
        assert_eq!((verified.webhook_id, verified.secret_number), (id, 1));
    })
}

#[test]
fn a_signed_id_is_taken_or_refused_by_its_grammar() {
    let longest = "i".repeat(256);
    for id in ["m", "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", "!#$%&'()*+-/:;<=>?@[]^_`{|}~\"\\", "0", &longest] {
        assert_eq!(signed_verdict(id, &NOW.to_string(), BODY, NOW), Ok(()), "{id}");
    }
    let too_long = "i".repeat(257);
    let longest_header = "i".repeat(4096);
    for (what, id) in texts(&[
        ("a comma", &["msg_1, msg_1", "msg_1,msg_1", ","]),
        ("a dot", &["msg.1", "."]),
        ("a blank", &["msg 1", " msg_1", "msg_1 ", "msg_1\u{a0}"]),
        ("a control character", &["msg\t1", "msg\n1", "msg\r1", "msg\u{0}1", "msg\u{7f}1"]),
        ("no ASCII", &["mşg_1"]),
        ("over 256 characters", &[&too_long, &longest_header]),
    ]) {
        assert_eq!(signed_verdict(id, &NOW.to_string(), BODY, NOW), Err(VerifyError::BadId), "{what}: {id:?}");
    }
}

#[test]
fn a_signed_timestamp_is_taken_or_refused_by_its_grammar() {
    for timestamp in ["1", "9", "10", "1795000000", "999999999999"] {
        let now = timestamp.parse().unwrap();
        assert_eq!(signed_verdict("msg_1", timestamp, BODY, now), Ok(()), "{timestamp}");
    }
    let longest_header = "1".repeat(4096);
    for (what, timestamp) in texts(&[
        ("zeros in front", &["0", "01795000000", "00"]),
        ("a sign", &["+1795000000", "-1795000000"]),
        ("a blank", &[" 1795000000", "1795000000 ", "1795000000\n"]),
        ("more than digits", &["1_795_000_000", "1795000000.0", "1795000000abc", "abc", "1e9", "0x6afd2bc0"]),
        ("two", &["1795000000, 1795000000", "1795000000,1795000000"]),
        ("too large", &["1000000000000", "18446744073709551616", &longest_header]),
        ("other digits", &["１７９５００００００", "١٧٩٥٠٠٠٠٠٠"]),
    ]) {
        let verdict = signed_verdict("msg_1", timestamp, BODY, NOW);
        assert_eq!(verdict, Err(VerifyError::BadTimestamp), "{what}: {timestamp:?}");
    }
}

#[test]
fn a_timestamp_may_be_300_seconds_off_either_way_and_not_301() {
    let timestamp = NOW.to_string();
    for now in [NOW - 300, NOW - 299, NOW - 1, NOW, NOW + 1, NOW + 299, NOW + 300] {
        assert_eq!(signed_verdict("msg_1", &timestamp, BODY, now), Ok(()), "{now}");
    }
    for now in [0, NOW - 301, NOW + 301, NOW * 1000, u64::MAX - 1, u64::MAX] {
        assert_eq!(signed_verdict("msg_1", &timestamp, BODY, now), Err(VerifyError::Stale), "{now}");
    }
}

#[test]
fn the_ends_of_time_do_not_overflow() {
    let (ok, stale) = (Ok(()), Err(VerifyError::Stale));
    for (timestamp, now, expected) in
        [("1", 0, ok), ("300", 0, ok), ("301", 0, stale), ("999999999999", 0, stale), ("1", u64::MAX, stale)]
    {
        assert_eq!(signed_verdict("msg_1", timestamp, BODY, now), expected, "{timestamp} at {now}");
    }
}

#[test]
fn a_body_is_signed_as_its_raw_bytes_whatever_they_are() {
    let every_byte: Vec<u8> = (0..=255).collect();
    for body in [b"".as_slice(), b"\xff\xfe\x00", b"\xed\xa0\x80", b"{ \"a\" : 1 }\r\n", &every_byte] {
        assert_eq!(signed_verdict("msg_1", &NOW.to_string(), body, NOW), Ok(()), "{body:?}");
    }
}

#[test]
fn each_header_must_be_there_and_not_empty_even_if_that_is_signed() {
    let (timestamp, signature) = (NOW.to_string(), sign(SECRET, "msg_1", &NOW.to_string(), BODY));
    let all = headers("msg_1", &timestamp, &signature);
    assert!(verify(all, BODY, &[key(SECRET)], NOW).is_ok());
    for lacking in [None, Some("")] {
        for (what, headers) in [
            ("id", Headers { id: lacking, ..all }),
            ("timestamp", Headers { timestamp: lacking, ..all }),
            ("signature", Headers { signature: lacking, ..all }),
        ] {
            assert_eq!(
                verify(headers, BODY, &[key(SECRET)], NOW),
                Err(VerifyError::HeaderMissing),
                "{what} {lacking:?}"
            );
        }
    }
    for (id, timestamp) in [("", timestamp.as_str()), ("msg_1", "")] {
        assert_eq!(signed_verdict(id, timestamp, BODY, NOW), Err(VerifyError::HeaderMissing), "{id:?} {timestamp:?}");
    }
}

#[test]
fn each_header_over_4096_bytes_is_refused_as_too_long() {
    let (timestamp, signature) = (NOW.to_string(), sign(SECRET, "msg_1", &NOW.to_string(), BODY));
    let all = headers("msg_1", &timestamp, &signature);
    let long = "1".repeat(4097);
    let long_signature = format!("{signature} {}", "x".repeat(4096 - signature.len()));
    assert_eq!(long_signature.len(), 4097);
    for headers in [
        Headers { id: Some(&long), ..all },
        Headers { timestamp: Some(&long), ..all },
        Headers { signature: Some(&long_signature), ..all },
    ] {
        assert_eq!(verify(headers, BODY, &[key(SECRET)], NOW), Err(VerifyError::HeaderTooLong));
    }
    let longest_signature = &long_signature[..4096];
    assert!(verify(Headers { signature: Some(longest_signature), ..all }, BODY, &[key(SECRET)], NOW).is_ok());
}

#[test]
fn freshness_is_judged_only_after_the_signature() {
    let timestamp = NOW.to_string();
    let forged = sign(b"another secret, unknown to relay", "msg_1", &timestamp, BODY);
    for now in [NOW, NOW + 301] {
        let verdict = verify(headers("msg_1", &timestamp, &forged), BODY, &[key(SECRET)], now);
        assert_eq!(verdict, Err(VerifyError::NoMatch), "{now}");
    }
}

#[test]
fn the_parts_cannot_be_shifted_against_each_other() {
    let timestamp = NOW.to_string();
    // Signs `msg.1795000000.1.{}`; read with other borders it would be the id `msg.1795000000` at the time 1.
    let signature = sign(SECRET, "msg", &timestamp, b"1.{}");
    let shifted = format!("msg.{timestamp}");
    let verdict = verify(headers(&shifted, "1", &signature), b"{}", &[key(SECRET)], 1);
    assert_eq!(verdict, Err(VerifyError::BadId));
}

#[test]
fn every_refusal_has_its_own_constant_word_for_the_log() {
    let words = [
        (VerifyError::HeaderMissing, "header missing"),
        (VerifyError::HeaderTooLong, "header too long"),
        (VerifyError::BadId, "bad webhook-id"),
        (VerifyError::BadTimestamp, "bad webhook-timestamp"),
        (VerifyError::SignatureTwice, "webhook-signature given twice"),
        (VerifyError::TooManySignatures, "too many signatures"),
        (VerifyError::NoSignature, "no well-formed v1 signature"),
        (VerifyError::NoMatch, "no signature matches a secret"),
        (VerifyError::Stale, "timestamp too far off"),
    ];
    for (refusal, word) in words {
        assert_eq!(refusal.as_str(), word);
    }
}

#[test]
fn svix_headers_stand_in_only_when_no_webhook_header_is_there() {
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature", "svix-id", "svix-timestamp", "svix-signature"];
    let read = |there: &[&str]| {
        let get = |name: &'static str| Ok::<_, ()>(there.contains(&name).then_some(name));
        read_headers(get).unwrap().map(Option::unwrap_or_default)
    };
    for bits in 0..64_usize {
        let there: Vec<&str> = (0..6).filter(|place| bits >> place & 1 == 1).map(|place| names[place]).collect();
        let prefix = if there.iter().any(|name| name.starts_with("webhook-")) { "webhook-" } else { "svix-" };
        let expected = ["id", "timestamp", "signature"].map(|part| {
            let name = format!("{prefix}{part}");
            there.iter().copied().find(|known| *known == name).unwrap_or_default()
        });
        assert_eq!(read(&there), expected, "{there:?}");
    }
}

#[test]
fn an_empty_webhook_header_is_one_that_is_there() {
    let get =
        |name: &'static str| Ok::<_, ()>(if name == "webhook-id" { Some("") } else { name.strip_prefix("svix-") });
    assert_eq!(read_headers(get), Ok([Some(""), None, None]));
}

proptest! {
    #[test]
    fn a_flipped_bit_anywhere_is_refused(
        id in "[!-+\\-/-~]{1,40}",
        body in proptest::collection::vec(any::<u8>(), 1..200),
        part in 0..4_usize,
        place in any::<Index>(),
        bit in 0..8_u32,
    ) {
        let timestamp = NOW.to_string();
        let signature = sign(SECRET, &id, &timestamp, &body);
        let mut parts = [id.into_bytes(), timestamp.into_bytes(), signature.into_bytes(), body];
        let bit = if part == 3 { bit } else { bit % 7 };
        let place = place.index(parts[part].len());
        let verdict = |parts: &[Vec<u8>; 4]| {
            let [id, timestamp, signature] = [0, 1, 2].map(|part| std::str::from_utf8(&parts[part]).unwrap());
            verify(headers(id, timestamp, signature), &parts[3], &[key(SECRET)], NOW).map(|verified| verified.secret_number)
        };
        prop_assert_eq!(verdict(&parts), Ok(1));
        parts[part][place] ^= 1 << bit;
        // It would be `Stale` if the age were looked at first.
        prop_assert_ne!(verdict(&parts).unwrap_err(), VerifyError::Stale);
    }
}
