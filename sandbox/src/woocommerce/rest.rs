//! REST API v3, of orders and their notes alone.
//!
//! Basic auth is taken over plain http too, where a shop of the world would want https: this one is on loopback.

use super::error::ApiError;
use super::memory::{ApiCall, Change, Memory};
use super::order::STATUSES;
use super::php_json;
use super::shop::Shop;
use super::trouble::ShopTrouble;
use crate::connections::HangUp;
use axum::{
    Extension, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::any,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};
use std::collections::HashMap;

type Params = Query<HashMap<String, String>>;

pub(crate) fn routes() -> Router<Shop> {
    Router::new()
        .route("/wp-json/wc/v3/orders/{id}", any(order))
        .route("/wp-json/wc/v3/orders/{id}/notes", any(notes))
        .fallback(|| async { ApiError::NoRoute })
}

async fn order(state: State<Shop>, request: Asked) -> Response {
    answer(state, request, |memory, id, asked| {
        if memory.order(id).is_none() {
            return Err(ApiError::NoSuchOrder);
        }
        if asked.method != Method::GET {
            let change = change(&asked.body)?;
            memory.save(id, change);
        }
        Ok((StatusCode::OK, memory.order(id).map(|order| order.to_json(&asked.shop_url)).unwrap_or_default()))
    })
    .await
}

async fn notes(state: State<Shop>, request: Asked) -> Response {
    answer(state, request, |memory, id, asked| {
        if memory.order(id).is_none() {
            return Err(ApiError::NoSuchOrder);
        }
        if asked.method == Method::GET {
            let wanted = |customer_note: bool| match asked.params.get("type").map_or("any", String::as_str) {
                "internal" => Ok(!customer_note),
                "customer" => Ok(customer_note),
                "any" => Ok(true),
                _ => Err(ApiError::InvalidParam("type")),
            };
            let mut notes = Vec::new();
            // The newest first.
            for note in memory.notes(id).iter().rev() {
                if wanted(note.customer_note)? {
                    notes.push(note.to_json());
                }
            }
            return Ok((StatusCode::OK, Value::Array(notes)));
        }
        let text = match asked.body.get("note") {
            None => return Err(ApiError::MissingParam("note")),
            Some(Value::String(text)) if !text.is_empty() => text.clone(),
            Some(_) => return Err(ApiError::InvalidParam("note")),
        };
        let is_for_customer = asked.body.get("customer_note") == Some(&Value::Bool(true));
        Ok((StatusCode::CREATED, memory.note(id, "relay", text, is_for_customer).to_json()))
    })
    .await
}

/// What was asked, as far as WordPress reads it before a route does.
struct Request {
    method: Method,
    params: HashMap<String, String>,
    body: Value,
    shop_url: String,
}

type Asked = (Method, Uri, Path<String>, Params, HeaderMap, Extension<HangUp>, Bytes);

/// Answers as `work` says, once key and troubles have had their turn.
async fn answer(
    State(shop): State<Shop>,
    (method, uri, Path(id), Query(params), headers, Extension(hang_up), body): Asked,
    work: impl FnOnce(&mut Memory, u64, &Request) -> Result<(StatusCode, Value), ApiError>,
) -> Response {
    let Ok(id) = id.parse() else { return ApiError::NoRoute.into_response() };
    let is_write = matches!(method, Method::POST | Method::PUT | Method::PATCH);
    if !is_write && method != Method::GET {
        return ApiError::NoRoute.into_response();
    }
    let parsed: Result<Value, _> = if body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&body) };
    let call = ApiCall {
        order_id: id,
        method: method.to_string(),
        target: uri.to_string(),
        body: parsed.as_ref().ok().cloned().unwrap_or_default(),
    };
    let trouble = {
        let mut memory = shop.memory();
        memory.calls.push(call);
        memory.troubles.get(&id).cloned()
    };
    if let Some(trouble) = trouble.clone().filter(|trouble| trouble.befalls(is_write)) {
        return trouble.perform(&hang_up).await;
    }
    if let Err(error) = check_key(&shop, &headers, &method, is_write) {
        return error.into_response();
    }
    let Ok(body) = parsed else { return ApiError::InvalidJson.into_response() };
    let asked = Request { method, params, body, shop_url: shop.url().to_owned() };
    let done = work(&mut shop.memory(), id, &asked);
    shop.deliver_what_is_due();
    if is_write && trouble == Some(ShopTrouble::AnswerLost) {
        return ShopTrouble::AnswerLost.perform(&hang_up).await;
    }
    match done {
        Ok((status, value)) => {
            let body = php_json::encode(&filtered(value, asked.params.get("_fields").map(String::as_str)));
            (status, [(header::CONTENT_TYPE, super::JSON)], body).into_response()
        }
        Err(error) => error.into_response(),
    }
}

fn check_key(shop: &Shop, headers: &HeaderMap, method: &Method, is_write: bool) -> Result<(), ApiError> {
    let verb = match *method {
        Method::POST => "create",
        _ if is_write => "edit",
        _ => "view",
    };
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Basic ")).and_then(|value| STANDARD.decode(value).ok());
    let given = given.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let (key, secret) = given.split_once(':').unwrap_or_default();
    let (known_key, known_secret) = shop.api_key();
    match (key == known_key, secret == known_secret) {
        (true, true) => Ok(()),
        (true, false) => Err(ApiError::WrongSecret),
        (false, _) => Err(ApiError::Cannot(verb)),
    }
}

/// The parameters of a write that this shop knows; WooCommerce takes many more.
fn change(body: &Value) -> Result<Change, ApiError> {
    let text = |name: &'static str| match body.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(ApiError::InvalidParam(name)),
    };
    let status = text("status")?;
    if status.as_deref().is_some_and(|status| !STATUSES.contains(&status)) {
        return Err(ApiError::InvalidParam("status"));
    }
    let set_paid = match body.get("set_paid") {
        None => false,
        Some(Value::Bool(set_paid)) => *set_paid,
        Some(_) => return Err(ApiError::InvalidParam("set_paid")),
    };
    let mut meta_data = Vec::new();
    for meta in body.get("meta_data").and_then(Value::as_array).into_iter().flatten() {
        let key = meta.get("key").and_then(Value::as_str).ok_or(ApiError::InvalidParam("meta_data"))?;
        meta_data.push((key.to_owned(), meta.get("value").cloned().unwrap_or_default()));
    }
    Ok(Change { status, total: None, transaction_id: text("transaction_id")?, set_paid, meta_data })
}

/// `_fields`: the members that are wanted, of an object or of each in a list.
fn filtered(value: Value, fields: Option<&str>) -> Value {
    let Some(fields) = fields else { return value };
    let wanted: Vec<&str> = fields.split(',').map(str::trim).collect();
    let filter = |members: Map<String, Value>| {
        Value::Object(members.into_iter().filter(|(name, _)| wanted.contains(&name.as_str())).collect())
    };
    match value {
        Value::Object(members) => filter(members),
        Value::Array(items) => items.into_iter().map(|item| filtered(item, Some(fields))).collect(),
        other => other,
    }
}
