//! Responses, as the platform's.

use crate::http::response::{Response, ResponseHeaders};
use std::cell::RefCell;
use worker::wasm_bindgen::JsValue;
use worker::web_sys::{self, Headers, ResponseInit};

/// Makes a response the platform's.
pub fn to_platform(response: &Response) -> Result<web_sys::Response, JsValue> {
    let init = ResponseInit::new();
    init.set_status(response.status);
    init.set_headers(&to_headers(&response.headers)?.into());
    let body = Some(response.body.as_str()).filter(|body| !body.is_empty());
    web_sys::Response::new_with_opt_str_and_init(body, &init)
}

/// The platform's form of a response's headers. The last one is kept: most responses have the same headers, and making
/// them costs more than the rest of a response.
fn to_headers(written: &ResponseHeaders) -> Result<Headers, JsValue> {
    thread_local! {
        static LAST: RefCell<Option<(ResponseHeaders, Headers)>> = const { RefCell::new(None) };
    }
    let known =
        LAST.with_borrow(|last| last.as_ref().filter(|(last, _)| last == written).map(|(_, made)| made.clone()));
    if let Some(headers) = known {
        return Ok(headers);
    }
    let headers = Headers::new()?;
    for (name, value) in written {
        headers.append(name, value)?;
    }
    LAST.set(Some((written.clone(), headers.clone())));
    Ok(headers)
}
