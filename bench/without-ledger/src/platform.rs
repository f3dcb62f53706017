//! The platform's side of the relay for messages alone: no callbacks, no health, no objects.

#![allow(dead_code, reason = "some of it serves what is not here")]

#[path = "../../../src/platform/body.rs"]
mod body;
#[path = "../../../src/platform/clock.rs"]
mod clock;
#[path = "../../../src/platform/environment.rs"]
mod environment;
mod ledger;
#[path = "../../../src/platform/log.rs"]
mod log;
#[path = "../../../src/platform/paytr.rs"]
mod paytr;
#[path = "../../../src/platform/post.rs"]
mod post;
#[path = "../../../src/platform/request.rs"]
mod request;
#[path = "../../../src/platform/response.rs"]
mod response;
#[path = "../../../src/platform/webhook.rs"]
mod webhook;

use request::Context;
use worker::{Env, Result, event, web_sys};

#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, _: worker::Context) -> Result<web_sys::Response> {
    let context = Context::new(request, env)?;
    let response = webhook::handle(&context).await?;
    Ok(context.with_cors(response)?)
}
