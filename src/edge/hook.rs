//! `POST /hooks/<name>`: a delivery of a shop platform.
//!
//! Signature over the raw body; then the order is read, and its partition stores what it wants with a task, in one commit,
//! before the answer is 200. Neither PayTR nor the shop is waited for. 200 too for all that is signed and does not concern
//! the relay: a platform switches off what fails too often, and some never repeat a delivery.

use super::request::Context;
use crate::alert::{Alert, AlertKind};
use crate::config::Config;
use crate::http::media_type::declared_length;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::order::OrderNotice;
use crate::partition::client;
use crate::platform::body::{BodyError, read_body};
use crate::platform::{clock, environment};
use crate::storefront::{Delivery, MAX_DELIVERY_BYTES, Reading};
use crate::tasks::send_alert::INTERVAL_MS;
use crate::telemetry::LogLine;
use serde::Serialize;
use std::cell::RefCell;
use std::time::Duration;
use worker::wasm_bindgen::JsValue;
use worker::{Delay, Env, web_sys};

/// What the log calls a delivery.
const HOOK: &str = "hook";
/// How long after one another a partition is asked that does not answer: nobody else asks again.
const RETRIES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(500)];

#[derive(Serialize)]
struct Body {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// Answers a delivery to the storefront of this name.
pub async fn handle(context: &Context, name: &str) -> Result<web_sys::Response, JsValue> {
    let config = match environment::config(&context.env) {
        Ok(config) => config,
        Err(bad) => return context.misconfigured(bad),
    };
    let Some(storefront) = config.storefront(name) else { return context.refuse(Problem::NotFound) };
    let respond = |response: Response, line: LogLine<'_>| {
        let line = LogLine { message_type: Some(HOOK), storefront: Some(&storefront.name), ..line };
        context.respond(&response, &line)
    };
    let refuse = async |problem: Problem, reason: Option<&'static str>| {
        let response: Response = problem.into();
        tell_of_refusal(&context.env, config, name, response.code).await;
        let line = context.line(&response);
        // So many in a row, and the platform switches the webhook off.
        respond(response, LogLine { reason, is_urgent: true, ..line })
    };
    let (length, encoding) = (context.header("content-length")?, context.header("content-encoding")?);
    let length = declared_length(length.as_deref(), encoding.as_deref(), MAX_DELIVERY_BYTES);
    let body = match read_body(&context.request, length, MAX_DELIVERY_BYTES).await {
        Ok(body) => body,
        Err(BodyError::TooLong) => return refuse(Problem::BodyTooLarge(MAX_DELIVERY_BYTES), None).await,
        Err(BodyError::Broken(_)) => return refuse(Problem::MalformedBody("The body ended too early."), None).await,
    };
    let header = |name: &str| context.header(name).ok().flatten();
    let delivery = Delivery { header: &header, body: &body };
    let accept = |outcome: &'static str, reason: Option<&'static str>, reference: Option<&str>, is_urgent: bool| {
        let response = Response::json(200, outcome, "application/json", &Body { outcome, reason });
        let line = context.line(&response);
        respond(response, LogLine { reason, reference, is_urgent, ..line })
    };
    if !storefront.platform.is_signed(&delivery, &storefront.webhook_keys) {
        if storefront.platform.is_ping(&delivery) {
            return accept("pong", None, None, false);
        }
        return refuse(Problem::InvalidDelivery, None).await;
    }
    let news = match storefront.platform.read(&delivery, storefront) {
        Reading::News(news) => *news,
        Reading::NotOurs(reason) => return accept("ignored", Some(reason), None, false),
        Reading::Unreadable(reason) => return accept("unreadable", Some(reason), None, true),
    };
    let reference = news.number.as_ref().map(|number| number.as_str().to_owned());
    let notice = OrderNotice::News {
        storefront: storefront.name.clone(),
        news,
        origin: context.origin_and_path().0.to_owned(),
        request_id: context.info.request_id.clone(),
    };
    let mut told = client::tell_order(&context.env, config, &notice).await;
    for retry in RETRIES {
        if told.is_err() {
            Delay::from(retry).await;
            told = client::tell_order(&context.env, config, &notice).await;
        }
    }
    match told {
        Ok(None) => accept("stored", None, reference.as_deref(), false),
        Ok(Some(ignored)) => accept("ignored", Some(ignored.as_str()), reference.as_deref(), false),
        Err(unavailable) => refuse(Problem::LedgerUnavailable(unavailable), Some(unavailable.as_str())).await,
    }
}

/// Has a person told that a delivery was refused, of each storefront once in ten minutes: anybody can have one refused, and must
/// not be able to have a partition write at every request.
async fn tell_of_refusal(env: &Env, config: &Config, storefront: &str, code: &str) {
    thread_local! {
        static TOLD: RefCell<Vec<(String, u64)>> = const { RefCell::new(Vec::new()) };
    }
    if config.alert_url.is_none() {
        return;
    }
    let now = clock::now();
    let is_told = TOLD.with_borrow_mut(|told| {
        told.retain(|(_, at)| now < at.saturating_add(INTERVAL_MS));
        let is_told = told.iter().any(|(name, _)| name == storefront);
        if !is_told {
            told.push((storefront.to_owned(), now));
        }
        is_told
    });
    if is_told {
        return;
    }
    let alert = Alert { kind: AlertKind::HookRefused, about: format!("{storefront}, {code}") };
    // The line of the log is there in any case.
    let _ = client::alert(env, config, storefront, &alert).await;
}
