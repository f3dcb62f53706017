//! `POST /callback`: PayTR's notice of a payment.
//!
//! Form, fields, hash; then the link's object stores payment and event in one commit, and the answer is `OK`. The shop is
//! never waited for. What is wrong is said in plain text, because PayTR's panel shows it.

use super::body::{BodyError, read_body};
use super::request::Context;
use super::{environment, ledger, response};
use crate::headers::media_type::declared_length;
use crate::ledger::Notice;
use crate::paytr::{MAX_NOTICE_BYTES, Notification};
use crate::response::Response;
use crate::telemetry::LogLine;
use worker::wasm_bindgen::JsValue;
use worker::web_sys;

/// What the log calls a notice.
pub const MESSAGE_TYPE: &str = "callback";

/// Answers.
pub async fn handle(context: &Context) -> Result<web_sys::Response, JsValue> {
    let (length, encoding) = (context.header("content-length")?, context.header("content-encoding")?);
    let length = declared_length(length.as_deref(), encoding.as_deref(), MAX_NOTICE_BYTES);
    let form = match read_body(&context.request, length, MAX_NOTICE_BYTES).await {
        Ok(form) => form,
        Err(BodyError::TooLong) => return refuse(context, 400, "the form is over 16384 bytes"),
        Err(BodyError::Broken(_)) => return refuse(context, 400, "the form ended too early"),
    };
    let config = match environment::config(&context.env) {
        Ok(config) => config,
        Err(bad) => {
            let reason = bad.first().map_or("the relay's settings are wrong", |bad| bad.name);
            let response = failed(500, "misconfigured", "the relay's settings are wrong");
            let line = LogLine { message_type: Some(MESSAGE_TYPE), reason: Some(reason), ..context.line(&response) };
            return context.respond(&response, &line);
        }
    };
    let notification = match Notification::verify(&form, &config.merchant) {
        Ok(notification) => notification,
        Err(reason) => return refuse(context, 400, reason),
    };
    let callback_id = notification.callback_id.as_str().to_owned();
    let notice = Notice { request: context.info.clone(), notification };
    if ledger::notify(&context.env, &notice).await.is_ok() {
        return response::to_platform(&stored("stored"));
    }
    let response = failed(500, "ledger-unavailable", "the relay could not store it");
    let line = LogLine { message_type: Some(MESSAGE_TYPE), callback_id: Some(callback_id), ..context.line(&response) };
    context.respond(&response, &line)
}

/// What PayTR is answered with once a payment is stored, now or before, as `code` tells.
pub fn stored(code: &'static str) -> Response {
    Response::text(200, code, "OK".to_owned())
}

fn refuse(context: &Context, status: u16, reason: &'static str) -> Result<web_sys::Response, JsValue> {
    let response = failed(status, "bad-notification", reason);
    let line = LogLine { message_type: Some(MESSAGE_TYPE), reason: Some(reason), ..context.line(&response) };
    context.respond(&response, &line)
}

fn failed(status: u16, code: &'static str, reason: &str) -> Response {
    Response::text(status, code, format!("PAYTR notification failed: {reason}"))
}
