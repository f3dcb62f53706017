//! Which bodies are read at all.

use paytr_link_relay::http::media_type::{Length, declared_length, is_plain_json};

#[test]
fn application_json_in_utf8_is_read() {
    for content_type in [
        "application/json",
        "Application/JSON",
        " application/json ",
        "application/json;charset=utf-8",
        "application/json; charset=utf-8",
        "application/json ; Charset=UTF-8 ",
        "application/json; charset=\"utf-8\"",
        "application/json; charset=utf8",
        "application/json;charset=UTF8",
        "application/json; charset=\"Utf8\"",
        "application/json; charset=unicode-1-1-utf-8",
        "application/json; charset=unicode11utf8",
        "application/json; charset=unicode20utf8",
        "application/json; charset=x-unicode20utf8",
        "application/json;",
        "application/json; profile=x",
        "application/json; profile=x; charset=utf-8",
    ] {
        assert!(is_plain_json(Some(content_type), None), "{content_type}");
    }
}

#[test]
fn every_other_type_and_charset_is_not_read() {
    for content_type in [
        "",
        ";",
        "json",
        "text/json",
        "text/plain",
        "application/jsonp",
        "application/json5",
        "application/ld+json",
        "application/problem+json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain; application/json",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-9",
        "application/json; charset=iso-8859-1",
        "application/json; charset=windows-1254",
        "application/json; charset=utf",
        "application/json; charset=utf-8x",
        "application/json; charset=utf7",
        "application/json; charset=cesu-8",
        "application/json; charset=us-ascii",
        "application/json; charset=",
        "application/json; charset=utf-8; charset=utf-16",
        "application/json; charset=utf-8, text/plain",
        "application/json; profile=x; charset=utf-16",
        "application/json, application/json",
        "application/json; x, text/plain",
        "application/json; a=b, text/plain",
        "application/json;\u{b}charset=utf-16",
        "application/json;\u{a0}charset=utf-16",
        "application/json; a\u{0}b",
        "application/json; charset=\"utf-8",
        "application /json",
    ] {
        assert!(!is_plain_json(Some(content_type), None), "{content_type}");
    }
    assert!(!is_plain_json(None, None));
}

#[test]
fn an_encoded_body_is_not_read() {
    for encoding in ["gzip", "br", "deflate", "identity, gzip", "x-identity", ""] {
        assert!(!is_plain_json(Some("application/json"), Some(encoding)), "{encoding}");
    }
}

#[test]
fn identity_is_no_encoding() {
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
        assert_eq!(
            declared_length(content_length, content_encoding, 100),
            expected,
            "{content_length:?} {content_encoding:?}"
        );
    }
}
