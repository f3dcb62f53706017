//! `POST /callback`: PayTR's notification of a payment.
//!
//! Form, fields, hash; then the link's partition stores payment and event in one commit, and the answer is `OK`. The shop is
//! never waited for. What is wrong is said in plain text, because PayTR's panel shows it.

use super::request::Context;
use super::to_platform::to_platform;
use crate::http::media_type::declared_length;
use crate::http::response::Response;
use crate::message::Notice;
use crate::partition::client;
use crate::paytr::{MAX_NOTIFICATION_BYTES, Notification};
use crate::platform::body::{BodyError, read_body};
use crate::platform::environment;
use crate::telemetry::{CALLBACK, LogLine};
use worker::wasm_bindgen::JsValue;
use worker::web_sys;

/// Answers.
pub async fn handle(context: &Context) -> Result<web_sys::Response, JsValue> {
    let (length, encoding) = (context.header("content-length")?, context.header("content-encoding")?);
    let length = declared_length(length.as_deref(), encoding.as_deref(), MAX_NOTIFICATION_BYTES);
    let form = match read_body(&context.request, length, MAX_NOTIFICATION_BYTES).await {
        Ok(form) => form,
        Err(BodyError::TooLong) => return refuse(context, 400, "the form is over 16384 bytes"),
        Err(BodyError::Broken(_)) => return refuse(context, 400, "the form ended too early"),
    };
    let config = match environment::config(&context.env) {
        Ok(config) => config,
        Err(bad) => {
            let reason = bad.first().map_or("the relay's settings are wrong", |bad| bad.name);
            let response = failed(500, "misconfigured", "the relay's settings are wrong");
            let line = LogLine { message_type: Some(CALLBACK), reason: Some(reason), ..context.line(&response) };
            return context.respond(&response, &line);
        }
    };
    let notification = match Notification::verify(&form, &config.merchant) {
        Ok(notification) => notification,
        Err(reason) => return refuse(context, 400, reason),
    };
    let callback_id = notification.callback_id.as_str().to_owned();
    let notice = Notice { request: context.info.clone(), notification };
    let unavailable = match client::notify(&context.env, config, &notice).await {
        Ok(()) => return to_platform(&Response::text(200, "stored", "OK".to_owned())),
        Err(unavailable) => unavailable,
    };
    let response = failed(500, "ledger-unavailable", "the relay could not store it");
    let line = LogLine {
        message_type: Some(CALLBACK),
        callback_id: Some(callback_id),
        reason: Some(unavailable.as_str()),
        ..context.line(&response)
    };
    context.respond(&response, &line)
}

fn refuse(context: &Context, status: u16, reason: &'static str) -> Result<web_sys::Response, JsValue> {
    let response = failed(status, "bad-notification", reason);
    let line = LogLine { message_type: Some(CALLBACK), reason: Some(reason), ..context.line(&response) };
    context.respond(&response, &line)
}

fn failed(status: u16, code: &'static str, reason: &str) -> Response {
    Response::text(status, code, format!("PAYTR notification failed: {reason}"))
}
