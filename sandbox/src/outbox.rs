//! The outbox: a live page that shows what customers would have received, and the same for machines.
//!
//! In scope: its routes and events. Not in scope: how a message is written down (`outbox/view.rs`), and the page itself (`outbox/index.html`, `.css`, `.js`).

mod view;

use std::convert::Infallible;

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{
        Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::{delete, get},
};
use futures_util::stream::{self, Stream};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use crate::{
    clock, links,
    misbehaviour::{KNOWN, KNOWN_CREATES, Known},
    pages,
    shared::Shared,
    shop_events,
    store::Change,
};

/// The page shows no more; older messages stay in memory for tests.
const SHOWN: usize = 500;
/// Browsers drop an event without data.
const NOTHING: &str = "{}";

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/", get(page))
        .route("/outbox/outbox.css", pages::css(include_str!("outbox/outbox.css")))
        .route("/outbox/outbox.js", pages::js(include_str!("outbox/outbox.js")))
        .route("/outbox/detail.js", pages::js(include_str!("outbox/detail.js")))
        .route("/outbox/list.js", pages::js(include_str!("outbox/list.js")))
        .route("/outbox", delete(forget))
        .route("/outbox/messages", get(messages).delete(clear))
        .route("/outbox/events", get(events))
        .route("/outbox/misbehaviours", get(misbehaviours))
}

async fn page(Query(chosen): Query<pages::Chosen>, headers: HeaderMap) -> Response {
    pages::html(include_str!("outbox/index.html"), chosen.lang().unwrap_or_else(|| pages::language(&headers)))
}

/// `{"total": …, "messages": [newest, …]}`
async fn messages(State(shared): State<Shared>) -> Json<Value> {
    let (total, newest) = shared.store.newest(SHOWN);
    let messages: Vec<_> = newest.iter().map(view::message).collect();
    Json(json!({ "total": total, "messages": messages }))
}

/// Everything: messages, links with their payments, events.
async fn forget(State(shared): State<Shared>) -> StatusCode {
    shared.forget();
    StatusCode::NO_CONTENT
}

/// The messages alone.
async fn clear(State(shared): State<Shared>) -> StatusCode {
    shared.store.clear();
    StatusCode::NO_CONTENT
}

/// `message` with one message, `link` with one link and its payments, `told` with an event of the shop's, `cleared` for all of it, or `reload` for a reader who fell behind.
async fn events(State(shared): State<Shared>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let base_url = shared.base_url;
    let changes = stream::unfold((shared.store.changes(), base_url), |(mut changes, base_url)| async {
        let event = match changes.recv().await {
            Ok(Change::Arrived(received)) => {
                Event::default().event("message").data(view::message(&received).to_string())
            }
            Ok(Change::Link(link)) => {
                Event::default().event("link").data(links::view::link(&link, &base_url, clock::now()).to_string())
            }
            Ok(Change::Told(told)) => Event::default().event("told").data(shop_events::view(&told).to_string()),
            Ok(Change::Cleared) => Event::default().event("cleared").data(NOTHING),
            Err(RecvError::Lagged(_)) => Event::default().event("reload").data(NOTHING),
            Err(RecvError::Closed) => return None,
        };
        Some((Ok(event), (changes, base_url)))
    });
    Sse::new(changes).keep_alive(KeepAlive::default())
}

/// The link ids that misbehave, in the order of their tables.
async fn misbehaviours() -> Json<Vec<Value>> {
    let row = |known: &Known, only| {
        let delivers = !(known.misbehaviour)().refuses();
        json!({ "link_id": known.link_id, "does": known.does, "delivers": delivers, "only": only })
    };
    let all = KNOWN.iter().map(|known| row(known, None));
    Json(all.chain(KNOWN_CREATES.iter().map(|known| row(known, Some("create")))).collect())
}
