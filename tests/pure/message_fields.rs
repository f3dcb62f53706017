//! The fields of a message: what is taken, and every refusal with its pointer.

use crate::support::{EMAIL, SMS, body_of, invalid_fields, message};
use paytr_link_relay::http::response::Response;
use paytr_link_relay::message::Message;
use proptest::prelude::*;

const NOT_A_FIELD: &str = "is not a field of this message";
const UNKNOWN_NAME: &str = "has a field of an unknown name";
const ID_GRAMMAR: &str = "must be 1 to 64 letters, digits, _ or -";
const ID_KIND: &str = "must be text, or an integer from 0 to 18446744073709551615";
const PHONE_NUMBER: &str = "must be text; a JSON number loses its leading zero";
const TEXT: &str = "must be text";
const TIMESTAMP: &str = "must be text or a number; it is optional and not used";
const NO_ID: &str = "is missing; give the id that PayTR's create call returned";
const NO_EMAIL: &str = "is missing; give one e-mail address";
const DEBUG: &str = "must be 0 or 1, as a number";

fn assert_invalid(body: &str, expected: &[(&str, &str)]) {
    let fields = invalid_fields(body);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(pointer, detail)| (pointer.as_str(), *detail)).collect();
    assert_eq!(fields, expected, "{body}");
}

fn assert_refused(body: &str, pointer: &str, detail: &str) {
    assert_invalid(body, &[(pointer, detail)]);
}

/// A good SMS with these members more.
fn sms_with(more: &str) -> String {
    sms("1", "\"05321234567\"", more)
}

fn sms_of_id(id: &str) -> String {
    sms(id, "\"05321234567\"", "")
}

fn sms(id: &str, cell_phone: &str, more: &str) -> String {
    format!(r#"{{"type":"link.send_sms","data":{{"id":{id},"cell_phone":{cell_phone}{more}}}}}"#)
}

#[test]
fn an_id_is_text_of_its_grammar_or_an_integer_and_kept_as_it_is() {
    let longest = "x".repeat(64);
    for id in ["a", "NB2Zlz3", "nb2zlz3", "_", "-", "-_-", "0", "007", "AZaz09_-", &longest] {
        assert_eq!(message(&sms_of_id(&format!("\"{id}\""))).id.as_str(), id);
    }
    for number in ["0", "7", "123456", "18446744073709551615"] {
        assert_eq!(message(&sms_of_id(number)).id.as_str(), number);
    }
}

#[test]
fn an_id_of_another_grammar_or_kind_is_refused() {
    let too_long = "x".repeat(65);
    for id in [
        "", " ", "NB2Zlz3 ", " NB2Zlz3", "NB2 lz3", "NB2,lz3", "NB2.lz3", "NB2&id=x", "NB2@lz3", "NB2/lz3", "ş",
        "a\\u0000", "a\\n", "ａ", &too_long,
    ] {
        assert_refused(&sms_of_id(&format!("\"{id}\"")), "/data/id", ID_GRAMMAR);
    }
    for id in ["18446744073709551616", "-1", "-0", "1.0", "1e3", "0.5", "true", "null", "[]", "[\"a\"]", "{}"] {
        assert_refused(&sms_of_id(id), "/data/id", ID_KIND);
    }
    assert_refused(r#"{"type":"link.send_sms","data":{"cell_phone":"05321234567"}}"#, "/data/id", NO_ID);
}

#[test]
fn the_address_of_a_link_in_the_place_of_its_id_is_refused_as_such() {
    let addresses = [
        &["https://www.paytr.com/link/NB2Zlz3", "https:\\/\\/www.paytr.com\\/link\\/NB2Zlz3"][..],
        &[" https://www.paytr.com/link/NB2Zlz3", "http://paytr.com/link/NB2Zlz3/", "www.paytr.com/link/NB2Zlz3"],
        &["https://shop.example/pay?link=NB2Zlz3", "paytr.com/link/NB2Zlz3"],
    ];
    for address in addresses.concat() {
        let what = "must be the link's id, not its address: what stands behind the last slash";
        assert_refused(&sms_of_id(&format!("\"{address}\"")), "/data/id", what);
    }
}

#[test]
fn a_cell_phone_is_text() {
    for number in ["5321234567", "905321234567", "-1", "5.3", "true", "null"] {
        assert_refused(&sms("1", number, ""), "/data/cell_phone", PHONE_NUMBER);
    }
    for other in ["[]", "[\"05321234567\"]", "{}"] {
        assert_refused(&sms("1", other, ""), "/data/cell_phone", TEXT);
    }
    for (body, detail) in [
        (sms("1", "\"\"", ""), "is empty; give a Turkish mobile number such as 05xxxxxxxxx"),
        (sms("1", "\"02121234567\"", ""), "is a land line; give a mobile number, 05xxxxxxxxx"),
        (
            r#"{"type":"link.send_sms","data":{"id":"a"}}"#.to_owned(),
            "is missing; give a Turkish mobile number such as 05xxxxxxxxx",
        ),
    ] {
        assert_refused(&body, "/data/cell_phone", detail);
    }
}

#[test]
fn an_email_is_text() {
    for other in ["1", "true", "null", "[\"musteri@example.com\"]", "{}"] {
        assert_refused(&EMAIL.replace("\"musteri@example.com\"", other), "/data/email", TEXT);
    }
    let no_address = "is not one e-mail address of the form name@example.com";
    assert_refused(&EMAIL.replace("musteri@example.com", "musteri"), "/data/email", no_address);
    assert_refused(r#"{"type":"link.send_email","data":{"id":"a"}}"#, "/data/email", NO_EMAIL);
}

#[test]
fn debug_on_is_0_or_1() {
    for (written, expected) in [("0", Some(false)), ("1", Some(true)), ("null", None)] {
        let body = sms_with(&format!(",\"debug_on\":{written}"));
        assert_eq!(message(&body).debug_on, expected);
    }
    for other in ["2", "-1", "1.0", "true", "false", "\"0\"", "\"1\"", "\"\"", "[]", "[1]", "{}"] {
        assert_refused(&sms_with(&format!(",\"debug_on\":{other}")), "/data/debug_on", DEBUG);
    }
}

#[test]
fn the_field_of_the_other_channel_is_unknown() {
    assert_refused(&sms_with(",\"email\":\"musteri@example.com\""), "/data/email", NOT_A_FIELD);
    let email = EMAIL.replace("\"id\"", "\"cell_phone\":\"05321234567\",\"id\"");
    assert_refused(&email, "/data/cell_phone", NOT_A_FIELD);
}

#[test]
fn unknown_fields_are_named_where_the_name_is_harmless() {
    let with_name =
        |name: &str| (sms_with(&format!(",\"{name}\":1")), SMS.replacen('{', &format!("{{\"{name}\":1,"), 1));
    let longest = "x".repeat(40);
    for name in ["e-mail", "cellphone", "Cell_Phone", "ID", "merchant_id_", "x", "constructor", &longest] {
        let (in_data, in_envelope) = with_name(name);
        assert_refused(&in_data, &format!("/data/{name}"), NOT_A_FIELD);
        assert_refused(&in_envelope, &format!("/{name}"), NOT_A_FIELD);
    }
    let too_long = "x".repeat(41);
    let names = ["", " ", "id ", "a.b", "a/b", "a~b", "ad1", "adı", "\\u0000", "<script>", "\\\"", &too_long];
    for name in names.into_iter().chain(["05321234567", "musteri@example.com"]) {
        let (in_data, in_envelope) = with_name(name);
        assert_refused(&in_data, "/data", UNKNOWN_NAME);
        assert_refused(&in_envelope, "", UNKNOWN_NAME);
    }
}

#[test]
fn the_timestamp_is_ignored_unless_it_is_no_scalar() {
    for value in ["\"\"", "\"x\"", "0", "-1", "1.5", "null", "true"] {
        assert_eq!(message(&SMS.replacen('{', &format!("{{\"timestamp\":{value},"), 1)), message(SMS), "{value}");
    }
    for value in ["[]", "{}", "[1]"] {
        assert_refused(&SMS.replacen('{', &format!("{{\"timestamp\":{value},"), 1), "/timestamp", TIMESTAMP);
    }
}

#[test]
fn all_wrong_fields_are_told_at_once() {
    assert_invalid(
        r#"{"x":1,"type":"link.send_sms","timestamp":[],"data":{"y":1,"5":1,"id":1.5,"cell_phone":5,"debug_on":2}}"#,
        &[
            ("/x", NOT_A_FIELD),
            ("/timestamp", TIMESTAMP),
            ("/data/y", NOT_A_FIELD),
            ("/data", UNKNOWN_NAME),
            ("/data/id", ID_KIND),
            ("/data/cell_phone", PHONE_NUMBER),
            ("/data/debug_on", DEBUG),
        ],
    );
    assert_invalid(r#"{"type":"link.send_email","data":{}}"#, &[("/data/id", NO_ID), ("/data/email", NO_EMAIL)]);
}

/// Bodies that are refused, with `MARK` where a value stands.
const REFUSED: [&str; 14] = [
    "MARK",
    "\"MARK\"",
    r#"{"type":"MARK","data":{}}"#,
    r#"{"type":["MARK"],"data":{}}"#,
    r#"{"type":"link.send_sms","data":"MARK"}"#,
    r#"{"type":"link.send_sms","timestamp":["MARK"],"data":{"id":"1","cell_phone":"05321234567"}}"#,
    r#"{"type":"link.send_sms","data":{"id":"MARK!","cell_phone":"05321234567"}}"#,
    r#"{"type":"link.send_sms","data":{"id":"MARK","cell_phone":"MARK"}}"#,
    r#"{"type":"link.send_email","data":{"id":"1","email":"MARK"}}"#,
    r#"{"type":"link.send_email","data":{"id":"1","email":"MARK@example.com","debug_on":"MARK"}}"#,
    r#"{"type":"link.send_email","data":{"id":"1","email":"MARK@example.com","name":"MARK"}}"#,
    r#"{"type":"link.send_email","data":{"id":"1","email":"MARK@example.com","5MARK":{"MARK":"MARK"}}}"#,
    r#"{"type":"link.send_email","x":{"a":"MARK"},"data":{"id":{"MARK":1},"email":["MARK"]}}"#,
    r#"{"type":"link.send_email","data":{"id":"MARK","id":"MARK"}}"#,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_value_of_the_body_is_ever_repeated(mark in "zq[a-z]{10,20}zq") {
        for template in REFUSED {
            let body = template.replace("MARK", &mark);
            let error = Message::parse(body.as_bytes()).expect_err(&body);
            let debug = format!("{error:?}");
            prop_assert!(!debug.contains(&mark), "{debug}");
            let answer = Response::from(error);
            prop_assert!(!format!("{answer:?}").contains(&mark), "{answer:?}");
            prop_assert!(body_of(&answer).is_object());
        }
    }

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Message::parse(&bytes).is_err());
    }
}
