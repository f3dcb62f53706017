//! The one fetch.

use super::{MAX_REPLY_BYTES, form, path, read_reply, unread};
use crate::content::declared_length;
use crate::message::SendLink;
use crate::outcome::{Cause, Outcome};
use crate::platform::{Unreadable, read_body};
use crate::settings::Settings;
use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, RequestRedirect, Response};

const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Asks PayTR to send the message, once. Every call may be an SMS: it is for the caller to make none twice. With the
/// outcome comes the HTTP status of PayTR's answer, if there was one.
pub async fn send(settings: &Settings, message: &SendLink) -> (Outcome, Option<u16>) {
    let Settings { merchant, base_url, timeout_ms, debug_on, .. } = settings;
    let recipient = &message.recipient;
    // No recipient is empty, so there is always a token.
    let Some(token) = merchant.token(message.id.as_str(), recipient.as_str()) else {
        return (Outcome::Unknown(Cause::Interrupted), None);
    };
    let form = form(merchant, message, message.debug_on.unwrap_or(*debug_on), &token);
    let url = format!("{base_url}{}", path(recipient));
    let response = match post(&url, &form, *timeout_ms).await {
        Ok(response) => response,
        Err(error) => return (Outcome::Unknown(cause(&error)), None),
    };
    let status = response.status();
    let outcome = match body(&response).await {
        Ok(body) => read_reply(status, &body, merchant, recipient, &token),
        Err(Unreadable::TooLong) => Outcome::Unknown(unread(status)),
        Err(Unreadable::Broken(error)) => Outcome::Unknown(cause(&error)),
    };
    (outcome, Some(status))
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = globalThis, catch)]
    fn fetch(url: &str, init: &RequestInit) -> Result<Promise, JsValue>;
}

async fn post(url: &str, form: &str, timeout_ms: u32) -> Result<Response, JsValue> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&request_headers()?.into());
    init.set_body(&JsValue::from_str(form));
    // A followed redirect would take the token to wherever it points.
    init.set_redirect(RequestRedirect::Manual);
    // The signal ends the reading of the body too.
    init.set_signal(Some(&AbortSignal::timeout_with_u32(timeout_ms)));
    JsFuture::from(fetch(url, &init)?).await.map(JsCast::unchecked_into)
}

async fn body(response: &Response) -> Result<Vec<u8>, Unreadable> {
    let headers = response.headers();
    let (length, encoding) = (headers.get("content-length")?, headers.get("content-encoding")?);
    let length = declared_length(length.as_deref(), encoding.as_deref(), MAX_REPLY_BYTES);
    read_body(response, length, MAX_REPLY_BYTES).await
}

/// The same for every request, so made once per isolate.
fn request_headers() -> Result<Headers, JsValue> {
    thread_local! {
        static HEADERS: Result<Headers, JsValue> = Headers::new().and_then(|headers| {
            headers.set("content-type", "application/x-www-form-urlencoded")?;
            // RFC 9110, section 10.1.5, asks for one; the platform sends none.
            headers.set("user-agent", USER_AGENT)?;
            Ok(headers)
        });
    }
    HEADERS.with(Clone::clone)
}

fn cause(error: &JsValue) -> Cause {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    if name.as_deref() == Some("TimeoutError") { Cause::TimedOut } else { Cause::ConnectionLost }
}
