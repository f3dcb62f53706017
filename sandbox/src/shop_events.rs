//! What the shop was told: an inbox for the relay's events, in place of a shop of one's own.
//!
//! In scope: taking them, and the list of them as JSON. Not in scope: how they are verified (`event_secrets.rs`), and how
//! the outbox shows them.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use standardwebhooks::HEADER_WEBHOOK_ID;

use crate::{clock, received::texts_of, shared::Shared, shop_event::ShopEvent};

const BODY_MAX: usize = 64 * 1024;
/// The outbox shows no more; older events stay in memory.
const SHOWN: usize = 500;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/shop/events", post(take).layer(DefaultBodyLimit::max(BODY_MAX)))
        .route("/sandbox/events", get(list))
}

/// 204 for an event, 401 for a wrong signature, 400 for a signed text that is no event, 404 without secrets.
async fn take(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(secrets) = shared.event_secrets.as_deref() else {
        return (StatusCode::NOT_FOUND, "Set EVENTS_SECRETS to see the shop's events here.\n").into_response();
    };
    if !secrets.verify(&body, &headers) {
        let why = "The signature, id or timestamp is wrong: is EVENTS_SECRETS the relay's?\n";
        return (StatusCode::UNAUTHORIZED, why).into_response();
    }
    let id = headers.get(HEADER_WEBHOOK_ID).and_then(|id| id.to_str().ok());
    let text = String::from_utf8(body.to_vec()).unwrap_or_default();
    let event =
        serde_json::from_str(&text).ok().filter(|event: &Value| event.get("type").is_some_and(Value::is_string));
    let (Some(id), Some(event)) = (id, event) else {
        return (StatusCode::BAD_REQUEST, "An event is a JSON object with a type.\n").into_response();
    };
    shared.store.told(ShopEvent {
        webhook_id: id.to_owned(),
        at: clock::now(),
        deliveries: 1,
        headers: texts_of(&headers),
        text,
        body: event,
    });
    StatusCode::NO_CONTENT.into_response()
}

/// `{"on": …, "total": …, "events": [newest, …]}`
async fn list(State(shared): State<Shared>) -> Json<Value> {
    let (total, newest) = shared.store.newest_events(SHOWN);
    let events: Vec<_> = newest.iter().map(view).collect();
    Json(json!({ "on": shared.event_secrets.is_some(), "total": total, "events": events }))
}

/// An event for `/sandbox/events` and the outbox: what a person looks for, and the request as it came.
pub(crate) fn view(event: &ShopEvent) -> Value {
    let of = |pointer| event.body.pointer(pointer);
    json!({
        "webhook_id": event.webhook_id,
        "at": event.at,
        "deliveries": event.deliveries,
        "type": of("/type"),
        "reference": of("/data/reference"),
        "reasons": of("/data/reasons"),
        "merchant_oid": of("/data/payment/merchant_oid"),
        "total_amount": of("/data/payment/total_amount"),
        "currency": of("/data/link/currency"),
        "link_id": of("/data/link/id"),
        "headers": event.headers,
        "text": event.text,
        "body": event.body,
    })
}
