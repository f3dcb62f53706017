//! The Durable Object around the state machine, and the way to it.

use super::limits::{Limit, longest_window_ms, retention_ms, sends_that_count};
use super::machine::{Decision, Entry, Situation, decide};
use super::names::{Names, object_name};
use super::store::Store;
use crate::answer::Answer;
use crate::log::{Arrival, Line};
use crate::message::{Message, SendLink};
use crate::outcome::{Cause, Outcome};
use crate::paytr;
use crate::platform::{self, from_platform_time, parts, response, to_platform_time};
use crate::problem::Problem;
use crate::settings::{MAX_LIMIT_COUNT, MAX_LIMIT_SECONDS, Settings};
use crate::webhook::Verified;
use js_sys::{Date, Object, Promise, Reflect};
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;
use worker_sys::types::{DurableObjectNamespace, DurableObjectState};

const LONGEST_LIMIT: Limit = Limit { count: MAX_LIMIT_COUNT, seconds: MAX_LIMIT_SECONDS };
/// The binding of wrangler.toml.
const BINDING: &str = "LEDGER";

/// Hands a message to its recipient's object, and gives back that object's answer.
///
/// # Errors
/// When the platform fails between here and there, or in there.
pub async fn forward(
    env: &JsValue,
    settings: &Settings,
    arrival: &Arrival,
    verified: Verified<'_>,
    message: &SendLink,
    body: &[u8],
) -> Result<Response, JsValue> {
    #[wasm_bindgen]
    extern "C" {
        /// An object's methods, called from afar.
        type Stub;
        #[wasm_bindgen(method, catch)]
        fn deliver(
            this: &Stub,
            webhook_id: &str,
            body: &str,
            secret_number: usize,
            request_id: &str,
            arrived_at: f64,
        ) -> Result<Promise, JsValue>;
    }
    let namespace: DurableObjectNamespace = Reflect::get(env, &BINDING.into())?.unchecked_into();
    let stub: Stub = namespace.get_by_name(&object_name(&settings.merchant, message))?.unchecked_into();
    // It was parsed, so it is text.
    let body = std::str::from_utf8(body).unwrap_or_default();
    let Verified { webhook_id, secret_number } = verified;
    let arrived_at = to_platform_time(arrival.at);
    let told = stub.deliver(webhook_id, body, secret_number, &arrival.request_id, arrived_at)?;
    response(&JsFuture::from(told).await?)
}

/// One recipient's ledger.
#[wasm_bindgen]
pub struct Ledger {
    state: DurableObjectState,
    env: JsValue,
    store: Store,
    has_table: Cell<bool>,
    /// Keys of the sends that this object waits for. Lost with the object, which is the point: an entry that is
    /// `Sending` and not in here was left behind.
    in_flight: RefCell<Vec<String>>,
}

#[wasm_bindgen]
impl Ledger {
    /// Called by the platform.
    ///
    /// # Errors
    /// When the platform fails.
    #[wasm_bindgen(constructor)]
    pub fn new(state: DurableObjectState, env: JsValue) -> Result<Self, JsValue> {
        let store = Store::new(state.storage()?.sql());
        Ok(Self { state, env, store, has_table: Cell::new(false), in_flight: RefCell::default() })
    }

    /// Takes a message from [`forward`] and gives back the answer's [`parts`].
    ///
    /// # Errors
    /// When the platform fails; the caller is told to ask again.
    pub async fn deliver(
        &self,
        webhook_id: String,
        body: String,
        secret_number: usize,
        request_id: String,
        arrived_at: f64,
    ) -> Result<JsValue, JsValue> {
        let settings = platform::settings(&self.env).map_err(|_| "the settings changed on the way")?;
        let Ok(Message::SendLink(message)) = Message::parse(body.as_bytes()) else {
            return Err("the message changed on the way".into());
        };

        let Told { answer, outcome, replayed, paytr_http_status, paytr_ms } =
            self.take(settings, &webhook_id, &message).await?;
        let arrival = Arrival { request_id, at: from_platform_time(arrived_at) };
        let verified = Verified { webhook_id: &webhook_id, secret_number };
        let line = Line::new(&arrival, platform::now(), &answer).verified(verified, Some(&message.recipient));
        let line = Line { paytr_http_status, paytr_ms, replayed, ..line };
        let line = match &outcome {
            Some(outcome) => line.ended(outcome),
            None => line,
        };
        platform::log(&self.env, &line);
        parts(&answer)
    }

    /// Called by the platform when the oldest entry's time is up.
    ///
    /// # Errors
    /// When the platform fails; it then calls again.
    pub async fn alarm(&self) -> Result<(), JsValue> {
        // With settings that are wrong for a while nothing is deleted that a limit may count.
        let retention = platform::settings(&self.env)
            .map_or_else(|_| retention_ms(&[LONGEST_LIMIT]), |settings| retention_ms(&settings.send_limits));
        self.create_table()?;
        self.store.delete_before(platform::now().saturating_sub(retention))?;
        if let Some(oldest) = self.store.oldest()? {
            return self.set_alarm(oldest.saturating_add(retention).saturating_add(1));
        }
        self.has_table.set(false);
        let storage = self.state.storage()?;
        JsFuture::from(storage.delete_all()?).await.map(drop)
    }
}

struct Told {
    answer: Answer,
    outcome: Option<Outcome>,
    replayed: bool,
    paytr_http_status: Option<u16>,
    paytr_ms: Option<u64>,
}

impl Ledger {
    async fn take(&self, settings: &Settings, webhook_id: &str, message: &SendLink) -> Result<Told, JsValue> {
        let Names { key, fingerprint } = Names::new(&settings.merchant, webhook_id, message);
        let now = platform::now();
        let limits = &settings.send_limits;
        let (mut entry, mut sends) = (None, Vec::new());
        if self.create_table()? {
            // The first message to this recipient, or the first after everything was deleted. From here on there is
            // always an alarm: it sets the next one as long as an entry is left.
            self.set_alarm(now.saturating_add(retention_ms(limits)))?;
        } else {
            entry = self.store.entry(&key)?;
            if entry.is_none() && !limits.is_empty() {
                sends = self.store.sends(now.saturating_sub(longest_window_ms(limits)), sends_that_count(limits))?;
            }
        }
        let decision = decide(&Situation {
            entry: entry.as_ref(),
            fingerprint: &fingerprint,
            in_flight: self.in_flight.borrow().contains(&key),
            sends: &sends,
            limits,
            timeout_ms: settings.timeout_ms,
            now,
        });
        let told = match decision {
            Decision::Send => {
                let entry = Entry::sending(fingerprint, now);
                let (outcome, paytr_http_status) = self.send(settings, message, key, entry).await?;
                let paytr_ms = Some(platform::now().saturating_sub(now));
                Told { paytr_http_status, paytr_ms, ..Told::ended(webhook_id, outcome) }
            }
            Decision::Replay(outcome) => Told::ended(webhook_id, outcome).replayed(),
            Decision::GiveUp => {
                let outcome = Outcome::Unknown(Cause::Interrupted);
                if let Some(mut entry) = entry {
                    entry.end(outcome.clone());
                    self.store.put(&key, &entry)?;
                }
                Told::ended(webhook_id, outcome).replayed()
            }
            Decision::InProgress(seconds) => Told::problem(Problem::InProgress(seconds)),
            Decision::Reused => Told::problem(Problem::WebhookIdReused),
            Decision::Limited(seconds) => Told::problem(Problem::RecipientLimit(seconds)),
        };
        Ok(told)
    }

    /// Records, asks PayTR, records. Nothing is awaited between the first record and the request, so the output gate
    /// makes the one durable before a byte of the other leaves.
    async fn send(
        &self,
        settings: &Settings,
        message: &SendLink,
        key: String,
        mut entry: Entry,
    ) -> Result<(Outcome, Option<u16>), JsValue> {
        self.store.put(&key, &entry)?;
        let in_flight = InFlight::new(&self.in_flight, key);
        let (outcome, http_status) = paytr::send(settings, message).await;
        entry.end(outcome.clone());
        self.store.put(&in_flight.key, &entry)?;
        Ok((outcome, http_status))
    }

    /// Makes sure that there is a table; whether there was none.
    fn create_table(&self) -> Result<bool, JsValue> {
        let is_new = !self.has_table.get() && self.store.create()?;
        self.has_table.set(true);
        Ok(is_new)
    }

    /// The platform starts the write at once and, like any other, makes it durable before anything leaves.
    fn set_alarm(&self, time: u64) -> Result<(), JsValue> {
        let date = Date::new(&to_platform_time(time).into());
        self.state.storage()?.set_alarm(date, Object::new()).map(drop)
    }
}

impl Told {
    fn ended(webhook_id: &str, outcome: Outcome) -> Self {
        let answer = Answer::ended(webhook_id, outcome.clone());
        Self { answer, outcome: Some(outcome), replayed: false, paytr_http_status: None, paytr_ms: None }
    }

    fn problem(problem: Problem) -> Self {
        Self { answer: problem.into(), outcome: None, replayed: false, paytr_http_status: None, paytr_ms: None }
    }

    fn replayed(self) -> Self {
        Self { answer: self.answer.replayed(), replayed: true, ..self }
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
