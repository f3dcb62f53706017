//! Writes back to the shop what it is to see of an order; its subject is the order's key.

use super::super::Ledger;
use crate::alert::{Alert, AlertKind};
use crate::config::Config;
use crate::model::OrderKey;
use crate::order::{Tried, WriteBack};
use crate::platform::body::BodyError;
use crate::platform::post::{Posted, USER_AGENT, no_answer, send};
use crate::platform::{clock, log};
use crate::storefront::{ApiKey, Conversation, Kept, ShopAnswer, ShopRequest, Storefront, Turn};
use crate::tasks::After;
use crate::tasks::deliver_event::{Next, ShopResponse, after_try, has_to_be_seen};
use crate::telemetry::LogLine;
use worker::Result;
use worker::wasm_bindgen::JsValue;
use worker::web_sys::Headers;

/// How long a shop may take for one answer.
const TIMEOUT_MS: u32 = 15_000;
/// The longest answer that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 512 * 1024;
/// The most turns of one conversation.
const MAX_TURNS: usize = 12;
/// The characters of the keyed hash that names a job in the shop.
const MARK_DIGITS: usize = 12;

pub async fn run(ledger: &Ledger, config: &Config, subject: &str) -> Result<After> {
    let started_at = clock::now();
    let Some(key) = OrderKey::parse(subject) else { return Ok(After::Done) };
    let Some(order) = ledger.storage.order(&config.merchant, &key)? else { return Ok(After::Done) };
    let Some(write_back) = order.next_write_back() else { return Ok(After::Done) };
    // Put off by another task.
    if write_back.next_at > started_at {
        return Ok(After::Done);
    }
    let tried = match config.storefront(&key.storefront) {
        Some(storefront) => converse(ledger, config, storefront, &key, write_back).await?,
        None => Outcome { answer: ShopResponse::Gone, status: None, reason: Some("no-storefront") },
    };
    let Outcome { answer, status, reason } = tried;
    let now = clock::now();
    let attempt = write_back.attempts.saturating_add(1);
    let next = after_try(attempt, answer, getrandom::u32().unwrap_or_default(), now);
    let (outcome, is_urgent) = match next {
        Next::Delivered => ("delivered", false),
        Next::At(_) => ("retried-later", has_to_be_seen(attempt, status)),
        Next::Dead => ("dead", true),
    };
    let line = LogLine {
        message_type: Some(write_back.job.as_str()),
        storefront: Some(&key.storefront),
        reference: Some(order.number.as_str()),
        attempt: Some(attempt),
        shop_http_status: status,
        outcome,
        code: outcome,
        reason,
        total_ms: now.saturating_sub(started_at),
        is_urgent,
        ..LogLine::default()
    };
    log::log(&ledger.env, &line);
    // A refusal is told at the first try already: until the last one three days pass.
    let told = match next {
        Next::Dead => Some(AlertKind::WriteBackGivenUp),
        _ if attempt == 1 && is_urgent => Some(AlertKind::WriteBackRefused),
        _ => None,
    };
    if let Some(kind) = told {
        let about = format!("{} of the order {} of {}", write_back.job.as_str(), order.number.as_str(), key.storefront);
        ledger.alert(config, &Alert { kind, about });
    }
    let Some(mut newest) = ledger.storage.order(&config.merchant, &key)? else { return Ok(After::Done) };
    newest.take_write_back(&write_back.name, Tried::from(next));
    ledger.keep_order(config, &key, &mut newest, &[])?;
    Ok(newest.next_write_back().map_or(After::Done, |write_back| After::Again(write_back.next_at)))
}

/// What became of a try.
struct Outcome {
    answer: ShopResponse,
    status: Option<u16>,
    reason: Option<&'static str>,
}

async fn converse(
    ledger: &Ledger,
    config: &Config,
    storefront: &Storefront,
    key: &OrderKey,
    write_back: &WriteBack,
) -> Result<Outcome> {
    let mut answers: Vec<ShopAnswer> = Vec::new();
    let mark = config.merchant.keyed_hash_hex(&["write-back", &key.storefront, &key.order_id, &write_back.name]);
    let mark = mark.get(..MARK_DIGITS).unwrap_or_default();
    let Some(api_key) = storefront.api_key.as_ref().map(ApiKey::as_str) else {
        return Ok(Outcome { answer: ShopResponse::Gone, status: None, reason: Some("no-api-key") });
    };
    // What one shop gave for one key is found for no other.
    let kept_name = config.merchant.keyed_hash_hex(&["kept", &storefront.name, &storefront.url, api_key]);
    let mut kept = ledger.storage.kept(&config.merchant, &kept_name, clock::now())?;
    let mut is_new = false;
    for _ in 0..MAX_TURNS {
        let status = answers.last().map(|answer| answer.status);
        let conversation = Conversation {
            storefront,
            api_key,
            order_id: &key.order_id,
            job: &write_back.job,
            mark,
            kept: kept.as_deref(),
            answers: &answers,
        };
        let request = match storefront.platform.converse(&conversation) {
            Turn::Ask(request) => request,
            Turn::Keep(Kept { value, for_ms }) => {
                ledger.storage.keep(&config.merchant, &kept_name, &value, clock::now().saturating_add(for_ms))?;
                (kept, is_new) = (Some(value), true);
                answers.clear();
                continue;
            }
            Turn::Renew(_) if !is_new => {
                ledger.storage.forget(&kept_name)?;
                kept = None;
                answers.clear();
                continue;
            }
            Turn::Done => return Ok(Outcome { answer: ShopResponse::Delivered, status, reason: None }),
            Turn::GiveUp(reason) => return Ok(Outcome { answer: ShopResponse::Gone, status, reason: Some(reason) }),
            Turn::Failed(reason) | Turn::Renew(reason) => {
                let retry_after = answers.last().and_then(|answer| answer.retry_after.as_deref());
                let answer = match ShopResponse::read(status.unwrap_or_default(), retry_after, clock::now()) {
                    // It is not what was asked for, whatever its status says.
                    ShopResponse::Delivered | ShopResponse::Gone => ShopResponse::Failed { retry_after_ms: None },
                    failed @ ShopResponse::Failed { .. } => failed,
                };
                return Ok(Outcome { answer, status, reason: Some(reason) });
            }
        };
        match ask(&request).await {
            Ok(answer) => answers.push(answer),
            Err(reason) => {
                let answer = ShopResponse::Failed { retry_after_ms: None };
                return Ok(Outcome { answer, status: None, reason: Some(reason) });
            }
        }
    }
    let answer = ShopResponse::Failed { retry_after_ms: None };
    Ok(Outcome { answer, status: None, reason: Some("too-many-requests") })
}

async fn ask(request: &ShopRequest) -> std::result::Result<ShopAnswer, &'static str> {
    let headers = headers(request).map_err(|_| "platform-failed")?;
    let posted = send(request.method, &request.url, &headers, request.body.as_deref(), TIMEOUT_MS);
    let posted: Posted = posted.await.map_err(|error| no_answer(&error))?;
    let status = posted.response.status();
    let retry_after = posted.response.headers().get("retry-after").ok().flatten();
    match posted.read(MAX_ANSWER_BYTES).await {
        Ok(body) => Ok(ShopAnswer { status, retry_after, body }),
        Err(BodyError::TooLong) => Err("answer-too-long"),
        Err(BodyError::Broken(error)) => Err(no_answer(&error)),
    }
}

fn headers(request: &ShopRequest) -> std::result::Result<Headers, JsValue> {
    let headers = Headers::new()?;
    headers.set("user-agent", USER_AGENT)?;
    headers.set("accept", "application/json")?;
    if request.body.is_some() {
        headers.set("content-type", "application/json")?;
    }
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    Ok(headers)
}
