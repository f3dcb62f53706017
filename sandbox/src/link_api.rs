//! The two endpoints: `POST /odeme/api/link/send-sms` and `POST /odeme/api/link/send-email`.
//!
//! Each call goes the same way: read the body, decode the form, judge it, record it, answer or misbehave. It is on
//! record before the answer, so that a test which has its answer finds the message, and a caller who goes away cannot
//! undo it.

use std::time::SystemTime;

use axum::{
    Extension, Router,
    body::{self, Bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};

use crate::{
    connections::HangUp,
    form::{self, Fields},
    misbehaviour::{Call, Misbehaviour, perform, say},
    received::{Answer, Channel, Received, first},
    rules::{self, Refusal},
    sandbox::Shared,
};

/// The largest form that is read. PayTR does not document one; its own fields need less than 1 KiB.
const BODY_MAX: usize = 64 * 1024;
/// Read and thrown away up to here: answering a caller who is still sending can reset the connection under the answer.
const DRAIN_MAX: usize = 1024 * 1024;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/odeme/api/link/send-sms", post(send_sms))
        .route("/odeme/api/link/send-email", post(send_email))
}

async fn send_sms(State(shared): State<Shared>, Extension(hang_up): Extension<HangUp>, request: Request) -> Response {
    send(Channel::Sms, shared, hang_up, request).await
}

async fn send_email(State(shared): State<Shared>, Extension(hang_up): Extension<HangUp>, request: Request) -> Response {
    send(Channel::Email, shared, hang_up, request).await
}

/// What the checks made of a call.
enum Verdict {
    Accepted,
    Refused {
        answer: Answer,
        hint: Option<&'static str>,
    },
    /// Or broken off: there is no telling apart, and no form in either.
    TooLarge,
}

async fn send(channel: Channel, shared: Shared, hang_up: HangUp, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let (body, too_large) = match body::to_bytes(body, DRAIN_MAX).await {
        Ok(body) if body.len() <= BODY_MAX => (body, false),
        Ok(body) => (body.slice(..BODY_MAX), true),
        Err(_) => (Bytes::new(), true),
    };
    let content_type = text_of(&head.headers, header::CONTENT_TYPE.as_str());
    let (fields, verdict) = if too_large {
        (Fields::new(), Verdict::TooLarge)
    } else {
        check(channel, &shared, &content_type, &body).await
    };
    let link_id = first(&fields, "id");
    let misbehaviour = match verdict {
        Verdict::Accepted => link_id.and_then(|link_id| shared.store.misbehaviour(link_id)),
        Verdict::Refused { .. } | Verdict::TooLarge => None,
    };
    let (answer, hint) = match &verdict {
        Verdict::Accepted => (misbehaviour.as_ref().map_or_else(Answer::success, Misbehaviour::verdict), None),
        Verdict::Refused { answer, hint } => (answer.clone(), *hint),
        Verdict::TooLarge => (Answer::error("HTTP 413"), Some("The body is over 64 KiB, or it broke off.")),
    };
    shared.store.record(Received {
        at: now(),
        number: 0,
        channel,
        content_type,
        body: body.to_vec(),
        headers: texts_of(&head.headers),
        link_id: link_id.map(str::to_owned),
        recipient: first(&fields, channel.recipient_field()).map(str::to_owned),
        answer: answer.clone(),
        hint: hint.map(str::to_owned),
        misbehaviour: misbehaviour.as_ref().map(|misbehaviour| misbehaviour.name().to_owned()),
        delivered: matches!(verdict, Verdict::Accepted) && !misbehaviour.as_ref().is_some_and(Misbehaviour::refuses),
        fields: fields.clone(),
    });
    match (verdict, misbehaviour) {
        (Verdict::TooLarge, _) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        (_, None) => say(&answer),
        (_, Some(misbehaviour)) => {
            let recipient = first(&fields, channel.recipient_field()).unwrap_or_default();
            let token = first(&fields, "paytr_token").unwrap_or_default();
            perform(&misbehaviour, Call { recipient, token, hang_up }).await
        }
    }
}

async fn check(channel: Channel, shared: &Shared, content_type: &str, body: &Bytes) -> (Fields, Verdict) {
    let fields = match form::decode(content_type, body).await {
        Ok(fields) => fields,
        Err(unreadable) => {
            // PHP finds no fields in such a body, so PayTR misses the first that it asks for.
            let refusal = Refusal::Field { name: "merchant_id", hint: unreadable.hint() };
            return (Fields::new(), refused(refusal, channel));
        }
    };
    let verdict = match rules::judge(channel, &shared.merchant, &fields) {
        Ok(()) => Verdict::Accepted,
        Err(refusal) => refused(refusal, channel),
    };
    (fields, verdict)
}

fn refused(refusal: Refusal, channel: Channel) -> Verdict {
    Verdict::Refused { answer: refusal.answer(channel), hint: refusal.hint() }
}

fn text_of(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
}

fn texts_of(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}

fn now() -> u64 {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
