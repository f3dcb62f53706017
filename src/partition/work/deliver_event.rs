//! Posts an event to the shop, signed; its subject is the event's id.

use super::super::Ledger;
use crate::alert::{Alert, AlertKind};
use crate::config::Config;
use crate::payment::EventState;
use crate::platform::shop::{ShopAnswer, post_event};
use crate::platform::{clock, log};
use crate::tasks::After;
use crate::tasks::deliver_event::{Next, ShopResponse, after_try, has_to_be_seen};
use crate::telemetry::LogLine;
use worker::Result;

pub async fn run(ledger: &Ledger, config: &Config, id: &str) -> Result<After> {
    let started_at = clock::now();
    let Some(event) = ledger.storage.event(id)? else { return Ok(After::Done) };
    // Delivered, given up, or put off by another task.
    let Some(next_at) = event.next_at else { return Ok(After::Done) };
    if next_at > started_at {
        return Ok(After::Done);
    }
    let (shop_http_status, retry_after, reason) = match post_event(config, &event.id, &event.body, started_at).await {
        Ok(ShopAnswer { http_status, retry_after }) => (Some(http_status), retry_after, None),
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
    if is_recorded && state == EventState::Dead {
        let about = format!("{} of the link {}", event.kind.as_str(), event.callback_id.as_str());
        ledger.alert(config, &Alert { kind: AlertKind::EventDead, about });
    }
    Ok(next_at.map_or(After::Done, After::Again))
}
