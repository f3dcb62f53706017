//! The door: the platform's entry point, the routes, and the way of a request.
//!
//! `webhook::verify` → `Message::parse` → the recipient's ledger, which asks PayTR → answer. Whatever fails on the way
//! is a [`Problem`], and nothing was sent.

use crate::answer::Answer;
use crate::content::{declared_length, is_plain_json};
use crate::cors;
use crate::log::Line;
use crate::message::{MAX_BODY_BYTES, Message};
use crate::platform::{self, Unreadable, read_body, respond};
use crate::problem::Problem;
use crate::webhook::{self, Refusal};
use worker::wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};
use worker::web_sys::{Headers, Request, Response};

/// Called by the platform for every request.
///
/// # Errors
/// When the platform itself fails.
#[wasm_bindgen(
    wasm_bindgen = worker::wasm_bindgen,
    wasm_bindgen_futures = worker::wasm_bindgen_futures,
    js_sys = worker::js_sys
)]
pub async fn fetch(request: Request, env: JsValue) -> Result<Response, JsValue> {
    match (path(&request.url()), request.method().as_str()) {
        ("/webhook", method) => {
            let headers = request.headers();
            let response = match method {
                "POST" => webhook(&request, &headers, &env).await?,
                "OPTIONS" => respond(&Answer::empty(204, "preflight"))?,
                _ => refuse(Problem::MethodNotAllowed("POST, OPTIONS"))?,
            };
            with_cors(response, method, &headers, &env)
        }
        ("/health", "GET" | "HEAD") => health(&env),
        ("/health", _) => refuse(Problem::MethodNotAllowed("GET, HEAD")),
        _ => refuse(Problem::NotFound),
    }
}

/// The path of a URL as the platform writes it: `scheme://host/path`, with `?` percent-encoded in the path.
fn path(url: &str) -> &str {
    const SLASHES_BEFORE_PATH: usize = 2;
    let slash = url.match_indices('/').nth(SLASHES_BEFORE_PATH).map_or(url.len(), |(at, _)| at);
    url.get(slash..).and_then(|path_and_query| path_and_query.split('?').next()).unwrap_or_default()
}

/// The way of a message, each step with what its failure is answered with.
///
/// 1. Content type and encoding: 415. Size: 413.
/// 2. Settings: 500.
/// 3. Headers, signature over the raw body, age: 401.
/// 4. JSON, fields: 400, 422.
/// 5. The ledger, which asks PayTR: everything else.
async fn webhook(request: &Request, headers: &Headers, env: &JsValue) -> Result<Response, JsValue> {
    let (media_type, encoding) = (headers.get("content-type")?, headers.get("content-encoding")?);
    if !is_plain_json(media_type.as_deref(), encoding.as_deref()) {
        return refuse(Problem::UnsupportedMediaType);
    }
    let length = declared_length(headers.get("content-length")?.as_deref(), encoding.as_deref(), MAX_BODY_BYTES);
    let body = match read_body(request, length, MAX_BODY_BYTES).await {
        Ok(body) => body,
        Err(Unreadable::TooLong) => return refuse(Problem::BodyTooLarge),
        // The caller went away in the middle of the body; nobody reads the answer.
        Err(Unreadable::Broken(_)) => return refuse(Problem::MalformedBody("The body ended too early.")),
    };
    let settings = match platform::settings(env) {
        Ok(settings) => settings,
        Err(bad) => return refuse(Problem::Misconfigured(bad.to_vec())),
    };

    let (id, timestamp, signature) =
        (headers.get("webhook-id")?, headers.get("webhook-timestamp")?, headers.get("webhook-signature")?);
    let signed =
        webhook::Headers { id: id.as_deref(), timestamp: timestamp.as_deref(), signature: signature.as_deref() };
    let now = platform::now().div_euclid(1000);
    let verified = match webhook::verify(signed, &body, &settings.webhook_secrets, now) {
        Ok(verified) => verified,
        Err(refusal) => return refuse_unsigned(refusal),
    };
    let answer_signed = |answer: Answer| {
        log_and_respond(&answer, |line| {
            Line { secret: Some(verified.secret_number), ..line }.webhook_id(verified.webhook_id)
        })
    };
    let message = match Message::parse(&body) {
        Ok(Message::SendLink(message)) => message,
        Ok(Message::Ping) => return answer_signed(Answer::pong()),
        Err(unacceptable) => return answer_signed(Problem::from(unacceptable).into()),
    };
    match deliver(env, settings, verified, &message, &body).await {
        Ok(response) => Ok(response),
        Err(_) => answer_signed(Problem::LedgerUnavailable.into()),
    }
}

#[cfg(not(without_ledger))]
use crate::ledger::forward as deliver;

/// What the benchmark compares the ledger's hop with. No build that is deployed has it: it sends twice if asked twice.
#[cfg(without_ledger)]
async fn deliver(
    _: &JsValue,
    settings: &crate::settings::Settings,
    verified: webhook::Verified<'_>,
    message: &crate::message::SendLink,
    _: &[u8],
) -> Result<Response, JsValue> {
    let answer = Answer::ended(verified.webhook_id, crate::paytr::send(settings, message).await);
    let line =
        Line { status: answer.status, code: answer.code, secret: Some(verified.secret_number), ..Line::default() };
    platform::log(&line.webhook_id(verified.webhook_id));
    respond(&answer)
}

/// Whether the settings are good; if not, which ones are wrong.
fn health(env: &JsValue) -> Result<Response, JsValue> {
    match platform::settings(env) {
        Ok(_) => respond(&Answer::healthy()),
        Err(bad) => refuse(Problem::Misconfigured(bad.to_vec())),
    }
}

fn refuse(problem: Problem) -> Result<Response, JsValue> {
    log_and_respond(&problem.into(), |line| line)
}

/// The log alone says why.
fn refuse_unsigned(refusal: Refusal) -> Result<Response, JsValue> {
    log_and_respond(&Problem::from(refusal).into(), |line| Line { reason: Some(refusal.as_str()), ..line })
}

fn log_and_respond<'a>(answer: &Answer, more: impl FnOnce(Line<'a>) -> Line<'a>) -> Result<Response, JsValue> {
    platform::log(&more(Line { status: answer.status, code: answer.code, ..Line::default() }));
    respond(answer)
}

/// Adds what lets an allowed page read the answer. Without an `origin` the caller is no page, and nothing is added.
fn with_cors(response: Response, method: &str, headers: &Headers, env: &JsValue) -> Result<Response, JsValue> {
    let Some(origin) = headers.get("origin")? else { return Ok(response) };
    // An answer that came from the ledger cannot be changed, only made anew.
    let response = Response::new_with_opt_readable_stream_and_init(response.body().as_ref(), response.unchecked_ref())?;
    let headers = response.headers();
    headers.append("vary", "origin")?;
    for (name, value) in cors::headers(platform::allowed_origins(env), &origin, method == "OPTIONS") {
        headers.set(name, value)?;
    }
    Ok(response)
}
