//! One of the objects that share everything, and the way to it (`client`).
//!
//! A message is recorded before PayTR is asked, in the same turn as the request begins, and the platform's output gate
//! lets no byte of that request out before the record is durable. So whatever stops the Worker, there is either no request
//! or a record.
//!
//! In scope: the Durable Object `Ledger` with its methods, its storage by table, at most once (`once`), payments, orders, the alarm
//! and the tasks that it works off (`work`). Not in scope: what is decided; that is `ledger`'s, `payment`'s and `tasks`'.

pub mod client;

mod alarm;
mod alerts;
mod once;
mod orders;
mod payments;
mod places;
mod query;
mod storage;
mod work;

use crate::config::Config;
use crate::http::answer::status_and_code;
use crate::ledger::Unavailable;
use crate::message::{Answer, Envelope, Handling, Notice};
use crate::order::OrderNotice;
use crate::packed::{pack, unpack};
use crate::platform::{clock, environment, log};
use crate::telemetry::LogLine;
use alarm::{Alarm, LATE_MS};
use once::Asked;
use places::Places;
use std::cell::RefCell;
use storage::{Storage, failure};
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{self, JsValue};
use worker::{DurableObject, Env, Result, State, durable_object};

/// One partition.
#[durable_object(fetch)]
pub struct Ledger {
    env: Env,
    storage: Storage,
    /// The messages that this object is at work on. Lost with the object, which is the point: a message that is
    /// pending and not in here was left behind.
    in_flight: RefCell<Vec<String>>,
    /// The connections to PayTR that may be open at once.
    to_paytr: Places,
    alarm: Alarm,
}

impl DurableObject for Ledger {
    fn new(state: State, env: Env) -> Self {
        let ledger = Self {
            env,
            storage: Storage::new(&state),
            in_flight: RefCell::default(),
            to_paytr: Places::new(places::TO_PAYTR),
            alarm: Alarm::new(&state),
        };
        // What cannot be read now is read again by the first call.
        let _ = ledger.re_arm(0);
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
    /// Takes an [`Envelope`] from [`client::ask`] and gives back the [`Answer`], both encoded.
    ///
    /// # Errors
    /// When the platform fails; the caller is told to ask again.
    #[wasm_bindgen(js_name = ask)]
    pub async fn receive_message(&self, envelope: Vec<u8>) -> std::result::Result<Vec<u8>, JsValue> {
        let envelope: Envelope = unpack(&envelope).ok_or("the message changed on the way")?;
        let answer = self.carry_out(&envelope).await.map_err(storage_failed)?;
        Ok(pack(&answer))
    }

    /// Takes a [`Notice`] from [`client::notify`], which is stored when this ends.
    ///
    /// # Errors
    /// When the platform fails; PayTR is told to come again.
    #[wasm_bindgen(js_name = notify)]
    pub async fn receive_notice(&self, notice: Vec<u8>) -> std::result::Result<(), JsValue> {
        let notice: Notice = unpack(&notice).ok_or("the notification changed on the way")?;
        self.store_payment(&notice).await.map_err(storage_failed)
    }

    /// Takes an [`OrderNotice`] from [`client::tell_order`], which is stored when this ends. Gives back why it changes nothing,
    /// encoded.
    ///
    /// # Errors
    /// When the platform fails; the platform or the other partition comes again.
    #[wasm_bindgen(js_name = order)]
    pub fn receive_order(&self, notice: &[u8]) -> std::result::Result<Vec<u8>, JsValue> {
        let notice: OrderNotice = unpack(notice).ok_or("the notice changed on the way")?;
        let ignored = self.take_order_notice(notice).map_err(storage_failed)?;
        Ok(pack(&ignored))
    }

    /// Takes a [`Query`](crate::message::Query) from [`client::ask_all`] and gives back the [`Part`](crate::message::Part), both
    /// encoded.
    ///
    /// # Errors
    /// When the platform fails; the caller is told to ask again.
    #[wasm_bindgen(js_name = query)]
    pub fn receive_query(&self, query: &[u8]) -> std::result::Result<Vec<u8>, JsValue> {
        let query = unpack(query).ok_or("the question changed on the way")?;
        let part = self.answer_query(query).map_err(storage_failed)?;
        Ok(pack(&part))
    }

    /// Takes an [`Alert`](crate::alert::Alert) from [`client::alert`], which is stored when this ends.
    ///
    /// # Errors
    /// When the platform fails.
    #[wasm_bindgen(js_name = alert)]
    pub fn receive_alert(&self, alert: &[u8]) -> std::result::Result<(), JsValue> {
        let alert = unpack(alert).ok_or("the alert changed on the way")?;
        self.re_arm(LATE_MS).map_err(storage_failed)?;
        self.alert(self.config().map_err(storage_failed)?, &alert);
        Ok(())
    }

    /// Looks whether work is late whose alarm was lost, for [`client::tend`].
    ///
    /// # Errors
    /// When the platform fails.
    #[wasm_bindgen(js_name = tend)]
    pub fn receive_tend(&self) -> std::result::Result<(), JsValue> {
        self.re_arm(LATE_MS).map_err(storage_failed)
    }

    /// Runs the alarm. Not by the trait: that makes a response for each, of which nobody reads anything.
    ///
    /// # Errors
    /// When the platform fails; it runs the alarm again.
    #[wasm_bindgen(js_name = alarm)]
    pub async fn receive_alarm(&self) -> std::result::Result<(), JsValue> {
        self.work_off().await.map_err(storage_failed)
    }
}

impl Ledger {
    fn config(&self) -> Result<&'static Config> {
        environment::config(&self.env).map_err(|_| failure("the settings changed on the way"))
    }

    /// Carries a message out, and writes its line of the log once all that was written is durable.
    async fn carry_out(&self, envelope: &Envelope) -> Result<Answer> {
        let config = self.config()?;
        self.re_arm(LATE_MS)?;
        let asked = match envelope.message.handling() {
            Handling::Answer(answer) => Asked::from(Answer { content: Ok(answer(config)), replayed: false }),
            Handling::Read(reading) => self.read(reading)?,
            Handling::Ask(asking) => self.ask_once(config, envelope, asking).await?,
            Handling::AskLedger(_) | Handling::TryEvents => return Err(failure("this message is not one partition's")),
        };
        if asked.has_written {
            self.storage.sync().await?;
        }
        let Asked { answer, callback_id, link_id, paytr_http_status, paytr_ms, .. } = asked;
        let status = status_and_code(&envelope.message, &answer);
        let (reason, paytr_status, paytr_reason) = match &answer.content {
            Ok(success) => (None, success.paytr_status(), None),
            Err(refusal) => (refusal.reason(), refusal.paytr_status(), refusal.paytr_reason()),
        };
        let line = LogLine {
            paytr_http_status,
            paytr_ms,
            replayed: answer.replayed,
            reason,
            paytr_status,
            paytr_reason,
            callback_id: callback_id.map(|id| id.as_str().to_owned()),
            link_id,
            ..LogLine::new(&envelope.request, clock::now(), status)
        };
        log::log(&self.env, &envelope.describe(line));
        Ok(answer)
    }
}

/// What [`client`] reads from a call that failed in here.
fn storage_failed(error: worker::Error) -> JsValue {
    // The platform's own errors say themselves what they are.
    drop(error);
    JsValue::from(worker::js_sys::Error::new(Unavailable::StorageFailed.as_str()))
}
