//! What a link's object does by itself: it tells the shop of payments, and has PayTR delete a paid link that could be paid
//! again.

use super::storage::{PaymentRow, Storage};
use crate::config::Config;
use crate::events::schedule::{Next, ShopResponse, after_try};
use crate::link::{Closing, Creation, Link};
use crate::operation::delete;
use crate::paytr::ReplyStatus;
use crate::platform::post::{Posted, USER_AGENT, is_timeout, post};
use crate::platform::{clock, log, paytr};
use crate::standard_webhooks::sign;
use crate::telemetry::LogLine;
use futures_util::future::join_all;
use worker::wasm_bindgen::JsValue;
use worker::web_sys::Headers;
use worker::{Env, Result};

/// How many events of one link are tried at once: the platform opens no more connections.
const BATCH: u32 = 6;
/// How long a shop may take to answer.
const TIMEOUT_MS: u32 = 15_000;
/// How long after one another the tries of a deletion are made, in milliseconds; after the last it is given up.
const CLOSING_DELAYS_MS: [u64; 4] = [5_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000];

/// Tries every event that is due, once.
pub async fn deliver_due(env: &Env, config: &Config, storage: &Storage) -> Result<()> {
    let due = storage.due_events(clock::now(), BATCH)?;
    let tries = due.iter().map(|event| deliver(env, config, storage, event));
    join_all(tries).await.into_iter().collect()
}

async fn deliver(env: &Env, config: &Config, storage: &Storage, event: &PaymentRow) -> Result<()> {
    let started_at = clock::now();
    let (shop_http_status, retry_after, reason) = match post_event(config, event, started_at).await {
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
        Next::Delivered => ("delivered", "delivered", None),
        Next::At(next_at) => ("retried-later", "pending", Some(next_at)),
        Next::Dead => ("dead", "dead", None),
    };
    storage.put_try(event, state, next_at, now)?;
    let line = LogLine {
        message_type: Some(if event.event_type == "link.paid" { "link.paid" } else { "link.payment_review" }),
        event_id: Some(&event.event_id),
        attempt: Some(attempt),
        shop_http_status,
        outcome,
        code: outcome,
        reason,
        total_ms: now.saturating_sub(started_at),
        ..LogLine::default()
    };
    log::log(env, &line);
    Ok(())
}

/// Posts an event, or says why that was not possible.
async fn post_event(config: &Config, event: &PaymentRow, now: u64) -> std::result::Result<Posted, &'static str> {
    let Some(url) = &config.events_url else { return Err("events-off") };
    let headers = event_headers(config, event, now.div_euclid(1000)).map_err(|_| "platform-failed")?;
    post(url, &headers, &event.body, TIMEOUT_MS)
        .await
        .map_err(|error| if is_timeout(&error) { "timed-out" } else { "connection-lost" })
}

fn event_headers(config: &Config, event: &PaymentRow, timestamp: u64) -> std::result::Result<Headers, JsValue> {
    let signature = sign(&config.events_secrets, &event.event_id, timestamp, event.body.as_bytes());
    let headers = Headers::new()?;
    for (name, value) in [
        ("content-type", "application/json"),
        ("user-agent", USER_AGENT),
        ("webhook-id", &event.event_id),
        ("webhook-timestamp", &timestamp.to_string()),
        ("webhook-signature", &signature),
    ] {
        headers.set(name, value)?;
    }
    Ok(headers)
}

/// Has PayTR delete a link that was paid and is to be paid once, if that is due; whether it was.
pub async fn close_if_due(env: &Env, config: &Config, storage: &Storage, link: Option<&Link>) -> Result<bool> {
    let Some(link) = link else { return Ok(false) };
    let now = clock::now();
    let Some(Closing { tries, due_at: Some(due_at) }) = link.closing else { return Ok(false) };
    if due_at > now {
        return Ok(false);
    }
    let (outcome, reason, paytr_status) = match (link.created(), &link.creation) {
        (Some(created), _) => {
            let call = delete::call(std::slice::from_ref(&created.id), None, config);
            match paytr::ask(config, &call).await.reply {
                // What PayTR refuses to delete is mostly deleted already, and it would refuse it again.
                Ok(reply) => (closed(reply.status), None, Some(reply.status.as_str())),
                Err(cause) => ("unknown", Some(cause.as_str()), None),
            }
        }
        // The create call's answer is still to come.
        (None, Creation::Pending) => ("unknown", Some("not-created-yet"), None),
        (None, _) => ("unknown", Some("link-id-unknown"), None),
    };
    let tries_made = tries.saturating_add(1);
    let delay = usize::try_from(tries).ok().and_then(|tries| CLOSING_DELAYS_MS.get(tries));
    let due_at = if outcome == "unknown" { delay.map(|delay| clock::now().saturating_add(*delay)) } else { None };
    // Read anew: a payment or a message may have changed it while PayTR was asked.
    if let Some(link) = storage.link()? {
        storage.put_link(&Link { closing: Some(Closing { tries: tries_made, due_at }), ..link })?;
    }
    let outcome = if outcome == "unknown" && due_at.is_none() { "dead" } else { outcome };
    log::log(
        env,
        &LogLine {
            message_type: Some("link.close"),
            link_id: link.created().map(|created| created.id.as_str().to_owned()),
            attempt: Some(tries_made),
            outcome,
            code: outcome,
            reason,
            paytr_status,
            total_ms: clock::now().saturating_sub(now),
            ..LogLine::default()
        },
    );
    Ok(true)
}

const fn closed(status: ReplyStatus) -> &'static str {
    match status {
        ReplyStatus::Success => "deleted",
        ReplyStatus::Rejected(_) => "rejected",
    }
}
