//! Tells a person, by `ALERT_URL`; its subject is the kind of alert.

use super::super::Ledger;
use crate::alert::AlertKind;
use crate::config::Config;
use crate::platform::post::{USER_AGENT, no_answer, post};
use crate::platform::{clock, log};
use crate::tasks::After;
use crate::tasks::send_alert::{Tried, after_try, next};
use crate::telemetry::LogLine;
use worker::Result;
use worker::wasm_bindgen::JsValue;
use worker::web_sys::Headers;

/// How long the other end may take. It is short, because one connection more than a partition has places is open meanwhile.
const TIMEOUT_MS: u32 = 5_000;

pub async fn run(ledger: &Ledger, config: &Config, subject: &str) -> Result<After> {
    let started_at = clock::now();
    let Some(kind) = AlertKind::from_name(subject) else { return Ok(After::Done) };
    let Some(kept) = ledger.storage.alert(kind)? else { return Ok(After::Done) };
    if kept.waiting == 0 {
        return Ok(After::Done);
    }
    let Some(url) = &config.alert_url else {
        // It was turned off meanwhile.
        ledger.storage.put_alert_try(kind, kept.waiting, 0, kept.tried_at)?;
        return Ok(After::Done);
    };
    let answered = tell(url.as_str(), &kept.alert.body(kept.waiting.saturating_sub(1))).await;
    let now = clock::now();
    let attempt = kept.tries.saturating_add(1);
    let (outcome, done, failures) = match after_try(attempt, matches!(answered, Ok(200..=299))) {
        Tried::Sent => ("told", kept.waiting, 0),
        Tried::Later => ("retried-later", 0, attempt),
        Tried::Dead => ("dead", kept.waiting, 0),
    };
    let waiting = ledger.storage.put_alert_try(kind, done, failures, Some(now))?;
    let line = LogLine {
        message_type: Some("alert"),
        attempt: Some(attempt),
        shop_http_status: answered.ok(),
        outcome,
        code: kind.as_str(),
        reason: answered.err(),
        total_ms: now.saturating_sub(started_at),
        ..LogLine::default()
    };
    log::log(&ledger.env, &line);
    Ok(next(waiting, now))
}

/// Posts it. Returns the HTTP status, or why there is none.
async fn tell(url: &str, body: &str) -> std::result::Result<u16, &'static str> {
    let headers = headers().map_err(|_| "platform-failed")?;
    let posted = post(url, &headers, body, TIMEOUT_MS).await.map_err(|error| no_answer(&error))?;
    Ok(posted.status_alone())
}

fn headers() -> std::result::Result<Headers, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set("user-agent", USER_AGENT)?;
    Ok(headers)
}
