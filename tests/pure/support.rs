//! What several modules of tests need: one merchant, messages, and an HMAC that is not the relay's own.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use paytr_link_relay::config::Config;
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::ledger::EntryKeys;
use paytr_link_relay::link::{CreatedLink, Creation, Link, LinkView, PaymentView};
use paytr_link_relay::model::{CallbackId, Currency, LinkId, LinkType, Price};
use paytr_link_relay::message::{
    CallContext, Conclusion, End, LinkOperation, Message, PaytrOperation, Plan, ResponseContext, SendEmail, SendLink,
    SendSms,
};
use paytr_link_relay::paytr::{Call, Merchant, Outcome, read_reply};
use paytr_link_relay::http::problem::{InvalidField, Problem};
use paytr_link_relay::http::response::Response;
use paytr_link_relay::telemetry::LogLine;
use serde_json::{Value, json};
use sha2::Sha256;

pub const MERCHANT_ID: &str = "123456";
pub const MERCHANT_KEY: &str = "kEy1234567890abc";
pub const MERCHANT_SALT: &str = "sAlt0987654321xy";

pub const NOW: u64 = 1_795_000_000_000;

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

/// A message of this type.
pub fn message_of(message_type: &str, data: &Value) -> Message {
    let body = json!({"type": message_type, "data": data}).to_string();
    Message::parse(body.as_bytes()).unwrap_or_else(|problem| panic!("{body} is refused by {problem:?}"))
}

/// What is wrong with the fields of a message, as pointers and details.
pub fn invalid_fields(body: &str) -> Vec<(String, &'static str)> {
    match Message::parse(body.as_bytes()) {
        Err(Problem::InvalidField(fields)) => {
            fields.into_iter().map(|InvalidField { pointer, detail }| (pointer, detail)).collect()
        }
        other => panic!("{body} gives {other:?}"),
    }
}

/// A message's way to ask PayTR.
pub fn asks_paytr(message: &Message) -> &dyn PaytrOperation {
    match message.plan() {
        Plan::Once(_, operation) => operation,
        _ => panic!("{message:?} does not ask PayTR"),
    }
}

/// A message's way to read a link's record.
pub fn reads_link(message: &Message) -> &dyn LinkOperation {
    match message.plan() {
        Plan::Read(_, operation) => operation,
        _ => panic!("{message:?} does not read a record"),
    }
}

/// What the log may say of a message.
pub fn described(message: &Message) -> LogLine<'static> {
    let mut line = LogLine::default();
    message.describe(&mut line);
    line
}

pub fn callback_id() -> CallbackId {
    CallbackId::parse(&"0f".repeat(32)).unwrap()
}

/// The record of a link whose making got this far.
pub fn link(creation: Creation) -> Link {
    Link {
        link_type: LinkType::Product,
        price: Price::parse(&JsonValue::Integer(1445)).unwrap(),
        currency: Currency::Tl,
        reference: None,
        paid_once: true,
        expires_at: None,
        created_at: NOW,
        creation,
        deleted: false,
        sends: Vec::new(),
        closing: None,
    }
}

pub fn created() -> Creation {
    let url = "https://www.paytr.com/link/NB2Zlz3".to_owned();
    Creation::Created(CreatedLink { id: LinkId::parse("NB2Zlz3").unwrap(), url, sealed_qr: None })
}

/// A link as its object shows it.
pub fn view(link: Option<Link>, payments: Vec<PaymentView>) -> LinkView {
    LinkView { callback_id: callback_id(), link, base64_qr: None, payments }
}

/// The settings with this merchant.
pub fn config_of(merchant: Merchant) -> Config {
    Config { merchant, ..crate::config::parse(&crate::config::environment()).unwrap() }
}

/// What a call of a new message depends on.
pub fn call_context(config: &Config) -> CallContext<'_> {
    CallContext { config, now: NOW, origin: "https://relay.example", callback_id: None, link: None }
}

/// What an operation posts.
pub fn call(operation: &dyn PaytrOperation, config: &Config) -> Call {
    operation.call(&call_context(config)).unwrap()
}

/// A form's fields, in their order.
pub fn form_fields(form: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(form.as_bytes()).into_owned().collect()
}

/// What an answer to `msg_1` depends on, without a link.
pub const RESPONSE_CONTEXT: ResponseContext<'static> =
    ResponseContext { webhook_id: "msg_1", callback_id: None, link: None, base64_qr: None, follow_ups: &[] };

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
    message(SMS).respond(&record, &ResponseContext { webhook_id, ..RESPONSE_CONTEXT })
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
        paytr_link_relay::message::Plan::Respond(response) => response,
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
