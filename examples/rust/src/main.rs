//! Creates and sends `PayTR` payment links from a shop's back end: Rust and the official `standardwebhooks`.
//!
//! ```text
//! cd examples/rust
//! RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… cargo run -- sms NB2Zlz3 05321234567
//! RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… cargo run -- email NB2Zlz3 musteri@example.com
//! … cargo run -- create "Order 1001" 158000 --reference 1001 --cell-phone 05321234567 --email musteri@example.com
//! ```
//!
//! In scope: one message, signed, sent, and asked for again where that is safe. Not in scope: remembering what was sent.

mod relay;

use relay::{Failure, NotSent, Relay};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::env;
use std::process::ExitCode;

const USAGE: &str = "usage: RELAY_URL=… WEBHOOK_SECRET=… send sms|email LINK_ID RECIPIENT
       … send create NAME PRICE --reference ORDER [--cell-phone NUMBER] [--email ADDRESS]
       PRICE in minor units: 1445 is 14.45";
const TRIES_OF_A_LINK: u32 = 3;

enum Command<'a> {
    Create(Value),
    Send { channel: &'a str, link_id: &'a str, recipient: &'a str },
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
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
        Command::Create(data) => Ok(print_created(&create_link(relay, &data)?)),
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
    let (mut reference, mut send) = (None, Map::new());
    for option in options.chunks(2) {
        match *option {
            ["--reference", order] => reference = Some(order),
            ["--cell-phone", number] => drop(send.insert("cell_phone".to_owned(), number.into())),
            ["--email", address] => drop(send.insert("email".to_owned(), address.into())),
            _ => return None,
        }
    }
    let mut data = json!({"name": name, "price": price.parse::<u64>().ok()?, "reference": reference?});
    if let (false, Some(data)) = (send.is_empty(), data.as_object_mut()) {
        data.insert("send".to_owned(), send.into());
    }
    Some(data)
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
    if answer.says("outcome", "sent") { Ok(id) } else { Err(NotSent::from(answer).into()) }
}

/// Returns the relay's answer once the link exists, whatever became of its `sends`. `data` is that of `link.create`, with
/// the order as its `reference`.
///
/// The id comes from the order alone: a double click, a job that runs twice and a program that is started again all ask
/// for the same link. Where nobody knows whether `PayTR` made it, nobody has its address and it harms nobody, so the
/// order's next id is taken. Those that ended so on an earlier run are replayed, and passed over.
///
/// # Errors
/// With the relay's `detail` if there is no link, or if nobody knows.
fn create_link(relay: &Relay, data: &Value) -> Result<Value, Failure> {
    let order = Sha256::digest(text(data, "/reference").unwrap_or_default());
    let order: String = order
        .iter()
        .take(16)
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect();
    let message = json!({"type": "link.create", "data": data});
    let mut asked: u32 = 0;
    for number in 1_u32.. {
        let answer = relay.ask(&format!("order_{order}_{number}"), &message, &[409, 429, 503])?;
        if answer.says("outcome", "created") {
            return Ok(answer.json);
        }
        asked = asked.saturating_add(u32::from(!answer.replayed));
        let is_harmless = answer.says("code", "outcome-unknown") && answer.says("resend_safe", true);
        if !is_harmless || asked == TRIES_OF_A_LINK {
            return Err(NotSent::from(answer).into());
        }
    }
    Err("There is no further id for this order.".into())
}

/// Prints the link and what became of its sends; whether all of them were sent.
fn print_created(created: &Value) -> bool {
    println!("Created ({}).", text(created, "/webhook_id").unwrap_or_default());
    for member in ["id", "url", "callback_id"] {
        if let Some(value) = text(created, &format!("/link/{member}")) {
            println!("{member}: {value}");
        }
    }
    let sends = created.get("sends").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for send in sends {
        let [kind, outcome] = ["/type", "/outcome"].map(|member| text(send, member).unwrap_or_default());
        let code = text(send, "/code").map(|code| format!(" ({code})")).unwrap_or_default();
        let seconds = send.get("retry_after").and_then(Value::as_u64);
        let later = seconds.map(|seconds| format!(", ask again in {seconds} s")).unwrap_or_default();
        println!("{kind}: {outcome}{code}{later}");
    }
    sends.iter().all(|send| text(send, "/outcome") == Some("sent"))
}

fn text<'a>(json: &'a Value, pointer: &str) -> Option<&'a str> {
    json.pointer(pointer).and_then(Value::as_str)
}
