//! What several modules of tests need: one merchant, messages, and an HMAC that is not the relay's own.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use paytr_link_relay::config::Config;
use paytr_link_relay::http::answer::respond;
use paytr_link_relay::http::problem::{InvalidField, Problem};
use paytr_link_relay::http::response::Response;
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::ledger::Refusal;
use paytr_link_relay::link::{Link, LinkState, Terms};
use paytr_link_relay::link_view::{EventView, LinkBody, LinkView, PaymentView};
use paytr_link_relay::message::{
    Answer, AnswerContext, AskPaytr, CallContext, Handling, ListedLink, Message, ReadLink, SendEmail, SendLink,
    SendSms, Settled, Success,
};
use paytr_link_relay::model::{CallbackId, Count, Currency, LinkId, LinkType, Moment, Price, SendLimit};
use paytr_link_relay::packed::{Packed, pack, unpack};
use paytr_link_relay::payment::{EventState, EventType, PaymentDetails};
use paytr_link_relay::paytr::{
    Call, Cause, CreatedLink, Merchant, Notification, Outcome, RejectedStatus, Rejection, TotalAmount, Unsigned,
    UnsignedText, read_reply,
};
use paytr_link_relay::telemetry::LogLine;
use serde_json::{Value, json};
use sha2::Sha256;
use std::fmt::Debug;

pub const MERCHANT_ID: &str = "123456";
pub const MERCHANT_KEY: &str = "kEy1234567890abc";
pub const MERCHANT_SALT: &str = "sAlt0987654321xy";

pub const NOW: u64 = 1_795_000_000_000;
pub const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// The limits of sends that hold if none are set.
pub const LIMITS: [SendLimit; 2] = [SendLimit { count: 1, seconds: 60 }, SendLimit { count: 5, seconds: 86_400 }];

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
pub fn asks_paytr(message: &Message) -> &dyn AskPaytr {
    match message.handling() {
        Handling::Ask(asking) => asking,
        _ => panic!("{message:?} does not ask PayTR"),
    }
}

/// A message's way to read a link's record.
pub fn reads_link(message: &Message) -> &dyn ReadLink {
    match message.handling() {
        Handling::Read(reading) => reading,
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

pub fn price(minor_units: u64) -> Price {
    Price::parse(&JsonValue::Integer(minor_units)).unwrap()
}

pub fn count(number: u64) -> Count {
    Count::parse(&JsonValue::Integer(number)).unwrap()
}

/// A product that is paid once.
pub fn terms() -> Terms {
    Terms {
        link_type: LinkType::Product,
        price: price(1445),
        currency: Currency::Tl,
        min_count: Count::default(),
        reference: None,
        paid_once: true,
        expires_at: None,
        order: None,
    }
}

/// What became of the create call of a link.
pub type Creation = Option<Outcome<CreatedLink>>;

/// The record of a link whose making got this far.
pub fn link(creation: Creation) -> Link {
    Link { creation, ..Link::opened(terms(), NOW) }
}

pub fn created_link() -> CreatedLink {
    let url = "https://www.paytr.com/link/NB2Zlz3".to_owned();
    CreatedLink { id: LinkId::parse("NB2Zlz3").unwrap(), url, base64_qr: None }
}

#[expect(clippy::unnecessary_wraps, reason = "the other ends of a create call are of this type")]
pub fn created() -> Creation {
    Some(Outcome::Succeeded(created_link()))
}

pub fn rejection() -> Rejection {
    Rejection { status: RejectedStatus::Failed, reason: Some("Process failed. Invalid id".to_owned()) }
}

#[expect(clippy::unnecessary_wraps, reason = "the other ends of a create call are of this type")]
pub fn refused() -> Creation {
    Some(Outcome::Rejected(rejection()))
}

pub const UNKNOWN: Creation = Some(Outcome::Unknown(Cause::TimedOut));

/// A payment that says all that PayTR says, of a link of 1580.00 TL.
pub fn payment() -> Notification {
    Notification {
        callback_id: callback_id(),
        merchant_oid: "IN1".into(),
        status: "success".into(),
        total_amount: amount(158_000),
        unsigned: Unsigned {
            payment_amount: Some(158_000),
            currency: Some("TL".into()),
            payment_type: Some("card".into()),
            test_mode: Some(false),
            merchant_id: Some(MERCHANT_ID.into()),
        },
        unsigned_text: UnsignedText::default(),
    }
}

pub fn amount(minor_units: u64) -> TotalAmount {
    TotalAmount::MinorUnits(minor_units, minor_units.to_string())
}

/// A payment as its link's partition shows it.
pub fn payment_view(state: EventState, attempts: u32) -> PaymentView {
    let details = PaymentDetails {
        merchant_oid: "IN1".to_owned(),
        reasons: Vec::new(),
        status: "success".to_owned(),
        total_amount: Some(1445),
        total_amount_text: None,
        unsigned: Unsigned { currency: Some("TL".to_owned()), ..Unsigned::default() },
        unsigned_text: UnsignedText::default(),
    };
    let event = EventView { webhook_id: "evt_1".to_owned(), state, attempts };
    PaymentView::new(EventType::LinkPaid, details, 1_795_600_800_999, event)
}

/// A link under this name that was asked for then, in a list.
pub fn link_in_list(callback_id: &CallbackId, created_at: u64) -> ListedLink {
    ListedLink {
        reference: None,
        storefront: None,
        link: LinkBody::new(callback_id, Some(&created_link())),
        state: LinkState::Open,
        price: price(1445),
        currency: Currency::Tl,
        sends: Vec::new(),
        created_at: Moment::from_unix_ms(created_at),
    }
}

pub fn view(link: Option<Link>) -> LinkView {
    LinkView { callback_id: callback_id(), link, payments: Vec::new(), cursor: None, replayed: 0 }
}

/// The settings with this merchant.
pub fn config_of(merchant: Merchant) -> Config {
    Config { merchant, ..crate::config::parse(&crate::config::environment()).unwrap() }
}

/// What a call of a new message depends on.
pub fn call_context(config: &Config) -> CallContext<'_> {
    CallContext { config, now: NOW, origin: "https://relay.example", callback_id: None, link: None }
}

/// What a message posts.
pub fn call(asking: &dyn AskPaytr, config: &Config) -> Call {
    asking.call(&call_context(config)).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

/// A form's fields, in their order.
pub fn form_fields(form: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(form.as_bytes()).into_owned().collect()
}

/// What an answer to `msg_1` depends on, without a link.
pub const ANSWER_CONTEXT: AnswerContext<'static> = AnswerContext { webhook_id: "msg_1", callback_id: None, sends: &[] };

/// How a send ends whose call PayTR answers like this.
pub fn end(message: &SendLink, http_status: u16, body: &[u8], merchant: Merchant) -> Settled {
    let config = config_of(merchant);
    let reply = read_reply(http_status, body);
    message.settle(reply.as_ref().map_err(|cause| *cause), &call(message, &config), &call_context(&config))
}

/// Holds a value to its form in the storage, both ways: what a relay has recorded is read by every later one.
pub fn check_stored<T: Packed + PartialEq + Debug>(value: &T, bytes: &[u8]) {
    assert_eq!(pack(value).escape_ascii().to_string(), bytes.escape_ascii().to_string(), "{value:?}");
    assert_eq!(unpack::<T>(bytes).as_ref(), Some(value));
}

/// What is recorded of an outcome.
pub fn record(outcome: &Outcome<impl Packed>) -> Vec<u8> {
    Settled::new(outcome).record
}

/// What a send's caller is told of its outcome.
pub fn answer(webhook_id: &str, outcome: &Outcome) -> Answer {
    let context = AnswerContext { webhook_id, ..ANSWER_CONTEXT };
    Answer { content: message(SMS).answer(&record(outcome), &context), replayed: false }
}

pub fn sent() -> Success {
    answer("msg_1", &Outcome::Succeeded(())).content.unwrap()
}

pub fn pong() -> Success {
    match Message::parse(br#"{"type":"relay.ping"}"#).unwrap().handling() {
        Handling::Answer(answer) => answer(&config_of(merchant())),
        _ => panic!("a ping asks for more than an answer"),
    }
}

/// The HTTP answer to this message.
pub fn response(message: &Message, content: Result<Success, Refusal>) -> Response {
    respond(message, Answer { content, replayed: false })
}

/// The HTTP answer to a send that ended like this.
pub fn ended(webhook_id: &str, outcome: &Outcome) -> Response {
    respond(&message(SMS).to_message(), answer(webhook_id, outcome))
}

/// A line of the log with what is known of this message and its outcome.
pub fn line_about<'a>(line: LogLine<'a>, body: &str, outcome: &Outcome) -> LogLine<'a> {
    let (reason, paytr_status) = match answer("msg_1", outcome).content {
        Ok(success) => (None, success.paytr_status()),
        Err(refusal) => (refusal.reason(), refusal.paytr_status()),
    };
    let mut line = LogLine { reason, paytr_status, ..line };
    Message::parse(body.as_bytes()).unwrap().describe(&mut line);
    line
}

pub fn hmac_base64(key: &[u8], text: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Every text of a table, with what the texts of its row have in common.
pub fn texts<'a>(table: &'a [(&'a str, &'a [&'a str])]) -> impl Iterator<Item = (&'a str, &'a str)> {
    table.iter().flat_map(|(what, texts)| texts.iter().map(move |text| (*what, *text)))
}

pub fn headers(answer: &Response) -> Vec<(&str, &str)> {
    answer.headers.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

pub fn header<'a>(answer: &'a Response, name: &str) -> Option<&'a str> {
    let values: Vec<&str> =
        headers(answer).into_iter().filter_map(|(known, value)| (known == name).then_some(value)).collect();
    assert!(values.len() < 2, "{name} is given {} times", values.len());
    values.first().copied()
}

pub fn body_of(answer: &Response) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}
