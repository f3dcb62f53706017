//! A message that asks PayTR: it is asked at most once, and what it answered is recorded and answered.

use super::{Ledger, client};
use crate::alert::{Alert, AlertKind};
use crate::config::Config;
use crate::ledger::{
    Address, Decision, DecisionInput, Recorded, Refusal, Slot, Unavailable, decide, longest_window_ms, new_callback_id,
    sends_that_count,
};
use crate::link::{Link, SendOutcome, SendReport};
use crate::message::{Answer, AnswerContext, AskPaytr, CallContext, Envelope, Message, Settled, report_send};
use crate::model::{CallbackId, SendLimit};
use crate::packed::unpack;
use crate::paytr::{Cause, CreatedLink, Outcome};
use crate::platform::{clock, environment, log, paytr};
use crate::telemetry::LogLine;
use futures_util::future::{Either, ready};
use std::cell::RefCell;
use worker::Result;

/// What became of a message, and what the log says of it.
pub struct Asked {
    pub answer: Answer,
    /// Whether anything was written.
    pub has_written: bool,
    pub callback_id: Option<CallbackId>,
    pub link_id: Option<String>,
    pub paytr_http_status: Option<u16>,
    pub paytr_ms: Option<u64>,
}

impl From<Answer> for Asked {
    fn from(answer: Answer) -> Self {
        Self { answer, has_written: false, callback_id: None, link_id: None, paytr_http_status: None, paytr_ms: None }
    }
}

impl From<Refusal> for Asked {
    fn from(refusal: Refusal) -> Self {
        Answer::from(refusal).into()
    }
}

/// A message that is to be carried out once.
struct Once<'a> {
    config: &'static Config,
    envelope: &'a Envelope,
    asking: &'a dyn AskPaytr,
    address: Address,
    fingerprint: String,
    namespace: &'static str,
}

impl Once<'_> {
    /// Whether the message's `webhook-id` is the one that created this link.
    fn creates(&self, callback_id: &CallbackId) -> bool {
        new_callback_id(&self.config.merchant, self.namespace, &self.envelope.webhook_id) == *callback_id
    }
}

impl Ledger {
    /// Asks PayTR, unless it was asked before.
    pub(super) async fn ask_once(
        &self,
        config: &'static Config,
        envelope: &Envelope,
        asking: &dyn AskPaytr,
    ) -> Result<Asked> {
        let namespace = environment::namespace(&self.env)?;
        let address = Address::of(&config.merchant, namespace, &envelope.webhook_id, asking.keeper());
        let fingerprint = asking.fingerprint().hash(&config.merchant);
        let once = Once { config, envelope, asking, address, fingerprint, namespace };
        let asked = self.ask_or_replay(&once).await?;
        Ok(Asked { callback_id: once.address.callback_id, ..asked })
    }

    async fn ask_or_replay(&self, once: &Once<'_>) -> Result<Asked> {
        let mut decision = self.decide(once)?;
        let mut asking = None;
        if decision == Decision::Ask {
            let Some(place) = self.to_paytr.take().await else {
                return Ok(Asked::from(Refusal::Unavailable(Unavailable::Busy)));
            };
            // A retry may have come first while this one waited.
            if place.was_waited_for {
                decision = self.decide(once)?;
            }
            // What is not asked for after all keeps no place.
            asking = (decision == Decision::Ask).then_some(place);
        }
        let record = match decision {
            Decision::Ask => return self.ask(once, asking).await,
            Decision::Replay(record) => record,
            Decision::MarkUnknown => {
                let settled = Settled::new(&Outcome::<()>::Unknown(Cause::Interrupted));
                let record = self.end(&once.address.slot, &settled)?;
                self.alert_unknown(once, &settled);
                let asked = self.answer(once, &record, true).await?;
                return Ok(Asked { has_written: true, ..asked });
            }
            Decision::InProgress(seconds) => return Ok(Asked::from(Refusal::InProgress(seconds))),
            Decision::WebhookIdReused => return Ok(Asked::from(Refusal::WebhookIdReused)),
            Decision::RecipientLimit(seconds) => return Ok(Asked::from(Refusal::RecipientLimit(seconds))),
        };
        let _in_flight = InFlight::new(&self.in_flight, once.address.slot.text());
        self.answer(once, &record, true).await
    }

    fn decide(&self, once: &Once<'_>) -> Result<Decision> {
        let Once { config, asking, address, fingerprint, .. } = once;
        let now = clock::now();
        let limits: &[SendLimit] = if asking.is_rate_limited() { &config.send_limits } else { &[] };
        let (recorded, sends) = match (&address.slot, &address.callback_id) {
            (Slot::Message { owner, key }, None) if !limits.is_empty() => {
                let since = now.saturating_sub(longest_window_ms(limits));
                self.storage.message_and_sends(owner, key, since, sends_that_count(limits))?
            }
            _ => (self.recorded(once)?, Vec::new()),
        };
        Ok(decide(&DecisionInput {
            recorded: recorded.as_ref(),
            fingerprint,
            in_flight: self.in_flight.borrow().contains(&address.slot.text()),
            sends: &sends,
            limits,
            timeout_ms: config.timeout_ms,
            now,
        }))
    }

    fn recorded(&self, once: &Once<'_>) -> Result<Option<Recorded>> {
        let of_link = |callback_id| Ok(self.storage.link(callback_id)?.map(|kept| kept.recorded));
        let Address { slot, callback_id, .. } = &once.address;
        match (slot, callback_id) {
            (Slot::Link(callback_id), _) => of_link(callback_id),
            // The message's id is the one that created its link: the row of that message is the link's.
            (Slot::Message { .. }, Some(callback_id)) if once.creates(callback_id) => of_link(callback_id),
            (Slot::Message { owner, key }, _) => self.storage.message(owner, key),
        }
    }

    /// Records that PayTR is asked, asks, and records what it answered.
    async fn ask(&self, once: &Once<'_>, place: Option<super::places::Place<'_>>) -> Result<Asked> {
        let Once { config, envelope, asking, address, fingerprint, .. } = once;
        let now = clock::now();
        let callback_id = address.callback_id.as_ref();
        let link = match (&address.slot, callback_id) {
            (Slot::Message { .. }, Some(callback_id)) => self.storage.link(callback_id)?.map(|kept| kept.link),
            _ => None,
        };
        let context = CallContext { config, now, origin: &envelope.origin, callback_id, link: link.as_ref() };
        let call = match asking.call(&context) {
            Ok(call) => call,
            Err(refusal) => return Ok(Asked::from(refusal)),
        };
        match (&address.slot, asking.opens()) {
            (Slot::Link(callback_id), Some(terms)) => {
                self.storage.insert_link(callback_id, fingerprint, &Link::opened(terms, now))?;
            }
            (Slot::Link(_), None) => return Ok(Asked::from(Refusal::LinkNotFound)),
            (Slot::Message { owner, key }, _) => self.storage.insert_message(owner, key, fingerprint, now)?,
        }
        let _in_flight = InFlight::new(&self.in_flight, address.slot.text());
        let paytr::Answered { reply, http_status } = paytr::ask(config, &call).await;
        drop(place);
        let settled = asking.settle(reply.as_ref().map_err(|cause| *cause), &call, &context);
        let paytr_ms = Some(clock::now().saturating_sub(now));
        let record = self.end(&address.slot, &settled)?;
        self.alert_unknown(once, &settled);
        if let (true, Some(callback_id)) = (settled.deletes_link, callback_id) {
            self.storage.put_deletion(callback_id, clock::now())?;
        }
        let asked = self.answer(once, &record, false).await?;
        let of_link = link.as_ref().and_then(Link::created).map(|created| created.id.as_str().to_owned());
        let link_id = asked.link_id.or(of_link);
        Ok(Asked { has_written: true, link_id, paytr_http_status: http_status, paytr_ms, ..asked })
    }

    /// Ends a create call that the relay was stopped in, and that nobody asked for again.
    pub(super) fn end_interrupted(&self, config: &Config, callback_id: &CallbackId) -> Result<()> {
        let slot = Slot::Link(callback_id.clone());
        if self.in_flight.borrow().contains(&slot.text()) {
            return Ok(());
        }
        let cause = Cause::Interrupted;
        self.end(&slot, &Settled::new(&Outcome::<CreatedLink>::Unknown(cause)))?;
        let line = LogLine {
            message_type: Some("link.create"),
            callback_id: Some(callback_id.as_str().to_owned()),
            outcome: "unknown",
            code: "outcome-unknown",
            reason: Some(cause.as_str()),
            ..LogLine::default()
        };
        log::log(&self.env, &line);
        let about = format!("link.create of the link {}, {}", callback_id.as_str(), cause.as_str());
        self.alert(config, &Alert { kind: AlertKind::of_unknown(cause), about });
        Ok(())
    }

    /// Has a person told if nobody knows how a message ended.
    fn alert_unknown(&self, once: &Once<'_>, settled: &Settled) {
        let Some(cause) = settled.cause else { return };
        let Once { config, envelope, address, .. } = once;
        let link = address.callback_id.as_ref().map(|id| format!(" of the link {}", id.as_str())).unwrap_or_default();
        let about = format!(
            "{}{link}, {} (request_id {} in the log)",
            envelope.message.message_type(),
            cause.as_str(),
            envelope.request.request_id
        );
        self.alert(config, &Alert { kind: AlertKind::of_unknown(cause), about });
    }

    /// Records how a message ended. Returns what stands recorded: what came first.
    fn end(&self, slot: &Slot, settled: &Settled) -> Result<Vec<u8>> {
        let Settled { record, may_have_gone_out, .. } = settled;
        let came_first = match slot {
            Slot::Link(callback_id) if self.storage.end_creation(callback_id, record)? => None,
            Slot::Link(callback_id) => self.storage.link(callback_id)?.map(|kept| kept.recorded),
            Slot::Message { owner, key } if self.storage.end_message(owner, key, record, *may_have_gone_out)? => None,
            Slot::Message { owner, key } => self.storage.message(owner, key)?,
        };
        Ok(came_first.and_then(Recorded::into_record).unwrap_or_else(|| record.clone()))
    }

    /// The answer from what is recorded, after what follows from it.
    async fn answer(&self, once: &Once<'_>, record: &[u8], replayed: bool) -> Result<Asked> {
        let Once { envelope, asking, address, .. } = once;
        let created = match &address.slot {
            Slot::Link(_) => match unpack(record) {
                Some(Outcome::<CreatedLink>::Succeeded(created)) => Some(created),
                _ => None,
            },
            Slot::Message { .. } => None,
        };
        let mut sends = Vec::new();
        let mut has_written = false;
        if let (Slot::Link(callback_id), Some(created)) = (&address.slot, &created) {
            let follow_ups = asking.follow_ups(created);
            if !follow_ups.is_empty() {
                // In a box, as no other message has any: see `edge::router`.
                match Box::pin(self.follow_up(once, callback_id, follow_ups)).await? {
                    Ok((reports, is_new)) => (sends, has_written) = (reports, is_new),
                    Err(refusal) => return Ok(Asked { has_written: true, ..Asked::from(refusal) }),
                }
            }
        }
        let context = AnswerContext {
            webhook_id: &envelope.webhook_id,
            callback_id: address.callback_id.as_ref(),
            sends: &sends,
        };
        let answered = asking.answer(record, &context);
        let link_id = created.map(|created| created.id.as_str().to_owned());
        Ok(Asked { has_written, link_id, ..Asked::from(Answer { content: answered, replayed }) })
    }

    /// Makes the sends that a create asked for and that have not ended, all at once, in their recipients' partitions. Returns
    /// the reports and whether any is new, or why the create cannot be answered yet.
    async fn follow_up(
        &self,
        once: &Once<'_>,
        callback_id: &CallbackId,
        follow_ups: Vec<Message>,
    ) -> Result<std::result::Result<(Vec<SendReport>, bool), Refusal>> {
        let Once { config, envelope, .. } = once;
        let link = self.storage.link(callback_id)?.map(|kept| kept.link);
        let known = link.as_ref().map(|link| link.sends.clone()).unwrap_or_default();
        let is_over = link.as_ref().is_some_and(Link::is_over);
        let begun: Vec<_> = follow_ups
            .into_iter()
            .map(|message| {
                let message_type = message.message_type();
                if let Some(ended) = known.iter().find(|send| send.message_type == message_type) {
                    return Either::Left(ready(Ok(ended.clone())));
                }
                if is_over {
                    return Either::Left(ready(Ok(SendReport::new(message_type, SendOutcome::Obsolete))));
                }
                let answer = client::ask(&self.env, config, &envelope.follow_up(message));
                Either::Right(
                    async move { report_send(message_type, answer.await.map_err(Refusal::Unavailable)?.content) },
                )
            })
            .collect();
        let mut refusal = None;
        let mut ended = Vec::with_capacity(begun.len());
        for report in begun {
            match report.await {
                Ok(report) => ended.push(report),
                Err(reason) => refusal = Some(reason),
            }
        }
        let finals: Vec<SendReport> = ended.iter().filter(|report| report.is_final()).cloned().collect();
        let is_new = finals != known;
        if is_new {
            self.storage.put_sends(callback_id, &finals)?;
        }
        Ok(refusal.map_or(Ok((ended, is_new)), Err))
    }
}

/// A message among those in flight, for as long as this lives.
struct InFlight<'a> {
    all: &'a RefCell<Vec<String>>,
    key: String,
}

impl<'a> InFlight<'a> {
    fn new(all: &'a RefCell<Vec<String>>, key: String) -> Self {
        all.borrow_mut().push(key.clone());
        Self { all, key }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.all.borrow_mut().retain(|key| *key != self.key);
    }
}
