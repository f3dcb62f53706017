//! What several modules of tests need: one merchant, messages, and an HMAC that is not the relay's own.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use paytr_link_relay::answer::Answer;
use paytr_link_relay::message::{Message, SendLink};
use paytr_link_relay::paytr::Merchant;
use serde_json::Value;
use sha2::Sha256;

pub const MERCHANT_ID: &str = "123456";
pub const MERCHANT_KEY: &str = "kEy1234567890abc";
pub const MERCHANT_SALT: &str = "sAlt0987654321xy";

pub const SMS: &str = r#"{"type":"link.send_sms","data":{"id":"NB2Zlz3","cell_phone":"05321234567"}}"#;
pub const EMAIL: &str = r#"{"type":"link.send_email","data":{"id":"NB2Zlz3","email":"musteri@example.com"}}"#;

pub fn merchant() -> Merchant {
    merchant_with(MERCHANT_ID, MERCHANT_KEY, MERCHANT_SALT)
}

pub fn merchant_with(id: &str, key: &str, salt: &str) -> Merchant {
    Merchant::new(id.to_owned(), key.to_owned(), salt.to_owned()).unwrap()
}

pub fn message(body: &str) -> SendLink {
    match Message::parse(body.as_bytes()) {
        Ok(Message::SendLink(message)) => message,
        other => panic!("{body} is {other:?}"),
    }
}

pub fn sms_to(cell_phone: &str) -> SendLink {
    message(&SMS.replace("05321234567", cell_phone))
}

pub fn email_to(email: &str) -> SendLink {
    message(&EMAIL.replace("musteri@example.com", email))
}

pub fn hmac_base64(key: &[u8], text: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

pub fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let values: Vec<&str> =
        answer.headers.iter().filter(|(known, _)| *known == name).map(|(_, value)| value.as_str()).collect();
    assert!(values.len() < 2, "{name} is given {} times", values.len());
    values.first().copied()
}

pub fn body_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}
