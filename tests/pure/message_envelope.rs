//! What a message's object is handed: what of it the log may say, and what a further message keeps of it.

use crate::support::{EMAIL, SMS, message_of};
use paytr_link_relay::ledger::Delivery;
use paytr_link_relay::message::Message;
use paytr_link_relay::telemetry::{LogLine, RequestInfo};
use serde_json::json;

fn delivery(webhook_id: &str, body: &str) -> Delivery {
    Delivery {
        request: RequestInfo { request_id: "8f3c2b1a0d9e7f65-IST".to_owned(), received_at: 1_795_000_000_000 },
        webhook_id: webhook_id.to_owned(),
        secret_number: 2,
        origin: "https://relay.example".to_owned(),
        message: Message::parse(body.as_bytes()).unwrap(),
    }
}

#[test]
fn the_log_has_the_message_and_its_id_but_for_whom_it_is_sent_to() {
    for (webhook_id, body, expected) in [
        ("msg_1", SMS, ("msg_1", "link.send_sms", "05*******67")),
        ("sms-5321234567", SMS, ("[redacted]", "link.send_sms", "05*******67")),
        ("order-5555555555", EMAIL, ("order-5555555555", "link.send_email", "m***@e***.com")),
    ] {
        let delivery = delivery(webhook_id, body);
        let line = delivery.describe(LogLine { status: 200, ..LogLine::default() });
        let said = (line.webhook_id.unwrap(), line.message_type.unwrap(), line.recipient.as_deref().unwrap());
        assert_eq!(said, expected);
        assert_eq!((line.status, line.secret, line.link_id.as_deref()), (200, Some(2), Some("NB2Zlz3")));
    }
}

#[test]
fn a_further_message_comes_of_the_same_request_under_the_same_id() {
    let first = delivery("msg_1", SMS);
    let message = message_of("link.send_email", &json!({"id": "NB2Zlz3", "email": "musteri@example.com"}));
    let expected = Delivery { message: message.clone(), ..first.clone() };
    assert_eq!(first.follow_up(message), expected);
    assert_ne!(first, expected);
}
