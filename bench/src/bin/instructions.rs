//! The pure steps of a request, for counting their instructions: `instructions STEP TIMES` does one step so many times.
//! Without arguments it lists the steps. What is counted and compared is `instructions.mjs`'s affair.

use paytr_link_relay::answer::Answer;
use paytr_link_relay::ledger::{Entry, Limit, Names, Situation, decide, object_name};
use paytr_link_relay::log::{Arrival, Line};
use paytr_link_relay::message::{Message, SendLink};
use paytr_link_relay::outcome::Outcome;
use paytr_link_relay::paytr::{Merchant, Token, form, read_reply};
use paytr_link_relay::settings::Settings;
use paytr_link_relay::webhook::{Headers, Verified, verify};
use std::env;
use std::hint::black_box;
use std::io::{self, Error};

const SMS: &[u8] = br#"{"type":"link.send_sms","timestamp":"2026-11-23T10:00:00Z","data":{"id":"NB2Zlz3","cell_phone":"05321234567"}}"#;
const EMAIL: &[u8] = br#"{"type":"link.send_email","timestamp":"2026-11-23T10:00:00Z","data":{"id":"NB2Zlz3","email":"musteri+a@example.com"}}"#;
const NOW: u64 = 1_795_428_000;
const WEBHOOK_ID: &str = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
/// `v1` of `WEBHOOK_ID`, `NOW` and `SMS` under the secret below.
const SIGNATURE: &str = "v1,HO5QE8MQ+JkBi64IOYiVxT35QV6uf8+uUchly9x0h84=";

type Step = fn(&Given);

const STEPS: [(&str, Step); 11] = [
    ("settings", settings),
    ("verify", verify_signature),
    ("parse-sms", parse_sms),
    ("parse-email", parse_email),
    ("token", token),
    ("form", make_form),
    ("reply", reply),
    ("ledger-names", names),
    ("ledger-decide", decision),
    ("answer", answer),
    ("log", log),
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
    settings: Settings,
    sms: SendLink,
    email: SendLink,
    token: Token,
    sends: Vec<u64>,
    arrival: Arrival,
    sent: Answer,
}

impl Given {
    fn new() -> io::Result<Self> {
        let settings = Settings::parse(lookup).map_err(|_| Error::other("the settings are wrong"))?;
        let message = |body| match Message::parse(body) {
            Ok(Message::SendLink(message)) => Ok(message),
            _ => Err(Error::other("the message is wrong")),
        };
        let token = settings.merchant.token("NB2Zlz3", "05321234567").ok_or_else(|| Error::other("no token"))?;
        let given = Self {
            settings,
            sms: message(SMS)?,
            email: message(EMAIL)?,
            token,
            sends: vec![NOW; 5],
            arrival: Arrival { request_id: "8f3c2b1a0d9e7f65-IST".to_owned(), at: NOW.saturating_mul(1000) },
            sent: Answer::ended(WEBHOOK_ID, Outcome::Sent),
        };
        // A step that stopped at its first check would look cheap.
        if verify(HEADERS, SMS, &given.settings.webhook_secrets, NOW).is_err() {
            return Err(Error::other("the signature is wrong"));
        }
        Ok(given)
    }

    fn merchant(&self) -> &Merchant {
        &self.settings.merchant
    }
}

const HEADERS: Headers<'static> =
    Headers { id: Some(WEBHOOK_ID), timestamp: Some("1795428000"), signature: Some(SIGNATURE) };

fn lookup(name: &str) -> Option<String> {
    let text = match name {
        "PAYTR_MERCHANT_ID" => "123456",
        "PAYTR_MERCHANT_KEY" => "kEy1234567890abc",
        "PAYTR_MERCHANT_SALT" => "sAlt0987654321xy",
        "WEBHOOK_SECRETS" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        _ => return None,
    };
    Some(text.to_owned())
}

fn settings(_: &Given) {
    let _ = black_box(Settings::parse(black_box(lookup)));
}

fn verify_signature(given: &Given) {
    let _ = black_box(verify(black_box(HEADERS), black_box(SMS), &given.settings.webhook_secrets, NOW));
}

fn parse_sms(_: &Given) {
    let _ = black_box(Message::parse(black_box(SMS)));
}

fn parse_email(_: &Given) {
    let _ = black_box(Message::parse(black_box(EMAIL)));
}

fn token(given: &Given) {
    black_box(given.merchant().token(black_box("NB2Zlz3"), given.sms.recipient.as_str()));
}

fn make_form(given: &Given) {
    black_box(form(given.merchant(), &given.email, false, &given.token));
}

fn reply(given: &Given) {
    let body = black_box(br#"{"status":"success"}"#);
    black_box(read_reply(200, body, given.merchant(), &given.sms.recipient, &given.token));
}

fn names(given: &Given) {
    black_box(object_name(given.merchant(), &given.sms));
    black_box(Names::new(given.merchant(), WEBHOOK_ID, &given.sms));
}

fn decision(given: &Given) {
    const LIMITS: [Limit; 2] = [Limit { count: 1, seconds: 60 }, Limit { count: 5, seconds: 86_400 }];
    let situation = Situation {
        entry: None,
        fingerprint: "fingerprint",
        in_flight: false,
        sends: &given.sends,
        limits: &LIMITS,
        timeout_ms: 20_000,
        now: NOW.saturating_mul(1000),
    };
    let _ = black_box(decide(black_box(&situation)));
    let mut entry = Entry::sending("fingerprint".to_owned(), NOW);
    entry.end(Outcome::Sent);
    black_box(entry);
}

fn answer(_: &Given) {
    black_box(Answer::ended(black_box(WEBHOOK_ID), Outcome::Sent));
}

fn log(given: &Given) {
    let verified = Verified { webhook_id: black_box(WEBHOOK_ID), secret_number: 1 };
    let line = Line::new(&given.arrival, NOW.saturating_mul(1000), &given.sent).verified(verified);
    black_box(line.to(&given.sms.recipient).ended(&Outcome::Sent).text());
}
