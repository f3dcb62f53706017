//! Posting an event to the shop, signed.

use super::post::{Posted, USER_AGENT, no_answer, post};
use crate::config::Config;
use crate::standard_webhooks::sign;
use worker::wasm_bindgen::JsValue;
use worker::web_sys::Headers;

/// How long a shop may take to answer.
const TIMEOUT_MS: u32 = 15_000;

/// What the shop answered. Nobody reads its body.
pub struct ShopAnswer {
    pub http_status: u16,
    pub retry_after: Option<String>,
}

/// Posts an event at `now`, Unix milliseconds, or says why that was not possible.
pub async fn post_event(config: &Config, id: &str, body: &str, now: u64) -> Result<ShopAnswer, &'static str> {
    let Some(url) = &config.events_url else { return Err("events-off") };
    let headers = event_headers(config, id, body, now.div_euclid(1000)).map_err(|_| "platform-failed")?;
    let posted: Posted = post(url, &headers, body, TIMEOUT_MS).await.map_err(|error| no_answer(&error))?;
    let retry_after = posted.response.headers().get("retry-after").ok().flatten();
    Ok(ShopAnswer { http_status: posted.status_alone(), retry_after })
}

fn event_headers(config: &Config, id: &str, body: &str, timestamp: u64) -> Result<Headers, JsValue> {
    let signature = sign(&config.events_secrets, id, timestamp, body.as_bytes());
    let headers = Headers::new()?;
    for (name, value) in [
        ("content-type", "application/json"),
        ("user-agent", USER_AGENT),
        ("webhook-id", id),
        ("webhook-timestamp", &timestamp.to_string()),
        ("webhook-signature", &signature),
    ] {
        headers.set(name, value)?;
    }
    Ok(headers)
}
