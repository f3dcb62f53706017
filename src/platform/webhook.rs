//! `POST /webhook`: a shop's message.
//!
//! Each step with what its failure is answered with; until the last, PayTR has not been called:
//!
//! 1. Content type and encoding: 415. Size: 413.
//! 2. Settings: 500.
//! 3. Headers, signature over the raw body, age: 401.
//! 4. JSON, fields: 400, 422. A ping ends here: 200.
//! 5. The object that keeps it, which asks PayTR: everything else.

use super::body::{BodyError, read_body};
use super::request::Context;
use super::{clock, environment, ledger};
use crate::headers::media_type::{declared_length, is_plain_json};
use crate::ledger::Delivery;
use crate::operation::{MAX_BODY_BYTES, Message, Plan};
use crate::problem::Problem;
use crate::standard_webhooks::{Headers, read_headers, verify};
use crate::telemetry::LogLine;
use worker::wasm_bindgen::JsValue;
use worker::web_sys;

/// Answers.
pub async fn handle(context: &Context) -> Result<web_sys::Response, JsValue> {
    let (media_type, encoding) = (context.header("content-type")?, context.header("content-encoding")?);
    if !is_plain_json(media_type.as_deref(), encoding.as_deref()) {
        return context.refuse(Problem::UnsupportedMediaType);
    }
    let length = context.header("content-length")?;
    let length = declared_length(length.as_deref(), encoding.as_deref(), MAX_BODY_BYTES);
    let body = match read_body(&context.request, length, MAX_BODY_BYTES).await {
        Ok(body) => body,
        Err(BodyError::TooLong) => return context.refuse(Problem::BodyTooLarge),
        // The caller went away in the middle of the body; nobody reads the answer.
        Err(BodyError::Broken(_)) => return context.refuse(Problem::MalformedBody("The body ended too early.")),
    };
    let config = match environment::config(&context.env) {
        Ok(config) => config,
        Err(bad) => return context.misconfigured(bad),
    };

    let [id, timestamp, signature] = read_headers(|name| context.header(name))?;
    let signed = Headers { id: id.as_deref(), timestamp: timestamp.as_deref(), signature: signature.as_deref() };
    let now = clock::now().div_euclid(1000);
    let verified = match verify(signed, &body, &config.webhook_secrets, now) {
        Ok(verified) => verified,
        Err(error) => {
            let response = Problem::from(error).into();
            // The log alone says why.
            return context.respond(&response, &LogLine { reason: Some(error.as_str()), ..context.line(&response) });
        }
    };
    let message = match Message::parse(&body) {
        Ok(message) => message,
        Err(problem) => {
            let response = problem.into();
            return context.respond(&response, &context.line(&response).verified(verified, &[]));
        }
    };
    let delivery = Delivery {
        request: context.info.clone(),
        webhook_id: verified.webhook_id.to_owned(),
        secret_number: verified.secret_number,
        origin: context.origin_and_path().0.to_owned(),
        message,
    };
    let response = match delivery.message.plan() {
        Plan::Respond(response) => response,
        _ => match ledger::deliver(&context.env, config, &delivery).await {
            Ok(response) => return Ok(response),
            Err(_) => Problem::LedgerUnavailable.into(),
        },
    };
    context.respond(&response, &delivery.describe(context.line(&response)))
}
