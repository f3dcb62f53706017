//! Bodies that are messages, bodies that are none, and the words for why. Each field has its table in `message_fields`.

use crate::support::{EMAIL, SMS, message, message_of};
use paytr_link_relay::http::problem::{InvalidField, Problem};
use paytr_link_relay::message::{Message, TYPES};
use serde_json::json;

fn refusal(body: &str) -> Problem {
    Message::parse(body.as_bytes()).expect_err(body)
}

fn malformed(body: &str) -> &'static str {
    match refusal(body) {
        Problem::MalformedBody(detail) => detail,
        other => panic!("{body} is refused by {other:?}"),
    }
}

#[test]
fn order_blanks_escapes_and_the_timestamp_do_not_change_a_message() {
    let expected = message(SMS);
    for body in [
        r#"{"data":{"cell_phone":"05321234567","id":"NB2Zlz3"},"type":"link.send_sms"}"#,
        r#" { "type" : "link.send_sms" , "data" : { "id" : "NB2Zlz3" , "cell_phone" : "05321234567" } } "#,
        "{\r\n\t\"type\":\"link.send_sms\",\"data\":{\"id\":\"NB2Zlz3\",\"cell_phone\":\"05321234567\"}}\n",
        r#"{"\u0074ype":"link.send\u005fsms","data":{"id":"\u004eB2Zlz3","cell_phone":"05321234567"}}"#,
        r#"{"type":"link.send_sms","timestamp":"2026-11-23T10:00:00Z","data":{"id":"NB2Zlz3","cell_phone":"05321234567"}}"#,
        r#"{"type":"link.send_sms","timestamp":"not a time","data":{"id":"NB2Zlz3","cell_phone":"0532 123 45 67"}}"#,
        r#"{"type":"link.send_sms","timestamp":1795000000,"data":{"id":"NB2Zlz3","cell_phone":"+905321234567"}}"#,
    ] {
        assert_eq!(message(body), expected, "{body}");
    }
}

#[test]
fn other_content_is_another_message() {
    let first = message(SMS);
    for body in [
        EMAIL,
        &SMS.replace("NB2Zlz3", "nb2zlz3"),
        &SMS.replace("05321234567", "05321234568"),
        &SMS.replace(r#""id""#, r#""debug_on":0,"id""#),
    ] {
        assert_ne!(message(body), first, "{body}");
    }
}

#[test]
fn a_body_of_another_shape_is_malformed_and_told_which() {
    let no_object = "The body is not a JSON object.";
    let no_type = "The member \"type\" must be there, as text.";
    let no_data = "The member \"data\" must be there, as an object.";
    for (bodies, expected) in [
        (&["null", "[]", "\"link.send_sms\"", "1"][..], no_object),
        (&["{}", r#"{"data":{"id":"a","cell_phone":"05321234567"}}"#, r#"{"type":null,"data":{}}"#], no_type),
        (&[r#"{"type":1,"data":{}}"#, r#"{"type":["link.send_sms"],"data":{}}"#], no_type),
        (&[r#"{"Type":"link.send_sms","data":{}}"#], no_type),
        (&[r#"{"type":"link.send_sms"}"#, r#"{"type":"link.send_sms","data":null}"#], no_data),
        (&[r#"{"type":"link.send_sms","data":[]}"#, r#"{"type":"link.send_sms","data":"{}"}"#], no_data),
        (&[r#"{"type":"link.send_email","Data":{}}"#], no_data),
        (&["{\"type\":\"link.send_sms\""], "The body is not JSON: it ends too early."),
        (&["type=link.send_sms"], "The body is not JSON, or is nested over 127 deep, or has half a surrogate pair."),
        (&[r#"{"type":"link.send_sms","type":"link.send_sms"}"#], "The body has an object with a key twice."),
    ] {
        for body in bodies {
            assert_eq!(malformed(body), expected, "{body}");
        }
    }
}

#[test]
fn a_body_that_is_no_json_is_malformed() {
    let trailing = format!("{SMS}x");
    let twice = format!("{SMS}{SMS}");
    let with_mark = format!("\u{feff}{SMS}");
    let id_twice = SMS.replace(r#""id""#, r#""id":"other","id""#);
    let phone_twice = SMS.replace(r#""id""#, r#""cell_phone":"05001234567","id""#);
    let nested = SMS.replace("\"NB2Zlz3\"", &format!("{}{}", "[".repeat(200), "]".repeat(200)));
    let lone = SMS.replace("NB2Zlz3", "\\ud800");
    for body in [&trailing, &twice, &with_mark, &id_twice, &phone_twice, &nested, &lone] {
        malformed(body);
    }
    let mut not_utf8 = SMS.as_bytes().to_vec();
    not_utf8[20] = 0xff;
    assert_eq!(Message::parse(&not_utf8), Err(Problem::MalformedBody("The body is not UTF-8.")));
}

#[test]
fn every_cut_of_a_message_is_malformed() {
    for end in 0..SMS.len() {
        assert!(matches!(Message::parse(&SMS.as_bytes()[..end]), Err(Problem::MalformedBody(_))), "{end}");
    }
}

#[test]
fn a_ping_says_nothing_but_its_type() {
    for body in [
        r#"{"type":"relay.ping"}"#,
        r#"{"type":"relay.ping","data":{}}"#,
        r#"{"type":"relay.ping","data":null,"timestamp":null}"#,
        r#"{"data":{},"timestamp":"2026-11-23T10:00:00Z","type":"relay.ping"}"#,
    ] {
        assert_eq!(Message::parse(body.as_bytes()), Ok(message_of("relay.ping", &json!({}))), "{body}");
        assert!(matches!(message_of("relay.ping", &json!({})), Message::Ping(_)));
    }
    for data in ["[]", "\"\"", "0"] {
        let body = format!(r#"{{"type":"relay.ping","data":{data}}}"#);
        assert_eq!(malformed(&body), "The member \"data\" must be an object; a ping needs none.", "{body}");
    }
    for (body, pointer) in [
        (r#"{"type":"relay.ping","data":{"id":"NB2Zlz3"}}"#, "/data/id"),
        (r#"{"type":"relay.ping","data":{"cell_phone":"05321234567"}}"#, "/data/cell_phone"),
        (r#"{"type":"relay.ping","id":"NB2Zlz3"}"#, "/id"),
    ] {
        let expected = InvalidField { pointer: pointer.to_owned(), detail: "is not a field of this message" };
        assert_eq!(refusal(body), Problem::InvalidField(vec![expected]), "{body}");
    }
}

#[test]
fn only_the_ten_types_are_known_to_the_letter_whatever_the_data_is() {
    let types = "link.send_sms link.send_email link.create link.delete link.get event.replay relay.ping link.list \
                 event.list relay.status";
    assert_eq!(TYPES.join(" "), types);
    let others = [
        &["", "link.send", "link.lists", "link.Create", "LINK.SEND_SMS", "link.send_SMS", "link.send-sms"][..],
        &[" link.send_sms", "link.send_sms ", "link.send_sms\\u0000", "send_sms", "ping", "relay.Ping"],
    ];
    for other in others.concat() {
        let body = SMS.replace("link.send_sms", other);
        assert_eq!(refusal(&body), Problem::UnknownType(TYPES), "{body}");
    }
    for body in [r#"{"type":"link.update"}"#, r#"{"type":"link.update","x":1,"data":{}}"#] {
        assert_eq!(refusal(body), Problem::UnknownType(TYPES), "{body}");
    }
}
