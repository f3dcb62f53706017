//! The shop's page: place an order, see its status and notes, change its amount, cancel it, move it to the bin.
//!
//! In scope: the page, and the routes behind it, under `/shop`. Not in scope: who is staff; nobody gets in but this machine's
//! own browsers and programs (`guard`).

use super::memory::Change;
use super::order::{Basket, STATUSES};
use super::shop::Shop;
use crate::pages::{self, Chosen};
use axum::{
    Json, Router,
    extract::{Path, Query, State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// The page shows no more; older orders stay in memory.
const SHOWN: usize = 100;

pub(crate) fn routes() -> Router<Shop> {
    Router::new()
        .route("/", get(page))
        .route("/shop/orders", get(list).post(place))
        .route("/shop/orders/{id}", post(edit))
        .route("/shop/webhooks", post(connect))
        .route("/shop/staff.css", pages::css(include_str!("staff/staff.css")))
        .route("/shop/staff.js", pages::js(include_str!("staff/staff.js")))
        .merge(pages::routes())
}

/// What the staff does with an order.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Edit {
    status: Option<String>,
    total: Option<String>,
    bin: bool,
}

/// Where the webhooks go, and what they are signed with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Connection {
    delivery_url: String,
    secret: String,
}

async fn page(Query(chosen): Query<Chosen>, headers: HeaderMap) -> Response {
    pages::html(include_str!("staff/staff.html"), chosen.lang().unwrap_or_else(|| pages::language(&headers)))
}

/// The newest first.
async fn list(State(shop): State<Shop>) -> Json<Value> {
    let memory = shop.memory();
    let orders: Vec<Value> = memory
        .orders()
        .rev()
        .take(SHOWN)
        .map(|order| {
            json!({"id": order.id, "number": order.number(), "status": order.basket.status, "total": order.basket.total,
                "currency": order.basket.currency, "phone": order.basket.phone, "email": order.basket.email,
                "transaction_id": order.transaction_id, "created_at": order.created_at,
                "notes": memory.notes(order.id).iter().rev().collect::<Vec<_>>()})
        })
        .collect();
    Json(json!({"orders": orders, "active_webhooks": memory.webhooks.iter().filter(|hook| hook.is_active()).count()}))
}

async fn place(State(shop): State<Shop>, basket: Result<Json<Basket>, JsonRejection>) -> Response {
    match basket {
        Ok(Json(basket)) => {
            let id = shop.memory().place(basket);
            shop.deliver_what_is_due();
            (StatusCode::CREATED, Json(json!({"id": id}))).into_response()
        }
        Err(rejection) => refusal(rejection.status(), &rejection.body_text()),
    }
}

async fn edit(State(shop): State<Shop>, Path(id): Path<u64>, edit: Result<Json<Edit>, JsonRejection>) -> Response {
    let Edit { status, total, bin } = match edit {
        Ok(Json(edit)) => edit,
        Err(rejection) => return refusal(rejection.status(), &rejection.body_text()),
    };
    if status.as_deref().is_some_and(|status| !STATUSES.contains(&status)) {
        return refusal(StatusCode::BAD_REQUEST, "WooCommerce has no such status.");
    }
    let is_done = {
        let mut memory = shop.memory();
        if bin { memory.bin(id) } else { memory.save(id, Change { status, total, ..Change::default() }) }
    };
    shop.deliver_what_is_due();
    if is_done {
        StatusCode::NO_CONTENT.into_response()
    } else {
        refusal(StatusCode::NOT_FOUND, "There is no such order.")
    }
}

/// Saves the webhooks, and says what their pings were answered.
async fn connect(State(shop): State<Shop>, connection: Result<Json<Connection>, JsonRejection>) -> Response {
    match connection {
        Ok(Json(Connection { delivery_url, secret })) => {
            let pings = shop.connect(&delivery_url, &secret).await;
            Json(json!({"pings": pings.iter().map(|ping| ping.status).collect::<Vec<_>>()})).into_response()
        }
        Err(rejection) => refusal(rejection.status(), &rejection.body_text()),
    }
}

fn refusal(status: StatusCode, detail: &str) -> Response {
    (status, Json(json!({"error": detail}))).into_response()
}
