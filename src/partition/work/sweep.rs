//! Looks through all tables, deletes what was kept long enough, and ends what was left behind; it has no subject.

use super::super::Ledger;
use crate::config::Config;
use crate::ledger::messages_kept_ms;
use crate::platform::clock;
use crate::tasks::After;
use crate::tasks::sweep::{BATCH_ROWS, INTERVAL_MS};
use std::time::Duration;
use worker::{Delay, Result};

pub async fn run(ledger: &Ledger, config: &Config, _: &str) -> Result<After> {
    let now = clock::now();
    let storage = &ledger.storage;
    let oldest_message = now.saturating_sub(messages_kept_ms(&config.send_limits));
    let mut last = Default::default();
    while let Some(next) = storage.sweep_messages(&last, oldest_message, BATCH_ROWS)? {
        last = next;
        let_requests_in().await;
    }
    let mut last = String::new();
    while let Some(swept) = storage.sweep_links(&last, now, BATCH_ROWS)? {
        last = swept.last;
        for callback_id in swept.pending {
            ledger.end_interrupted(config, &callback_id)?;
        }
        let_requests_in().await;
    }
    let mut last = String::new();
    while let Some(next) = storage.sweep_payments(&last, now, BATCH_ROWS)? {
        last = next;
        let_requests_in().await;
    }
    let mut last = Default::default();
    while let Some(next) = storage.sweep_orders(&config.merchant, &last, now, BATCH_ROWS)? {
        last = next;
        let_requests_in().await;
    }
    Ok(After::Again(now.saturating_add(INTERVAL_MS)))
}

async fn let_requests_in() {
    Delay::from(Duration::ZERO).await;
}
