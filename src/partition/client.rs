//! The way to a partition.

use crate::alert::Alert;
use crate::config::Config;
use crate::ledger::{Address, Partition, Unavailable};
use crate::message::{Answer, Envelope, Handling, Notice, Part, Query};
use crate::order::{Ignored, OrderNotice};
use crate::packed::{Packed, pack, unpack};
use crate::platform::environment;
use worker::js_sys::{Promise, Reflect, Uint8Array};
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Env, Error};

#[wasm_bindgen(wasm_bindgen = ::worker::wasm_bindgen, js_sys = ::worker::js_sys)]
extern "C" {
    /// An object's methods, called from afar.
    type Stub;
    #[wasm_bindgen(method, catch)]
    fn ask(this: &Stub, envelope: &Uint8Array) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn notify(this: &Stub, notice: &Uint8Array) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn order(this: &Stub, notice: &Uint8Array) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn query(this: &Stub, query: &Uint8Array) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn alert(this: &Stub, alert: &Uint8Array) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn tend(this: &Stub) -> Result<Promise, JsValue>;
}

/// Hands a message to the partition that keeps it. It is on its way when this returns; the answer is awaited.
///
/// # Errors
/// When the platform fails between here and there, or in there.
pub fn ask(
    env: &Env,
    config: &Config,
    envelope: &Envelope,
) -> impl Future<Output = Result<Answer, Unavailable>> + use<> {
    let asked = keeper_of(env, config, envelope)
        .and_then(|partition| stub(env, config, partition))
        .map(|stub| answer(stub.ask(&written(envelope))));
    async { read(&asked?.await?) }
}

fn keeper_of(env: &Env, config: &Config, envelope: &Envelope) -> Result<Partition, Unavailable> {
    match envelope.message.handling() {
        Handling::Ask(asking) => {
            let namespace = environment::namespace(env).map_err(|_| Unavailable::NotBound)?;
            Ok(Address::of(&config.merchant, namespace, &envelope.webhook_id, asking.keeper()).partition)
        }
        Handling::Read(reading) => Ok(Partition::of_link(reading.callback_id())),
        Handling::Answer(_) | Handling::AskLedger(_) | Handling::TryEvents => Err(Unavailable::NotBound),
    }
}

/// Hands a notification of a payment to the link's partition, which has stored it when this ends.
///
/// # Errors
/// When the platform fails between here and there, or in there.
pub async fn notify(env: &Env, config: &Config, notice: &Notice) -> Result<(), Unavailable> {
    let partition = Partition::of_link(&notice.notification.callback_id);
    answer(stub(env, config, partition)?.notify(&written(notice))).await.map(drop)
}

/// Tells an order's partition of news or of a payment, which it has stored when this ends. Returns why it changes nothing, if
/// it does not.
///
/// # Errors
/// When the platform fails between here and there, or in there.
pub async fn tell_order(env: &Env, config: &Config, notice: &OrderNotice) -> Result<Option<Ignored>, Unavailable> {
    let partition = Partition::of_order(&config.merchant, &notice.key());
    read(&answer(stub(env, config, partition)?.order(&written(notice))).await?)
}

/// Asks every partition the same, all at once, and gives back all their answers.
///
/// # Errors
/// When one of them does not answer: what is missing must not look as if it were not there.
pub async fn ask_all(env: &Env, config: &Config, query: &Query) -> Result<Vec<Part>, Unavailable> {
    let query = &written(query);
    let asked: Vec<_> =
        Partition::all().map(|partition| stub(env, config, partition).map(|stub| answer(stub.query(query)))).collect();
    let mut parts = Vec::with_capacity(asked.len());
    for asked in asked {
        parts.push(read(&asked?.await?)?);
    }
    Ok(parts)
}

/// Has a storefront's partition keep an alert.
///
/// # Errors
/// When the platform fails between here and there, or in there.
pub async fn alert(env: &Env, config: &Config, storefront: &str, alert: &Alert) -> Result<(), Unavailable> {
    let partition = Partition::of_storefront(&config.merchant, storefront);
    answer(stub(env, config, partition)?.alert(&written(alert))).await.map(drop)
}

/// Has every partition look whether its work is late, all at once. One that does not answer is asked again the next time.
pub async fn tend(env: &Env, config: &Config) {
    let tended: Vec<_> =
        Partition::all().filter_map(|partition| Some(answer(stub(env, config, partition).ok()?.tend()))).collect();
    for tended in tended {
        tended.await.unwrap_or_default();
    }
}

/// A value on its way to another object, in memory of its own: a view of the Worker's would take all of it along.
fn written(value: &impl Packed) -> Uint8Array {
    Uint8Array::from(pack(value).as_slice())
}

/// An answer. A partition of another version may give one that this one does not know.
fn read<T: Packed>(answer: &JsValue) -> Result<T, Unavailable> {
    let bytes = answer.dyn_ref::<Uint8Array>().ok_or(Unavailable::Reset)?.to_vec();
    unpack(&bytes).ok_or(Unavailable::Reset)
}

fn stub(env: &Env, config: &Config, partition: Partition) -> Result<Stub, Unavailable> {
    let namespace = env.durable_object(environment::LEDGER).map_err(|_| Unavailable::NotBound)?;
    let stub = namespace.get_by_name_with_location_hint(&partition.name(), &config.ledger_location);
    Ok(stub.map_err(|error| unavailable(&error.into()))?.into_rpc())
}

/// The answer to a call that is on its way, whether or not it is awaited.
fn answer(call: Result<Promise, JsValue>) -> impl Future<Output = Result<JsValue, Unavailable>> {
    let call = call.map(JsFuture::from);
    async {
        let answer = match call {
            Ok(call) => call.await,
            Err(error) => Err(error),
        };
        answer.map_err(|error| unavailable(&error))
    }
}

/// Why a call failed, by what Cloudflare documents of the errors of Durable Objects ("Error handling") and by the words of
/// our own.
fn unavailable(error: &JsValue) -> Unavailable {
    let member = |name: &str| Reflect::get(error, &name.into()).unwrap_or_default();
    let message = member("message").as_string().unwrap_or_default();
    if member("overloaded").is_truthy() {
        Unavailable::Overloaded
    } else if message == Unavailable::StorageFailed.as_str() || message.contains("SQLITE_") {
        Unavailable::StorageFailed
    } else if is_trap(&member("name"), &message) {
        Unavailable::Trapped
    } else {
        Unavailable::Reset
    }
}

/// A trap in wasm is a `RuntimeError`, which travels between objects by its name or in its words.
fn is_trap(name: &JsValue, message: &str) -> bool {
    name.as_string().as_deref() == Some("RuntimeError") || message.contains("unreachable")
}

impl From<Error> for Unavailable {
    fn from(error: Error) -> Self {
        unavailable(&error.into())
    }
}
