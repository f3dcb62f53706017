//! What each misbehaviour puts on the wire.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream::{self, Stream, StreamExt};

use serde_json::{Map, Value, json};

use crate::{
    connections::{Ending, HangUp},
    misbehaviour::Misbehaviour,
    received::Answer,
};

const ERROR_PAGE: &str = "<!doctype html><title>Hata</title><h1>Beklenmeyen bir hata olustu</h1>\n";
/// Nobody waits longer; a forgotten caller does not hold its connection for ever.
const HANG_MAX: Duration = Duration::from_mins(10);
/// Time for the first half of an answer to reach the caller before the connection breaks.
const FLUSH: Duration = Duration::from_millis(50);
/// 160 chunks of 64 KiB are 10 MiB.
const HUGE_CHUNK: usize = 64 * 1024;
const HUGE_CHUNKS: usize = 160;

/// What a misbehaviour may need of the call it answers.
pub(crate) struct Call<'a> {
    /// The success that a PayTR in good health would have answered: a JSON object with `status`.
    pub(crate) success: String,
    /// What an echo tells: the recipient, or what a call without one has in its place.
    pub(crate) echo: &'a str,
    pub(crate) token: &'a str,
    pub(crate) hang_up: HangUp,
}

/// PayTR's own way to answer: JSON that is called HTML, HTTP 200.
pub(crate) fn say(json: String) -> Response {
    html(StatusCode::OK, json)
}

/// Answers, or not.
pub(crate) async fn perform(misbehaviour: &Misbehaviour, call: Call<'_>) -> Response {
    let ok = StatusCode::OK;
    let success = call.success;
    match misbehaviour {
        Misbehaviour::Slow(delay) => {
            tokio::time::sleep(*delay).await;
            html(ok, success)
        }
        Misbehaviour::SlowBody(duration) => html(ok, Body::from_stream(trickle(success, *duration))),
        Misbehaviour::Hang => {
            tokio::time::sleep(HANG_MAX).await;
            call.hang_up.now(Ending::Close).await
        }
        Misbehaviour::Closed => call.hang_up.now(Ending::Close).await,
        Misbehaviour::CutOff => half(success, call.hang_up, Ending::Close),
        Misbehaviour::Reset => half(success, call.hang_up, Ending::Reset),
        Misbehaviour::HtmlPage => html(ok, ERROR_PAGE),
        Misbehaviour::Empty => html(ok, Body::empty()),
        Misbehaviour::Huge => html(ok, Body::from_stream(huge(&success))),
        Misbehaviour::HugeDeclared => {
            declared(HUGE_CHUNKS.saturating_mul(HUGE_CHUNK), Body::from_stream(huge(&success)))
        }
        Misbehaviour::Redirect { status, location } => redirect(*status, location),
        Misbehaviour::ClientError => html(StatusCode::BAD_REQUEST, ERROR_PAGE),
        Misbehaviour::ClientErrorJson => html(StatusCode::BAD_REQUEST, misbehaviour.verdict().to_json()),
        Misbehaviour::ServerError => html(StatusCode::INTERNAL_SERVER_ERROR, ERROR_PAGE),
        Misbehaviour::ServerErrorJson => html(StatusCode::SERVICE_UNAVAILABLE, success),
        Misbehaviour::Rejected { .. } => say(misbehaviour.verdict().to_json()),
        Misbehaviour::UnknownStatus => say(changed(&success, |members| put(members, "status", json!("pending")))),
        Misbehaviour::NotObject => html(ok, r#""success""#),
        Misbehaviour::DuplicateStatus => html(ok, format!(r#"{{"status":"error",{}"#, success.trim_start_matches('{'))),
        Misbehaviour::ReasonEchoes => {
            say(Answer::error(format!("Gonderilemedi: {} paytr_token={}", call.echo, call.token)).to_json())
        }
        Misbehaviour::Bytes { status, body, .. } => {
            html(StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), body.clone())
        }
        Misbehaviour::Bom => html(ok, format!("\u{feff}{success}")),
        Misbehaviour::NoId => say(changed(&success, |members| drop(members.remove("id")))),
        Misbehaviour::OddId => say(changed(&success, |members| put(members, "id", json!("NB2 Zlz/3")))),
        Misbehaviour::IdNotText => say(changed(&success, |members| put(members, "id", json!(1_234_567)))),
        Misbehaviour::NoLink => say(changed(&success, |members| drop(members.remove("link")))),
        Misbehaviour::LinkNotText => say(relinked(&success, |link, _| json!([link]))),
        Misbehaviour::OddLink => say(relinked(&success, |_, id| json!(id))),
        Misbehaviour::HttpLink => say(relinked(&success, |_, id| json!(format!("http://www.paytr.com/link/{id}")))),
        Misbehaviour::JavascriptLink => say(relinked(&success, |_, _| json!("javascript:alert(document.domain)"))),
    }
}

/// A JSON object with some members changed.
fn changed(json: &str, change: impl FnOnce(&mut Map<String, Value>)) -> String {
    let mut members = serde_json::from_str(json).unwrap_or_default();
    change(&mut members);
    Value::Object(members).to_string()
}

fn put(members: &mut Map<String, Value>, name: &str, value: Value) {
    members.insert(name.to_owned(), value);
}

/// The same with another `link`, made of the right one and the id.
fn relinked(json: &str, link: impl FnOnce(&str, &str) -> Value) -> String {
    changed(json, |members| {
        let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default();
        let link = link(text("link"), text("id"));
        put(members, "link", link);
    })
}

fn html(status: StatusCode, body: impl Into<Body>) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=UTF-8")], body.into()).into_response()
}

fn declared(length: usize, body: Body) -> Response {
    let mut response = html(StatusCode::OK, body);
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

fn redirect(status: u16, location: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::TEMPORARY_REDIRECT);
    let mut response = html(status, Body::empty());
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn half(success: String, hang_up: HangUp, ending: Ending) -> Response {
    let length = success.len();
    let mut sent = Bytes::from(success);
    sent.truncate(length / 2);
    let first = stream::once(async move { Ok::<_, Infallible>(sent) });
    let break_off = stream::once(async move {
        tokio::time::sleep(FLUSH).await;
        hang_up.now(ending).await
    });
    declared(length, Body::from_stream(first.chain(break_off)))
}

fn trickle(success: String, duration: Duration) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let pause = duration.div_f64(f64::from(u32::try_from(success.len()).unwrap_or(u32::MAX).max(1)));
    stream::iter(success.into_bytes()).then(move |byte| async move {
        tokio::time::sleep(pause).await;
        Ok(Bytes::copy_from_slice(&[byte]))
    })
}

/// Valid JSON to the last byte: whoever reads without a limit takes it for a success.
fn huge(success: &str) -> impl Stream<Item = Result<Bytes, Infallible>> + use<> {
    const CLOSING: &[u8] = br#""}"#;
    let opening = format!(r#"{},"padding":""#, success.trim_end_matches('}'));
    let padding = |length: usize| vec![b'x'; HUGE_CHUNK.saturating_sub(length)];
    let middle = Bytes::from(padding(0));
    let first = [opening.as_bytes(), &padding(opening.len())].concat();
    let last = [&padding(CLOSING.len()), CLOSING].concat();
    stream::once(async move { first.into() })
        .chain(stream::iter(std::iter::repeat_n(middle, HUGE_CHUNKS.saturating_sub(2))))
        .chain(stream::once(async move { last.into() }))
        .map(Ok)
}
