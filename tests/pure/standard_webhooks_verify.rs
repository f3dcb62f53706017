//! Headers and freshness: the grammar to the letter. Signature entries, secrets and properties have their own modules.

use crate::support::hmac_base64;
use paytr_link_relay::mac::MacKey;
use paytr_link_relay::standard_webhooks::{Headers, VerifyError, read_headers, verify};

pub const SECRET: &[u8] = b"a secret of 32 bytes for testing";
pub const BODY: &[u8] = br#"{"type":"link.send_sms"}"#;
pub const NOW: u64 = 1_795_000_000;

pub fn key(secret: &[u8]) -> MacKey {
    MacKey::new(secret).unwrap()
}

/// The signature header that a sender makes, by an HMAC that is not the relay's.
pub fn sign(secret: &[u8], id: &str, timestamp: &str, body: &[u8]) -> String {
    let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
    format!("v1,{}", hmac_base64(secret, &signed))
}

/// The verdict on headers that are signed as they are.
fn signed_verdict(id: &str, timestamp: &str, body: &[u8], now: u64) -> Result<(), VerifyError> {
    let signature = sign(SECRET, id, timestamp, body);
    let headers = Headers { id: Some(id), timestamp: Some(timestamp), signature: Some(&signature) };
    verify(headers, body, &[key(SECRET)], now).map(|verified| {
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
    for id in [
        "msg_1, msg_1",
        "msg_1,msg_1",
        ",",
        "msg.1",
        ".",
        "msg 1",
        " msg_1",
        "msg_1 ",
        "msg\t1",
        "msg\n1",
        "msg\r1",
        "msg\u{0}1",
        "msg\u{7f}1",
        "mşg_1",
        "msg_1\u{a0}",
        &too_long,
        &longest_header,
    ] {
        assert_eq!(signed_verdict(id, &NOW.to_string(), BODY, NOW), Err(VerifyError::BadId), "{id:?}");
    }
}

#[test]
fn a_signed_timestamp_is_taken_or_refused_by_its_grammar() {
    for timestamp in ["1", "9", "10", "1795000000", "999999999999"] {
        let now = timestamp.parse().unwrap();
        assert_eq!(signed_verdict("msg_1", timestamp, BODY, now), Ok(()), "{timestamp}");
    }
    let longest_header = "1".repeat(4096);
    for timestamp in [
        "0",
        "01795000000",
        "00",
        "+1795000000",
        "-1795000000",
        " 1795000000",
        "1795000000 ",
        "1795000000\n",
        "1_795_000_000",
        "1795000000.0",
        "1795000000abc",
        "abc",
        "1e9",
        "0x6afd2bc0",
        "1795000000, 1795000000",
        "1795000000,1795000000",
        "1000000000000",
        "18446744073709551616",
        "１７９５００００００",
        "١٧٩٥٠٠٠٠٠٠",
        &longest_header,
    ] {
        assert_eq!(signed_verdict("msg_1", timestamp, BODY, NOW), Err(VerifyError::BadTimestamp), "{timestamp:?}");
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
    assert_eq!(signed_verdict("msg_1", "1", BODY, 0), Ok(()));
    assert_eq!(signed_verdict("msg_1", "300", BODY, 0), Ok(()));
    assert_eq!(signed_verdict("msg_1", "301", BODY, 0), Err(VerifyError::Stale));
    assert_eq!(signed_verdict("msg_1", "999999999999", BODY, 0), Err(VerifyError::Stale));
    assert_eq!(signed_verdict("msg_1", "1", BODY, u64::MAX), Err(VerifyError::Stale));
}

#[test]
fn a_body_is_signed_as_its_raw_bytes_whatever_they_are() {
    let every_byte: Vec<u8> = (0..=255).collect();
    for body in [b"".as_slice(), b"\xff\xfe\x00", b"\xed\xa0\x80", b"{ \"a\" : 1 }\r\n", &every_byte] {
        assert_eq!(signed_verdict("msg_1", &NOW.to_string(), body, NOW), Ok(()), "{body:?}");
    }
}

#[test]
fn a_body_that_was_written_anew_is_refused() {
    let (timestamp, signature) = (NOW.to_string(), sign(SECRET, "msg_1", &NOW.to_string(), br#"{"a":1}"#));
    let headers = Headers { id: Some("msg_1"), timestamp: Some(&timestamp), signature: Some(&signature) };
    assert!(verify(headers, br#"{"a":1}"#, &[key(SECRET)], NOW).is_ok());
    assert_eq!(verify(headers, br#"{"a": 1}"#, &[key(SECRET)], NOW), Err(VerifyError::NoMatch));
}

#[test]
fn each_header_must_be_there_and_not_empty() {
    let (timestamp, signature) = (NOW.to_string(), sign(SECRET, "msg_1", &NOW.to_string(), BODY));
    let all = Headers { id: Some("msg_1"), timestamp: Some(&timestamp), signature: Some(&signature) };
    assert!(verify(all, BODY, &[key(SECRET)], NOW).is_ok());
    for lacking in [None, Some("")] {
        for headers in [
            Headers { id: lacking, ..all },
            Headers { timestamp: lacking, ..all },
            Headers { signature: lacking, ..all },
        ] {
            assert_eq!(verify(headers, BODY, &[key(SECRET)], NOW), Err(VerifyError::HeaderMissing));
        }
    }
}

#[test]
fn an_id_that_is_empty_is_refused_even_if_it_is_signed() {
    assert_eq!(signed_verdict("", &NOW.to_string(), BODY, NOW), Err(VerifyError::HeaderMissing));
    assert_eq!(signed_verdict("msg_1", "", BODY, NOW), Err(VerifyError::HeaderMissing));
}

#[test]
fn each_header_over_4096_bytes_is_refused_as_too_long() {
    let (timestamp, signature) = (NOW.to_string(), sign(SECRET, "msg_1", &NOW.to_string(), BODY));
    let all = Headers { id: Some("msg_1"), timestamp: Some(&timestamp), signature: Some(&signature) };
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
    let headers = Headers { id: Some("msg_1"), timestamp: Some(&timestamp), signature: Some(&forged) };
    assert_eq!(verify(headers, BODY, &[key(SECRET)], NOW + 301), Err(VerifyError::NoMatch));
    assert_eq!(verify(headers, BODY, &[key(SECRET)], NOW), Err(VerifyError::NoMatch));
}

#[test]
fn the_parts_cannot_be_shifted_against_each_other() {
    let timestamp = NOW.to_string();
    // Signs `msg.1795000000.1.{}`; read with other borders it would be the id `msg.1795000000` at the time 1.
    let signature = sign(SECRET, "msg", &timestamp, b"1.{}");
    let shifted = format!("msg.{timestamp}");
    let headers = Headers { id: Some(&shifted), timestamp: Some("1"), signature: Some(&signature) };
    assert_eq!(verify(headers, b"{}", &[key(SECRET)], 1), Err(VerifyError::BadId));
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
