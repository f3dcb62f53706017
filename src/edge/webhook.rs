//! `POST /webhook`: a shop's message.
//!
//! Each step with what its failure is answered with; until the last, PayTR has not been called:
//!
//! 1. Content type and encoding: 415. Size: 413.
//! 2. Settings: 500.
//! 3. Headers, signature over the raw body, age: 401.
//! 4. JSON, fields: 400, 422. A ping ends here: 200.
//! 5. The partition that keeps it, which asks PayTR, or all of them: everything else.

use super::request::Context;
use super::to_platform::to_platform;
use crate::config::Config;
use crate::http::answer::respond;
use crate::http::media_type::{declared_length, is_plain_json};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::ledger::Unavailable;
use crate::mac::Tag;
use crate::message::ping::{Ping, TriedEvent};
use crate::message::{Answer, Envelope, Handling, MAX_BODY_BYTES, Message};
use crate::partition::client;
use crate::platform::body::{BodyError, read_body};
use crate::platform::shop::post_event;
use crate::platform::{clock, environment};
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
        Err(BodyError::TooLong) => return context.refuse(Problem::BodyTooLarge(MAX_BODY_BYTES)),
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
    let envelope = Envelope {
        request: context.info.clone(),
        webhook_id: verified.webhook_id.to_owned(),
        secret_number: Some(verified.secret_number),
        origin: context.origin_and_path().0.to_owned(),
        message,
    };
    let done = |success| respond(&envelope.message, Answer { content: Ok(success), replayed: false });
    let (response, reason): (Response, _) = match envelope.message.handling() {
        Handling::Answer(answer) => (done(answer(config)), None),
        Handling::TryEvents => (done(Ping::answer(config, Some(try_events(config).await))), None),
        Handling::AskLedger(asking) => {
            let parts = client::ask_all(&context.env, config, &asking.query(clock::now())).await;
            match parts.and_then(|parts| asking.answer(parts).ok_or(Unavailable::Reset)) {
                Ok(success) => (done(success), None),
                Err(unavailable) => (Problem::LedgerUnavailable(unavailable).into(), Some(unavailable.as_str())),
            }
        }
        Handling::Ask(_) | Handling::Read(_) => match client::ask(&context.env, config, &envelope).await {
            // The partition has written the line of the log.
            Ok(answer) => return to_platform(&respond(&envelope.message, answer)),
            Err(unavailable) => (Problem::LedgerUnavailable(unavailable).into(), Some(unavailable.as_str())),
        },
    };
    let line = envelope.describe(context.line(&response));
    context.respond(&response, &LogLine { reason, ..line })
}

/// Posts an event to the shop that tells of nothing, to see what its end answers.
async fn try_events(config: &Config) -> TriedEvent {
    if config.events_url.is_none() {
        return TriedEvent::off();
    }
    let now = clock::now();
    // A receiver takes a second event of one id for a repeat, so each has its own, in the form of all.
    let mut bytes = Tag::default();
    if getrandom::fill(&mut bytes).is_err() {
        return TriedEvent::new(Err("platform-failed"));
    }
    let id = format!("evt_{}", base16ct::lower::encode_string(&bytes));
    TriedEvent::new(post_event(config, &id, &Ping::event_body(now), now).await.map(|answer| answer.http_status))
}
