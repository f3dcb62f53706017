//! PayTR's reply to a send: the HTTP status in the first byte, the body after it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::operation::{Message, PaytrOperation, SendEmail, SendLink, SendSms};
use paytr_link_relay::paytr::{Outcome, read_reply};
use paytr_link_relay_fuzz::{CONFIG, KEY, SALT, call, http_status, token};
use serde_json::Value;
use std::sync::LazyLock;

static SENDS: LazyLock<[SendLink; 2]> = LazyLock::new(|| {
    let sms = br#"{"type":"link.send_sms","data":{"id":"NB2Zlz3","cell_phone":"05321234567"}}"#;
    let email = br#"{"type":"link.send_email","data":{"id":"NB2Zlz3","email":"musteri@example.com"}}"#;
    let (Ok(Message::SendSms(SendSms(sms))), Ok(Message::SendEmail(SendEmail(email)))) =
        (Message::parse(sms), Message::parse(email))
    else {
        panic!("no sends")
    };
    [sms, email]
});

fuzz_target!(|input: &[u8]| {
    let Some((&first, body)) = input.split_first() else { return };
    let status = http_status(first);
    let send = &SENDS[usize::from(first >= 128)];
    let call = call(send).unwrap();
    let reply = read_reply(status, body);
    let end = send.end(reply.as_ref().map_err(|cause| *cause), &call.private, &CONFIG, None);
    let outcome: Outcome = serde_json::from_str(&end.record).unwrap();

    // A body that is JSON to everybody says the same to everybody; what is odd is read with patience.
    let said = serde_json::from_slice::<Value>(body).ok().map(|json| json["status"].clone());
    match outcome {
        Outcome::Succeeded(()) => {
            assert!((200..300).contains(&status) && end.may_have_gone_out);
            assert!(said.is_none_or(|said| said == "success"));
        }
        Outcome::Rejected(rejection) => {
            assert!((200..300).contains(&status) || (400..500).contains(&status));
            assert!(!end.may_have_gone_out && said.is_none_or(|said| said == rejection.status.as_str()));
            let reason = rejection.reason.unwrap_or_default();
            assert!(reason.chars().count() <= 500);
            for private in [KEY, SALT, &token(&call), send.recipient.redaction_needle()] {
                assert!(!reason.to_ascii_lowercase().contains(&private.to_ascii_lowercase()));
                // Neither does it hold it in groups.
                assert!(!ungrouped(&reason).contains(&ungrouped(private)));
            }
        }
        Outcome::Unknown(_) => assert!(end.may_have_gone_out),
    }
});

fn ungrouped(text: &str) -> String {
    text.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
}
