//! What each misbehaviour puts on the wire.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream::{self, Stream, StreamExt};

use super::Misbehaviour;
use crate::{
    connections::{Ending, HangUp},
    received::Answer,
};

const SUCCESS: &str = r#"{"status":"success"}"#;
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
    pub(crate) recipient: &'a str,
    pub(crate) token: &'a str,
    pub(crate) hang_up: HangUp,
}

/// PayTR's own way to answer: JSON that is called HTML, HTTP 200.
pub(crate) fn say(answer: &Answer) -> Response {
    html(StatusCode::OK, answer.to_json())
}

/// Answers, or not.
pub(crate) async fn perform(misbehaviour: &Misbehaviour, call: Call<'_>) -> Response {
    let ok = StatusCode::OK;
    match misbehaviour {
        Misbehaviour::Slow(delay) => {
            tokio::time::sleep(*delay).await;
            html(ok, SUCCESS)
        }
        Misbehaviour::SlowBody(duration) => html(ok, Body::from_stream(trickle(*duration))),
        Misbehaviour::Hang => {
            tokio::time::sleep(HANG_MAX).await;
            call.hang_up.now(Ending::Close).await
        }
        Misbehaviour::Closed => call.hang_up.now(Ending::Close).await,
        Misbehaviour::CutOff => half(call.hang_up, Ending::Close),
        Misbehaviour::Reset => half(call.hang_up, Ending::Reset),
        Misbehaviour::HtmlPage => html(ok, ERROR_PAGE),
        Misbehaviour::Empty => html(ok, Body::empty()),
        Misbehaviour::Huge => html(ok, Body::from_stream(huge())),
        Misbehaviour::HugeDeclared => declared(HUGE_CHUNKS.saturating_mul(HUGE_CHUNK), Body::from_stream(huge())),
        Misbehaviour::Redirect { status, location } => redirect(*status, location),
        Misbehaviour::ClientError => html(StatusCode::BAD_REQUEST, ERROR_PAGE),
        Misbehaviour::ClientErrorJson => html(StatusCode::BAD_REQUEST, misbehaviour.verdict().to_json()),
        Misbehaviour::ServerError => html(StatusCode::INTERNAL_SERVER_ERROR, ERROR_PAGE),
        Misbehaviour::ServerErrorJson => html(StatusCode::SERVICE_UNAVAILABLE, SUCCESS),
        Misbehaviour::Rejected { .. } | Misbehaviour::UnknownStatus => say(&misbehaviour.verdict()),
        Misbehaviour::NotObject => html(ok, r#""success""#),
        Misbehaviour::DuplicateStatus => html(ok, r#"{"status":"error","status":"success"}"#),
        Misbehaviour::ReasonEchoes => {
            say(&Answer::error(format!("Gonderilemedi: {} paytr_token={}", call.recipient, call.token)))
        }
        Misbehaviour::Bytes { status, body, .. } => {
            html(StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), body.clone())
        }
        Misbehaviour::Bom => html(ok, format!("\u{feff}{SUCCESS}")),
    }
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

fn half(hang_up: HangUp, ending: Ending) -> Response {
    let (sent, _) = SUCCESS.split_at(SUCCESS.len() / 2);
    let first = stream::once(async move { Ok::<_, Infallible>(Bytes::from_static(sent.as_bytes())) });
    let break_off = stream::once(async move {
        tokio::time::sleep(FLUSH).await;
        hang_up.now(ending).await
    });
    declared(SUCCESS.len(), Body::from_stream(first.chain(break_off)))
}

fn trickle(duration: Duration) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let bytes = SUCCESS.as_bytes().chunks(1);
    let pause = duration.div_f64(f64::from(u32::try_from(bytes.len()).unwrap_or(1)));
    stream::iter(bytes).then(move |byte| async move {
        tokio::time::sleep(pause).await;
        Ok(Bytes::from_static(byte))
    })
}

/// Valid JSON to the last byte: whoever reads without a limit takes it for a success.
fn huge() -> impl Stream<Item = Result<Bytes, Infallible>> {
    const OPENING: &[u8] = br#"{"status":"success","padding":""#;
    const CLOSING: &[u8] = br#""}"#;
    let padding = |length: usize| vec![b'x'; HUGE_CHUNK.saturating_sub(length)];
    let middle = Bytes::from(padding(0));
    let first = [OPENING, &padding(OPENING.len())].concat();
    let last = [&padding(CLOSING.len()), CLOSING].concat();
    stream::once(async move { first.into() })
        .chain(stream::iter(std::iter::repeat_n(middle, HUGE_CHUNKS.saturating_sub(2))))
        .chain(stream::once(async move { last.into() }))
        .map(Ok)
}
