//! The door: the platform's entry point, the routes, and the way of a request.
//!
//! `webhook::verify` → `Message::parse` → the recipient's ledger, which asks PayTR → answer. Whatever fails on the way
//! is a [`Problem`], and nothing was sent.

use crate::answer::Answer;
use crate::content::{declared_length, is_plain_json};
use crate::cors;
use crate::log::{Arrival, Line};
use crate::message::{MAX_BODY_BYTES, Message};
use crate::platform::{self, Unreadable, read_body, respond};
use crate::problem::Problem;
use crate::settings::BadSetting;
use crate::webhook;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::{Headers, Request, Response};

/// Called by the platform for every request.
///
/// # Errors
/// When the platform itself fails.
#[wasm_bindgen]
pub async fn fetch(request: Request, env: JsValue) -> Result<Response, JsValue> {
    let headers = request.headers();
    let visit = Visit { arrival: platform::arrival(&headers)?, request, headers, env };
    let method = visit.request.method();
    let response = match (path(&visit.request.url()), method.as_str()) {
        ("/webhook", "POST") => visit.webhook().await,
        ("/webhook", "OPTIONS") => respond(&Answer::empty(204, "preflight")),
        // So that an allowed page with a wrong address gets to the answer that says so.
        (_, "OPTIONS") if visit.is_preflight()? => respond(&Answer::empty(204, "preflight")),
        ("/webhook", _) => visit.refuse(Problem::MethodNotAllowed("POST, OPTIONS")),
        ("/health", "GET" | "HEAD") => visit.health(),
        ("/health", _) => visit.refuse(Problem::MethodNotAllowed("GET, HEAD")),
        _ => visit.refuse(Problem::NotFound),
    };
    visit.with_cors(response?, &method)
}

/// The path of a URL as the platform writes it: `scheme://host/path`, with `?` percent-encoded in the path.
fn path(url: &str) -> &str {
    const SLASHES_BEFORE_PATH: usize = 2;
    let slash = url.match_indices('/').nth(SLASHES_BEFORE_PATH).map_or(url.len(), |(at, _)| at);
    url.get(slash..).and_then(|path_and_query| path_and_query.split('?').next()).unwrap_or_default()
}

/// A request on its way through.
struct Visit {
    arrival: Arrival,
    request: Request,
    headers: Headers,
    env: JsValue,
}

impl Visit {
    /// The way of a message, each step with what its failure is answered with.
    ///
    /// 1. Content type and encoding: 415. Size: 413.
    /// 2. Settings: 500.
    /// 3. Headers, signature over the raw body, age: 401.
    /// 4. JSON, fields: 400, 422. A ping ends here: 200.
    /// 5. The ledger, which asks PayTR: everything else.
    async fn webhook(&self) -> Result<Response, JsValue> {
        let (media_type, encoding) = (self.header("content-type")?, self.header("content-encoding")?);
        if !is_plain_json(media_type.as_deref(), encoding.as_deref()) {
            return self.refuse(Problem::UnsupportedMediaType);
        }
        let length = self.header("content-length")?;
        let length = declared_length(length.as_deref(), encoding.as_deref(), MAX_BODY_BYTES);
        let body = match read_body(&self.request, length, MAX_BODY_BYTES).await {
            Ok(body) => body,
            Err(Unreadable::TooLong) => return self.refuse(Problem::BodyTooLarge),
            // The caller went away in the middle of the body; nobody reads the answer.
            Err(Unreadable::Broken(_)) => return self.refuse(Problem::MalformedBody("The body ended too early.")),
        };
        let settings = match platform::settings(&self.env) {
            Ok(settings) => settings,
            Err(bad) => return self.misconfigured(bad),
        };

        let [id, timestamp, signature] = webhook::read_headers(|name| self.header(name))?;
        let signed =
            webhook::Headers { id: id.as_deref(), timestamp: timestamp.as_deref(), signature: signature.as_deref() };
        let now = platform::now().div_euclid(1000);
        let verified = match webhook::verify(signed, &body, &settings.webhook_secrets, now) {
            Ok(verified) => verified,
            Err(refusal) => {
                let answer = Problem::from(refusal).into();
                // The log alone says why.
                return self.answered(&answer, &Line { reason: Some(refusal.as_str()), ..self.line(&answer) });
            }
        };
        let message = match Message::parse(&body) {
            Ok(Message::SendLink(message)) => message,
            Ok(Message::Ping) => {
                let answer = Answer::pong();
                let line = self.line(&answer).verified(verified, None);
                return self.answered(&answer, &Line { message_type: Some("relay.ping"), ..line });
            }
            Err(unacceptable) => {
                let answer = Problem::from(unacceptable).into();
                return self.answered(&answer, &self.line(&answer).verified(verified, None));
            }
        };
        if let Ok(response) = deliver(&self.env, settings, &self.arrival, verified, &message, &body).await {
            return Ok(response);
        }
        let answer = Problem::LedgerUnavailable.into();
        self.answered(&answer, &self.line(&answer).verified(verified, Some(&message.recipient)))
    }

    /// Whether the settings are good; if not, which ones are wrong.
    fn health(&self) -> Result<Response, JsValue> {
        match platform::settings(&self.env) {
            Ok(_) => respond(&Answer::healthy()),
            Err(bad) => self.misconfigured(bad),
        }
    }

    /// The caller is told all that is wrong, the log the first setting of it.
    fn misconfigured(&self, bad: &[BadSetting]) -> Result<Response, JsValue> {
        let answer = Problem::Misconfigured(bad.to_vec()).into();
        self.answered(&answer, &Line { reason: bad.first().map(|bad| bad.name), ..self.line(&answer) })
    }

    fn header(&self, name: &str) -> Result<Option<String>, JsValue> {
        self.headers.get(name)
    }

    fn line(&self, answer: &Answer) -> Line<'_> {
        Line::new(&self.arrival, platform::now(), answer)
    }

    fn answered(&self, answer: &Answer, line: &Line<'_>) -> Result<Response, JsValue> {
        platform::log(&self.env, line);
        respond(answer)
    }

    fn refuse(&self, problem: Problem) -> Result<Response, JsValue> {
        let answer = problem.into();
        self.answered(&answer, &self.line(&answer))
    }

    /// Whether a browser asks for an allowed page whether it may post.
    fn is_preflight(&self) -> Result<bool, JsValue> {
        let is_allowed = |origin| platform::allowed_origins(&self.env).contains(&origin);
        Ok(self.header("access-control-request-method")?.is_some() && self.header("origin")?.is_some_and(is_allowed))
    }

    /// Adds what lets an allowed page read the answer. Without an `origin` the caller is no page, and nothing is added.
    fn with_cors(&self, response: Response, method: &str) -> Result<Response, JsValue> {
        let Some(origin) = self.header("origin")? else { return Ok(response) };
        let headers = response.headers();
        headers.append("vary", "origin")?;
        for (name, value) in cors::headers(platform::allowed_origins(&self.env), &origin, method == "OPTIONS") {
            headers.set(name, value)?;
        }
        Ok(response)
    }
}

#[cfg(not(without_ledger))]
use crate::ledger::forward as deliver;

/// What the benchmark compares the ledger's hop with. No build that is deployed has it: it sends twice if asked twice.
#[cfg(without_ledger)]
async fn deliver(
    env: &JsValue,
    settings: &crate::settings::Settings,
    arrival: &Arrival,
    verified: webhook::Verified<'_>,
    message: &crate::message::SendLink,
    _: &[u8],
) -> Result<Response, JsValue> {
    let asked_at = platform::now();
    let (outcome, paytr_http_status) = crate::paytr::send(settings, message).await;
    let paytr_ms = Some(platform::now().saturating_sub(asked_at));
    let answer = Answer::ended(verified.webhook_id, outcome.clone());
    let line =
        Line::new(arrival, platform::now(), &answer).verified(verified, Some(&message.recipient)).ended(&outcome);
    platform::log(env, &Line { paytr_ms, paytr_http_status, ..line });
    respond(&answer)
}
