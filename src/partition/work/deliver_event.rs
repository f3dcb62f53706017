//! Posts an event to the shop, signed; its subject is the event's id.

use super::super::Ledger;
use super::super::storage::Event;
use crate::config::Config;
use crate::payment::EventState;
use crate::platform::post::{Posted, USER_AGENT, no_answer, post};
use crate::platform::{clock, log};
use crate::standard_webhooks::sign;
use crate::tasks::After;
use crate::tasks::deliver_event::{Next, ShopResponse, after_try, has_to_be_seen};
use crate::telemetry::LogLine;
use worker::Result;
use worker::wasm_bindgen::JsValue;
use worker::web_sys::Headers;

/// How long a shop may take to answer.
const TIMEOUT_MS: u32 = 15_000;

pub async fn run(ledger: &Ledger, config: &Config, id: &str) -> Result<After> {
    let started_at = clock::now();
    let Some(event) = ledger.storage.event(id)? else { return Ok(After::Done) };
    // Delivered, given up, or put off by another task.
    let Some(next_at) = event.next_at else { return Ok(After::Done) };
    if next_at > started_at {
        return Ok(After::Done);
    }
    let (shop_http_status, retry_after, reason) = match post_event(config, &event, started_at).await {
        Ok(Posted { response, .. }) => {
            // The shop's answer is its status; nobody reads the body.
            if let Some(body) = response.body() {
                drop(body.cancel());
            }
            (Some(response.status()), response.headers().get("retry-after").ok().flatten(), None)
        }
        Err(reason) => (None, None, Some(reason)),
    };
    let now = clock::now();
    let answer = shop_http_status.map_or(ShopResponse::Failed { retry_after_ms: None }, |status| {
        ShopResponse::read(status, retry_after.as_deref(), now)
    });
    let attempt = event.attempts.saturating_add(1);
    let (outcome, state, next_at) = match after_try(attempt, answer, getrandom::u32().unwrap_or_default(), now) {
        Next::Delivered => ("delivered", EventState::Delivered, None),
        Next::At(next_at) => ("retried-later", EventState::Pending, Some(next_at)),
        Next::Dead => ("dead", EventState::Dead, None),
    };
    let is_recorded = ledger.storage.put_try(&event, state, next_at)?;
    // Of a replay in the millisecond for which this try was due, the task is this very one: it must not go with the try.
    let next_at = if is_recorded { next_at } else { ledger.storage.event(id)?.and_then(|event| event.next_at) };
    let line = LogLine {
        message_type: Some(event.kind.as_str()),
        event_id: Some(&event.id),
        callback_id: Some(event.callback_id.as_str().to_owned()),
        attempt: Some(attempt),
        shop_http_status,
        outcome,
        code: outcome,
        reason,
        total_ms: now.saturating_sub(started_at),
        is_urgent: outcome == "retried-later" && has_to_be_seen(attempt, shop_http_status),
        ..LogLine::default()
    };
    log::log(&ledger.env, &line);
    Ok(next_at.map_or(After::Done, After::Again))
}

/// Posts an event, or says why that was not possible.
async fn post_event(config: &Config, event: &Event, now: u64) -> std::result::Result<Posted, &'static str> {
    let Some(url) = &config.events_url else { return Err("events-off") };
    let headers = event_headers(config, event, now.div_euclid(1000)).map_err(|_| "platform-failed")?;
    post(url, &headers, &event.body, TIMEOUT_MS)
        .await
        .map_err(|error| no_answer(&error))
}

fn event_headers(config: &Config, event: &Event, timestamp: u64) -> std::result::Result<Headers, JsValue> {
    let signature = sign(&config.events_secrets, &event.id, timestamp, event.body.as_bytes());
    let headers = Headers::new()?;
    for (name, value) in [
        ("content-type", "application/json"),
        ("user-agent", USER_AGENT),
        ("webhook-id", &event.id),
        ("webhook-timestamp", &timestamp.to_string()),
        ("webhook-signature", &signature),
    ] {
        headers.set(name, value)?;
    }
    Ok(headers)
}
