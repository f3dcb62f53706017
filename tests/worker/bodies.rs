//! Bodies that are signed and still refused, one of each kind; all that is no message or no field is in `tests/pure`.

use crate::support::prelude::*;

crate::tests![
    a_body_that_is_no_message_is_malformed,
    an_unknown_type_is_answered_with_the_known_ones,
    a_field_that_is_wrong_is_named_and_nothing_is_sent,
];

async fn a_body_that_is_no_message_is_malformed(suite: Arc<Suite>) {
    // LINK and PHONE become a link and a number, so that what is sent by mistake is seen.
    let data = r#""data": {"id": "LINK", "cell_phone": "PHONE"}"#;
    let twice = r#""data": {"id": "LINK", "\u0069d": "LINK", "cell_phone": "PHONE"}"#;
    for (case, body) in [
        ("empty", String::new()),
        ("cut off", format!(r#"{{"type": "link.send_sms", {data}"#)),
        ("a field twice, once escaped", format!(r#"{{"type": "link.send_sms", {twice}}}"#)),
        ("too deep", format!("{}{}", "[".repeat(8000), "]".repeat(8000))),
        ("a NUL behind", format!("{{\"type\": \"link.send_sms\", {data}}}\0")),
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
    for name in ["link.update", "link.send_sms "] {
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
    for (is_sms, pointer, value) in [
        (true, "/data/id", json!("a\r\nb")),
        (true, "/data/cell_phone", json!(5_550_001_234_u64)),
        (false, "/data/email", json!("a@example.com\r\nbcc: b@example.com")),
        (false, "/Type", json!("link.send_sms")),
    ] {
        let link_id = people::link_id();
        let body =
            if is_sms { message::sms(&link_id, &people::phone()) } else { message::email(&link_id, &people::email()) };
        let case = format!("{pointer} = {value}");
        let mut body: Value = serde_json::from_slice(&body).unwrap();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;
        let answer = suite.post(DEFAULTS, &Signed::new(body.to_string())).await;
        answer.assert_problem(422, "invalid-field", &case);
        let errors = answer.json()["errors"].as_array().unwrap().clone();
        assert_eq!((errors.len(), &errors[0]["pointer"]), (1, &json!(pointer)), "{case}: {errors:?}");
        assert!(errors[0]["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{case}");
        suite.assert_nothing_sent(&link_id, &case);
    }
}
