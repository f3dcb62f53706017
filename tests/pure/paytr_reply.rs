//! What PayTR's replies mean, and what of them may be passed on.

use crate::support::{EMAIL, MERCHANT_ID, MERCHANT_KEY, MERCHANT_SALT, SMS, end, merchant, merchant_with, message};
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::message::SendLink;
use paytr_link_relay::packed::unpack;
use paytr_link_relay::paytr::{
    Cause, MAX_QR_CHARS, MAX_REPLY_BYTES, Merchant, Outcome, RejectedStatus, Rejection, Reply, read_reply,
};
use proptest::prelude::*;

const NOT_UNDERSTOOD: Outcome = Outcome::Unknown(Cause::NotUnderstood);

fn read(http_status: u16, body: &[u8], message: &SendLink) -> Outcome {
    read_as(merchant(), http_status, body, message)
}

fn read_as(merchant: Merchant, http_status: u16, body: &[u8], message: &SendLink) -> Outcome {
    unpack(&end(message, http_status, body, merchant).record).unwrap()
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

/// What is passed on of words that hold nothing private.
fn passed_on(words: &str) -> String {
    let is_separator = |character| matches!(character, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let is_dropped = |character: char| {
        character.is_control()
            || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let words = words.trim_matches(|character: char| character.is_control());
    words.replace(is_separator, " ").replace(is_dropped, "")
}

#[test]
fn a_status_counts_only_under_an_http_status_that_bears_it() {
    let unknown = Outcome::Unknown;
    for (http_statuses, on_success, may_refuse) in [
        (&[0, 100, 199][..], NOT_UNDERSTOOD, false),
        (&[200, 201, 299], Outcome::Succeeded(()), true),
        (&[300, 302, 307, 399], unknown(Cause::Redirected), false),
        (&[400, 404, 499], NOT_UNDERSTOOD, true),
        (&[403, 429], unknown(Cause::Blocked), true),
        (&[500, 502, 599], unknown(Cause::ServerError), false),
    ] {
        let refusal = |status| if may_refuse { rejected(status, None) } else { on_success.clone() };
        for http_status in http_statuses {
            for (word, expected) in [
                ("success", on_success.clone()),
                ("error", refusal(RejectedStatus::Error)),
                ("failed", refusal(RejectedStatus::Failed)),
            ] {
                let body = format!(r#"{{"status":"{word}"}}"#);
                assert_eq!(read_sms(*http_status, &body), expected, "{word} under {http_status}");
            }
        }
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
    let statuses = [
        &[r#""Success""#, r#""SUCCESS""#, r#""success ""#, r#"" success""#, r#""succes""#, r#""ok""#, r#""""#][..],
        &["true", "1", "null", r#"["success"]"#, r#"{"status":"success"}"#, r#""Error""#, r#""fail""#],
        &[r#""error","status":"success""#, r#""success","status":"failed""#, r#""success","status":1"#],
        &[r#""success","status":null"#, r#""success","status":"success ""#],
    ];
    let under_its_name = statuses.concat().into_iter().map(|status| format!(r#"{{"status":{status}}}"#));
    let elsewhere = ["{}", r#"{"Status":"success"}"#, r#"{"data":{"status":"success"}}"#, r#"{"reason":"success"}"#];
    for body in under_its_name.chain(elsewhere.map(str::to_owned)) {
        assert_eq!(read_sms(200, &body), NOT_UNDERSTOOD, "{body}");
    }
}

#[test]
fn a_reply_that_is_no_json_leaves_the_outcome_unknown() {
    let broken = || Outcome::Unknown(Cause::BrokenJson);
    let whole = r#"{"status":"success"}"#;
    for end in 0..whole.len() {
        assert_eq!(read_sms(200, &whole[..end]), broken(), "cut off after {end}");
    }
    let bodies = [
        &["", " ", "success", "status=success", r"{'status':'success'}", "\u{feff}", r#"{"status":"success"}<br>"#][..],
        &[r#"{"status":"success"}{"status":"error"}"#, r#"{"status":"success","reason":"\ud83dx"#],
        &[r#"{"status":"success","reason":"\x41"}"#, r#"{"status":"success","reason":"\u12"}"#],
        &[r#"{"status":"success","reason":"\"#],
    ];
    for body in bodies.concat() {
        assert_eq!(read_sms(200, body), broken(), "{body}");
    }
    for body in [b"\xff\xfe{\0".as_slice(), b"\xef\xbb{}", b"{\"status\xff:\"success\"}"] {
        assert_eq!(read(200, body, &message(SMS)), broken(), "{body:?}");
    }
    for body in
        ["null", "1", "[]", "\"success\"", r#"["success"]"#, r#"[{"status":"success"}]"#, r#"{"statu":"success"}"#]
    {
        assert_eq!(read_sms(200, body), NOT_UNDERSTOOD, "{body}");
    }
}

#[test]
fn what_is_odd_but_readable_hides_no_status() {
    let many: Vec<String> = (0..100).map(|number| format!("\"m{number}\":{number}")).collect();
    let many = format!(r#"{{{},"status":"success"}}"#, many.join(","));
    for body in [
        "\u{feff}\u{feff}{\"status\":\"success\"}",
        "\u{feff}\r\n\u{feff}\n{\"status\":\"success\"}\r\n",
        r#"{"status":"success","status":"success"}"#,
        r#"{"status":"success","x":{"a":1,"a":2}}"#,
        r#"{"reason":"\ud83d","status":"success"}"#,
        r#"{"reason":"\ude00\ud83d","status":"success"}"#,
        r#"{"\udfff":"\\ud83d","status":"success"}"#,
        "{\"reason\":\"line\nend\ttab\u{1}\",\"status\":\"success\"}",
        many.as_str(),
    ] {
        assert_eq!(read_sms(200, body), Outcome::Succeeded(()), "{body}");
    }
    // Windows-1254, ISO-8859-9, and half a character of UTF-8.
    for body in [
        b"{\"status\":\"success\",\"message\":\"g\xf6nderildi\"}".as_slice(),
        b"{\"mesaj\xfd\":\"\xfe\xf0\xfd\xdd\",\"status\":\"success\"}",
        b"{\"reason\":\"\xc5\",\"status\":\"success\"}",
        b"{\"reason\":\"\xf0\x9f\x98\",\"status\":\"success\"}",
    ] {
        assert_eq!(read(200, body, &message(SMS)), Outcome::Succeeded(()), "{}", body.escape_ascii());
    }
}

#[test]
fn what_cannot_be_read_of_a_reason_is_replaced() {
    for (given, expected) in [
        (b"Ge\xe7ersiz istek".as_slice(), "Ge\u{fffd}ersiz istek"),
        (b"\xfe\xdd", "\u{fffd}\u{fffd}"),
        (b"a\r\nb", "a  b"),
        (br"a\ud83db", "a\u{fffd}b"),
        (br"\ud83d\ude00 \ud83d \ude00", "\u{1f600} \u{fffd} \u{fffd}"),
        (br"\ud83d\ud83d\ude00", "\u{fffd}\u{1f600}"),
        (br"\\ud83d \\\ud83d", "\\ud83d \\\u{fffd}"),
        (br"\n\u0041", "A"),
    ] {
        let body = [br#"{"status":"failed","reason":""#.as_slice(), given, br#""}"#].concat();
        let told = read(200, &body, &message(SMS));
        assert_eq!(told, rejected(RejectedStatus::Failed, Some(expected)), "{}", given.escape_ascii());
    }
}

#[test]
fn what_was_replaced_in_a_reason_hides_nothing_private() {
    for given in [
        b"0532\xa0123\xa045\xa067".as_slice(),
        b"\xfd5321234567\xfd",
        b"0532\n123\r45\t67",
        br"0532\ud83d123\ude004567",
        b"kEy1\xff2345\xff6789\xff0abc",
        b"sAlt0987\n654321xy",
    ] {
        let body = [br#"{"status":"failed","reason":""#.as_slice(), given, br#""}"#].concat();
        let Outcome::Rejected(Rejection { reason: Some(reason), .. }) = read(200, &body, &message(SMS)) else {
            panic!("{}", given.escape_ascii());
        };
        assert!(reason.contains("[redacted]") && !reason.contains("67") && !reason.contains("bc"), "{reason}");
    }
}

#[test]
fn why_a_reply_says_nothing_is_told_by_its_status_and_else_by_what_it_is() {
    let page = "<!DOCTYPE html><title>Just a moment...</title>";
    for (http_status, body, cause) in [
        (403, page, Cause::Blocked),
        (429, page, Cause::Blocked),
        (403, "", Cause::Blocked),
        (403, r#"{"error":"forbidden"}"#, Cause::Blocked),
        (301, page, Cause::Redirected),
        (302, "", Cause::Redirected),
        (500, page, Cause::ServerError),
        (503, page, Cause::ServerError),
        (521, "error code: 521", Cause::ServerError),
        (503, r#"{"status":"success"}"#, Cause::ServerError),
        (200, page, Cause::HtmlPage),
        (200, "\u{feff}\n<b>Warning</b>: mysql", Cause::HtmlPage),
        (200, r#"<br>{"status":"success"}"#, Cause::HtmlPage),
        (400, page, Cause::HtmlPage),
        (404, page, Cause::HtmlPage),
        (200, "OK", Cause::BrokenJson),
        (404, "Not found", Cause::BrokenJson),
        (200, r#"{"status":"pending"}"#, Cause::NotUnderstood),
    ] {
        assert_eq!(read_sms(http_status, body), Outcome::Unknown(cause), "{http_status} {body}");
    }
}

#[test]
fn a_reply_of_any_size_is_read_or_refused_without_harm() {
    let long = "x".repeat(MAX_REPLY_BYTES);
    assert_eq!(read_sms(200, &format!(r#"{{"status":"success","reason":"{long}"}}"#)), Outcome::Succeeded(()));
    let many = format!(r#"{{"status":"success"{}}}"#, r#","":0"#.repeat(MAX_REPLY_BYTES / 5));
    assert_eq!(read_sms(200, &many), Outcome::Succeeded(()));
    let broken = Outcome::Unknown(Cause::BrokenJson);
    assert_eq!(read_sms(200, &"[".repeat(MAX_REPLY_BYTES)), broken);
    assert_eq!(read_sms(200, &"{\"a\":".repeat(MAX_REPLY_BYTES / 5)), broken);
    assert_eq!(read_sms(200, &"\\ud800".repeat(MAX_REPLY_BYTES / 6)), broken);
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
        (r#""reason":"ge\u00e7ersiz \"id\"\n""#, Some("geçersiz \"id\"")),
    ];
    for (members, expected) in cases {
        for (word, status) in [("error", RejectedStatus::Error), ("failed", RejectedStatus::Failed)] {
            let body = format!(r#"{{"status":"{word}",{members}}}"#);
            assert_eq!(read_sms(200, &body), rejected(status, expected), "{body}");
        }
    }
}

#[test]
fn no_control_character_of_a_reason_is_passed_on_and_none_that_turns_its_direction() {
    let all: String =
        ('\0'..=char::MAX).filter(|&character| !passed_on(&format!("a{character}b")).contains(character)).collect();
    assert!(all.contains('\u{202e}') && all.contains('\u{1b}'));
    for (given, expected) in [
        ("a\u{1b}[31mb\u{7}", "a[31mb"),
        ("a\u{202e}b\u{202c} \u{2066}c\u{2069}\u{200f}", "ab c"),
        ("a\nb\tc\u{2028}d\u{85}e", "a b c d e"),
        ("\r\n a \r\n", " a "),
        ("👨\u{200d}👩 ☕\u{fe0f}", "👨\u{200d}👩 ☕\u{fe0f}"),
        ("[\u{200b}]", "[\u{200b}]"),
    ] {
        assert_eq!(reason(given, &message(SMS)), expected, "{given:?}");
        assert_eq!(passed_on(given), expected, "{given:?}");
    }
    for character in all.chars() {
        let told = reason(&format!("a{character}b"), &message(SMS));
        assert!(told == "ab" || told == "a b", "{character:?} {told:?}");
    }
    for nothing in ["\n", "\u{202e}", "\0\u{7f}\u{2069}"] {
        let body = serde_json::json!({"status": "failed", "reason": nothing}).to_string();
        assert_eq!(read_sms(200, &body), rejected(RejectedStatus::Failed, None), "{nothing:?}");
    }
}

#[test]
fn no_reason_carries_token_key_salt_or_recipient_in_any_case() {
    let sms = message(SMS);
    let token = merchant().send_token("NB2Zlz3", "05321234567").unwrap().as_str().to_owned();
    for private in [token.as_str(), MERCHANT_KEY, MERCHANT_SALT, "5321234567"] {
        for written in [private.to_owned(), private.to_uppercase(), private.to_lowercase()] {
            for around in ["{}", "a {} b", "ç{}ş", "{}{}", "{}, {}."] {
                let given = around.replace("{}", &written);
                assert_eq!(reason(&given, &sms), around.replace("{}", "[redacted]"), "{given}");
            }
        }
    }
}

#[test]
fn a_reason_that_writes_something_private_in_groups_is_struck_out_whole() {
    let (sms, email) = (message(SMS), message(EMAIL));
    let numbers = ["0532 123 45 67", "tel +90 (532) 123-45-67.", "5.3.2.1.2.3.4.5.6.7 x"].map(|text| (text, &sms));
    let secrets = ["kEy1-2345-6789-0ABC", "sAlt 0987654321 xy"].map(|text| (text, &sms));
    let addresses = ["musteri @ example . com", "<Musteri @example.com>"].map(|text| (text, &email));
    for (text, message) in [&numbers[..], &secrets, &addresses].concat() {
        assert_eq!(reason(text, message), "[redacted]", "{text}");
    }
    for text in ["0532 123 45 6", "532 123 45 68", "kEy1 2345 6789 0ab"] {
        assert_eq!(reason(text, &sms), text);
    }
}

fn reply(members: &str) -> Reply {
    read_reply(200, format!(r#"{{"status":"success",{members}}}"#).as_bytes()).unwrap_or_else(|_| panic!("{members}"))
}

#[test]
fn an_id_may_be_a_number() {
    for (members, text, either) in [
        (r#""id":"NB2Zlz3""#, Some("NB2Zlz3"), Some("NB2Zlz3")),
        (r#""id":1234567"#, None, Some("1234567")),
        (r#""id":0"#, None, Some("0")),
        (r#""id":18446744073709551615"#, None, Some("18446744073709551615")),
        (r#""id":7,"id":7"#, None, Some("7")),
        (r#""ID":7"#, None, None),
    ] {
        let reply = reply(members);
        assert_eq!((reply.text("id"), reply.text_or_number("id").as_deref()), (text, either), "{members}");
    }
    let twice = [r#"7,"id":"7""#, r#""a","id":"b""#, r#"7,"id":8"#];
    for id in twice.into_iter().chain([r#""""#, "null", "-1", "1.5", "1e400", "true", "[7]"]) {
        let reply = reply(&format!(r#""id":{id}"#));
        assert_eq!((reply.text("id"), reply.text_or_number("id")), (None, None), "{id}");
    }
}

#[test]
fn a_list_may_be_an_object_and_its_items_may_be_numbers() {
    for (members, expected) in [
        (r#""list":["A","B"]"#, ["A", "B"].as_slice()),
        (r#""list":{"0":"A","2":"C"}"#, &["A", "C"]),
        (r#""list":{"1":101,"0":"A"}"#, &["101", "A"]),
        (r#""list":[101,102]"#, &["101", "102"]),
        (r#""list":["A",102,null,-1,1.5,true,"",["B"],{"0":"C"}]"#, &["A", "102"]),
        (r#""list":["A"],"list":["A"]"#, &["A"]),
    ] {
        assert_eq!(reply(members).texts("list"), expected, "{members}");
    }
    for list in
        [r#"["A"],"list":["B"]"#, r#"{"0":"A"},"list":["A"]"#, "[]", "{}", "null", r#""A""#, "7", r#"7,"other":["A"]"#]
    {
        assert!(reply(&format!(r#""list":{list}"#)).texts("list").is_empty(), "{list}");
    }
}

#[test]
fn what_is_no_png_in_base64_is_no_qr_code() {
    const LEAST: &str = "iVBORw0KGgo=";
    let png = |bytes: usize| STANDARD.encode([b"\x89PNG\r\n\x1a\n".as_slice(), &vec![7; bytes - 8]].concat());
    let (longest, too_long) = (png(49_152), png(49_153));
    assert_eq!((longest.len(), MAX_QR_CHARS), (65_536, 65_536));
    let lines = |end: &str| {
        longest.as_bytes()[..760]
            .chunks(76)
            .map(|line| format!("{}{end}", str::from_utf8(line).unwrap()))
            .collect::<Vec<_>>()
            .concat()
    };
    let in_lines = longest[..760].to_owned();
    for (given, expected) in [
        (LEAST.to_owned(), Some(LEAST)),
        (longest.clone(), Some(longest.as_str())),
        (format!("data:image/png;base64,{LEAST}"), Some(LEAST)),
        (lines("\r\n"), Some(&in_lines)),
        (lines("\n"), Some(&in_lines)),
        (format!(" {LEAST}\n"), Some(LEAST)),
        ("iVBORw0KGgo".to_owned(), Some(LEAST)),
        (too_long, None),
        (format!("{longest} "), None),
        (String::new(), None),
        (format!("data:image/svg+xml;base64,{}", STANDARD.encode("<svg onload=alert(1)>")), None),
        (STANDARD.encode("GIF89a"), None),
        (STANDARD.encode(b"\x89PNG\r\n\x1a\r"), None),
        (STANDARD.encode(b"\x89PNG"), None),
    ] {
        let reply = reply(&format!(r#""base64_qr":{}"#, serde_json::json!(given)));
        assert_eq!(reply.png("base64_qr").as_deref(), expected, "{}", given.chars().take(60).collect::<String>());
    }
    let others = [
        &["7", "null", r#"["iVBORw0KGgo="]"#, r#"7,"qr":"iVBORw0KGgo=""#, r#""data:image/png;base64,""#][..],
        &[r#""data:image/jpeg;base64,iVBORw0KGgo=""#, r#""\"><script>alert(1)</script>iVBORw0KGgo=""#],
        &[r#""iVBORw0KGgo=<script>""#, r#""iVBORw0KGgo=iVBORw0KGgo=""#, r#""iVBORw0KGgo-""#],
        &[r#""https://www.paytr.com/qr/NB2Zlz3.png""#, r#""\u0131VBORw0KGgo=""#],
    ];
    for qr in others.concat() {
        assert_eq!(reply(&format!(r#""base64_qr":{qr}"#)).png("base64_qr"), None, "{qr}");
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
        (format!("x{}x", "5321234567".repeat(1638)), format!("x{}[redacted", "[redacted]".repeat(49))),
    ] {
        assert_eq!(reason(&given, &sms), expected);
    }
}

#[test]
fn words_over_16_kib_are_not_passed_on() {
    let read = |bytes| read_sms(200, &format!(r#"{{"status":"error","reason":"{}"}}"#, "x".repeat(bytes)));
    assert_eq!(read(16 * 1024), rejected(RejectedStatus::Error, Some(&"x".repeat(500))));
    assert_eq!(read(16 * 1024 + 1), rejected(RejectedStatus::Error, None));
}

proptest! {
    #[test]
    fn no_reply_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), http_status in any::<u16>()) {
        prop_assert!(matches!(read(http_status, &bytes, &message(SMS)), Outcome::Unknown(_)));
    }

    #[test]
    fn a_reply_that_is_read_strictly_is_read_the_same_with_patience(
        reason in any::<String>(), more in any::<Vec<String>>(), http_status in 200..500_u16
    ) {
        let body = serde_json::json!({"more": more, "reason": reason, "status": "failed"}).to_string();
        let strict = JsonValue::parse(body.as_bytes());
        // serde_json escapes every control character, so nothing is replaced.
        prop_assert!(strict.ok() == JsonValue::parse_leniently(body.as_bytes()));
        let is_refusal = matches!(read_sms(http_status, &body), Outcome::Rejected(_));
        prop_assert_eq!(is_refusal, !(300..400).contains(&http_status));
    }

    #[test]
    fn nothing_private_survives_between_any_texts(before in ".{0,40}", between in ".{0,40}", after in ".{0,40}") {
        let email = message(EMAIL);
        let token = merchant().send_token("NB2Zlz3", "musteri@example.com").unwrap().as_str().to_owned();
        let given = format!("{before}{MERCHANT_KEY}{between}{token}musteri@example.com{MERCHANT_SALT}{after}");
        let redacted = reason(&given, &email);
        for private in [MERCHANT_KEY, MERCHANT_SALT, &token, "musteri@example.com"] {
            prop_assert!(!redacted.contains(private), "{redacted}");
        }
        let expected = passed_on(&format!("{before}[redacted]{between}[redacted][redacted][redacted]{after}"));
        prop_assert_eq!(redacted, expected);
    }
}
