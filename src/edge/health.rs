//! `GET /health`: whether the settings are good; if not, which ones are wrong.

use super::request::Context;
use super::to_platform::to_platform;
use crate::http::response::Response;
use crate::platform::environment;
use serde::Serialize;
use worker::wasm_bindgen::JsValue;
use worker::web_sys;

/// Answers. A good answer is not logged.
pub fn handle(context: &Context) -> Result<web_sys::Response, JsValue> {
    match environment::config(&context.env) {
        Ok(config) => {
            let events = if config.events_url.is_some() { "on" } else { "off" };
            let health = Health { status: "ok", events, storefronts: config.storefronts.len() };
            to_platform(&Response::json(200, "healthy", "application/json", &health))
        }
        Err(bad) => context.misconfigured(bad),
    }
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    events: &'static str,
    storefronts: usize,
}
