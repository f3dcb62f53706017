//! The written form of `WEBHOOK_SECRETS`.

use crate::standard_webhooks_verify::{BODY, NOW, headers, sign};
use crate::support::texts;
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_link_relay::standard_webhooks::{parse_secrets, verify};

const NO_PREFIX: &str = "does not begin with whsec_";
const NO_BASE64: &str = "not whsec_ and standard base64";

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
        let number =
            verify(headers("msg_1", &timestamp, &signature), BODY, &keys, NOW).map(|verified| verified.secret_number);
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
    let mut cases: Vec<(String, &str)> = texts(&[
        (NO_PREFIX, &["@", "WHSEC_@", "whsec-@", "whsk_@", "\"whsec_@\"", "whsec_@ x", "x whsec_@"]),
        (NO_BASE64, &["whsec_@,whsec_@", "whsec_@;", "whsec_@=", "whsec_whsec_@", "whsec_@\u{a0}"]),
        ("fewer than 24 bytes", &["whsec_ @", "whsec_@ whsec_"]),
    ])
    .map(|(expected, form)| (form.replace('@', base64), expected))
    .collect();
    let odd = [
        base64.replace('+', "-"),
        padded.trim_end_matches('=').to_owned(),
        padded.strip_suffix('=').unwrap().to_owned(),
        padded.replace("w==", "x=="),
    ];
    cases.extend(odd.map(|base64| (format!("whsec_{base64}"), NO_BASE64)));
    cases.push((format!("{} {}", &good[..20], &good[20..]), "holds a secret"));
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
