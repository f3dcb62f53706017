//! The platform's entry point, and the routes.

use super::request::Context;
use super::{callback, health, response, webhook};
use crate::problem::Problem;
use crate::response::Response;
use worker::{Env, Result, event, web_sys};

#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, _: worker::Context) -> Result<web_sys::Response> {
    let context = Context::new(request, env)?;
    let (_, path) = context.origin_and_path();
    let response = match (path, context.request.method().as_str()) {
        // On every path for a page that is allowed, so that one with a wrong address gets to the answer that says so.
        (path, "OPTIONS") if path == "/webhook" || context.is_preflight()? => {
            response::to_platform(&Response::empty(204, "preflight"))?
        }
        ("/webhook", "POST") => webhook::handle(&context).await?,
        ("/webhook", _) => context.refuse(Problem::MethodNotAllowed("POST, OPTIONS"))?,
        ("/callback", "POST") => callback::handle(&context).await?,
        ("/callback", _) => context.refuse(Problem::MethodNotAllowed("POST"))?,
        ("/health", "GET" | "HEAD") => health::handle(&context)?,
        ("/health", _) => context.refuse(Problem::MethodNotAllowed("GET, HEAD"))?,
        _ => context.refuse(Problem::NotFound)?,
    };
    Ok(context.with_cors(response)?)
}
