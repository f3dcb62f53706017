//! PayTR's reply to a send: the HTTP status in the first byte, the body after it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::message::{AskPaytr, Message, SendEmail, SendLink, SendSms};
use paytr_link_relay::model::recipient::ungroup;
use paytr_link_relay::packed::unpack;
use paytr_link_relay::paytr::{Cause, Outcome, read_reply};
use paytr_link_relay_fuzz::{KEY, SALT, call, context, http_status, token};
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
    let settled = send.settle(reply.as_ref().map_err(|cause| *cause), &call, &context());
    let outcome: Outcome = unpack(&settled.record).unwrap();

    // A body that is JSON to everybody says the same to everybody; what is odd is read with patience.
    let said = serde_json::from_slice::<Value>(body).ok().map(|json| json["status"].clone());
    match outcome {
        Outcome::Succeeded(()) => {
            assert!((200..300).contains(&status) && settled.may_have_gone_out);
            assert!(said.is_none_or(|said| said == "success"));
        }
        Outcome::Rejected(rejection) => {
            assert!((200..300).contains(&status) || (400..500).contains(&status));
            assert!(!settled.may_have_gone_out && said.is_none_or(|said| said == rejection.status.as_str()));
            let reason = rejection.reason.unwrap_or_default();
            assert!(reason.chars().count() <= 500);
            // Not in groups either.
            let ungrouped = ungroup(&reason);
            let reason = reason.to_ascii_lowercase();
            for private in [KEY, SALT, &token(&call), send.recipient.redaction_needle()] {
                assert!(!reason.contains(&private.to_ascii_lowercase()));
                let private = ungroup(private);
                assert!(!ungrouped.windows(private.len()).any(|window| window == private));
            }
        }
        Outcome::Unknown(cause) => {
            assert!(settled.may_have_gone_out);
            let right = match status {
                302 => [Cause::Redirected].as_slice(),
                403 | 429 => &[Cause::Blocked],
                500.. => &[Cause::ServerError],
                _ => &[Cause::NotUnderstood, Cause::HtmlPage, Cause::BrokenJson],
            };
            assert!(right.contains(&cause));
            // An answer of PayTR's own is not lost, unless it gives its status twice.
            if let (200..=299, Some(Value::String(said))) = (status, said) {
                let body = String::from_utf8_lossy(body);
                let is_twice = body.contains('\\') || body.matches("\"status\"").count() > 1;
                assert!(is_twice || !["success", "error", "failed"].contains(&said.as_str()));
            }
        }
    }
});
