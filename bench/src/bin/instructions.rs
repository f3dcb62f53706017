//! The pure steps of a request, for counting their instructions: `instructions STEP TIMES` does one step so many times.
//! Without arguments it lists the steps. What is counted and compared is `instructions.mjs`'s affair.

use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_link_relay::config::Config;
use paytr_link_relay::events::event;
use paytr_link_relay::events::verdict::{Expected, Verdict};
use paytr_link_relay::ledger::{EntryKeys, object_name};
use paytr_link_relay::mac::MacKey;
use paytr_link_relay::model::CallbackId;
use paytr_link_relay::operation::{
    CallContext, Create, Keeper, Message, PaytrOperation, ResponseContext, SendLink, SendSms,
};
use paytr_link_relay::paytr::{Notification, read_reply};
use paytr_link_relay::response::Response;
use paytr_link_relay::standard_webhooks::{Headers, Verified, verify};
use paytr_link_relay::telemetry::{LogLine, RequestInfo};
use std::env;
use std::hint::black_box;
use std::io::{self, Error};

const SMS: &[u8] = br#"{"type":"link.send_sms","timestamp":"2026-11-23T10:00:00Z","data":{"id":"NB2Zlz3","cell_phone":"05321234567"}}"#;
const NOW: u64 = 1_795_428_000;
const WEBHOOK_ID: &str = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
/// `v1` of `WEBHOOK_ID`, `NOW` and `SMS` under the secret below.
const SIGNATURE: &str = "v1,HO5QE8MQ+JkBi64IOYiVxT35QV6uf8+uUchly9x0h84=";

type Step = fn(&Given);

const CREATE: &[u8] = br#"{"type":"link.create","data":{"name":"Siparis 1001","price":158000,"link_type":"product","expiry_date":"2030-12-31T23:59:59+03:00","reference":"1001","send":{"cell_phone":"05321234567","email":"musteri@example.com"}}}"#;
const CALLBACK_ID: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
const SUCCESS: &[u8] = br#"{"status":"success"}"#;

const STEPS: [(&str, Step); 11] = [
    ("verify", verify_signature),
    ("parse-sms", parse_sms),
    ("parse-create", parse_create),
    ("call-sms", call_sms),
    ("call-create", call_create),
    ("reply", reply),
    ("ledger-keys", ledger_keys),
    ("response", response),
    ("log", log),
    ("callback", callback),
    ("event", make_event),
];

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let Some(name) = arguments.next() else {
        for (name, _) in STEPS {
            println!("{name}");
        }
        return Ok(());
    };
    let times: u32 = arguments.next().and_then(|times| times.parse().ok()).ok_or_else(|| Error::other("how often?"))?;
    let (_, step) =
        STEPS.into_iter().find(|(known, _)| *known == name).ok_or_else(|| Error::other("no step of that name"))?;
    let given = Given::new()?;
    for _ in 0..times {
        step(black_box(&given));
    }
    Ok(())
}

/// What the steps work on, so that each counts its own work alone.
struct Given {
    config: Config,
    sms: SendLink,
    create: Create,
    callback_id: CallbackId,
    notice: Vec<u8>,
    notification: Notification,
    request: RequestInfo,
    end: String,
    sent: Response,
}

impl Given {
    fn new() -> io::Result<Self> {
        let wrong = |what: &'static str| move || Error::other(what);
        let config = Config::parse(lookup).map_err(|_| Error::other("the settings are wrong"))?;
        let callback_id = CallbackId::parse(CALLBACK_ID).ok_or_else(wrong("no callback_id"))?;
        let notice = notice(&config)?;
        let notification = Notification::verify(&notice, &config.merchant).map_err(Error::other)?;
        let Ok(Message::SendSms(SendSms(sms))) = Message::parse(SMS) else {
            return Err(Error::other("the SMS is wrong"));
        };
        let Ok(Message::Create(create)) = Message::parse(CREATE) else {
            return Err(Error::other("the create is wrong"));
        };
        let reply = read_reply(200, SUCCESS).map_err(|_| Error::other("the reply is wrong"))?;
        let end = sms.end(Ok(&reply), &[], &config, None).record;
        let sent = sms.respond(&end, &response_context()).response;
        // A step that stopped at its first check would look cheap.
        if verify(HEADERS, SMS, &config.webhook_secrets, NOW).is_err() {
            return Err(Error::other("the signature is wrong"));
        }
        let request = RequestInfo { request_id: "8f3c2b1a0d9e7f65-IST".to_owned(), received_at: NOW_MS };
        Ok(Self { config, sms, create, callback_id, notice, notification, request, end, sent })
    }

    fn context(&self) -> CallContext<'_> {
        let origin = "https://relay.example";
        CallContext { config: &self.config, now: NOW_MS, origin, callback_id: Some(&self.callback_id), link: None }
    }
}

const NOW_MS: u64 = NOW * 1000;
const HEADERS: Headers<'static> =
    Headers { id: Some(WEBHOOK_ID), timestamp: Some("1795428000"), signature: Some(SIGNATURE) };
const MERCHANT_KEY: &str = "kEy1234567890abc";
const MERCHANT_SALT: &str = "sAlt0987654321xy";

fn lookup(name: &str) -> Option<String> {
    let text = match name {
        "PAYTR_MERCHANT_ID" => "123456",
        "PAYTR_MERCHANT_KEY" => MERCHANT_KEY,
        "PAYTR_MERCHANT_SALT" => MERCHANT_SALT,
        "WEBHOOK_SECRETS" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "EVENTS_SECRETS" => "whsec_ZXZlbnRzIG9mIGEgYmVuY2htYXJrLCAyNCs=",
        "EVENTS_URL" => "https://shop.example/paytr-events",
        _ => return None,
    };
    Some(text.to_owned())
}

/// PayTR's notice of a payment.
fn notice(config: &Config) -> io::Result<Vec<u8>> {
    let key = MacKey::new(MERCHANT_KEY.as_bytes()).ok_or_else(|| Error::other("no key"))?;
    let signed = format!("{CALLBACK_ID}OID1001{MERCHANT_SALT}success158000");
    let hash =
        STANDARD.encode(key.sign(&[signed.as_bytes()])).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let merchant_id = config.merchant.id();
    Ok(format!(
        "callback_id={CALLBACK_ID}&merchant_oid=OID1001&status=success&total_amount=158000&payment_amount=158000\
         &payment_type=card&currency=TL&merchant_id={merchant_id}&test_mode=0&hash={hash}"
    )
    .into_bytes())
}

const fn response_context() -> ResponseContext<'static> {
    ResponseContext { webhook_id: WEBHOOK_ID, callback_id: None, link: None, base64_qr: None, follow_ups: &[] }
}

fn verify_signature(given: &Given) {
    let _ = black_box(verify(black_box(HEADERS), black_box(SMS), &given.config.webhook_secrets, NOW));
}

fn parse_sms(_: &Given) {
    let _ = black_box(Message::parse(black_box(SMS)));
}

fn parse_create(_: &Given) {
    let _ = black_box(Message::parse(black_box(CREATE)));
}

/// Token and form.
fn call_sms(given: &Given) {
    let _ = black_box(given.sms.call(&given.context()).is_ok());
}

fn call_create(given: &Given) {
    let _ = black_box(given.create.call(&given.context()).is_ok());
}

fn reply(given: &Given) {
    let reply = read_reply(200, black_box(SUCCESS));
    black_box(given.sms.end(reply.as_ref().map_err(|cause| *cause), &[], &given.config, None));
}

fn ledger_keys(given: &Given) {
    let merchant = &given.config.merchant;
    black_box(object_name(merchant, WEBHOOK_ID, &Keeper::Recipient(&given.sms.recipient)));
    black_box(EntryKeys::new(merchant, WEBHOOK_ID, &given.sms.fingerprint()));
}

fn response(given: &Given) {
    black_box(given.sms.respond(black_box(&given.end), &response_context()).response);
}

fn log(given: &Given) {
    let verified = Verified { webhook_id: black_box(WEBHOOK_ID), secret_number: 1 };
    let line = LogLine::new(&given.request, NOW_MS, &given.sent).verified(verified, &[&given.sms.recipient]);
    black_box(LogLine { paytr_status: Some("success"), message_type: Some("link.send_sms"), ..line }.text());
}

/// Form, fields and hash.
fn callback(given: &Given) {
    let _ = black_box(Notification::verify(black_box(&given.notice), &given.config.merchant).is_ok());
}

/// What a payment is worth, and the body that says so.
fn make_event(given: &Given) {
    let expected: Option<Expected> = None;
    let merchant = &given.config.merchant;
    let verdict = Verdict::new(black_box(&given.notification), expected.as_ref(), merchant.id(), false);
    black_box(event::webhook_id(merchant, &given.notification.callback_id, &given.notification.merchant_oid));
    black_box(event::body(&given.notification, None, &verdict, NOW_MS));
}
