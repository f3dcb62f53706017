//! The one way in which the relay posts to others.

use super::body::{BodyError, read_body};
use crate::headers::media_type::declared_length;
use worker::js_sys::{Promise, Reflect};
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{AbortSignal, Headers, RequestInit, RequestRedirect, Response};

/// RFC 9110, section 10.1.5, asks for one; the platform sends none.
pub const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

#[wasm_bindgen(wasm_bindgen = ::worker::wasm_bindgen, js_sys = ::worker::js_sys)]
extern "C" {
    #[wasm_bindgen(js_namespace = globalThis, catch)]
    fn fetch(url: &str, init: &RequestInit) -> Result<Promise, JsValue>;
}

/// Posts, and resolves with the response's head. Redirects are not followed: they would take what is posted to wherever
/// they point. The time-out covers the reading of the body too.
pub async fn post(url: &str, headers: &Headers, body: &str, timeout_ms: u32) -> Result<Response, JsValue> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(headers);
    init.set_body(&JsValue::from_str(body));
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(timeout_ms)));
    JsFuture::from(fetch(url, &init)?).await.map(JsCast::unchecked_into)
}

/// Reads a response's body of at most `cap` bytes.
pub async fn read(response: &Response, cap: usize) -> Result<Vec<u8>, BodyError> {
    let headers = response.headers();
    let (length, encoding) = (headers.get("content-length")?, headers.get("content-encoding")?);
    read_body(response, declared_length(length.as_deref(), encoding.as_deref(), cap), cap).await
}

/// Whether a fetch failed because its time was up.
pub fn is_timeout(error: &JsValue) -> bool {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    name.as_deref() == Some("TimeoutError")
}
