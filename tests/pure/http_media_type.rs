//! Which bodies are read at all.

use crate::support::texts;
use paytr_link_relay::http::media_type::{Length, declared_length, is_plain_json};

#[test]
fn application_json_in_utf8_is_read() {
    for (what, content_type) in texts(&[
        ("the type in any case", &["application/json", "Application/JSON", " application/json ", "application/json;"]),
        ("another parameter", &["application/json; profile=x", "application/json; profile=x; charset=utf-8"]),
        ("blanks", &["application/json;charset=utf-8", "application/json ; Charset=UTF-8 "]),
    ]) {
        assert!(is_plain_json(Some(content_type), None), "{what}: {content_type}");
    }
    let written = ["utf-8", "\"utf-8\"", "utf8", "UTF8", "\"Utf8\""];
    let other_names = ["unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8"];
    for name in written.into_iter().chain(other_names) {
        assert!(is_plain_json(Some(&format!("application/json; charset={name}")), None), "{name}");
    }
}

#[test]
fn every_other_type_and_charset_is_not_read() {
    for (what, content_type) in texts(&[
        ("no type", &["", ";", "json", "application /json"]),
        (
            "another type",
            &["text/json", "text/plain", "application/x-www-form-urlencoded", "text/plain; application/json"],
        ),
        ("a type that begins or ends like it", &["application/jsonp", "application/json5", "application/ld+json"]),
        ("a type of its own", &["application/problem+json", "multipart/form-data; boundary=x"]),
        ("a list", &["application/json, application/json", "application/json; charset=utf-8, text/plain"]),
        ("a list behind a parameter", &["application/json; x, text/plain", "application/json; a=b, text/plain"]),
        ("no blank of HTTP", &["application/json;\u{b}charset=utf-16", "application/json;\u{a0}charset=utf-16"]),
        ("a control character", &["application/json; a\u{0}b"]),
        ("the last charset", &["application/json; charset=utf-8; charset=utf-16"]),
        ("a charset behind another parameter", &["application/json; profile=x; charset=utf-16"]),
    ]) {
        assert!(!is_plain_json(Some(content_type), None), "{what}: {content_type}");
    }
    for (what, name) in texts(&[
        ("another charset", &["utf-16", "iso-8859-9", "iso-8859-1", "windows-1254", "utf7", "cesu-8", "us-ascii"]),
        ("no name of UTF-8", &["utf", "utf-8x", "", "\"utf-8"]),
    ]) {
        assert!(!is_plain_json(Some(&format!("application/json; charset={name}")), None), "{what}: {name}");
    }
    assert!(!is_plain_json(None, None));
}

#[test]
fn an_encoded_body_is_not_read_and_identity_is_no_encoding() {
    for encoding in ["gzip", "br", "deflate", "identity, gzip", "x-identity", ""] {
        assert!(!is_plain_json(Some("application/json"), Some(encoding)), "{encoding}");
    }
    for encoding in ["identity", "Identity", " identity "] {
        assert!(is_plain_json(Some("application/json"), Some(encoding)), "{encoding}");
    }
}

#[test]
fn a_declared_length_is_held_against_the_cap() {
    let cases = [
        (Some("0"), None, Length::Fits),
        (Some("99"), None, Length::Fits),
        (Some("100"), None, Length::Fits),
        (Some("101"), None, Length::TooLong),
        (Some("18446744073709551615"), None, Length::TooLong),
        (Some("18446744073709551616"), None, Length::Unknown),
        (Some(""), None, Length::Unknown),
        (Some("-1"), None, Length::Unknown),
        (Some("1e2"), None, Length::Unknown),
        (Some("50, 50"), None, Length::Unknown),
        (None, None, Length::Unknown),
        (None, Some("gzip"), Length::Unknown),
        (Some("100"), Some("gzip"), Length::Unknown),
        (Some("100"), Some("identity"), Length::Fits),
        (Some("101"), Some("gzip"), Length::TooLong),
    ];
    for (content_length, content_encoding, expected) in cases {
        let length = declared_length(content_length, content_encoding, 100);
        assert_eq!(length, expected, "{content_length:?} {content_encoding:?}");
    }
}
