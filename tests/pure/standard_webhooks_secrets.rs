//! The written form of `WEBHOOK_SECRETS`.

use crate::standard_webhooks_verify::{BODY, NOW, sign};
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_link_relay::standard_webhooks::{Headers, parse_secrets, verify};

fn written(secret: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

/// Whether the text stands for exactly these secrets in this order.
fn assert_parses_to(text: &str, secrets: &[Vec<u8>]) {
    let keys = parse_secrets(text).unwrap_or_else(|error| panic!("{text:?} {error}"));
    assert_eq!(keys.len(), secrets.len(), "{text:?}");
    let timestamp = NOW.to_string();
    for (place, secret) in secrets.iter().enumerate() {
        let signature = sign(secret, "msg_1", &timestamp, BODY);
        let headers = Headers { id: Some("msg_1"), timestamp: Some(&timestamp), signature: Some(&signature) };
        let number = verify(headers, BODY, &keys, NOW).map(|verified| verified.secret_number);
        assert_eq!(number, Ok(place + 1), "{text:?}");
    }
}

#[test]
fn a_secret_has_24_bytes_or_more() {
    for length in [24, 25, 26, 32, 63, 64, 65, 100] {
        let secret = vec![0x5a; length];
        assert_parses_to(&written(&secret), &[secret]);
    }
    for length in [0, 1, 16, 22, 23] {
        let error = parse_secrets(&written(&vec![0x5a; length])).unwrap_err();
        assert!(error.contains("fewer than 24 bytes"), "{length}: {error}");
    }
}

#[test]
fn several_secrets_stand_apart_by_any_white_space() {
    let secrets = [vec![1; 24], vec![2; 32], vec![3; 64]];
    let [first, second, third] = [&secrets[0], &secrets[1], &secrets[2]].map(|secret| written(secret));
    for text in [
        format!("{first} {second} {third}"),
        format!("{first}\n{second}\n{third}\n"),
        format!("{first}\r\n{second}\t{third}"),
        format!("  {first}   {second}\n\n {third} "),
    ] {
        assert_parses_to(&text, &secrets);
    }
    assert_parses_to(&format!("\n {first}"), &secrets[..1]);
}

#[test]
fn a_blank_text_holds_no_secret() {
    for text in ["", " ", "\n", " \t\r\n "] {
        let error = parse_secrets(text).map(|keys| keys.len()).unwrap_err();
        assert!(error.contains("is blank"), "{text:?}: {error}");
    }
}

#[test]
fn a_secret_that_is_not_whsec_and_strict_base64_is_refused_without_being_shown() {
    let good = written(&[0xfb; 24]);
    let base64 = good.strip_prefix("whsec_").unwrap();
    let padded = STANDARD.encode([0xfb; 25]);
    assert!(padded.ends_with("==") && base64.contains('+'));
    let no_prefix = "does not begin with whsec_";
    let no_base64 = "not whsec_ and standard base64";
    let cases = [
        (base64.to_owned(), no_prefix),
        (format!("WHSEC_{base64}"), no_prefix),
        (format!("whsec-{base64}"), no_prefix),
        (format!("whsk_{base64}"), no_prefix),
        (format!("\"{good}\""), no_prefix),
        (format!("{good},{good}"), no_base64),
        (format!("{good};"), no_base64),
        (format!("{good}="), no_base64),
        (format!("whsec_{}", base64.replace('+', "-")), no_base64),
        (format!("whsec_{}", padded.trim_end_matches('=')), no_base64),
        (format!("whsec_{}", padded.strip_suffix('=').unwrap()), no_base64),
        (format!("whsec_{}", padded.replace("w==", "x==")), no_base64),
        (format!("whsec_whsec_{base64}"), no_base64),
        (format!("{good}\u{a0}"), no_base64),
        (format!("whsec_ {base64}"), "fewer than 24 bytes"),
        (format!("{} {}", &good[..20], &good[20..]), "holds a secret"),
        (format!("{good} x"), no_prefix),
        (format!("x {good}"), no_prefix),
        (format!("{good} whsec_"), "fewer than 24 bytes"),
    ];
    for (text, expected) in cases {
        let error = parse_secrets(&text).map(|keys| keys.len()).unwrap_err();
        assert!(error.contains(expected), "{text:?}: {error}");
        assert!(!error.contains(&base64[..6]), "{error}");
    }
    assert!(padded.contains("w=="), "the malleable case is none: {padded}");
}

#[test]
fn the_parsed_secrets_cannot_be_printed() {
    let secret = [0x42; 24];
    let keys = parse_secrets(&written(&secret)).unwrap();
    assert_eq!(format!("{keys:?}"), "[MacKey([redacted])]");
}
