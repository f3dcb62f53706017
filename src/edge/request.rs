//! A request on its way through the Worker.

use super::to_platform::to_platform;
use crate::config::InvalidSetting;
use crate::http::cors;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::platform::{clock, environment, log};
use crate::telemetry::{LogLine, RequestInfo, request_id};
use uuid::Builder;
use worker::wasm_bindgen::JsValue;
use worker::{Env, web_sys};

/// A request, and what it is answered with.
pub struct Context {
    pub info: RequestInfo,
    pub request: web_sys::Request,
    pub headers: web_sys::Headers,
    pub env: Env,
    pub url: String,
}

impl Context {
    pub fn new(request: web_sys::Request, env: Env) -> Result<Self, JsValue> {
        let headers = request.headers();
        let ray = headers.get("cf-ray")?.filter(|ray| request_id(ray).is_some());
        let info = RequestInfo { request_id: ray.unwrap_or_else(random_id), received_at: clock::now() };
        Ok(Self { info, url: request.url(), request, headers, env })
    }

    /// `scheme://host[:port]` and the path. The platform writes a URL with `?` percent-encoded in its path.
    pub fn origin_and_path(&self) -> (&str, &str) {
        const SLASHES_BEFORE_PATH: usize = 2;
        let slash = self.url.match_indices('/').nth(SLASHES_BEFORE_PATH).map_or(self.url.len(), |(at, _)| at);
        let (origin, rest) = self.url.split_at_checked(slash).unwrap_or_default();
        (origin, rest.split('?').next().unwrap_or_default())
    }

    pub fn header(&self, name: &str) -> Result<Option<String>, JsValue> {
        self.headers.get(name)
    }

    /// A line of the log about this response.
    pub fn line(&self, response: &Response) -> LogLine<'_> {
        LogLine::new(&self.info, clock::now(), (response.status, response.code))
    }

    /// Logs the line, and makes the response the platform's.
    pub fn respond(&self, response: &Response, line: &LogLine<'_>) -> Result<web_sys::Response, JsValue> {
        log::log(&self.env, line);
        to_platform(response)
    }

    /// Responds with a problem of which there is nothing more to log.
    pub fn refuse(&self, problem: Problem) -> Result<web_sys::Response, JsValue> {
        let response = problem.into();
        self.respond(&response, &self.line(&response))
    }

    /// The caller is told all that is wrong, the log the first setting of it.
    pub fn misconfigured(&self, bad: &[InvalidSetting]) -> Result<web_sys::Response, JsValue> {
        let response = Problem::Misconfigured(bad.to_vec()).into();
        self.respond(&response, &LogLine { reason: bad.first().map(|bad| bad.name), ..self.line(&response) })
    }

    /// Whether a browser asks for an allowed page whether it may post.
    pub fn is_preflight(&self) -> Result<bool, JsValue> {
        let is_allowed = |origin| environment::allowed_origins(&self.env).contains(&origin);
        Ok(self.header("access-control-request-method")?.is_some() && self.header("origin")?.is_some_and(is_allowed))
    }

    /// Adds what lets an allowed page read the response. Without an `origin` the caller is no page, and nothing is added.
    pub fn with_cors(&self, response: web_sys::Response) -> Result<web_sys::Response, JsValue> {
        let Some(origin) = self.header("origin")? else { return Ok(response) };
        let headers = response.headers();
        headers.append("vary", "origin")?;
        let is_preflight = self.request.method() == "OPTIONS";
        for (name, value) in cors::headers(environment::allowed_origins(&self.env), &origin, is_preflight) {
            headers.set(name, value)?;
        }
        Ok(response)
    }
}

/// A random UUID, where Cloudflare gives no id.
fn random_id() -> String {
    let mut bytes = uuid::Bytes::default();
    // Without randomness the line is found by its other members.
    let _ = getrandom::fill(&mut bytes);
    Builder::from_random_bytes(bytes).into_uuid().to_string()
}
