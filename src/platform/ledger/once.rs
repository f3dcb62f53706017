//! A message in its object: PayTR is asked at most once, and how it ended is recorded and answered.

use super::call::exchange;
use super::{Ledger, qr};
use crate::config::Config;
use crate::ledger::{Decision, DecisionInput, Delivery, Entry, EntryKeys, decide, longest_window_ms, sends_that_count};
use crate::link::{FollowUp, Link, SendResult};
use crate::model::{CallbackId, SendLimit};
use crate::operation::{CallContext, Conclusion, End, PaytrOperation, ResponseContext};
use crate::paytr::{Cause, Reply};
use crate::platform::response::read_init;
use crate::platform::{clock, paytr};
use crate::problem::Problem;
use crate::response::Response;
use futures_util::future::join_all;
use std::cell::RefCell;
use worker::Result;

/// An operation that was carried out, and what the log says of it.
pub struct Processed {
    pub conclusion: Conclusion,
    pub replayed: bool,
    pub paytr_http_status: Option<u16>,
    pub paytr_ms: Option<u64>,
    pub link_id: Option<String>,
}

impl From<Problem> for Processed {
    fn from(problem: Problem) -> Self {
        Response::from(problem).into()
    }
}

impl From<Response> for Processed {
    fn from(response: Response) -> Self {
        Self { conclusion: response.into(), replayed: false, paytr_http_status: None, paytr_ms: None, link_id: None }
    }
}

impl Ledger {
    /// Asks PayTR, unless it was asked before.
    pub(super) async fn submit_once(&self, work: &Work<'_>) -> Result<Processed> {
        let Work { config, delivery, operation, callback_id, .. } = *work;
        let EntryKeys { entry: key, fingerprint } =
            EntryKeys::new(&config.merchant, &delivery.webhook_id, &operation.fingerprint());
        let now = clock::now();
        let limits: &[SendLimit] = if operation.is_rate_limited() { &config.send_limits } else { &[] };
        let (mut entry, mut sends) = (None, Vec::new());
        let is_new = self.storage.create_entries()?;
        if is_new {
            // The first message here, or the first after everything was deleted. From here on there is always an alarm:
            // it sets the next one as long as anything is left.
            self.set_first_alarm(now, limits)?;
        } else {
            entry = self.storage.entry(&key)?;
            if entry.is_none() && !limits.is_empty() {
                let since = now.saturating_sub(longest_window_ms(limits));
                sends = self.storage.sends(since, sends_that_count(limits))?;
            }
        }
        let decision = decide(&DecisionInput {
            entry: entry.as_ref(),
            fingerprint: &fingerprint,
            in_flight: self.in_flight.borrow().contains(&key),
            sends: &sends,
            limits,
            timeout_ms: config.timeout_ms,
            now,
        });
        let (end, link) = match decision {
            Decision::Submit => {
                let link = self.storage.link()?;
                let context = CallContext { config, now, origin: &delivery.origin, callback_id, link: link.as_ref() };
                let call = match operation.call(&context) {
                    Ok(call) => call,
                    Err(problem) => return Ok(problem.into()),
                };
                if let Some(link) = operation.opens(now) {
                    self.storage.create_link()?;
                    self.storage.put_link(&link)?;
                }
                let mut entry = Entry::pending(fingerprint, now);
                self.storage.insert_entry(&key, &entry)?;
                let in_flight = InFlight::new(&self.in_flight, key);
                let paytr::Answered { reply, http_status } = paytr::ask(config, &call).await;
                let paytr_ms = Some(clock::now().saturating_sub(now));
                let (end, link) = self.record_end(work, reply.as_ref().map_err(|cause| *cause), &call.private)?;
                entry.end(end.clone());
                self.storage.update_entry(&in_flight.key, &entry)?;
                let processed = self.conclude(work, &end.record, link, false).await?;
                return Ok(Processed { paytr_http_status: http_status, paytr_ms, ..processed });
            }
            Decision::Replay(end) => (end, self.storage.link()?),
            Decision::MarkUnknown => {
                let (end, link) = self.record_end(work, Err(Cause::Interrupted), &[])?;
                if let Some(mut entry) = entry {
                    entry.end(end.clone());
                    self.storage.update_entry(&key, &entry)?;
                }
                (end.record, link)
            }
            Decision::InProgress(seconds) => return Ok(Problem::InProgress(seconds).into()),
            Decision::KeyConflict => return Ok(Problem::WebhookIdReused.into()),
            Decision::RateLimited(seconds) => return Ok(Problem::RecipientLimit(seconds).into()),
        };
        let _in_flight = InFlight::new(&self.in_flight, key);
        self.conclude(work, &end, link, true).await
    }

    /// How it ended, recorded in the link's record if this is a link's object. The record is read anew: a payment may
    /// have changed it while PayTR was asked.
    fn record_end(
        &self,
        work: &Work<'_>,
        answered: std::result::Result<&Reply, Cause>,
        private: &[String],
    ) -> Result<(End, Option<Link>)> {
        let mut link = self.storage.link()?;
        let end = work.operation.end(answered, private, work.config, link.as_mut());
        if let Some(link) = &link {
            self.storage.put_link(link)?;
        }
        Ok((end, link))
    }

    /// Does what follows from an end, and answers.
    async fn conclude(&self, work: &Work<'_>, end: &str, link: Option<Link>, replayed: bool) -> Result<Processed> {
        let Work { config, delivery, operation, callback_id, is_new_link } = *work;
        let mut follow_ups = Vec::new();
        if let (true, Some(opened)) = (is_new_link, &link) {
            follow_ups = match self.follow_up(config, delivery, operation, opened).await? {
                Ok(follow_ups) => follow_ups,
                Err(problem) => return Ok(problem.into()),
            };
        }
        let base64_qr = qr(config, link.as_ref());
        let context = ResponseContext {
            webhook_id: &delivery.webhook_id,
            callback_id,
            link: link.as_ref(),
            base64_qr: base64_qr.as_deref(),
            follow_ups: &follow_ups,
        };
        let mut conclusion = operation.respond(end, &context);
        if replayed {
            conclusion.response = conclusion.response.replayed();
        }
        let link_id = link.as_ref().and_then(Link::created).map(|created| created.id.as_str().to_owned());
        Ok(Processed { conclusion, replayed, paytr_http_status: None, paytr_ms: None, link_id })
    }

    /// Makes the sends that a create asked for and that have not ended, all at once, in their recipients' objects.
    async fn follow_up(
        &self,
        config: &Config,
        delivery: &Delivery,
        operation: &dyn PaytrOperation,
        link: &Link,
    ) -> Result<std::result::Result<Vec<FollowUp>, Problem>> {
        let known = |message_type: &str| link.sends.iter().find(|send| send.message_type == message_type).cloned();
        let results = join_all(operation.follow_ups(link).into_iter().map(|message| async move {
            let message_type = message.message_type();
            if let Some(known) = known(message_type) {
                return SendResult::Ended(known);
            }
            match exchange(&self.env, config, &delivery.follow_up(message)).await {
                Ok(init) => {
                    let (status, body, retry_after) = read_init(&init);
                    SendResult::read(message_type, status, &body, retry_after)
                }
                Err(_) => SendResult::Unavailable,
            }
        }))
        .await;
        let mut problem = None;
        let mut ended = Vec::with_capacity(results.len());
        for result in results {
            match result {
                SendResult::Ended(follow_up) => ended.push(follow_up),
                SendResult::InProgress(seconds) => problem = Some(Problem::InProgress(seconds)),
                SendResult::Unavailable => problem = Some(Problem::LedgerUnavailable),
            }
        }
        let finals: Vec<FollowUp> = ended.iter().filter(|follow_up| follow_up.is_final()).cloned().collect();
        if finals != link.sends
            && let Some(link) = self.storage.link()?
        {
            self.storage.put_link(&Link { sends: finals, ..link })?;
        }
        Ok(problem.map_or(Ok(ended), Err))
    }
}

/// An operation, and what its object has to know to carry it out.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    pub config: &'a Config,
    pub delivery: &'a Delivery,
    pub operation: &'a dyn PaytrOperation,
    pub callback_id: Option<&'a CallbackId>,
    pub is_new_link: bool,
}

/// A key in the set of those in flight, for as long as this lives.
struct InFlight<'a> {
    set: &'a RefCell<Vec<String>>,
    key: String,
}

impl<'a> InFlight<'a> {
    fn new(set: &'a RefCell<Vec<String>>, key: String) -> Self {
        set.borrow_mut().push(key.clone());
        Self { set, key }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.set.borrow_mut().retain(|key| *key != self.key);
    }
}
