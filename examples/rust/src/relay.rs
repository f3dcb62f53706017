//! Asks the relay: signs, posts, and asks again where that is safe.

use serde_json::Value;
use standardwebhooks::Webhook;
use std::error::Error;
use std::fmt;
use std::io::ErrorKind;
use std::thread::sleep;
use std::time::{Duration, SystemTime};
use ureq::Agent;

/// Seconds between five tries.
const PAUSES: [u64; 4] = [1, 2, 4, 8];
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// No relay's answer is longer, and what is longer is not read.
const MAX_ANSWER_BYTES: u64 = 1_048_576;

pub type Failure = Box<dyn Error>;

/// Where the relay is, and a secret that it knows.
pub struct Relay {
    pub url: String,
    pub secret: String,
}

pub struct Answer {
    status: u16,
    retry_after: Option<Duration>,
    /// Whether it was recorded before it was asked for here.
    pub is_replayed: bool,
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

        for (tried, pause) in PAUSES.into_iter().map(Some).chain([None]).enumerate() {
            let timestamp = i64::try_from(SystemTime::UNIX_EPOCH.elapsed()?.as_secs())?;
            let signature = webhook.sign(id, timestamp, body.as_bytes())?;
            let mut wait = pause.map(Duration::from_secs);
            match post(&agent, &url, &body, id, timestamp, &signature) {
                Ok(answer) if !again.contains(&answer.status) => {
                    return Ok(Answer { is_replayed: answer.is_replayed && tried == 0, ..answer });
                }
                Ok(answer) => wait = wait.map(|wait| answer.retry_after.unwrap_or(wait)),
                // A name or a port that is wrong is seen at once, not after all tries.
                Err(error) if tried == 0 && is_unreachable(&error) => {
                    eprintln!("No answer from {url} yet ({error}); trying again.");
                }
                Err(_) => {}
            }
            if let Some(wait) = wait {
                sleep(wait.min(LONGEST_WAIT));
            }
        }
        Err(NotSent(format!("No final answer from the relay after several tries. Asking again as {id} is safe."))
            .into())
    }
}

/// Whether there was no connection at all, and not one that was lost.
fn is_unreachable(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Io(error) => error.kind() == ErrorKind::ConnectionRefused,
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed | ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
            true
        }
        _ => false,
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
    let is_replayed = response.headers().get("idempotency-replayed").is_some_and(|value| value == "true");
    let text = response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_string()?;
    Ok(Answer {
        status: response.status().as_u16(),
        retry_after: retry_after.map(Duration::from_secs),
        is_replayed,
        // Nothing but a relay says `outcome` or `detail`; a page of some other server is null.
        json: serde_json::from_str(&text).unwrap_or_default(),
    })
}

/// `PayTR` did not take the message or make the link, or nobody knows; the text says which.
#[derive(Debug)]
pub struct NotSent(String);

impl NotSent {
    /// With what a person does about it, if the relay's own words do not say so.
    pub fn new(answer: &Answer, advice: Option<&str>) -> Self {
        let Answer { status, json, .. } = answer;
        let detail = json.get("detail").and_then(Value::as_str).map_or_else(|| format!("HTTP {status}"), str::to_owned);
        let errors = errors(json).iter().map(sentence);
        let mut lines = vec![[detail].into_iter().chain(errors).collect::<Vec<_>>().join(" ")];
        lines.extend(
            json.pointer("/paytr/reason").and_then(Value::as_str).map(|reason| format!("PayTR's words: {reason}")),
        );
        if answer.is_replayed {
            lines.push("This answer was recorded earlier, and PayTR was not asked again.".to_owned());
        }
        lines.extend(advice.map(str::to_owned));
        Self(lines.join("\n"))
    }
}

/// The fields that the relay refuses.
pub fn errors(json: &Value) -> &[Value] {
    json.get("errors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

pub fn sentence(error: &Value) -> String {
    let text = |name| error.get(name).and_then(Value::as_str).unwrap_or_default();
    format!("{} {}.", text("pointer"), text("detail"))
}

impl fmt::Display for NotSent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for NotSent {}
