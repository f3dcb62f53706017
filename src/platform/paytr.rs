//! Calls to PayTR.

use super::body::BodyError;
use super::post::{USER_AGENT, is_timeout, post, read};
use crate::config::Config;
use crate::paytr::{Call, Cause, MAX_REPLY_BYTES, Reply, read_reply};
use worker::wasm_bindgen::JsValue;
use worker::web_sys::Headers;

/// Asks PayTR, once. Every call may be an SMS: it is for the caller to make none twice.
pub async fn ask(config: &Config, call: &Call) -> Result<Reply, Cause> {
    let (status, body) = exchange(config, call).await.map_err(|error| match error {
        BodyError::TooLong => Cause::NotUnderstood,
        BodyError::Broken(error) if is_timeout(&error) => Cause::TimedOut,
        BodyError::Broken(_) => Cause::ConnectionLost,
    })?;
    read_reply(status, &body)
}

async fn exchange(config: &Config, call: &Call) -> Result<(u16, Vec<u8>), BodyError> {
    let url = format!("{}{}", config.base_url, call.path);
    let response = post(&url, &headers()?, &call.form, config.timeout_ms).await?;
    let body = read(&response, MAX_REPLY_BYTES).await?;
    Ok((response.status(), body))
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
