//! Responses, as the platform's.

use crate::response::{Response, ResponseHeaders};
use std::cell::RefCell;
use worker::js_sys::Reflect;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::web_sys::{self, Headers, ResponseInit};

const BODY: &str = "body";

/// Makes a response the platform's.
pub fn to_platform(response: &Response) -> Result<web_sys::Response, JsValue> {
    from_init(&to_init(response)?)
}

/// A response as a plain object of `status`, `headers` and `body`, which can travel from one object to another.
pub fn to_init(response: &Response) -> Result<JsValue, JsValue> {
    let init = ResponseInit::new();
    init.set_status(response.status);
    init.set_headers(&to_headers(&response.headers)?.into());
    if !response.body.is_empty() {
        Reflect::set(&init, &BODY.into(), &response.body.as_str().into())?;
    }
    Ok(init.into())
}

/// Makes what [`to_init`] made a response.
pub fn from_init(init: &JsValue) -> Result<web_sys::Response, JsValue> {
    // The constructor of web-sys takes bodies of Rust's alone.
    #[wasm_bindgen(wasm_bindgen = ::worker::wasm_bindgen, js_sys = ::worker::js_sys)]
    extern "C" {
        #[wasm_bindgen(js_name = Response)]
        type Made;
        #[wasm_bindgen(constructor, js_class = "Response", catch)]
        fn new(body: &JsValue, init: &JsValue) -> Result<Made, JsValue>;
    }
    Made::new(&Reflect::get(init, &BODY.into())?, init).map(JsCast::unchecked_into)
}

/// What another object's response says: status, body, and the seconds of its `retry-after`.
pub fn read_init(init: &JsValue) -> (u16, String, Option<u64>) {
    let member = |name: &str| Reflect::get(init, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let status = member("status").as_f64().map_or(0, super::clock::from_platform_time);
    let headers: Headers = member("headers").unchecked_into();
    let retry_after = headers.get("retry-after").ok().flatten().and_then(|seconds| seconds.parse().ok());
    (u16::try_from(status).unwrap_or_default(), member(BODY).as_string().unwrap_or_default(), retry_after)
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
