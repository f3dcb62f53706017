//! The Durable Object around the state machine, and the way to it.

use super::limits::{retention_ms, sends_that_count};
use super::machine::{Decision, Entry, Situation, decide};
use super::names::{Names, object_name};
use super::store::Store;
use crate::answer::Answer;
use crate::log::Line;
use crate::message::{Message, SendLink};
use crate::outcome::{Cause, Outcome};
use crate::paytr;
use crate::platform::{self, respond};
use crate::problem::Problem;
use crate::settings::Settings;
use crate::webhook::Verified;
use std::cell::{Cell, RefCell};
use worker::js_sys::{Array, Date, JsString, Object, Promise, Reflect, Uint8Array};
use worker::wasm_bindgen::{
    self,
    prelude::{JsCast, JsValue, wasm_bindgen},
};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{Request, RequestInit, Response};
use worker::worker_sys::types::{DurableObjectNamespace, DurableObjectState, Fetcher};

/// The binding of wrangler.toml.
const BINDING: &str = "LEDGER";
/// The hop never leaves the platform, so its address says nothing.
const URL: &str = "https://ledger/";
const SECRET_NUMBER: &str = "secret-number";

/// Hands a message to its recipient's object, and gives back that object's answer.
///
/// # Errors
/// When the platform fails between here and there, or in there.
pub async fn forward(
    env: &JsValue,
    settings: &Settings,
    verified: Verified<'_>,
    message: &SendLink,
    body: &[u8],
) -> Result<Response, JsValue> {
    let namespace: DurableObjectNamespace = Reflect::get(env, &BINDING.into())?.unchecked_into();
    let stub: Fetcher = namespace.get_by_name(&object_name(&settings.merchant, message))?.unchecked_into();
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&Array::of2(
        &Array::of2(&JsString::from("webhook-id"), &JsString::from(verified.webhook_id)),
        &Array::of2(&JsString::from(SECRET_NUMBER), &JsString::from(verified.secret_number.to_string())),
    ));
    init.set_body(&Uint8Array::from(body));
    JsFuture::from(stub.fetch_with_str_and_init(URL, &init)?).await.map(JsCast::unchecked_into)
}

/// One recipient's ledger.
#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
pub struct Ledger {
    state: DurableObjectState,
    env: JsValue,
    store: Store,
    has_table: Cell<bool>,
    /// Keys of the sends that this object waits for. Lost with the object, which is the point: an entry that is
    /// `Sending` and not in here was left behind.
    in_flight: RefCell<Vec<String>>,
}

#[wasm_bindgen(
    wasm_bindgen = worker::wasm_bindgen,
    wasm_bindgen_futures = worker::wasm_bindgen_futures,
    js_sys = worker::js_sys
)]
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

    /// Takes a message from [`forward`].
    ///
    /// # Errors
    /// When the platform fails; the caller is told to ask again.
    pub async fn fetch(&self, request: Request) -> Result<Response, JsValue> {
        let headers = request.headers();
        let webhook_id = headers.get("webhook-id")?.unwrap_or_default();
        let secret = headers.get(SECRET_NUMBER)?.and_then(|number| number.parse().ok());
        let body =
            Uint8Array::new(&JsFuture::from(request.array_buffer()?.unchecked_into::<Promise>()).await?).to_vec();
        let settings = platform::settings(&self.env).map_err(|_| "the settings changed on the way")?;
        let Ok(Message::SendLink(message)) = Message::parse(&body) else {
            return Err("the message changed on the way".into());
        };

        let told = self.take(settings, &webhook_id, &message).await?;
        let Told { answer, reason, replayed } = told;
        let line = Line { status: answer.status, code: answer.code, reason, replayed, secret, webhook_id: None };
        platform::log(&line.webhook_id(&webhook_id));
        respond(&answer)
    }

    /// Called by the platform when the oldest entry's time is up.
    ///
    /// # Errors
    /// When the platform fails; it then calls again.
    pub async fn alarm(&self) -> Result<(), JsValue> {
        let retention = retention_ms(platform::settings(&self.env).map_or(&[], |settings| &settings.send_limits));
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
    reason: Option<&'static str>,
    replayed: bool,
}

impl Ledger {
    async fn take(&self, settings: &Settings, webhook_id: &str, message: &SendLink) -> Result<Told, JsValue> {
        let Names { key, fingerprint } = Names::new(&settings.merchant, webhook_id, message);
        let now = platform::now();
        self.create_table()?;
        let entry = self.store.entry(&key)?;
        let limits = &settings.send_limits;
        let sends = match entry {
            None => self.store.sends(sends_that_count(limits).max(1))?,
            Some(_) => Vec::new(),
        };
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
                if sends.is_empty() && self.store.oldest()?.is_none() {
                    self.set_alarm(now.saturating_add(retention_ms(limits)))?;
                }
                let outcome = self.send(settings, message, key, Entry::sending(fingerprint, now)).await?;
                Told::ended(webhook_id, outcome)
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
    ) -> Result<Outcome, JsValue> {
        self.store.put(&key, &entry)?;
        let in_flight = InFlight::new(&self.in_flight, key);
        let outcome = paytr::send(settings, message).await;
        entry.end(outcome.clone());
        self.store.put(&in_flight.key, &entry)?;
        Ok(outcome)
    }

    fn create_table(&self) -> Result<(), JsValue> {
        if !self.has_table.get() {
            self.store.create()?;
            self.has_table.set(true);
        }
        Ok(())
    }

    /// The platform starts the write at once and, like any other, makes it durable before anything leaves.
    #[expect(clippy::cast_precision_loss, reason = "a time in milliseconds is far below 2^53")]
    fn set_alarm(&self, time: u64) -> Result<(), JsValue> {
        let date = Date::new(&JsValue::from_f64(time as f64));
        self.state.storage()?.set_alarm(date, Object::new()).map(drop)
    }
}

impl Told {
    fn ended(webhook_id: &str, outcome: Outcome) -> Self {
        let reason = match &outcome {
            Outcome::Unknown(cause) => Some(cause.as_str()),
            Outcome::Sent | Outcome::Rejected(_) => None,
        };
        Self { answer: Answer::ended(webhook_id, outcome), reason, replayed: false }
    }

    fn problem(problem: Problem) -> Self {
        Self { answer: problem.into(), reason: None, replayed: false }
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
