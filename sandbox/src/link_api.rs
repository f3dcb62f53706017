//! The four endpoints under `/odeme/api/link/`: `create`, `delete`, `send-sms`, `send-email`.
//!
//! Each call goes the same way: read the body, decode the form, judge it, do it, record it, answer or misbehave. It is on
//! record before the answer, so that a test which has its answer finds the message, and a caller who goes away cannot
//! undo it.

use axum::{
    Extension, Router,
    body::{self, Bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Serialize;

use crate::{
    clock,
    connections::HangUp,
    form::{self, Fields},
    link::{LinkState, Terms},
    misbehaviour::Misbehaviour,
    perform::{Call, perform, say},
    qr,
    received::{Answer, Channel, Received, first, texts_of},
    rules::{self, Refusal},
    shared::Shared,
};

/// The largest form that is read. PayTR does not document one; its own fields need less than 1 KiB.
const BODY_MAX: usize = 64 * 1024;
/// Read and thrown away up to here: answering a caller who is still sending can reset the connection under the answer.
const DRAIN_MAX: usize = 1024 * 1024;

pub(crate) fn routes() -> Router<Shared> {
    [Channel::Create, Channel::Delete, Channel::Sms, Channel::Email].into_iter().fold(
        Router::new(),
        |router, channel| {
            let handler =
                move |State(shared): State<Shared>, Extension(hang_up): Extension<HangUp>, request: Request| {
                    handle(channel, shared, hang_up, request)
                };
            router.route(&format!("/odeme/api/link/{}", channel.method()), post(handler))
        },
    )
}

/// A call that passed the checks.
enum Accepted {
    Send { id: String, recipient: String },
    Create(Box<Terms>),
    Delete { ids: Vec<String> },
}

/// What became of a call.
struct Outcome {
    /// PayTR's verdict.
    answer: Answer,
    /// The body that a PayTR in good health answers with.
    body: String,
    /// The link that was made.
    made: Option<String>,
    hint: Option<&'static str>,
    misbehaviour: Option<Misbehaviour>,
    took_effect: bool,
}

/// A create's success, as PayTR writes it.
#[derive(Serialize)]
struct Created<'a> {
    status: &'a str,
    id: &'a str,
    link: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64_qr: Option<String>,
}

/// A delete's answer for several links. It is a success if one was deleted; what PayTR says then is not documented.
#[derive(Serialize)]
struct Deleted<'a> {
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    success_deletes: Vec<&'a str>,
    failed_deletes: Vec<&'a str>,
}

fn to_json(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap_or_default()
}

async fn handle(channel: Channel, shared: Shared, hang_up: HangUp, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let (body, too_large) = match body::to_bytes(body, DRAIN_MAX).await {
        Ok(body) if body.len() <= BODY_MAX => (body, false),
        Ok(body) => (body.slice(..BODY_MAX), true),
        // Or broken off: there is no telling apart, and no form in either.
        Err(_) => (Bytes::new(), true),
    };
    let content_type = text_of(&head.headers, header::CONTENT_TYPE.as_str());
    let (fields, outcome) = if too_large {
        let outcome = refused(Answer::error("HTTP 413"), Some("The body is over 64 KiB, or it broke off."));
        (Fields::new(), outcome)
    } else {
        let (fields, checked) = check(channel, &shared, &content_type, &body).await;
        let outcome = match checked {
            Ok(accepted) => carry_out(&shared, accepted),
            Err(refusal) => Err(refusal),
        };
        (fields, outcome.unwrap_or_else(|refusal| refused(refusal.answer(channel), refusal.hint())))
    };
    let recipient = channel.recipient_field().and_then(|field| first(&fields, field));
    shared.store.record(Received {
        at: clock::now(),
        number: 0,
        channel,
        content_type,
        body: body.to_vec(),
        headers: texts_of(&head.headers),
        link_id: outcome.made.or_else(|| first(&fields, "id").map(str::to_owned)),
        recipient: recipient.map(str::to_owned),
        answer: outcome.answer,
        hint: outcome.hint.map(str::to_owned),
        misbehaviour: outcome.misbehaviour.as_ref().map(|misbehaviour| misbehaviour.name().to_owned()),
        delivered: outcome.took_effect,
        fields: fields.clone(),
    });
    match outcome.misbehaviour {
        _ if too_large => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        None => say(outcome.body),
        Some(misbehaviour) => {
            let echo = ["cell_phone", "email", "name", "id"].into_iter().find_map(|field| first(&fields, field));
            let token = first(&fields, "paytr_token").unwrap_or_default();
            let call = Call { success: outcome.body, echo: echo.unwrap_or_default(), token, hang_up };
            perform(&misbehaviour, call).await
        }
    }
}

async fn check(
    channel: Channel,
    shared: &Shared,
    content_type: &str,
    body: &Bytes,
) -> (Fields, Result<Accepted, Refusal>) {
    let fields = match form::decode(content_type, body).await {
        Ok(fields) => fields,
        Err(unreadable) => {
            // PHP finds no fields in such a body, so PayTR misses the first that it asks for.
            let refusal = Refusal::Field { name: "merchant_id", hint: unreadable.hint() };
            return (Fields::new(), Err(refusal));
        }
    };
    let merchant = &shared.merchant;
    let checked = match channel {
        Channel::Sms | Channel::Email => {
            let recipient = channel.recipient_field().and_then(|field| first(&fields, field)).unwrap_or_default();
            rules::send::judge(channel, merchant, &fields)
                .map(|id| Accepted::Send { id: id.to_owned(), recipient: recipient.to_owned() })
        }
        Channel::Create => {
            rules::create::judge(merchant, &fields, clock::now()).map(|terms| Accepted::Create(Box::new(terms)))
        }
        Channel::Delete => rules::delete::judge(merchant, &fields)
            .map(|ids| Accepted::Delete { ids: ids.into_iter().map(str::to_owned).collect() }),
    };
    (fields, checked)
}

fn carry_out(shared: &Shared, accepted: Accepted) -> Result<Outcome, Refusal> {
    let misbehaviour = misbehaviour(shared, &accepted);
    if let Some(state) = inactive(shared, &accepted) {
        return Err(Refusal::Link(state));
    }
    let verdict = misbehaviour.as_ref().map_or_else(Answer::success, Misbehaviour::verdict);
    if let Some(misbehaviour) = misbehaviour.as_ref().filter(|misbehaviour| misbehaviour.refuses()) {
        let outcome = refused(verdict, None);
        return Ok(Outcome { misbehaviour: Some(misbehaviour.clone()), ..outcome });
    }
    let done = |body, made| Outcome { answer: verdict, body, made, hint: None, misbehaviour, took_effect: true };
    Ok(match accepted {
        Accepted::Send { .. } => done(Answer::success().to_json(), None),
        Accepted::Create(terms) => {
            let qr = terms.qr;
            let link = shared.store.create(*terms);
            let url = format!("{}/link/{}", shared.base_url, link.id);
            let base64_qr = if qr { qr::base64_png(&url) } else { None };
            let body = Created { status: "success", id: &link.id, link: &url, base64_qr };
            done(to_json(&body), Some(link.id))
        }
        Accepted::Delete { ids } => {
            let (success_deletes, failed_deletes): (Vec<&str>, Vec<&str>) =
                ids.iter().map(String::as_str).partition(|id| shared.store.delete(id));
            let is_refused = success_deletes.is_empty();
            let refusal = Refusal::Link(LinkState::Deleted);
            if ids.len() == 1 {
                return if is_refused { Err(refusal) } else { Ok(done(Answer::success().to_json(), None)) };
            }
            let answer = if is_refused { refusal.answer(Channel::Delete) } else { Answer::success() };
            let body =
                Deleted { status: &answer.status, reason: answer.reason.as_deref(), success_deletes, failed_deletes };
            let body = to_json(&body);
            if is_refused { Outcome { body, ..refused(answer, refusal.hint()) } } else { done(body, None) }
        }
    })
}

/// By what was told of the link, the recipient or the name; without that, by what the id or a word of the name asks for.
fn misbehaviour(shared: &Shared, accepted: &Accepted) -> Option<Misbehaviour> {
    let of_link = |id: &String| shared.store.misbehaviour(id).or_else(|| Misbehaviour::by_link_id(id));
    match accepted {
        Accepted::Send { id, recipient } => of_link(id).or_else(|| shared.store.misbehaviour(recipient)),
        Accepted::Create(terms) => {
            shared.store.misbehaviour(&terms.name).or_else(|| Misbehaviour::by_name(&terms.name))
        }
        Accepted::Delete { ids } => ids.iter().find_map(of_link),
    }
}

/// Why nothing can be sent, if so.
fn inactive(shared: &Shared, accepted: &Accepted) -> Option<LinkState> {
    match accepted {
        Accepted::Send { id, .. } => shared.store.inactive(id),
        Accepted::Create(_) | Accepted::Delete { .. } => None,
    }
}

fn refused(answer: Answer, hint: Option<&'static str>) -> Outcome {
    Outcome { body: answer.to_json(), answer, made: None, hint, misbehaviour: None, took_effect: false }
}

fn text_of(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
}
