//! The platform's side of what the pure modules leave open: settings from the environment, bodies with a cap, answers
//! to responses, the clock and the log.

use crate::answer::{Answer, AnswerHeaders};
use crate::content::Length;
use crate::log::{Arrival, Line, request_id};
use crate::metrics::DataPoint;
use crate::settings::{self, BadSetting, Settings};
use js_sys::{Array, Date, JSON, Object, Promise, Reflect, Uint8Array};
use std::cell::{OnceCell, RefCell};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, ReadableStream, ReadableStreamDefaultReader, Response, ResponseInit, console};
use worker_sys::types::AnalyticsEngineDataset;

/// The binding for metrics, which need not be there.
const METRICS: &str = "METRICS";

thread_local! {
    static SETTINGS: OnceCell<&'static Result<Settings, Vec<BadSetting>>> = const { OnceCell::new() };
    static ORIGINS: OnceCell<&'static [String]> = const { OnceCell::new() };
}

/// The settings, parsed once per isolate, for its whole life: an isolate's environment never changes.
pub fn settings(env: &JsValue) -> Result<&'static Settings, &'static [BadSetting]> {
    let parse = || &*Box::leak(Box::new(Settings::parse(|name| variable(env, name))));
    SETTINGS.with(|settings| *settings.get_or_init(parse)).as_ref().map_err(Vec::as_slice)
}

/// The origins of pages that may read answers, whether or not the other settings are good.
pub fn allowed_origins(env: &JsValue) -> &'static [String] {
    let parse = || &*settings::allowed_origins(|name| variable(env, name)).leak();
    ORIGINS.with(|origins| *origins.get_or_init(parse))
}

/// A variable of the environment: its text, or its JSON as text.
fn variable(env: &JsValue, name: &str) -> Option<String> {
    let value = Reflect::get(env, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())?;
    value.as_string().or_else(|| JSON::stringify(&value).ok().map(String::from))
}

/// Unix milliseconds.
pub fn now() -> u64 {
    from_platform_time(Date::now())
}

/// Unix milliseconds as the platform has them, a floating-point number, which holds every one for 285,000 years.
#[expect(clippy::cast_precision_loss, reason = "a time in milliseconds is far below 2^53")]
pub fn to_platform_time(time: u64) -> f64 {
    time as f64
}

/// The way back.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and a time has no fraction"
)]
pub fn from_platform_time(time: f64) -> u64 {
    time as u64
}

/// A request as it is known before it is looked at.
pub fn arrival(headers: &Headers) -> Result<Arrival, JsValue> {
    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = crypto, js_name = randomUUID)]
        fn random_uuid() -> String;
    }
    let ray = headers.get("cf-ray")?.filter(|ray| request_id(ray).is_some());
    Ok(Arrival { request_id: ray.unwrap_or_else(random_uuid), at: now() })
}

/// Writes a line of the log, as an error if the relay or PayTR failed.
pub fn log(env: &JsValue, line: &Line<'_>) {
    let text = JsValue::from(line.text());
    if line.status >= 500 {
        console::error_1(&text);
    } else {
        console::log_1(&text);
    }
    // A count that is lost must not change the answer.
    let _ = count(env, line);
}

/// Counts a line in Analytics Engine, if wrangler.toml binds a data set.
fn count(env: &JsValue, line: &Line<'_>) -> Result<(), JsValue> {
    thread_local! {
        static DATASET: OnceCell<Option<AnalyticsEngineDataset>> = const { OnceCell::new() };
    }
    let bound = || Reflect::get(env, &METRICS.into()).ok().filter(JsValue::is_object).map(JsCast::unchecked_into);
    let Some(dataset) = DATASET.with(|dataset| dataset.get_or_init(bound).clone()) else { return Ok(()) };
    let DataPoint { index, blobs, doubles } = line.into();
    let point = Object::new();
    for (name, values) in [
        ("indexes", Array::of1(&index.into())),
        ("blobs", blobs.into_iter().map(JsValue::from).collect()),
        ("doubles", doubles.into_iter().map(JsValue::from).collect()),
    ] {
        Reflect::set(&point, &name.into(), &values)?;
    }
    dataset.write_data_point(point.into())
}

/// Why a body could not be had.
pub enum Unreadable {
    /// It is over the cap. What was read is gone; the rest was not read.
    TooLong,
    /// The stream failed with this.
    Broken(JsValue),
}

impl From<JsValue> for Unreadable {
    fn from(error: JsValue) -> Self {
        Self::Broken(error)
    }
}

/// A request or a response that has a body.
pub trait Body {
    /// The promise of the whole body.
    fn whole(&self) -> Result<Promise, JsValue>;
    /// The body, piece by piece.
    fn stream(&self) -> Option<ReadableStream>;
}

macro_rules! has_body {
    ($($name:ident),+) => {$(
        impl Body for web_sys::$name {
            fn whole(&self) -> Result<Promise, JsValue> {
                self.array_buffer().map(JsCast::unchecked_into)
            }
            fn stream(&self) -> Option<ReadableStream> {
                self.body()
            }
        }
    )+};
}
has_body!(Request, Response);

/// Reads a body of at most `cap` bytes: in one go if its headers declare a length that fits, else piece by piece until
/// the cap.
pub async fn read_body(message: &impl Body, declared: Length, cap: usize) -> Result<Vec<u8>, Unreadable> {
    match declared {
        Length::TooLong => Err(Unreadable::TooLong),
        Length::Fits => {
            let bytes = Uint8Array::new(&JsFuture::from(message.whole()?).await?).to_vec();
            // The platform keeps a sender to its content-length; should it ever not, the cap holds all the same.
            if bytes.len() > cap { Err(Unreadable::TooLong) } else { Ok(bytes) }
        }
        Length::Unknown => match message.stream() {
            None => Ok(Vec::new()),
            Some(stream) => read_stream(&stream, cap).await,
        },
    }
}

async fn read_stream(stream: &ReadableStream, cap: usize) -> Result<Vec<u8>, Unreadable> {
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    loop {
        let result = JsFuture::from(reader.read().unchecked_into::<Promise>()).await?;
        if Reflect::get(&result, &"done".into())?.is_truthy() {
            return Ok(bytes);
        }
        let piece: Uint8Array = Reflect::get(&result, &"value".into())?.unchecked_into();
        let length = usize::try_from(piece.length()).unwrap_or(usize::MAX);
        if bytes.len().saturating_add(length) > cap {
            // Nobody waits for the cancelling: the answer does not depend on it.
            drop(reader.cancel());
            return Err(Unreadable::TooLong);
        }
        bytes.extend(piece.to_vec());
    }
}

/// Makes an answer the platform's response.
pub fn respond(answer: &Answer) -> Result<Response, JsValue> {
    response(&parts(answer)?)
}

/// An answer as a plain object of `status`, `headers` and `body`, which can travel to another object.
pub fn parts(answer: &Answer) -> Result<JsValue, JsValue> {
    let init = ResponseInit::new();
    init.set_status(answer.status);
    init.set_headers(&response_headers(&answer.headers)?.into());
    if !answer.body.is_empty() {
        Reflect::set(&init, &BODY.into(), &answer.body.as_str().into())?;
    }
    Ok(init.into())
}

/// Makes what [`parts`] took apart a response.
pub fn response(parts: &JsValue) -> Result<Response, JsValue> {
    // The constructor of web-sys takes bodies of Rust's alone.
    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_name = Response)]
        type Made;
        #[wasm_bindgen(constructor, js_class = "Response", catch)]
        fn new(body: &JsValue, init: &JsValue) -> Result<Made, JsValue>;
    }
    Made::new(&Reflect::get(parts, &BODY.into())?, parts).map(JsCast::unchecked_into)
}

const BODY: &str = "body";

/// The platform's form of an answer's headers. The last one is kept: most answers have the same headers, and making them
/// costs more than the rest of a response.
fn response_headers(written: &AnswerHeaders) -> Result<Headers, JsValue> {
    thread_local! {
        static LAST: RefCell<Option<(AnswerHeaders, Headers)>> = const { RefCell::new(None) };
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
