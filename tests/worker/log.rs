//! The one line that a message leaves in the log.

use crate::support::prelude::*;

crate::tests![
    a_sent_message_has_a_line_with_all_that_an_operator_asks_for,
    a_replay_a_refusal_and_an_unknown_outcome_are_told_apart,
    a_ping_has_a_line_of_its_own,
    a_request_id_is_cloudflares_or_else_made_here,
    the_time_in_paytr_is_a_part_of_the_whole,
];

async fn a_sent_message_has_a_line_with_all_that_an_operator_asks_for(suite: Arc<Suite>) {
    let phone = people::phone();
    let link_id = people::link_id();
    let signed = Signed::new(message::sms(&link_id, &phone));
    suite.post(JSON, &signed).await.assert_sent(&signed.id, "sms");
    let mut line = suite.line("webhook_id", &signed.id, 0).await;
    for name in ["paytr_ms", "total_ms"] {
        let ms = line.as_object_mut().unwrap().remove(name).unwrap();
        assert!(ms.as_u64().is_some_and(|ms| ms < 20_000), "{name}: {ms}");
    }
    let request_id = line.as_object_mut().unwrap().remove("request_id").unwrap();
    assert_eq!(request_id.as_str().map(str::len), Some(36));
    let expected = json!({
        "webhook_id": signed.id,
        "type": "link.send_sms",
        "recipient": format!("05*******{}", &phone[9..]),
        "link_id": link_id,
        "outcome": "sent",
        "status": 200,
        "code": "sent",
        "paytr_status": "success",
        "paytr_http_status": 200,
        "secret": 1,
    });
    assert_eq!(line, expected);
}

async fn a_replay_a_refusal_and_an_unknown_outcome_are_told_apart(suite: Arc<Suite>) {
    let (link_id, email) = (people::link_id(), people::email());
    suite.sandbox.misbehave(&link_id, Misbehaviour::HtmlPage);
    let signed = Signed::new(message::email(&link_id, &email));
    suite.post(DEFAULTS, &signed).await.assert_problem(502, "outcome-unknown", "first");
    suite.post(DEFAULTS, &signed.retry()).await.assert_problem(502, "outcome-unknown", "again");
    let other = Signed::new(message::email(&people::link_id(), &email));
    suite.post(DEFAULTS, &other).await.assert_problem(429, "recipient-limit", "too soon");

    let first = suite.line("webhook_id", &signed.id, 0).await;
    let again = suite.line("webhook_id", &signed.id, 1).await;
    let limited = suite.line("webhook_id", &other.id, 0).await;
    let names = ["outcome", "reason", "recipient", "replayed", "paytr_status"];
    let members = |line: &Value| names.map(|name| line[name].clone());
    let unknown =
        |replayed: Value| [json!("unknown"), json!("html-page"), json!("m***@c***.com"), replayed, json!(null)];
    assert_eq!(members(&first), unknown(json!(null)));
    assert_eq!(members(&again), unknown(json!(true)));
    assert!(first["paytr_ms"].is_u64() && again["paytr_ms"].is_null() && limited["paytr_ms"].is_null());
    assert_eq!(members(&limited), [json!("refused"), json!(null), json!("m***@c***.com"), json!(null), json!(null)]);
}

async fn a_ping_has_a_line_of_its_own(suite: Arc<Suite>) {
    let signed = Signed::new(r#"{"type":"relay.ping"}"#);
    suite.post(DEFAULTS, &signed).await;
    let line = suite.line("webhook_id", &signed.id, 0).await;
    assert_eq!((&line["type"], &line["outcome"], &line["secret"]), (&json!("relay.ping"), &json!("pong"), &json!(1)));
    assert!(line["recipient"].is_null());
}

async fn a_request_id_is_cloudflares_or_else_made_here(suite: Arc<Suite>) {
    for (ray, is_taken) in
        [("8f3c2b1a0d9e7f65-IST", true), ("8f3c2b1a0d9e7f65", true), ("05550009999", false), ("x", false)]
    {
        let signed = Signed::new(message::sms(&people::link_id(), &people::phone()));
        let mut headers = signed.headers();
        headers.push(("cf-ray", ray));
        suite.request(DEFAULTS, "POST", "/webhook", &headers, signed.body.clone()).await;
        let line = suite.line("webhook_id", &signed.id, 0).await;
        assert_eq!(line["request_id"] == ray, is_taken, "{line}");
        assert!(is_taken || line["request_id"].as_str().is_some_and(|id| id.len() == 36), "{line}");
    }
}

async fn the_time_in_paytr_is_a_part_of_the_whole(suite: Arc<Suite>) {
    let link_id = people::link_id();
    suite.sandbox.misbehave(&link_id, Misbehaviour::Slow(Duration::from_millis(300)));
    let signed = Signed::new(message::sms(&link_id, &people::phone()));
    suite.post(FREE, &signed).await.assert_sent(&signed.id, "slow");
    let line = suite.line("webhook_id", &signed.id, 0).await;
    let (paytr, total) = (line["paytr_ms"].as_u64().unwrap(), line["total_ms"].as_u64().unwrap());
    assert!((290..=total).contains(&paytr), "{line}");
}
