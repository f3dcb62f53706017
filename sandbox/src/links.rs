//! Links, payments and notifications for machines: JSON under `/sandbox/`, and the payment page of each link.
//!
//! In scope: the routes. Not in scope: how a link is written down (`links/view.rs`), and the page (`links/page.*`).

pub(crate) mod view;

use axum::{
    Json, Router,
    extract::{Path, Query, State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    clock, pages,
    pay::{Pay, PayError},
    shared::Shared,
};

/// The outbox shows no more; older links stay in memory.
const SHOWN: usize = 500;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/sandbox/links", get(list))
        .route("/sandbox/links/{id}", get(one))
        .route("/sandbox/links/{id}/pay", post(pay))
        .route("/sandbox/payments/{merchant_oid}/notify", post(notify))
        .route("/link/{id}", get(page))
        .route("/sandbox/page.css", pages::css(include_str!("links/page.css")))
        .route("/sandbox/page.js", pages::js(include_str!("links/page.js")))
}

/// `{"total": …, "links": [newest, …]}`
async fn list(State(shared): State<Shared>) -> Json<Value> {
    let (total, newest) = shared.store.newest_links(SHOWN);
    let now = clock::now();
    let links: Vec<_> = newest.iter().map(|link| view::link(link, &shared.base_url, now)).collect();
    Json(json!({ "total": total, "links": links }))
}

async fn one(State(shared): State<Shared>, Path(id): Path<String>) -> Response {
    match shared.store.link(&id) {
        Some(link) => Json(view::link(&link, &shared.base_url, clock::now())).into_response(),
        None => problem(StatusCode::NOT_FOUND, &PayError::NoSuchLink.to_string()),
    }
}

/// Takes a [`Pay`] as JSON, `{}` for a plain payment, and gives the payment. JSON alone, as no page of another origin
/// can post that unasked.
async fn pay(State(shared): State<Shared>, Path(id): Path<String>, pay: Result<Json<Pay>, JsonRejection>) -> Response {
    let pay = match pay {
        Ok(Json(pay)) => pay,
        Err(rejection) => return problem(rejection.status(), &rejection.body_text()),
    };
    match shared.pay(&id, pay) {
        Ok(payment) => (StatusCode::CREATED, Json(view::payment(&payment))).into_response(),
        Err(error) => {
            let status = match error {
                PayError::NoSuchLink => StatusCode::NOT_FOUND,
                PayError::Installments | PayError::NoQuantity | PayError::TooFew => StatusCode::BAD_REQUEST,
                PayError::Inactive(_) | PayError::TooMany | PayError::MerchantOidTaken => StatusCode::CONFLICT,
            };
            problem(status, &error.to_string())
        }
    }
}

/// Starts a notification again, whatever became of it.
async fn notify(
    State(shared): State<Shared>,
    Path(merchant_oid): Path<String>,
    body: Result<Json<Value>, JsonRejection>,
) -> Response {
    if let Err(rejection) = body {
        return problem(rejection.status(), &rejection.body_text());
    }
    if shared.notify_again(&merchant_oid) {
        StatusCode::ACCEPTED.into_response()
    } else {
        problem(StatusCode::NOT_FOUND, "There is no such payment, or its link has no callback_link.")
    }
}

/// In the link's language, as PayTR's is, until the reader switches to the other.
async fn page(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    Query(chosen): Query<pages::Chosen>,
    headers: HeaderMap,
) -> Response {
    const PAGE: &str = include_str!("links/page.html");
    if let Some(link) = shared.store.link(&id) {
        return pages::html(PAGE, chosen.lang().unwrap_or(&link.terms.lang));
    }
    let lang = chosen.lang().unwrap_or_else(|| pages::language(&headers));
    (StatusCode::NOT_FOUND, pages::html(PAGE, lang)).into_response()
}

fn problem(status: StatusCode, detail: &str) -> Response {
    (status, Json(json!({ "error": detail }))).into_response()
}
