//! What several modules of tests need: one merchant, messages, and an HMAC that is not the relay's own.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use paytr_link_relay::config::Config;
use paytr_link_relay::ledger::EntryKeys;
use paytr_link_relay::operation::{
    CallContext, Conclusion, End, Message, PaytrOperation, ResponseContext, SendEmail, SendLink, SendSms,
};
use paytr_link_relay::paytr::{Call, Merchant, Outcome, read_reply};
use paytr_link_relay::response::Response;
use paytr_link_relay::telemetry::LogLine;
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
        Ok(Message::SendSms(SendSms(message)) | Message::SendEmail(SendEmail(message))) => message,
        other => panic!("{body} is {other:?}"),
    }
}

pub fn sms_to(cell_phone: &str) -> SendLink {
    message(&SMS.replace("05321234567", cell_phone))
}

pub fn email_to(email: &str) -> SendLink {
    message(&EMAIL.replace("musteri@example.com", email))
}

/// The settings with this merchant.
pub fn config_of(merchant: Merchant) -> Config {
    Config { merchant, ..crate::config::parse(&crate::config::environment()).unwrap() }
}

/// What an operation posts.
pub fn call(operation: &dyn PaytrOperation, config: &Config) -> Call {
    let context =
        CallContext { config, now: 1_795_000_000_000, origin: "https://relay.example", callback_id: None, link: None };
    operation.call(&context).unwrap()
}

/// How a send ends whose call PayTR answers like this.
pub fn end(message: &SendLink, http_status: u16, body: &[u8], merchant: Merchant) -> End {
    let config = config_of(merchant);
    let private = call(message, &config).private;
    let reply = read_reply(http_status, body);
    message.end(reply.as_ref().map_err(|cause| *cause), &private, &config, None)
}

/// What a send's caller is told of its outcome.
pub fn conclude(webhook_id: &str, outcome: &Outcome) -> Conclusion {
    let record = serde_json::to_string(outcome).unwrap();
    message(SMS).respond(
        &record,
        &ResponseContext { webhook_id, callback_id: None, link: None, base64_qr: None, follow_ups: &[] },
    )
}

pub fn ended(webhook_id: &str, outcome: &Outcome) -> Response {
    conclude(webhook_id, outcome).response
}

/// How a send ends that has this outcome.
pub fn end_of(outcome: &Outcome) -> End {
    let record = serde_json::to_string(outcome).unwrap();
    End { record, may_have_gone_out: !matches!(outcome, Outcome::Rejected(_)) }
}

/// The keys of a send in its recipient's object.
pub fn entry_keys(merchant: &Merchant, webhook_id: &str, message: &SendLink) -> EntryKeys {
    EntryKeys::new(merchant, webhook_id, &message.fingerprint())
}

pub fn pong() -> Response {
    match Message::parse(br#"{"type":"relay.ping"}"#).unwrap().plan() {
        paytr_link_relay::operation::Plan::Respond(response) => response,
        _ => panic!("a ping asks for more than an answer"),
    }
}

/// A line of the log with what is known of this message and its outcome.
pub fn line_about<'a>(line: LogLine<'a>, body: &str, outcome: &Outcome) -> LogLine<'a> {
    let Conclusion { reason, paytr_status, .. } = conclude("msg_1", outcome);
    let mut line = LogLine { reason, paytr_status, ..line };
    Message::parse(body.as_bytes()).unwrap().describe(&mut line);
    line
}

pub fn hmac_base64(key: &[u8], text: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

pub fn header<'a>(answer: &'a Response, name: &str) -> Option<&'a str> {
    let values: Vec<&str> =
        answer.headers.iter().filter(|(known, _)| *known == name).map(|(_, value)| value.as_str()).collect();
    assert!(values.len() < 2, "{name} is given {} times", values.len());
    values.first().copied()
}

pub fn body_of(answer: &Response) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}
