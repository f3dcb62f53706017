//! Has PayTR delete a link that was paid and is to be paid once; its subject is the link's `callback_id`.

use super::super::Ledger;
use crate::alert::{Alert, AlertKind};
use crate::config::Config;
use crate::model::CallbackId;
use crate::paytr::{Cause, ReplyStatus, delete};
use crate::platform::{clock, log, paytr};
use crate::tasks::After;
use crate::tasks::close_link::{Attempt, Closed, Step, after_attempt, step};
use crate::telemetry::LogLine;
use worker::Result;

/// When it is tried again while messages have taken every place.
const BUSY_RETRY_MS: u64 = 5_000;

pub async fn run(ledger: &Ledger, config: &Config, subject: &str) -> Result<After> {
    let started_at = clock::now();
    let Some(callback_id) = CallbackId::parse(subject) else { return Ok(After::Done) };
    let Some(kept) = ledger.storage.link(&callback_id)? else { return Ok(After::Done) };
    let (attempt, link_id, paytr_status) = match step(&kept.link) {
        Step::Nothing => return Ok(After::Done),
        Step::Wait => (Attempt::NotCreatedYet, None, None),
        Step::GiveUp => (Attempt::IdUnknown, None, None),
        Step::Delete(id) => {
            let Some(_place) = ledger.to_paytr.take().await else {
                return Ok(After::Again(clock::now().saturating_add(BUSY_RETRY_MS)));
            };
            let call = delete::call(&config.merchant, std::slice::from_ref(id), config.debug_on);
            let (attempt, status) = match paytr::ask(config, &call).await.reply {
                Ok(reply) => (Attempt::Answered(reply.status), Some(ReplyStatus::as_str(reply.status))),
                Err(cause) => (Attempt::Unknown(cause), None),
            };
            (attempt, Some(id.as_str().to_owned()), status)
        }
    };
    let now = clock::now();
    let attempts = ledger.storage.count_closing(&callback_id)?;
    let Closed { outcome, reason, after } = after_attempt(attempts, attempt, now);
    let line = LogLine {
        message_type: Some("link.close"),
        callback_id: Some(callback_id.as_str().to_owned()),
        link_id,
        attempt: Some(attempts),
        outcome,
        code: outcome,
        reason,
        paytr_status,
        total_ms: now.saturating_sub(started_at),
        ..LogLine::default()
    };
    log::log(&ledger.env, &line);
    if outcome == "dead" {
        let about = format!("the link {}", callback_id.as_str());
        ledger.alert(config, &Alert { kind: AlertKind::ClosingGivenUp, about });
    } else if attempt == Attempt::Unknown(Cause::Blocked) {
        ledger.alert(config, &Alert { kind: AlertKind::PaytrBlocks, about: "a paid link is to be deleted".to_owned() });
    }
    Ok(after)
}
