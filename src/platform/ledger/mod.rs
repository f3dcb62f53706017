//! The Durable Object, and the way to it (`call`).
//!
//! One class for all that is kept: a recipient's object holds the sends to this person, a link's object the link with its
//! payments and events, and one of a `webhook-id` a deletion. What an object holds is decided by its name alone.
//!
//! An operation is recorded before PayTR is asked, in the same turn as the request begins, and the platform's output gate
//! lets no byte of that request out before the record is durable. So whatever stops the Worker, there is either no request
//! or a record.

mod alarm;
mod call;
mod once;
mod outbox;
mod payments;
mod storage;

pub use call::{deliver, notify};

use super::response::to_init;
use super::{clock, environment, log};
use crate::config::Config;
use crate::ledger::{self, Delivery, Notice};
use crate::link::Link;
use crate::operation::{Keeper, Plan};
use crate::response::Response;
use crate::telemetry::LogLine;
use alarm::LATE_MS;
use once::{Processed, Work};
use std::cell::{Cell, RefCell};
use storage::Storage;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{self, JsValue};
use worker::{DurableObject, Env, Error, Result, State, durable_object};

/// One object.
#[durable_object(fetch)]
pub struct Ledger {
    state: State,
    env: Env,
    storage: Storage,
    /// Keys of the entries that this object is at work on. Lost with the object, which is the point: an entry that is
    /// pending and not in here was left behind.
    in_flight: RefCell<Vec<String>>,
    /// When the alarm comes, Unix milliseconds, as far as this object knows. Lost with the object: then it is set once too
    /// often.
    alarm_at: Cell<Option<u64>>,
}

impl DurableObject for Ledger {
    fn new(state: State, env: Env) -> Self {
        let storage = Storage::new(state.storage().sql());
        let ledger = Self { state, env, storage, in_flight: RefCell::default(), alarm_at: Cell::default() };
        // What cannot be read now is read again by the first call.
        let _ = ledger.wake_alarm(0);
        ledger
    }

    async fn fetch(&self, _: worker::Request) -> Result<worker::Response> {
        worker::Response::error("Objects are called by their methods.", 404)
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

    /// Runs the alarm. Not by the trait: that makes a response for each, of which nobody reads anything.
    ///
    /// # Errors
    /// When the platform fails; it runs the alarm again.
    #[wasm_bindgen(js_name = alarm)]
    pub async fn receive_alarm(&self) -> std::result::Result<(), JsValue> {
        Ok(self.run_alarm().await?)
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
}

/// The link's QR code, if there is one.
fn qr(config: &Config, link: Option<&Link>) -> Option<String> {
    let sealed = link.and_then(Link::created).and_then(|created| created.sealed_qr.as_deref())?;
    config.merchant.open(sealed)
}

/// A failure that is not the platform's.
fn failure(what: &str) -> Error {
    Error::RustError(what.to_owned())
}
