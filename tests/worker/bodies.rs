//! Bodies that are signed and still refused.

use crate::support::services::DEFAULTS;
use crate::support::signed::{Signed, now};
use crate::support::suite::Suite;
use crate::support::{message, people};
use serde_json::{Value, json};
use std::sync::Arc;

crate::tests![
    a_body_that_is_no_message_is_malformed,
    an_unknown_type_is_answered_with_the_known_ones,
    a_field_that_is_wrong_is_named_and_nothing_is_sent,
    all_wrong_fields_are_named_at_once,
    a_value_is_never_repeated_in_an_answer,
];

async fn a_body_that_is_no_message_is_malformed(suite: Arc<Suite>) {
    // LINK and PHONE become a link and a number, so that what is sent by mistake is seen.
    let data = r#""data": {"id": "LINK", "cell_phone": "PHONE"}"#;
    for (case, body) in [
        ("empty", String::new()),
        ("blank", " ".to_owned()),
        ("text", "hello".to_owned()),
        ("a string", r#""link.send_sms""#.to_owned()),
        ("a list", format!(r#"[{{"type": "link.send_sms", {data}}}]"#)),
        ("null", "null".to_owned()),
        ("cut off", format!(r#"{{"type": "link.send_sms", {data}"#)),
        ("two values", format!(r#"{{"type": "link.send_sms", {data}}} {{}}"#)),
        ("a comma too many", format!(r#"{{"type": "link.send_sms", {data},}}"#)),
        ("a byte order mark", format!("\u{feff}{{\"type\": \"link.send_sms\", {data}}}")),
        ("type twice", format!(r#"{{"type": "link.send_email", "type": "link.send_sms", {data}}}"#)),
        ("data twice", format!(r#"{{"type": "link.send_sms", {data}, {data}}}"#)),
        (
            "a field twice",
            r#"{"type": "link.send_sms", "data": {"id": "LINK", "id": "LINK", "cell_phone": "PHONE"}}"#.to_owned(),
        ),
        (
            "a field twice, once escaped",
            r#"{"type": "link.send_sms", "data": {"id": "LINK", "\u0069d": "LINK", "cell_phone": "PHONE"}}"#.to_owned(),
        ),
        ("no type", format!("{{{data}}}")),
        ("a type of another kind", format!(r#"{{"type": 1, {data}}}"#)),
        ("no data", r#"{"type": "link.send_sms"}"#.to_owned()),
        ("data of another kind", r#"{"type": "link.send_sms", "data": "LINK"}"#.to_owned()),
        ("a form", "id=LINK&cell_phone=PHONE".to_owned()),
        ("too deep", format!("{}{}", "[".repeat(8000), "]".repeat(8000))),
        ("a NUL in front", format!("\0{{\"type\": \"link.send_sms\", {data}}}")),
        ("a NUL behind", format!("{{\"type\": \"link.send_sms\", {data}}}\0")),
        (
            "a bare NUL in a string",
            "{\"type\": \"link.send_sms\", \"data\": {\"id\": \"LINK\0\", \"cell_phone\": \"PHONE\"}}".to_owned(),
        ),
        (
            "half a surrogate pair",
            r#"{"type": "link.send_sms", "data": {"id": "LINK\ud800", "cell_phone": "PHONE"}}"#.to_owned(),
        ),
        (
            "the other half",
            r#"{"type": "link.send_sms", "data": {"id": "LINK", "cell_phone": "PHONE\udc00"}}"#.to_owned(),
        ),
        (
            "a number with a leading zero",
            r#"{"type": "link.send_sms", "data": {"id": 012, "cell_phone": "PHONE"}}"#.to_owned(),
        ),
        ("no number", r#"{"type": "link.send_sms", "data": {"id": NaN, "cell_phone": "PHONE"}}"#.to_owned()),
        ("a comment", format!(r#"{{"type": "link.send_sms", /* */ {data}}}"#)),
        ("single quotes", "{'type': 'link.send_sms', 'data': {'id': 'LINK', 'cell_phone': 'PHONE'}}".to_owned()),
    ] {
        let link_id = people::link_id();
        let body = body.replace("LINK", &link_id).replace("PHONE", &people::phone());
        suite.post(DEFAULTS, &Signed::new(body)).await.assert_problem(400, "malformed-body", case);
        suite.assert_nothing_sent(&link_id, case);
    }
    let link_id = people::link_id();
    let mut not_utf_8 = message::sms(&link_id, &people::phone());
    not_utf_8.splice(1..1, *b"\"note\": \"\xff\", ");
    let signed = Signed::forced(&people::webhook_id(), &now().to_string(), not_utf_8);
    suite.post(DEFAULTS, &signed).await.assert_problem(400, "malformed-body", "not UTF-8");
    suite.assert_nothing_sent(&link_id, "not UTF-8");
}

async fn an_unknown_type_is_answered_with_the_known_ones(suite: Arc<Suite>) {
    for name in ["link.update", "link.send", "LINK.SEND_SMS", "link.send_sms ", ""] {
        let link_id = people::link_id();
        let body = json!({"type": name, "data": {"id": link_id, "cell_phone": people::phone()}});
        let answer = suite.post(DEFAULTS, &Signed::new(body.to_string())).await;
        answer.assert_problem(422, "unknown-type", name);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("link.send_sms") && detail.contains("link.send_email"), "{detail}");
        suite.assert_nothing_sent(&link_id, name);
    }
}

async fn a_field_that_is_wrong_is_named_and_nothing_is_sent(suite: Arc<Suite>) {
    let phones = [
        "",
        " ",
        "0212",
        "02125550000",
        "055500012",
        "055500012345",
        "+4915550001234",
        "0555000123a",
        "\u{0660}5550001234",
        "\u{ff10}\u{ff15}\u{ff15}\u{ff15}\u{ff10}\u{ff10}\u{ff10}\u{ff11}\u{ff12}\u{ff13}\u{ff14}",
        "0555000\u{0}1234",
        "05550001234&debug_on=1",
        "05550001234,05550001235",
        "+90 (0)555 000 12 345",
        "+90 90 555 000 12 34",
    ]
    .map(|phone| ("sms", "/data/cell_phone", json!(phone)));
    let other_phones = [json!(5_550_001_234_u64), json!(null), json!(["05550001234"]), json!({}), json!(true)]
        .map(|phone| ("sms", "/data/cell_phone", phone));
    let long = format!("{}@{}.{}", "x".repeat(60), "x".repeat(101 - 62 - people::EMAIL_MARK.len()), people::EMAIL_MARK);
    assert_eq!(long.len(), 101);
    let emails = [
        "",
        "musteri",
        "@example.com",
        "a@b@example.com",
        "a@example.com,b@example.com",
        "a b@example.com",
        "m\u{fc}steri@example.com",
        "a@localhost",
        "A <a@example.com>",
        "a&email=b@example.com",
        "a=b@example.com",
        "a@example.com\r\nbcc: b@example.com",
        "a\u{0}@example.com",
        "a\u{7f}@example.com",
        "must\u{435}ri@example.com",
        "a@ex\u{430}mple.com",
        "a\u{ff20}example.com",
        "a@exam\u{200b}ple.com",
        &long,
    ]
    .map(|email| ("email", "/data/email", json!(email)));
    let ids = [
        json!(""),
        json!("a b"),
        json!("a/b"),
        json!("\u{e7}ay"),
        json!("x".repeat(65)),
        json!(-1),
        json!(1.5),
        json!(null),
        json!([]),
        json!("1,2"),
        json!("a&b=c"),
        json!("a\r\nb"),
        json!("a\u{0}"),
        json!("\u{ff21}"),
        json!({}),
        json!(true),
    ]
    .map(|id| ("sms", "/data/id", id));
    let debug = [json!("1"), json!(2), json!(true), json!([]), json!(-1)].map(|debug| ("sms", "/data/debug_on", debug));
    let unknown = [
        ("sms", "/data/email"),
        ("email", "/data/cell_phone"),
        ("sms", "/data/cellphone"),
        ("sms", "/data/paytr_token"),
        ("email", "/Type"),
        ("sms", "/id"),
        ("sms", "/timestamp"),
    ]
    .map(|(channel, pointer)| (channel, pointer, json!(["x"])));
    let cases =
        [phones.to_vec(), other_phones.to_vec(), emails.to_vec(), ids.to_vec(), debug.to_vec(), unknown.to_vec()]
            .concat();
    for (channel, pointer, value) in cases {
        let case = format!("{channel}, {pointer} = {value}");
        let (link_id, mut body) = good(channel);
        set(&mut body, pointer, value);
        let answer = suite.post(DEFAULTS, &Signed::new(body.to_string())).await;
        answer.assert_problem(422, "invalid-field", &case);
        let errors = answer.json()["errors"].as_array().unwrap().clone();
        assert_eq!(errors.len(), 1, "{case}: {errors:?}");
        assert_eq!(errors[0]["pointer"], pointer, "{case}");
        assert!(errors[0]["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{case}");
        suite.assert_nothing_sent(&link_id, &case);
    }
}

async fn all_wrong_fields_are_named_at_once(suite: Arc<Suite>) {
    for (case, body, pointers) in [
        ("sms", json!({"type": "link.send_sms", "data": {}}), vec!["/data/id", "/data/cell_phone"]),
        ("email", json!({"type": "link.send_email", "data": {}}), vec!["/data/id", "/data/email"]),
        (
            "all",
            json!({"type": "link.send_sms", "x": 1, "data": {"id": "!", "cell_phone": "1", "debug_on": 9, "to": 1}}),
            vec!["/x", "/data/to", "/data/id", "/data/cell_phone", "/data/debug_on"],
        ),
    ] {
        let answer = suite.post(DEFAULTS, &Signed::new(body.to_string())).await;
        answer.assert_problem(422, "invalid-field", case);
        let json = answer.json();
        let mut named: Vec<&str> =
            json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        let mut pointers = pointers;
        named.sort_unstable();
        pointers.sort_unstable();
        assert_eq!(named, pointers, "{case}");
    }
}

async fn a_value_is_never_repeated_in_an_answer(suite: Arc<Suite>) {
    let (phone, email) = (people::phone(), people::email());
    for (case, body) in [
        ("a number as a type", json!({"type": phone, "data": {}})),
        ("a number as a field's name", json!({"type": "link.send_sms", "data": {&phone: 1, &email: 1}})),
        ("a number as an envelope's name", json!({"type": "link.send_sms", &phone: 1, "data": {}})),
        ("a number too long", json!({"type": "link.send_sms", "data": {"id": "a", "cell_phone": format!("{phone}0")}})),
        (
            "an address in a number's place",
            json!({"type": "link.send_sms", "data": {"id": email, "cell_phone": email}}),
        ),
        ("two addresses", json!({"type": "link.send_email", "data": {"id": "a", "email": format!("{email},{email}")}})),
    ] {
        let answer = suite.post(DEFAULTS, &Signed::new(body.to_string())).await;
        assert_eq!(answer.status, 422, "{case}");
        assert!(!answer.text().contains(&phone[1..]) && !answer.text().contains(&email), "{case}");
    }
}

/// A message that would go out as it is, and its link.
fn good(channel: &str) -> (String, Value) {
    let link_id = people::link_id();
    let body = match channel {
        "sms" => message::sms(&link_id, &people::phone()),
        _ => message::email(&link_id, &people::email()),
    };
    (link_id, serde_json::from_slice(&body).unwrap())
}

fn set(body: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[name] = value;
}
