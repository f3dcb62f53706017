//! A request's body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::message::{Message, TYPES, Unacceptable};
use paytr_link_relay::paytr::{Merchant, form};
use paytr_link_relay::recipient::{CellPhone, Email, Recipient};
use serde_json::Value;
use std::sync::LazyLock;

static MERCHANT: LazyLock<Merchant> =
    LazyLock::new(|| Merchant::new("123456".into(), "kEy1234567890abc".into(), "sAlt0987654321xy".into()).unwrap());

fuzz_target!(|body: &[u8]| {
    match Message::parse(body) {
        Ok(Message::Ping) => {
            let json: Value = serde_json::from_slice(body).unwrap();
            assert_eq!(json["type"], "relay.ping");
            assert!(json.get("data").is_none_or(|data| data.as_object().is_some_and(serde_json::Map::is_empty)));
        }
        Ok(Message::SendLink(message)) => {
            let json: Value = serde_json::from_slice(body).unwrap();
            let id = message.id.as_str();
            assert!((1..=64).contains(&id.len()));
            assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
            let number = json["data"]["id"].as_u64().map(|number| number.to_string());
            assert!(json["data"]["id"] == id || number.as_deref() == Some(id));
            match &message.recipient {
                Recipient::CellPhone(phone) => {
                    assert_eq!(json["type"], "link.send_sms");
                    assert!(json["data"].get("email").is_none());
                    assert!(CellPhone::parse(phone.as_str()).as_ref() == Ok(phone));
                }
                Recipient::Email(email) => {
                    assert_eq!(json["type"], "link.send_email");
                    assert!(json["data"].get("cell_phone").is_none());
                    assert_eq!(json["data"]["email"], email.as_str());
                    assert!(Email::parse(email.as_str()).as_ref() == Ok(email));
                }
            }
            assert_eq!(message.debug_on, json["data"].get("debug_on").map(|flag| *flag == 1));

            let token = MERCHANT.token(id, message.recipient.as_str()).unwrap();
            let form = form(&MERCHANT, &message, false, &token);
            assert_eq!((form.matches('&').count(), form.matches('=').count()), (4, 5));
            assert!(form.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%&=".contains(&byte)));
        }
        Err(Unacceptable::Malformed(detail)) => assert!(!detail.is_empty()),
        Err(Unacceptable::UnknownType) => {
            let json: Value = serde_json::from_slice(body).unwrap();
            assert!(!TYPES.contains(&json["type"].as_str().unwrap()));
        }
        Err(Unacceptable::Fields(fields)) => {
            assert!(!fields.is_empty());
            for field in fields {
                assert!(field.pointer.len() <= "/data/".len() + 40);
                assert!(field.pointer.bytes().all(|byte| byte.is_ascii_alphabetic() || b"/_-".contains(&byte)));
            }
        }
    }
});
