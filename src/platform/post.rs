//! The one way in which the relay asks others: PayTR, and the shop.

use super::body::{BodyError, read_body};
use crate::http::media_type::declared_length;
use worker::js_sys::{Function, Promise, Reflect};
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{AbortController, Headers, RequestInit, RequestRedirect, Response};

/// RFC 9110, section 10.1.5, asks for one; the platform sends none.
pub const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

#[wasm_bindgen(wasm_bindgen = ::worker::wasm_bindgen, js_sys = ::worker::js_sys)]
extern "C" {
    #[wasm_bindgen(js_namespace = globalThis, catch)]
    fn fetch(url: &str, init: &RequestInit) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: u32) -> f64;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: f64);
}

/// A response's head, and the time that is left for its body.
pub struct Posted {
    pub response: Response,
    _timeout: Timeout,
}

/// Posts; see [`send`].
pub async fn post(url: &str, headers: &Headers, body: &str, timeout_ms: u32) -> Result<Posted, JsValue> {
    send("POST", url, headers, Some(body), timeout_ms).await
}

/// Sends a request, and resolves with the response's head. Redirects are not followed: they would take what is sent to
/// wherever they point. The time-out covers the reading of the body too.
pub async fn send(
    method: &str,
    url: &str,
    headers: &Headers,
    body: Option<&str>,
    timeout_ms: u32,
) -> Result<Posted, JsValue> {
    let timeout = Timeout::new(timeout_ms)?;
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers(headers);
    if let Some(body) = body {
        init.set_body(&JsValue::from_str(body));
    }
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&timeout.controller.signal()));
    let response = JsFuture::from(fetch(url, &init)?).await?.unchecked_into();
    Ok(Posted { response, _timeout: timeout })
}

impl Posted {
    /// The HTTP status of a response whose body nobody reads.
    pub fn status_alone(&self) -> u16 {
        if let Some(body) = self.response.body() {
            drop(body.cancel());
        }
        self.response.status()
    }

    /// Reads a body of at most `cap` bytes.
    pub async fn read(&self, cap: usize) -> Result<Vec<u8>, BodyError> {
        let headers = self.response.headers();
        let (length, encoding) = (headers.get("content-length")?, headers.get("content-encoding")?);
        read_body(&self.response, declared_length(length.as_deref(), encoding.as_deref(), cap), cap).await
    }
}

/// Why the shop gave no answer, as a constant word for the log.
pub fn no_answer(error: &JsValue) -> &'static str {
    if is_timeout(error) { "timed-out" } else { "connection-lost" }
}

/// Whether a post failed because its time was up: nothing else aborts one.
pub fn is_timeout(error: &JsValue) -> bool {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    name.as_deref() == Some("AbortError")
}

/// Aborts when its time is up, unless it is dropped before. `AbortSignal::timeout` cannot be called off: it holds an
/// object in memory, and on the bill, until its time is up (<https://github.com/cloudflare/workerd/issues/4936>).
struct Timeout {
    controller: AbortController,
    timer: f64,
}

impl Timeout {
    fn new(ms: u32) -> Result<Self, JsValue> {
        let controller = AbortController::new()?;
        let abort: Function = Reflect::get(&controller, &"abort".into())?.unchecked_into();
        let timer = set_timeout(&abort.bind0(&controller), ms);
        Ok(Self { controller, timer })
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        clear_timeout(self.timer);
    }
}
