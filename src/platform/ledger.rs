//! The Durable Object, and the way to it.
//!
//! One class for all that is kept: a recipient's object holds the sends to this person, a link's object the link with its
//! payments and events, and one of a `webhook-id` a deletion. What an object holds is decided by its name alone.
//!
//! An operation is recorded before PayTR is asked, in the same turn as the request begins, and the platform's output gate
//! lets no byte of that request out before the record is durable. So whatever stops the Worker, there is either no request
//! or a record.

use super::clock::{self, to_platform_time};
use super::response::{from_init, read_init, to_init};
use super::storage::{PaymentRow, Storage, failure};
use super::{callback, environment, log, outbox, paytr};
use crate::config::{Config, MAX_LIMIT_COUNT, MAX_LIMIT_SECONDS};
use crate::events::event;
use crate::events::verdict::{Expected, Verdict};
use crate::ledger::{
    self, Decision, DecisionInput, Delivery, Entry, EntryKeys, Notice, decide, link_expires_at, longest_window_ms,
    object_name, retention_ms, sends_that_count,
};
use crate::link::{Closing, EventView, FollowUp, Link, LinkView, PaymentView, SendResult};
use crate::model::{CallbackId, LinkType, SendLimit};
use crate::operation::{CallContext, Conclusion, End, Keeper, LinkOperation, PaytrOperation, Plan, ResponseContext};
use crate::paytr::{Cause, Notification, Reply};
use crate::problem::Problem;
use crate::response::Response;
use crate::telemetry::LogLine;
use futures_util::future::join_all;
use serde_json::Value;
use std::cell::RefCell;
use worker::js_sys::{Date, Object, Promise};
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{self, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::{DurableObject, Env, Result, State, durable_object, web_sys};

/// The binding of wrangler.toml.
const BINDING: &str = "LEDGER";
const LONGEST_LIMIT: SendLimit = SendLimit { count: MAX_LIMIT_COUNT, seconds: MAX_LIMIT_SECONDS };
/// How long an alarm may be late before it is taken for lost: the platform's own may be a minute late.
const LATE_MS: u64 = 90_000;
/// When an alarm is tried again that found the settings wrong.
const WRONG_SETTINGS_RETRY_MS: u64 = 5 * 60 * 1000;

#[wasm_bindgen(wasm_bindgen = ::worker::wasm_bindgen, js_sys = ::worker::js_sys)]
extern "C" {
    /// An object's methods, called from afar.
    type Stub;
    #[wasm_bindgen(method, catch)]
    fn deliver(this: &Stub, delivery: &str) -> std::result::Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn notify(this: &Stub, notice: &str) -> std::result::Result<Promise, JsValue>;
}

fn stub(env: &Env, name: &str) -> Result<Stub> {
    Ok(env.durable_object(BINDING)?.get_by_name(name)?.into_rpc())
}

/// Hands a message to the object that keeps it, and gives back that object's response.
///
/// # Errors
/// When the platform fails between here and there, or in there.
pub async fn deliver(env: &Env, config: &Config, delivery: &Delivery) -> Result<web_sys::Response> {
    Ok(from_init(&exchange(env, config, delivery).await?)?)
}

async fn exchange(env: &Env, config: &Config, delivery: &Delivery) -> Result<JsValue> {
    let name = match delivery.message.plan() {
        Plan::Once(keeper, _) => object_name(&config.merchant, &delivery.webhook_id, &keeper),
        Plan::Read(callback_id, _) => callback_id.as_str().to_owned(),
        Plan::Respond(_) => return Err(failure("nothing keeps this message")),
    };
    Ok(JsFuture::from(stub(env, &name)?.deliver(&serde_json::to_string(delivery)?)?).await?)
}

/// Hands a notice of a payment to the link's object, which has stored it when this ends.
///
/// # Errors
/// When the platform fails between here and there, or in there.
pub async fn notify(env: &Env, notice: &Notice) -> Result<()> {
    let stub = stub(env, notice.notification.callback_id.as_str())?;
    JsFuture::from(stub.notify(&serde_json::to_string(notice)?)?).await?;
    Ok(())
}

/// One object.
#[durable_object(alarm)]
pub struct Ledger {
    state: State,
    env: Env,
    storage: Storage,
    /// Keys of the entries that this object is at work on. Lost with the object, which is the point: an entry that is
    /// pending and not in here was left behind.
    in_flight: RefCell<Vec<String>>,
}

impl DurableObject for Ledger {
    fn new(state: State, env: Env) -> Self {
        let storage = Storage::new(state.storage().sql());
        let ledger = Self { state, env, storage, in_flight: RefCell::default() };
        // What cannot be read now is read again by the first call.
        let _ = ledger.wake_alarm(0);
        ledger
    }

    async fn fetch(&self, _: worker::Request) -> Result<worker::Response> {
        worker::Response::error("Objects are called by their methods.", 404)
    }

    async fn alarm(&self) -> Result<worker::Response> {
        self.run_alarm().await?;
        worker::Response::empty()
    }
}

#[wasm_bindgen(
    wasm_bindgen = ::worker::wasm_bindgen,
    wasm_bindgen_futures = ::worker::wasm_bindgen_futures,
    js_sys = ::worker::js_sys
)]
impl Ledger {
    /// Takes a [`Delivery`] from [`deliver`] and gives back the response, as [`to_init`] makes it.
    ///
    /// # Errors
    /// When the platform fails; the caller is told to ask again.
    #[wasm_bindgen(js_name = deliver)]
    pub async fn receive_delivery(&self, delivery: String) -> std::result::Result<JsValue, JsValue> {
        let delivery: Delivery = serde_json::from_str(&delivery).map_err(|_| "the message changed on the way")?;
        to_init(&self.process(&delivery).await?)
    }

    /// Takes a [`Notice`] from [`notify`].
    ///
    /// # Errors
    /// When the platform fails; PayTR is told to come again.
    #[wasm_bindgen(js_name = notify)]
    #[expect(clippy::unused_async, reason = "a call from another object resolves like the other one")]
    pub async fn receive_notice(&self, notice: String) -> std::result::Result<(), JsValue> {
        let notice: Notice = serde_json::from_str(&notice).map_err(|_| "the notice changed on the way")?;
        Ok(self.store_payment(&notice)?)
    }
}

/// An operation that was carried out, and what the log says of it.
struct Processed {
    conclusion: Conclusion,
    replayed: bool,
    paytr_http_status: Option<u16>,
    paytr_ms: Option<u64>,
    link_id: Option<String>,
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
    fn config(&self) -> Result<&'static Config> {
        environment::config(&self.env).map_err(|_| failure("the settings changed on the way"))
    }

    async fn process(&self, delivery: &Delivery) -> Result<Response> {
        let config = self.config()?;
        self.wake_alarm(LATE_MS)?;
        let (callback_id, processed) = match delivery.message.plan() {
            Plan::Respond(response) => (None, response.into()),
            Plan::Read(callback_id, operation) => (None, self.read(config, callback_id, operation)?.into()),
            Plan::Once(keeper, operation) => {
                let callback_id = ledger::callback_id(&config.merchant, &delivery.webhook_id, &keeper);
                let is_new_link = matches!(keeper, Keeper::NewLink);
                let work = Work { config, delivery, operation, callback_id: callback_id.as_ref(), is_new_link };
                let processed = self.submit_once(&work).await?;
                (callback_id, processed)
            }
        };
        let Processed { conclusion, replayed, paytr_http_status, paytr_ms, link_id } = processed;
        let line = LogLine {
            paytr_http_status,
            paytr_ms,
            replayed,
            reason: conclusion.reason,
            paytr_status: conclusion.paytr_status,
            callback_id: callback_id.map(|id| id.as_str().to_owned()),
            link_id,
            ..LogLine::new(&delivery.request, clock::now(), &conclusion.response)
        };
        log::log(&self.env, &delivery.describe(line));
        Ok(conclusion.response)
    }

    /// Asks PayTR, unless it was asked before.
    async fn submit_once(&self, work: &Work<'_>) -> Result<Processed> {
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
                self.storage.put_entry(&key, &entry)?;
                let in_flight = InFlight::new(&self.in_flight, key);
                let paytr::Answered { reply, http_status } = paytr::ask(config, &call).await;
                let paytr_ms = Some(clock::now().saturating_sub(now));
                let (end, link) = self.record_end(work, reply.as_ref().map_err(|cause| *cause), &call.private)?;
                entry.end(end.clone());
                self.storage.put_entry(&in_flight.key, &entry)?;
                let processed = self.conclude(work, &end.record, link, false).await?;
                return Ok(Processed { paytr_http_status: http_status, paytr_ms, ..processed });
            }
            Decision::Replay(end) => (end, self.storage.link()?),
            Decision::MarkUnknown => {
                let (end, link) = self.record_end(work, Err(Cause::Interrupted), &[])?;
                if let Some(mut entry) = entry {
                    entry.end(end.clone());
                    self.storage.put_entry(&key, &entry)?;
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
    async fn conclude(&self, work: &Work<'_>, end: &str, mut link: Option<Link>, replayed: bool) -> Result<Processed> {
        let Work { config, delivery, operation, callback_id, is_new_link } = *work;
        let mut follow_ups = Vec::new();
        if let (true, Some(opened)) = (is_new_link, &link) {
            follow_ups = match self.follow_up(config, delivery, operation, opened).await? {
                Ok(follow_ups) => follow_ups,
                Err(problem) => return Ok(problem.into()),
            };
            if !follow_ups.is_empty() {
                link = self.storage.link()?;
            }
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

    /// Answers from the link's record.
    fn read(&self, config: &Config, callback_id: &CallbackId, operation: &dyn LinkOperation) -> Result<Response> {
        let link = self.storage.link()?;
        let payments = self.storage.payments()?;
        if operation.replays_events() && !payments.is_empty() {
            self.storage.replay_events(clock::now())?;
            self.set_alarm(clock::now())?;
        }
        let view = LinkView {
            callback_id: callback_id.clone(),
            base64_qr: qr(config, link.as_ref()),
            link,
            payments: payments.into_iter().map(view_payment).collect(),
        };
        Ok(operation.respond(&view))
    }

    /// Stores a payment and its event and sets the alarm, in one commit.
    fn store_payment(&self, Notice { request, notification }: &Notice) -> Result<()> {
        let config = self.config()?;
        let now = clock::now();
        self.storage.create_link()?;
        let code = if self.storage.has_payment(&notification.merchant_oid)? {
            self.wake_alarm(LATE_MS)?;
            "repeated"
        } else {
            // Should what follows fail: an alarm without a payment does no harm.
            self.set_alarm(now)?;
            self.insert_payment(config, notification, now)?;
            "stored"
        };
        let response = callback::stored(code);
        let line = LogLine {
            message_type: Some(callback::MESSAGE_TYPE),
            callback_id: Some(notification.callback_id.as_str().to_owned()),
            ..LogLine::new(request, clock::now(), &response)
        };
        log::log(&self.env, &line);
        Ok(())
    }

    fn insert_payment(&self, config: &Config, notification: &Notification, now: u64) -> Result<()> {
        let link = self.storage.link()?.filter(Link::may_exist);
        let expected = link.as_ref().map(|link| Expected {
            price: link.price,
            currency: link.currency,
            paid_once: link.paid_once,
        });
        let verdict = Verdict::new(notification, expected.as_ref(), config.merchant.id(), self.storage.is_paid()?);
        let known = link.as_ref().map(|link| event::Link {
            id: link.created().map(|created| created.id.as_str()),
            price: link.price,
            currency: link.currency,
            reference: link.reference.as_ref(),
        });
        self.storage.insert_payment(&PaymentRow {
            merchant_oid: notification.merchant_oid.clone(),
            received_at: now,
            event_type: verdict.event_type().to_owned(),
            event_id: event::webhook_id(&config.merchant, &notification.callback_id, &notification.merchant_oid),
            body: event::body(notification, known, &verdict, now),
            state: "pending".to_owned(),
            attempts: 0,
            next_at: Some(now),
        })?;
        // PayTR closes a product link by itself; the others could be paid again.
        if let (Verdict::LinkPaid, Some(link)) = (&verdict, link)
            && link.paid_once
            && link.link_type != LinkType::Product
            && link.closing.is_none()
        {
            self.storage.put_link(&Link { closing: Some(Closing { tries: 0, due_at: Some(now) }), ..link })?;
        }
        Ok(())
    }

    /// Everything that is due, then the alarm for what is due next. It never fails for what a shop or PayTR does: the
    /// platform gives an alarm up that failed too often.
    async fn run_alarm(&self) -> Result<()> {
        let config = environment::config(&self.env).ok();
        // With settings that are wrong for a while nothing is sent, and nothing deleted that a limit may count.
        let retention = config.map_or(retention_ms(&[LONGEST_LIMIT]), |config| retention_ms(&config.send_limits));
        let tables = self.storage.open()?;
        match config {
            None if tables.link => return self.set_alarm(clock::now().saturating_add(WRONG_SETTINGS_RETRY_MS)),
            Some(config) if tables.link => {
                outbox::deliver_due(&self.env, config, &self.storage).await?;
                outbox::close_if_due(&self.env, config, &self.storage).await?;
            }
            _ if tables.entries => self.storage.delete_entries_before(clock::now().saturating_sub(retention))?,
            _ => {}
        }
        self.set_next_alarm(retention).await
    }

    /// Sets the alarm to the earliest thing that is due; an object with nothing left deletes itself.
    async fn set_next_alarm(&self, retention: u64) -> Result<()> {
        let tables = self.storage.open()?;
        let next = if tables.link {
            match self.storage.next_due_at()? {
                Some(due_at) => Some(due_at),
                None => Some(link_expires_at(self.storage.link()?.as_ref(), self.storage.last_payment_at()?))
                    .filter(|at| *at > clock::now()),
            }
        } else if tables.entries {
            self.storage.oldest_entry()?.map(|oldest| oldest.saturating_add(retention).saturating_add(1))
        } else {
            None
        };
        if let Some(next) = next {
            return self.set_alarm(next);
        }
        self.storage.forget_tables();
        self.state.storage().delete_all().await
    }

    /// The alarm of an object that keeps something for the first time.
    fn set_first_alarm(&self, now: u64, limits: &[SendLimit]) -> Result<()> {
        let tables = self.storage.open()?;
        let next = if tables.link { self.storage.next_due_at()? } else { None };
        self.set_alarm(next.unwrap_or(now.saturating_add(retention_ms(limits))))
    }

    /// Sets the alarm anew if there is work that is overdue by more than `late_ms`: an alarm can be lost.
    fn wake_alarm(&self, late_ms: u64) -> Result<()> {
        if self.storage.open()?.link
            && let Some(due_at) = self.storage.next_due_at()?
            && due_at.saturating_add(late_ms) <= clock::now()
        {
            // At another time than the one that is recorded, which the platform may take for set.
            self.set_alarm(due_at.saturating_add(late_ms))?;
        }
        Ok(())
    }

    /// The platform starts the write at once and, like any other, makes it durable before anything leaves;
    /// `Storage::set_alarm` of `worker` does nothing before it is awaited.
    fn set_alarm(&self, time: u64) -> Result<()> {
        let date = Date::new(&to_platform_time(time).into());
        let _promise = self.state.storage().as_raw().set_alarm(date, Object::new())?;
        Ok(())
    }
}

/// An operation, and what its object has to know to carry it out.
#[derive(Clone, Copy)]
struct Work<'a> {
    config: &'a Config,
    delivery: &'a Delivery,
    operation: &'a dyn PaytrOperation,
    callback_id: Option<&'a CallbackId>,
    is_new_link: bool,
}

fn qr(config: &Config, link: Option<&Link>) -> Option<String> {
    let sealed = link.and_then(Link::created).and_then(|created| created.sealed_qr.as_deref())?;
    config.merchant.open(sealed)
}

/// A payment as a shop may see it: what the event says, and how far the event is.
fn view_payment(payment: PaymentRow) -> PaymentView {
    let PaymentRow { merchant_oid, event_type, event_id, body, state, attempts, .. } = payment;
    PaymentView {
        merchant_oid,
        message_type: event_type,
        details: event::payment_details(&serde_json::from_str::<Value>(&body).unwrap_or_default()),
        event: EventView { webhook_id: event_id, state, attempts },
    }
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
