//! Calls to PayTR.

use super::body::BodyError;
use super::post::{Posted, USER_AGENT, is_timeout, post};
use crate::config::Config;
use crate::paytr::{Call, Cause, Reply, read_reply, unread};
use worker::wasm_bindgen::JsValue;
use worker::web_sys::Headers;

/// What PayTR answered.
pub struct Answered {
    /// The reply, or why there is none.
    pub reply: Result<Reply, Cause>,
    /// The HTTP status, if there was an answer.
    pub http_status: Option<u16>,
}

/// Asks PayTR, once. Every call may be an SMS: it is for the caller to make none twice.
pub async fn ask(config: &Config, call: &Call) -> Answered {
    let posted = match open(config, call).await {
        Ok(posted) => posted,
        Err(error) => return Answered { reply: Err(cause(&error)), http_status: None },
    };
    let status = posted.response.status();
    let reply = match posted.read(call.max_reply_bytes).await {
        Ok(body) => read_reply(status, &body),
        Err(BodyError::TooLong) => Err(unread(status)),
        Err(BodyError::Broken(error)) => Err(cause(&error)),
    };
    Answered { reply, http_status: Some(status) }
}

async fn open(config: &Config, call: &Call) -> Result<Posted, JsValue> {
    let url = format!("{}{}", config.base_url, call.path);
    post(&url, &headers()?, &call.form, config.timeout_ms).await
}

fn cause(error: &JsValue) -> Cause {
    if is_timeout(error) { Cause::TimedOut } else { Cause::ConnectionLost }
}

/// The same for every call, so made once per isolate.
fn headers() -> Result<Headers, JsValue> {
    thread_local! {
        static HEADERS: Result<Headers, JsValue> = Headers::new().and_then(|headers| {
            headers.set("content-type", "application/x-www-form-urlencoded")?;
            headers.set("user-agent", USER_AGENT)?;
            Ok(headers)
        });
    }
    HEADERS.with(Clone::clone)
}
