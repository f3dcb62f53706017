//! A request's body, of every message type.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::model::{CellPhone, Email, Recipient};
use paytr_link_relay::operation::{Message, PaytrOperation, SendLink, TYPES};
use paytr_link_relay::problem::Problem;
use paytr_link_relay_fuzz::call;
use serde_json::Value;

fuzz_target!(|body: &[u8]| {
    match Message::parse(body) {
        Ok(message) => {
            let json: Value = serde_json::from_slice(body).unwrap();
            assert_eq!(json["type"], message.message_type());
            // It survives the way to its object.
            let moved: Message = serde_json::from_str(&serde_json::to_string(&message).unwrap()).unwrap();
            assert!(moved == message);
            match &message {
                Message::SendSms(send) => check_send(&send.0, &json["data"]),
                Message::SendEmail(send) => check_send(&send.0, &json["data"]),
                Message::Create(create) => check_form(create),
                Message::Delete(delete) => check_form(delete),
                Message::Get(_) | Message::Replay(_) => {
                    let id = json["data"]["callback_id"].as_str().unwrap();
                    assert!(id.len() == 64 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
                }
                Message::Ping(_) => {
                    let is_empty =
                        |data: &Value| data.is_null() || data.as_object().is_some_and(serde_json::Map::is_empty);
                    assert!(json.get("data").is_none_or(is_empty));
                }
            }
        }
        Err(Problem::MalformedBody(detail)) => assert!(!detail.is_empty()),
        Err(Problem::UnknownType(types)) => {
            let json: Value = serde_json::from_slice(body).unwrap();
            assert!(types == TYPES && !types.contains(&json["type"].as_str().unwrap()));
        }
        Err(Problem::InvalidField(fields)) => {
            assert!(!fields.is_empty());
            for field in fields {
                assert!(field.pointer.len() <= "/data/send/".len() + 40);
                assert!(field.pointer.bytes().all(|byte| byte.is_ascii_alphabetic() || b"/_-".contains(&byte)));
            }
        }
        Err(other) => panic!("{other:?}"),
    }
});

fn check_send(message: &SendLink, data: &Value) {
    let id = message.id.as_str();
    assert!((1..=64).contains(&id.len()));
    assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
    let number = data["id"].as_u64().map(|number| number.to_string());
    assert!(data["id"] == id || number.as_deref() == Some(id));
    match &message.recipient {
        Recipient::CellPhone(phone) => assert!(CellPhone::parse(phone.as_str()).as_ref() == Ok(phone)),
        Recipient::Email(email) => {
            assert!(data["email"].as_str().unwrap().contains(email.as_str()));
            assert!(Email::parse(email.as_str()).as_ref() == Ok(email));
        }
    }
    assert_eq!(message.debug_on, data.get("debug_on").filter(|flag| !flag.is_null()).map(|flag| *flag == 1));
    let form = call(message).unwrap().form;
    assert_eq!((form.matches('&').count(), form.matches('=').count()), (4, 5));
    check_form(message);
}

/// Each field once, none empty but for what was said so, and nothing that must be encoded.
fn check_form(operation: &dyn PaytrOperation) {
    let Some(call) = call(operation) else { return };
    assert!(call.form.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%&=".contains(&byte)));
    let mut names: Vec<_> = form_urlencoded::parse(call.form.as_bytes()).map(|(name, _)| name.into_owned()).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(names.iter().any(|name| name == "paytr_token") && names.iter().any(|name| name == "merchant_id"));
}
