//! The platform's entry points, and the routes.

use super::request::Context;
use super::to_platform::to_platform;
use super::{callback, health, hook, webhook};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::partition::client;
use crate::platform::environment;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::{Env, Result, event, web_sys};

#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, _: worker::Context) -> Result<web_sys::Response> {
    let context = Context::new(request, env)?;
    let (_, path) = context.origin_and_path();
    // Each in a box: else they are one function, and a first request waits until all of it is compiled.
    let response = match (path, context.request.method().as_str()) {
        // On every path for a page that is allowed, so that one with a wrong address gets to the answer that says so.
        (path, "OPTIONS") if path == "/webhook" || context.is_preflight()? => {
            to_platform(&Response::empty(204, "preflight"))?
        }
        ("/webhook", "POST") => Box::pin(webhook::handle(&context)).await?,
        ("/webhook", _) => context.refuse(Problem::MethodNotAllowed("POST, OPTIONS"))?,
        ("/callback", "POST") => Box::pin(callback::handle(&context)).await?,
        ("/callback", _) => context.refuse(Problem::MethodNotAllowed("POST"))?,
        ("/health", "GET" | "HEAD") => health::handle(&context)?,
        ("/health", _) => context.refuse(Problem::MethodNotAllowed("GET, HEAD"))?,
        (path, method) => match (path.strip_prefix("/hooks/"), method) {
            (Some(name), "POST") => Box::pin(hook::handle(&context, name)).await?,
            (Some(_), _) => context.refuse(Problem::MethodNotAllowed("POST"))?,
            (None, _) => context.refuse(Problem::NotFound)?,
        },
    };
    Ok(context.with_cors(response)?)
}

/// The cron: has every partition look whether its work is late. Without good settings nothing could be done about it.
#[wasm_bindgen(
    wasm_bindgen = ::worker::wasm_bindgen,
    wasm_bindgen_futures = ::worker::wasm_bindgen_futures,
    js_sys = ::worker::js_sys
)]
pub async fn tend(env: Env) {
    if let Ok(config) = environment::config(&env) {
        client::tend(&env, config).await;
    }
}
