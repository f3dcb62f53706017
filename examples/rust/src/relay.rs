//! Asks the relay: signs, posts, and asks again where that is safe.

use serde_json::Value;
use standardwebhooks::Webhook;
use std::error::Error;
use std::fmt;
use std::thread::sleep;
use std::time::{Duration, SystemTime};
use ureq::Agent;

/// Seconds between five tries.
const PAUSES: [u64; 4] = [1, 2, 4, 8];
const LONGEST_WAIT: Duration = Duration::from_secs(30);

pub type Failure = Box<dyn Error>;

/// Where the relay is, and a secret that it knows.
pub struct Relay {
    pub url: String,
    pub secret: String,
}

pub struct Answer {
    status: u16,
    retry_after: Option<Duration>,
    /// Whether it was recorded earlier.
    pub replayed: bool,
    pub json: Value,
}

impl Answer {
    pub fn says(&self, member: &str, value: impl Into<Value>) -> bool {
        self.json.get(member) == Some(&value.into())
    }
}

impl Relay {
    /// The first answer that is final. Asks again, with the same id, while there is none or its status is in `again`.
    pub fn ask(&self, id: &str, message: &Value, again: &[u16]) -> Result<Answer, Failure> {
        let relay = self.url.trim_end_matches('/');
        let url = format!("{}/webhook", relay.strip_suffix("/webhook").unwrap_or(relay));
        let webhook = Webhook::new(&self.secret)?;
        let body = message.to_string();
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
            let signature = webhook.sign(id, timestamp, body.as_bytes())?;
            let mut wait = pause.map(Duration::from_secs);
            if let Ok(answer) = post(&agent, &url, &body, id, timestamp, &signature) {
                if !again.contains(&answer.status) {
                    return Ok(answer);
                }
                wait = wait.map(|wait| answer.retry_after.unwrap_or(wait));
            }
            if let Some(wait) = wait {
                sleep(wait.min(LONGEST_WAIT));
            }
        }
        Err(NotSent(format!("No final answer from the relay after several tries. Asking again as {id} is safe."))
            .into())
    }
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
    let replayed = response.headers().get("idempotency-replayed").is_some_and(|value| value == "true");
    let text = response.body_mut().read_to_string()?;
    Ok(Answer {
        status: response.status().as_u16(),
        retry_after: retry_after.map(Duration::from_secs),
        replayed,
        // Nothing but a relay says `outcome` or `detail`; a page of some other server is null.
        json: serde_json::from_str(&text).unwrap_or_default(),
    })
}

/// `PayTR` did not take the message or make the link, or nobody knows; the text says which.
#[derive(Debug)]
pub struct NotSent(String);

impl From<Answer> for NotSent {
    fn from(Answer { status, json, .. }: Answer) -> Self {
        let text = |json: &Value, name| json.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let detail = Some(text(&json, "detail")).filter(|detail| !detail.is_empty());
        let errors = json.get("errors").and_then(Value::as_array).into_iter().flatten();
        let errors = errors.map(|error| format!("{} {}.", text(error, "pointer"), text(error, "detail")));
        let sentences = [detail.unwrap_or_else(|| format!("HTTP {status}"))].into_iter().chain(errors);
        Self(sentences.collect::<Vec<_>>().join(" "))
    }
}

impl fmt::Display for NotSent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for NotSent {}
