//! Creates and sends `PayTR` payment links from a shop's back end: Rust and the official `standardwebhooks`.
//!
//! ```text
//! cd examples/rust
//! RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… cargo run -- sms NB2Zlz3 05321234567
//! RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… cargo run -- email NB2Zlz3 musteri@example.com
//! … cargo run -- create "Order 1001" 158000 --reference 1001 --cell-phone 05321234567 --email musteri@example.com
//!     --expiry-date "2036-12-31 23:59:59"    until when it can be paid, in Istanbul time; the same for the same order
//! ```
//!
//! In scope: one message, signed, sent, and asked for again where that is safe. Not in scope: remembering what was sent.

mod relay;

use relay::{Answer, Failure, NotSent, Relay, errors, sentence};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::env;
use std::ffi::OsString;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::Duration;

const USAGE: &str = "usage: RELAY_URL=… WEBHOOK_SECRET=… send sms|email LINK_ID RECIPIENT
       … send create NAME PRICE --reference ORDER [--expiry-date TIME] [--cell-phone NUMBER] [--email ADDRESS]
       PRICE in minor units: 1445 is 14.45";
const TRIES_OF_A_LINK: u32 = 3;
/// In seconds. The relay's own limit is a message a minute, unless `SEND_LIMITS` says otherwise.
const LONGEST_LIMIT: u64 = 90;

enum Command<'a> {
    Create(Value),
    Send { channel: &'a str, link_id: &'a str, recipient: &'a str },
}

fn main() -> ExitCode {
    let Ok(arguments) = env::args_os().skip(1).map(OsString::into_string).collect::<Result<Vec<_>, _>>() else {
        eprintln!("What it is called with must be UTF-8.");
        return ExitCode::from(2);
    };
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (Ok(url), Ok(secret), Some(command)) = (env::var("RELAY_URL"), env::var("WEBHOOK_SECRET"), parse(&arguments))
    else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(&Relay { url, secret }, command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything was sent that was to be sent.
fn run(relay: &Relay, command: Command) -> Result<bool, Failure> {
    match command {
        Command::Create(data) => create(relay, &data),
        Command::Send { channel, link_id, recipient } => {
            println!("Sent ({}).", send_link(relay, channel, link_id, recipient)?);
            Ok(true)
        }
    }
}

fn parse<'a>(arguments: &[&'a str]) -> Option<Command<'a>> {
    match *arguments {
        ["create", name, price, ref options @ ..] => parse_create(name, price, options).map(Command::Create),
        [channel, link_id, recipient] => Some(Command::Send { channel, link_id, recipient }),
        _ => None,
    }
}

/// The data of `link.create`.
fn parse_create(name: &str, price: &str, options: &[&str]) -> Option<Value> {
    let (mut reference, mut expiry_date, mut send) = (None, None, Map::new());
    for option in options.chunks(2) {
        match *option {
            ["--reference", order] => reference = Some(order),
            ["--expiry-date", time] => expiry_date = Some(time),
            ["--cell-phone" | "--email", ""] => {}
            ["--cell-phone", number] => drop(send.insert("cell_phone".to_owned(), number.into())),
            ["--email", address] => drop(send.insert("email".to_owned(), address.into())),
            _ => return None,
        }
    }
    let mut data = Map::new();
    data.insert("name".to_owned(), name.into());
    data.insert("price".to_owned(), price.parse::<u64>().ok()?.into());
    data.insert("reference".to_owned(), reference?.into());
    data.extend(expiry_date.map(|time| ("expiry_date".to_owned(), time.into())));
    if !send.is_empty() {
        data.insert("send".to_owned(), send.into());
    }
    Some(data.into())
}

/// Returns the message's id once `PayTR` has taken it.
///
/// A shop keeps the id with the order before it sends: with the same id the relay sends once, however often it is asked.
///
/// # Errors
/// With the relay's `detail` if the message was not sent, or if nobody knows.
fn send_link(relay: &Relay, channel: &str, link_id: &str, recipient: &str) -> Result<String, Failure> {
    let field = match channel {
        "sms" => "cell_phone",
        "email" => "email",
        _ => return Err("The channel is sms or email.".into()),
    };
    let id = format!("msg_{:016x}{:016x}", getrandom::u64()?, getrandom::u64()?);
    let message = json!({"type": format!("link.send_{channel}"), "data": {"id": link_id, field: recipient}});
    let answer = relay.ask(&id, &message, &[409, 503])?;
    if answer.says("outcome", "sent") { Ok(id) } else { Err(NotSent::new(&answer, None).into()) }
}

/// A link that exists, whatever became of its sends.
struct Created {
    /// The relay's answer.
    answer: Answer,
    /// The relay's `errors` of recipients that are none, and whom the link was not sent to.
    left_out: Vec<Value>,
}

/// Returns once the link exists. `data` is that of `link.create`, with the order as its `reference`.
///
/// The id comes from the order alone: a double click, a job that runs twice and a program that is started again all ask
/// for the same link. The order's next id is taken where there is no link under this one: where nobody knows whether
/// `PayTR` made it, since nobody has its address and it harms nobody, and where `PayTR` refused it on an earlier run,
/// since its cause may be mended.
///
/// # Errors
/// With the relay's `detail` if there is no link, or if nobody knows.
fn create_link(relay: &Relay, data: &Value) -> Result<Created, Failure> {
    let reference = text(data, "/reference").unwrap_or_default();
    let order = Sha256::digest(reference);
    let order: String = order
        .iter()
        .take(16)
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect();
    let mut data = data.clone();
    let mut left_out = Vec::new();
    let (mut number, mut asked) = (1_u32, 0_u32);
    loop {
        let message = json!({"type": "link.create", "data": data});
        let answer = relay.ask(&format!("order_{order}_{number}"), &message, &[409, 429, 503])?;
        if answer.says("outcome", "created") {
            return Ok(Created { answer, left_out });
        }
        if let Some(others) = without_bad_recipients(&data, errors(&answer.json)) {
            // The same id: the relay keeps nothing of a message whose fields it refuses.
            data = others;
            left_out.extend_from_slice(errors(&answer.json));
            continue;
        }
        asked = asked.saturating_add(u32::from(!answer.is_replayed));
        let is_lost = answer.says("code", "outcome-unknown") && answer.says("resend_safe", true);
        let was_refused = answer.says("code", "paytr-rejected") && answer.is_replayed;
        if !(is_lost && asked < TRIES_OF_A_LINK || was_refused) {
            return Err(NotSent::new(&answer, how_to_go_on(&answer, reference).as_deref()).into());
        }
        number = number.saturating_add(1);
    }
}

/// The same data for those who are recipients; `None` if the relay refuses anything else as well.
fn without_bad_recipients(data: &Value, errors: &[Value]) -> Option<Value> {
    let mut send = data.get("send")?.as_object()?.clone();
    for error in errors {
        send.remove(text(error, "/pointer")?.strip_prefix("/data/send/")?)?;
    }
    let mut data = data.as_object()?.clone();
    data.remove("send");
    if !send.is_empty() {
        data.insert("send".to_owned(), send.into());
    }
    (!errors.is_empty()).then(|| data.into())
}

/// What a person does about an order that has no link.
fn how_to_go_on(answer: &Answer, reference: &str) -> Option<String> {
    if answer.says("code", "paytr-rejected") {
        return Some("Once the cause is mended, ask again for this order: its next id is taken by itself.".to_owned());
    }
    answer.says("code", "webhook-id-reused").then(|| {
        format!(
            "This order was asked for with other data before. Ask with the same, or delete that link and take another \
             reference, such as {reference}-2."
        )
    })
}

/// Prints the link and what became of its sends; whether all of them were sent.
fn create(relay: &Relay, data: &Value) -> Result<bool, Failure> {
    let created = create_link(relay, data)?;
    let id = text(&created.answer.json, "/webhook_id").unwrap_or_default();
    if created.answer.is_replayed {
        println!("Created earlier ({id}); a second link on purpose takes another --reference.");
    } else {
        println!("Created ({id}).");
    }
    for member in ["id", "url", "callback_id"] {
        if let Some(value) = text(&created.answer.json, &format!("/link/{member}")) {
            println!("{member}: {value}");
        }
    }
    let Created { answer, left_out } = send_limited(relay, data, created)?;
    for send in sends(&answer) {
        let [kind, outcome] = ["/type", "/outcome"].map(|member| text(send, member).unwrap_or_default());
        let code = text(send, "/code").map(|code| format!(" ({code})")).unwrap_or_default();
        let later = retry_after(send).map(|seconds| format!(", ask again in {seconds} s")).unwrap_or_default();
        let why = text(send, "/paytr/reason").map(|reason| format!(": {reason}")).unwrap_or_default();
        println!("{kind}: {outcome}{code}{later}{why}");
    }
    for error in &left_out {
        println!("left out: {}", sentence(error));
    }
    Ok(left_out.is_empty() && sends(&answer).iter().all(|send| text(send, "/outcome") == Some("sent")))
}

/// Has what was `limited` sent once its time has come, if that is soon. The same message sends nothing twice.
fn send_limited(relay: &Relay, data: &Value, created: Created) -> Result<Created, Failure> {
    let waits = sends(&created.answer).iter().filter_map(retry_after).filter(|seconds| *seconds <= LONGEST_LIMIT);
    let Some(seconds) = waits.max() else { return Ok(created) };
    eprintln!("The recipient has had a message not long ago; asking again in {seconds} s.");
    sleep(Duration::from_secs(seconds));
    create_link(relay, data)
}

fn sends(answer: &Answer) -> &[Value] {
    answer.json.get("sends").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn retry_after(send: &Value) -> Option<u64> {
    send.get("retry_after").and_then(Value::as_u64)
}

fn text<'a>(json: &'a Value, pointer: &str) -> Option<&'a str> {
    json.pointer(pointer).and_then(Value::as_str)
}
