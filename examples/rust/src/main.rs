//! Sends a `PayTR` payment link from a shop's back end: Rust and the official `standardwebhooks`.
//!
//! ```text
//! cd examples/rust
//! RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… cargo run -- sms NB2Zlz3 05321234567
//! RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… cargo run -- email NB2Zlz3 musteri@example.com
//! ```
//!
//! In scope: one message, signed, sent, and asked for again where that is safe. Not in scope: making the link, and
//! remembering what was sent.

use serde_json::{Value, json};
use standardwebhooks::Webhook;
use std::error::Error;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::{Duration, SystemTime};
use std::{env, fmt};
use ureq::Agent;

/// Seconds between five tries.
const PAUSES: [u64; 4] = [1, 2, 4, 8];
const LONGEST_WAIT: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (Ok(relay_url), Ok(secret), [channel, link_id, recipient]) =
        (env::var("RELAY_URL"), env::var("WEBHOOK_SECRET"), arguments.as_slice())
    else {
        eprintln!("usage: RELAY_URL=… WEBHOOK_SECRET=… send sms|email LINK_ID RECIPIENT");
        return ExitCode::from(2);
    };
    match send_link(&relay_url, &secret, channel, link_id, recipient) {
        Ok(id) => {
            println!("Sent ({id}).");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the message's id once `PayTR` has taken it.
///
/// A shop keeps the id with the order before it sends: with the same id the relay sends once, however often it is asked.
///
/// # Errors
/// With the relay's `detail` if the message was not sent, or if nobody knows.
fn send_link(
    relay_url: &str,
    secret: &str,
    channel: &str,
    link_id: &str,
    recipient: &str,
) -> Result<String, Box<dyn Error>> {
    let field = match channel {
        "sms" => "cell_phone",
        "email" => "email",
        _ => return Err("The channel is sms or email.".into()),
    };
    let relay = relay_url.trim_end_matches('/');
    let url = format!("{}/webhook", relay.strip_suffix("/webhook").unwrap_or(relay));
    let webhook = Webhook::new(secret)?;
    let body = json!({"type": format!("link.send_{channel}"), "data": {"id": link_id, field: recipient}}).to_string();
    let id = format!("msg_{:016x}{:016x}", getrandom::u64()?, getrandom::u64()?);
    // An answer of any status is an answer.
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into();

    for pause in PAUSES.into_iter().map(Some).chain([None]) {
        let timestamp = i64::try_from(SystemTime::UNIX_EPOCH.elapsed()?.as_secs())?;
        let signature = webhook.sign(&id, timestamp, body.as_bytes())?;
        let answer = post(&agent, &url, &body, &id, timestamp, &signature).ok();
        let mut wait = pause.map(Duration::from_secs);
        if let Some(Answer { status, retry_after, json }) = answer {
            if json.get("outcome").and_then(Value::as_str) == Some("sent") {
                return Ok(id);
            }
            if !matches!(status, 409 | 503) {
                return Err(NotSent(why_not(status, &json)).into());
            }
            wait = wait.map(|wait| retry_after.unwrap_or(wait));
        }
        if let Some(wait) = wait {
            sleep(wait.min(LONGEST_WAIT));
        }
    }
    Err(NotSent(format!("No final answer from the relay after several tries. Asking again as {id} is safe.")).into())
}

fn why_not(status: u16, json: &Value) -> String {
    let text = |json: &Value, name| json.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let detail = Some(text(json, "detail")).filter(|detail| !detail.is_empty());
    let errors = json.get("errors").and_then(Value::as_array).into_iter().flatten();
    let errors = errors.map(|error| format!("{} {}.", text(error, "pointer"), text(error, "detail")));
    let sentences = [detail.unwrap_or_else(|| format!("HTTP {status}"))].into_iter().chain(errors);
    sentences.collect::<Vec<_>>().join(" ")
}

struct Answer {
    status: u16,
    retry_after: Option<Duration>,
    json: Value,
}

fn post(
    agent: &Agent,
    url: &str,
    body: &str,
    id: &str,
    timestamp: i64,
    signature: &str,
) -> Result<Answer, ureq::Error> {
    let mut response = agent
        .post(url)
        .header("content-type", "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp.to_string())
        .header("webhook-signature", signature)
        .send(body)?;
    let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
    let text = response.body_mut().read_to_string()?;
    Ok(Answer {
        status: response.status().as_u16(),
        retry_after: retry_after.map(Duration::from_secs),
        // Nothing but a relay says `outcome` or `detail`; a page of some other server is null.
        json: serde_json::from_str(&text).unwrap_or_default(),
    })
}

/// `PayTR` did not take the message, or nobody knows; the text says which.
#[derive(Debug)]
struct NotSent(String);

impl fmt::Display for NotSent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for NotSent {}
