//! Lines of the log.

use paytr_link_relay::log::Line;

#[test]
fn a_line_holds_what_it_was_given_and_nothing_empty() {
    let cases = [
        (Line { status: 404, code: "not-found", ..Line::default() }, r#"{"status":404,"code":"not-found"}"#),
        (
            Line { status: 401, code: "invalid-signature", reason: Some("bad webhook-id"), ..Line::default() },
            r#"{"status":401,"code":"invalid-signature","reason":"bad webhook-id"}"#,
        ),
        (
            Line { status: 200, code: "sent", secret: Some(2), replayed: true, ..Line::default() }.webhook_id("msg_1"),
            r#"{"status":200,"code":"sent","webhook_id":"msg_1","secret":2,"replayed":true}"#,
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(line.text(), expected);
    }
}

#[test]
fn a_webhook_id_that_may_hold_a_recipient_is_not_written() {
    for (webhook_id, expected) in [
        ("msg_1", "msg_1"),
        ("order-1234", "order-1234"),
        ("sms-05321234567", "[redacted]"),
        ("0532-123-45-67", "[redacted]"),
        ("musteri@example", "[redacted]"),
    ] {
        let line = Line::default().webhook_id(webhook_id);
        assert_eq!(line.webhook_id, Some(expected));
        assert!(line.text().contains(expected));
    }
}
