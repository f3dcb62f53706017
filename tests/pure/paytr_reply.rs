//! What PayTR's replies mean, and what of them may be passed on.

use crate::support::{
    EMAIL, MERCHANT_ID, MERCHANT_KEY, MERCHANT_SALT, SMS, email_to, end, merchant, merchant_with, message, sms_to,
};
use paytr_link_relay::operation::SendLink;
use paytr_link_relay::paytr::{Cause, MAX_REPLY_BYTES, Merchant, Outcome, RejectedStatus, Rejection};
use proptest::prelude::*;

const NOT_UNDERSTOOD: Outcome = Outcome::Unknown(Cause::NotUnderstood);

fn read(http_status: u16, body: &[u8], message: &SendLink) -> Outcome {
    read_as(merchant(), http_status, body, message)
}

fn read_as(merchant: Merchant, http_status: u16, body: &[u8], message: &SendLink) -> Outcome {
    serde_json::from_str(&end(message, http_status, body, merchant).record).unwrap()
}

fn read_sms(http_status: u16, body: &str) -> Outcome {
    read(http_status, body.as_bytes(), &message(SMS))
}

fn rejected(status: RejectedStatus, reason: Option<&str>) -> Outcome {
    Outcome::Rejected(Rejection { status, reason: reason.map(str::to_owned) })
}

fn reason(text: &str, message: &SendLink) -> String {
    let body = serde_json::json!({"status": "error", "reason": text}).to_string();
    match read(200, body.as_bytes(), message) {
        Outcome::Rejected(Rejection { reason: Some(reason), .. }) => reason,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_status_counts_only_under_an_http_status_that_bears_it() {
    let error = || rejected(RejectedStatus::Error, None);
    let failed = || rejected(RejectedStatus::Failed, None);
    let unknown = || NOT_UNDERSTOOD;
    let cases = [
        (100, unknown(), unknown(), unknown()),
        (199, unknown(), unknown(), unknown()),
        (200, Outcome::Succeeded(()), error(), failed()),
        (201, Outcome::Succeeded(()), error(), failed()),
        (299, Outcome::Succeeded(()), error(), failed()),
        (300, unknown(), unknown(), unknown()),
        (302, unknown(), unknown(), unknown()),
        (307, unknown(), unknown(), unknown()),
        (399, unknown(), unknown(), unknown()),
        (400, unknown(), error(), failed()),
        (404, unknown(), error(), failed()),
        (429, unknown(), error(), failed()),
        (499, unknown(), error(), failed()),
        (500, unknown(), unknown(), unknown()),
        (502, unknown(), unknown(), unknown()),
        (599, unknown(), unknown(), unknown()),
        (0, unknown(), unknown(), unknown()),
    ];
    for (http_status, on_success, on_error, on_failed) in cases {
        assert_eq!(read_sms(http_status, r#"{"status":"success"}"#), on_success, "success under {http_status}");
        assert_eq!(read_sms(http_status, r#"{"status":"error"}"#), on_error, "error under {http_status}");
        assert_eq!(read_sms(http_status, r#"{"status":"failed"}"#), on_failed, "failed under {http_status}");
    }
}

#[test]
fn only_the_very_word_success_is_a_success() {
    for body in [
        r#"{"status":"success"}"#,
        r#" {"status" : "success"} "#,
        r#"{"status":"success","reason":"error","err_msg":"failed","more":[1,{"a":null}]}"#,
        r#"{"more":{"status":"error"},"status":"success"}"#,
        r#"{"status":"\u0073uccess"}"#,
        "\u{feff}{\"status\":\"success\"}",
    ] {
        assert_eq!(read_sms(200, body), Outcome::Succeeded(()), "{body}");
    }
    for body in [
        r#"{"status":"Success"}"#,
        r#"{"status":"SUCCESS"}"#,
        r#"{"status":"success "}"#,
        r#"{"status":" success"}"#,
        r#"{"status":"succes"}"#,
        r#"{"status":"ok"}"#,
        r#"{"status":""}"#,
        r#"{"status":true}"#,
        r#"{"status":1}"#,
        r#"{"status":null}"#,
        r#"{"status":["success"]}"#,
        r#"{"status":{"status":"success"}}"#,
        r#"{"Status":"success"}"#,
        r#"{"data":{"status":"success"}}"#,
        r#"{"status":"Error"}"#,
        r#"{"status":"fail"}"#,
        r#"{"reason":"success"}"#,
        "{}",
    ] {
        assert_eq!(read_sms(200, body), NOT_UNDERSTOOD, "{body}");
    }
}

#[test]
fn a_reply_that_is_not_paytrs_format_leaves_the_outcome_unknown() {
    let whole = r#"{"status":"success"}"#;
    for end in 0..whole.len() {
        assert_eq!(read_sms(200, &whole[..end]), NOT_UNDERSTOOD, "cut off after {end}");
    }
    for body in [
        "",
        " ",
        "success",
        "\"success\"",
        "null",
        "1",
        "[]",
        r#"["success"]"#,
        r#"[{"status":"success"}]"#,
        r#"{"status":"success"}{"status":"error"}"#,
        r#"{"status":"success"}<br>"#,
        r#"<b>Warning</b>{"status":"success"}"#,
        "<html><body>success</body></html>",
        "status=success",
        r#"{"status":"success","status":"success"}"#,
        r#"{"status":"error","status":"success"}"#,
        r#"{"status":"success","x":{"a":1,"a":2}}"#,
        "\u{feff}\u{feff}{\"status\":\"success\"}",
        " \u{feff}{\"status\":\"success\"}",
        "\u{feff}",
    ] {
        assert_eq!(read_sms(200, body), NOT_UNDERSTOOD, "{body}");
    }
    for body in [b"{\"status\":\"success\",\"reason\":\"\xfd\"}".as_slice(), b"\xff\xfe{\0", b"\xef\xbb{}"] {
        assert_eq!(read(200, body, &message(SMS)), NOT_UNDERSTOOD, "{body:?}");
    }
}

#[test]
fn a_reply_of_any_size_is_read_or_refused_without_harm() {
    let long = "x".repeat(MAX_REPLY_BYTES);
    assert_eq!(read_sms(200, &format!(r#"{{"status":"success","reason":"{long}"}}"#)), Outcome::Succeeded(()));
    assert_eq!(read_sms(200, &"[".repeat(MAX_REPLY_BYTES)), NOT_UNDERSTOOD);
    assert_eq!(read_sms(200, &"{\"a\":".repeat(MAX_REPLY_BYTES / 5)), NOT_UNDERSTOOD);
    assert_eq!(MAX_REPLY_BYTES, 16_384);
}

#[test]
fn the_reason_is_paytrs_text_from_reason_else_from_err_msg() {
    let cases = [
        (r#""reason":"a""#, Some("a")),
        (r#""err_msg":"b""#, Some("b")),
        (r#""reason":"a","err_msg":"b""#, Some("a")),
        (r#""err_msg":"b","reason":"a""#, Some("a")),
        (r#""reason":"","err_msg":"b""#, Some("b")),
        (r#""reason":null,"err_msg":"b""#, Some("b")),
        (r#""reason":7,"err_msg":"b""#, Some("b")),
        (r#""reason":["a"],"err_msg":"b""#, Some("b")),
        (r#""reason":{"reason":"a"},"err_msg":"b""#, Some("b")),
        (r#""reason":"a","err_msg":5"#, Some("a")),
        (r#""reason":"","err_msg":"""#, None),
        (r#""reason":1,"err_msg":2"#, None),
        (r#""Reason":"a","message":"b""#, None),
        (r#""reason":" ""#, Some(" ")),
        (r#""reason":"Gecersiz istek veya magaza aktif degil""#, Some("Gecersiz istek veya magaza aktif degil")),
        (r#""reason":"ge\u00e7ersiz \"id\"\n""#, Some("geçersiz \"id\"\n")),
    ];
    for (members, expected) in cases {
        for (word, status) in [("error", RejectedStatus::Error), ("failed", RejectedStatus::Failed)] {
            let body = format!(r#"{{"status":"{word}",{members}}}"#);
            assert_eq!(read_sms(200, &body), rejected(status, expected), "{body}");
        }
    }
}

#[test]
fn no_reason_carries_token_key_salt_or_recipient_in_any_case() {
    let sms = message(SMS);
    let token = merchant().token("NB2Zlz3", "05321234567").unwrap().as_str().to_owned();
    for private in [token.as_str(), MERCHANT_KEY, MERCHANT_SALT, "5321234567"] {
        for written in [private.to_owned(), private.to_uppercase(), private.to_lowercase()] {
            let cases = [
                (written.clone(), "[redacted]".to_owned()),
                (format!("a {written} b"), "a [redacted] b".to_owned()),
                (format!("ç{written}ş"), "ç[redacted]ş".to_owned()),
                (format!("{written}{written}"), "[redacted][redacted]".to_owned()),
                (format!("{written}, {written}."), "[redacted], [redacted].".to_owned()),
            ];
            for (given, expected) in cases {
                assert_eq!(reason(&given, &sms), expected, "{given}");
            }
        }
    }
}

#[test]
fn no_reason_carries_the_number_or_the_address() {
    let sms = sms_to("05321234567");
    for (given, expected) in [
        ("cell_phone: 05321234567", "cell_phone: 0[redacted]"),
        ("+905321234567", "+90[redacted]"),
        ("00905321234567!", "0090[redacted]!"),
        ("5321234567", "[redacted]"),
        ("05321234568", "05321234568"),
        ("0532123456", "0532123456"),
        ("id: NB2Zlz3", "id: NB2Zlz3"),
    ] {
        assert_eq!(reason(given, &sms), expected);
    }
    let email = email_to("Musteri@example.com");
    for (given, expected) in [
        ("Musteri@example.com", "[redacted]"),
        ("<musteri@EXAMPLE.com>", "<[redacted]>"),
        ("musteri@example.org", "musteri@example.org"),
        ("05321234567", "05321234567"),
    ] {
        assert_eq!(reason(given, &email), expected);
    }
}

#[test]
fn a_reason_that_writes_something_private_in_groups_is_struck_out_whole() {
    let sms = [
        "0532 123 45 67",
        "tel +90 (532) 123-45-67.",
        "5.3.2.1.2.3.4.5.6.7 x",
        "kEy1-2345-6789-0ABC",
        "sAlt 0987654321 xy",
    ];
    for text in sms {
        assert_eq!(reason(text, &message(SMS)), "[redacted]", "{text}");
    }
    for text in ["musteri @ example . com", "<Musteri @example.com>"] {
        assert_eq!(reason(text, &message(EMAIL)), "[redacted]", "{text}");
    }
    for text in ["0532 123 45 6", "532 123 45 68", "kEy1 2345 6789 0ab"] {
        assert_eq!(reason(text, &message(SMS)), text);
    }
}

#[test]
fn a_salt_without_letters_and_digits_strikes_out_itself_alone() {
    let salt = "-".repeat(16);
    let merchant = merchant_with(MERCHANT_ID, MERCHANT_KEY, &salt);
    let message = message(SMS);
    let body = serde_json::json!({"status": "error", "reason": format!("a {salt} b")}).to_string();
    let read = read_as(merchant, 200, body.as_bytes(), &message);
    assert_eq!(read, rejected(RejectedStatus::Error, Some("a [redacted] b")));
}

#[test]
fn a_reason_is_cut_to_500_characters_after_it_was_struck_out() {
    let sms = message(SMS);
    for (given, expected) in [
        ("x".repeat(499), "x".repeat(499)),
        ("x".repeat(500), "x".repeat(500)),
        ("x".repeat(501), "x".repeat(500)),
        ("ç".repeat(501), "ç".repeat(500)),
        (format!("{}5321234567", "x".repeat(490)), format!("{}[redacted]", "x".repeat(490))),
        (format!("{}5321234567", "x".repeat(495)), format!("{}[reda", "x".repeat(495))),
    ] {
        assert_eq!(reason(&given, &sms), expected);
    }
}

proptest! {
    #[test]
    fn no_reply_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), http_status in any::<u16>()) {
        prop_assert_eq!(read(http_status, &bytes, &message(SMS)), NOT_UNDERSTOOD);
    }

    #[test]
    fn nothing_private_survives_between_any_texts(before in ".{0,40}", between in ".{0,40}", after in ".{0,40}") {
        let email = message(EMAIL);
        let token = merchant().token("NB2Zlz3", "musteri@example.com").unwrap().as_str().to_owned();
        let given = format!("{before}{MERCHANT_KEY}{between}{token}musteri@example.com{MERCHANT_SALT}{after}");
        let redacted = reason(&given, &email);
        for private in [MERCHANT_KEY, MERCHANT_SALT, &token, "musteri@example.com"] {
            prop_assert!(!redacted.contains(private), "{redacted}");
        }
        prop_assert_eq!(redacted, format!("{before}[redacted]{between}[redacted][redacted][redacted]{after}"));
    }
}
