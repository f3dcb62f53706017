//! The pure steps of a request, for counting their instructions: `instructions STEP TIMES` does one step so many times.
//! Without arguments it lists the steps. What is counted and compared is `instructions.mjs`'s affair.

use paytr_link_relay::config::Config;
use paytr_link_relay::http::answer::respond;
use paytr_link_relay::ledger::{Address, DecisionInput, decide};
use paytr_link_relay::message::{
    Answer, AnswerContext, AskPaytr, CallContext, Create, Envelope, Message, SendEmail, SendLink, SendSms,
};
use paytr_link_relay::model::{CallbackId, SendLimit};
use paytr_link_relay::packed::{pack, unpack};
use paytr_link_relay::payment::assessment::{Assessment, Expected};
use paytr_link_relay::payment::{EventId, PaymentDetails, event};
use paytr_link_relay::paytr::{Call, Notification, read_reply};
use paytr_link_relay::standard_webhooks::{Headers, Verified, sign, verify};
use paytr_link_relay::tasks::deliver_event::{ShopResponse, after_try};
use paytr_link_relay::telemetry::{LogLine, RequestInfo};
use std::env;
use std::hint::black_box;
use std::io::{self, Error};

const SMS: &[u8] = br#"{"type":"link.send_sms","timestamp":"2026-11-23T10:00:00Z","data":{"id":"NB2Zlz3","cell_phone":"05321234567"}}"#;
const EMAIL: &[u8] = br#"{"type":"link.send_email","timestamp":"2026-11-23T10:00:00Z","data":{"id":"NB2Zlz3","email":"musteri+a@example.com"}}"#;
const NOW: u64 = 1_795_428_000;
const WEBHOOK_ID: &str = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
/// `v1` of `WEBHOOK_ID`, `NOW` and `SMS` under the secret below.
const SIGNATURE: &str = "v1,HO5QE8MQ+JkBi64IOYiVxT35QV6uf8+uUchly9x0h84=";

const CREATE: &[u8] = br#"{"type":"link.create","data":{"name":"Siparis 1001","price":158000,"link_type":"product","expiry_date":"2030-12-31T23:59:59+03:00","reference":"1001","send":{"cell_phone":"05321234567","email":"musteri@example.com"}}}"#;
const CALLBACK_ID: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
const SUCCESS: &[u8] = br#"{"status":"success"}"#;
/// PayTR's notification of a payment.
const FORM: &[u8] = b"callback_id=b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9&merchant_oid=OID1001&status=success\
&total_amount=158000&payment_amount=158000&payment_type=card&currency=TL&merchant_id=123456&test_mode=0&hash=nP8gSy13vZXcOVQOGGAedjug6kN1YjJfLGDcOfBxzQs%3D";
const ORIGIN: &str = "https://relay.example";
const NOW_MS: u64 = NOW * 1000;
const HEADERS: Headers<'static> =
    Headers { id: Some(WEBHOOK_ID), timestamp: Some("1795428000"), signature: Some(SIGNATURE) };
const ANSWER_CONTEXT: AnswerContext<'static> = AnswerContext { webhook_id: WEBHOOK_ID, callback_id: None, sends: &[] };

type Step = fn(&Given);

const STEPS: [(&str, Step); 19] = [
    ("config", |_| done(Config::parse(black_box(lookup)))),
    ("verify", |given| done(verify(black_box(HEADERS), black_box(SMS), &given.config.webhook_secrets, NOW))),
    ("parse-sms", |_| done(Message::parse(black_box(SMS)))),
    ("parse-email", |_| done(Message::parse(black_box(EMAIL)))),
    ("parse-create", |_| done(Message::parse(black_box(CREATE)))),
    // Token and form.
    ("call-sms", |given| done(given.sms.call(&given.context()).is_ok())),
    ("call-email", |given| done(given.email.call(&given.context()).is_ok())),
    ("call-create", |given| done(given.create.call(&given.context()).is_ok())),
    ("reply", |given| {
        let reply = read_reply(200, black_box(SUCCESS));
        done(given.sms.settle(reply.as_ref().map_err(|cause| *cause), &given.sms_call, &given.context()));
    }),
    // The way of a message to its partition.
    ("envelope", |given| done(unpack::<Envelope>(&pack(black_box(&given.envelope))).is_some())),
    ("ledger-address", |given| {
        let merchant = &given.config.merchant;
        done(Address::of(merchant, "namespace", WEBHOOK_ID, given.sms.keeper()));
        done(given.sms.fingerprint().hash(merchant));
    }),
    ("ledger-decide", ledger_decide),
    // The answer, and its way back.
    ("answer", |given| {
        let content = given.sms.answer(black_box(&given.record), &ANSWER_CONTEXT);
        done(unpack::<Answer>(&pack(&Answer { content, replayed: false })).is_some());
    }),
    ("response", |given| done(respond(&given.envelope.message, black_box(given.answer.clone())))),
    ("log", log),
    // Form, fields and hash.
    ("callback", |given| done(Notification::verify(black_box(FORM), &given.config.merchant).is_ok())),
    ("event", make_event),
    ("sign-event", |given| done(sign(&given.config.events_secrets, WEBHOOK_ID, NOW, black_box(SMS)))),
    ("after-try", |_| {
        let answer = ShopResponse::read(503, Some("Sun, 06 Nov 2094 08:49:37 GMT"), NOW_MS);
        done(after_try(3, black_box(answer), u32::MAX / 2, NOW_MS));
    }),
];

fn done<T>(made: T) {
    let _ = black_box(made);
}

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
    sms_call: Call,
    email: SendLink,
    create: Create,
    callback_id: CallbackId,
    notification: Notification,
    sends: Vec<u64>,
    envelope: Envelope,
    record: Vec<u8>,
    answer: Answer,
}

impl Given {
    fn new() -> io::Result<Self> {
        let config = Config::parse(lookup).map_err(|_| Error::other("the settings are wrong"))?;
        let callback_id = CallbackId::parse(CALLBACK_ID).ok_or_else(|| Error::other("no callback_id"))?;
        let notification = Notification::verify(FORM, &config.merchant).map_err(Error::other)?;
        let messages = (Message::parse(SMS), Message::parse(EMAIL), Message::parse(CREATE));
        let (Ok(Message::SendSms(SendSms(sms))), Ok(Message::SendEmail(SendEmail(email))), Ok(Message::Create(create))) =
            messages
        else {
            return Err(Error::other("a message is wrong"));
        };
        let reply = read_reply(200, SUCCESS).map_err(|_| Error::other("the reply is wrong"))?;
        let context = call_context(&config, &callback_id);
        let sms_call = sms.call(&context).map_err(|_| Error::other("the call is wrong"))?;
        let record = sms.settle(Ok(&reply), &sms_call, &context).record;
        let answer = Answer { content: sms.answer(&record, &ANSWER_CONTEXT), replayed: false };
        if answer.content.is_err() {
            return Err(Error::other("the answer is wrong"));
        }
        // A step that stopped at its first check would look cheap.
        if verify(HEADERS, SMS, &config.webhook_secrets, NOW).is_err() {
            return Err(Error::other("the signature is wrong"));
        }
        let request = RequestInfo { request_id: "8f3c2b1a0d9e7f65-IST".to_owned(), received_at: NOW_MS };
        let envelope = Envelope {
            request,
            webhook_id: WEBHOOK_ID.to_owned(),
            secret_number: Some(1),
            origin: ORIGIN.to_owned(),
            message: sms.clone().to_message(),
        };
        Ok(Self {
            config,
            sms,
            sms_call,
            email,
            create,
            callback_id,
            notification,
            sends: vec![NOW; 5],
            envelope,
            record,
            answer,
        })
    }

    fn context(&self) -> CallContext<'_> {
        call_context(&self.config, &self.callback_id)
    }
}

const fn call_context<'a>(config: &'a Config, callback_id: &'a CallbackId) -> CallContext<'a> {
    CallContext { config, now: NOW_MS, origin: ORIGIN, callback_id: Some(callback_id), link: None }
}

fn lookup(name: &str) -> Option<String> {
    let text = match name {
        "PAYTR_MERCHANT_ID" => "123456",
        "PAYTR_MERCHANT_KEY" => "kEy1234567890abc",
        "PAYTR_MERCHANT_SALT" => "sAlt0987654321xy",
        "WEBHOOK_SECRETS" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "EVENTS_SECRETS" => "whsec_ZXZlbnRzIG9mIGEgYmVuY2htYXJrLCAyNCs=",
        "EVENTS_URL" => "https://shop.example/paytr-events",
        _ => return None,
    };
    Some(text.to_owned())
}

fn ledger_decide(given: &Given) {
    const LIMITS: [SendLimit; 2] = [SendLimit { count: 1, seconds: 60 }, SendLimit { count: 5, seconds: 86_400 }];
    let input = DecisionInput {
        recorded: None,
        fingerprint: "fingerprint",
        in_flight: false,
        sends: &given.sends,
        limits: &LIMITS,
        timeout_ms: 20_000,
        now: NOW_MS,
    };
    let _ = black_box(decide(black_box(&input)));
}

fn log(given: &Given) {
    let verified = Verified { webhook_id: black_box(WEBHOOK_ID), secret_number: 1 };
    let line = LogLine::new(&given.envelope.request, NOW_MS, (200, "sent")).verified(verified, &[&given.sms.recipient]);
    black_box(LogLine { paytr_status: Some("success"), message_type: Some("link.send_sms"), ..line }.text());
}

/// What a payment is worth, what is kept of it, and the body that says so.
fn make_event(given: &Given) {
    let merchant = &given.config.merchant;
    let expected = Expected { merchant_id: merchant.id(), link: None, is_changed: false };
    let assessment = Assessment::new(black_box(&given.notification), &expected);
    black_box(EventId::new(merchant, &given.notification));
    black_box(PaymentDetails::new(&given.notification, &assessment));
    black_box(event::body(&given.notification, None, &assessment, NOW_MS));
}
