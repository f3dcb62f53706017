//! The way to an object.

use super::failure;
use crate::config::Config;
use crate::ledger::{Delivery, Notice, object_name};
use crate::operation::Plan;
use crate::platform::response::from_init;
use worker::js_sys::Promise;
use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Env, Result, web_sys};

/// The binding of wrangler.toml.
const BINDING: &str = "LEDGER";

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

pub async fn exchange(env: &Env, config: &Config, delivery: &Delivery) -> Result<JsValue> {
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
