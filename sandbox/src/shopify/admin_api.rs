//! The Admin API: tokens by client credentials, and what is asked of an order by GraphQL.

use super::memory::{ApiCall, Memory};
use super::order::ShopifyOrder;
use super::trouble::ShopifyTrouble;
use super::{API_VERSION, Shop};
use crate::connections::HangUp;
use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The fields of documents that are known.
const FIELDS: [&str; 4] = ["order", "tagsAdd", "metafieldsSet", "orderMarkAsPaid"];
/// So long a token is good, as Shopify says it.
const TOKEN_SECONDS: u64 = 86_399;
/// A tag of an order is no longer.
const MAX_TAG_CHARS: usize = 40;

pub(super) fn routes() -> Router<Shop> {
    Router::new()
        .route("/admin/oauth/access_token", post(token))
        .route("/admin/api/{version}/graphql.json", post(graphql))
        .fallback(|| async { not_found() })
}

pub(super) fn unauthorized() -> Response {
    let words = "[API] Invalid API key or access token (unrecognized login or wrong password)";
    (StatusCode::UNAUTHORIZED, Json(json!({"errors": words}))).into_response()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({"errors": "Not Found"}))).into_response()
}

async fn token(State(shop): State<Shop>, headers: HeaderMap, body: Bytes) -> Response {
    let refused = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response();
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/x-www-form-urlencoded") {
        return refused("invalid_request");
    }
    let form: HashMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    if field("grant_type") != "client_credentials" {
        return refused("unsupported_grant_type");
    }
    let (id, secret) = &shop.0.app;
    if (field("client_id"), field("client_secret")) != (id.as_str(), secret.as_str()) {
        return refused("invalid_client");
    }
    let token = shop.memory().give_token();
    Json(json!({"access_token": token, "scope": "write_orders", "expires_in": TOKEN_SECONDS})).into_response()
}

async fn graphql(
    State(shop): State<Shop>,
    Path(version): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    Extension(hang_up): Extension<HangUp>,
    Json(body): Json<Value>,
) -> Response {
    let query = body.get("query").and_then(Value::as_str).unwrap_or_default();
    let variables = body.get("variables").cloned().unwrap_or_default();
    let asked: Vec<&'static str> = FIELDS.into_iter().filter(|field| query.contains(&format!("{field}("))).collect();
    let id = variables.get("id").and_then(Value::as_str).and_then(|id| id.strip_prefix("gid://shopify/Order/"));
    let order_id = id.and_then(|id| id.parse().ok()).unwrap_or_default();
    let trouble = {
        let mut memory = shop.memory();
        memory.calls.push(ApiCall {
            order_id,
            path: uri.path().to_owned(),
            asked: asked.clone(),
            variables: variables.clone(),
        });
        memory.troubles.get(&order_id).cloned()
    };
    if let Some(trouble) = trouble.clone().filter(ShopifyTrouble::befalls) {
        return trouble.perform(&hang_up).await;
    }
    let token = headers.get("x-shopify-access-token").and_then(|token| token.to_str().ok()).unwrap_or_default();
    if !shop.memory().tokens.contains(token) {
        return unauthorized();
    }
    if version != API_VERSION {
        return not_found();
    }
    let (mut data, mut is_marked) = (Map::new(), false);
    {
        let mut memory = shop.memory();
        for field in &asked {
            let value = match *field {
                "order" => memory.order(order_id).map(ShopifyOrder::to_graphql).unwrap_or_default(),
                "tagsAdd" => add_tags(&mut memory, order_id, &variables, trouble.as_ref()),
                "metafieldsSet" => set_notes(&mut memory, order_id, &variables, trouble.as_ref()),
                _ => {
                    let done = mark_as_paid(&mut memory, order_id, trouble.as_ref());
                    is_marked = done.is_none();
                    user_errors(done)
                }
            };
            data.insert((*field).to_owned(), value);
        }
        if trouble == Some(ShopifyTrouble::NotesChange) && asked.contains(&"order") {
            memory
                .edit(order_id, |order| order.notes = Some(format!("{}x", order.notes.as_deref().unwrap_or_default())));
        }
    }
    if is_marked {
        shop.deliver(order_id, &["orders/paid", "orders/updated"]);
    }
    if trouble == Some(ShopifyTrouble::AnswerLost) && !asked.contains(&"order") {
        return ShopifyTrouble::AnswerLost.perform(&hang_up).await;
    }
    let cost = json!({"cost": {"requestedQueryCost": 10, "actualQueryCost": 10}});
    Json(json!({"data": data, "extensions": cost})).into_response()
}

fn user_errors(message: Option<&str>) -> Value {
    let errors: Vec<Value> = message.into_iter().map(|message| json!({"message": message})).collect();
    json!({"userErrors": errors})
}

fn add_tags(memory: &mut Memory, id: u64, variables: &Value, trouble: Option<&ShopifyTrouble>) -> Value {
    let tags: Vec<String> =
        serde_json::from_value(variables.get("tags").cloned().unwrap_or_default()).unwrap_or_default();
    let refusal = match memory.order(id) {
        _ if trouble == Some(&ShopifyTrouble::NoteRefused) => Some("Tags are too many"),
        None => Some("Order does not exist"),
        _ if tags.is_empty() || tags.iter().any(|tag| tag.len() > MAX_TAG_CHARS) => Some("Tag is too long"),
        Some(_) => None,
    };
    if refusal.is_none() {
        memory.edit(id, |order| order.tags.extend(tags));
    }
    user_errors(refusal)
}

fn set_notes(memory: &mut Memory, id: u64, variables: &Value, trouble: Option<&ShopifyTrouble>) -> Value {
    let note = variables.get("notes").and_then(|notes| notes.get(0)).cloned().unwrap_or_default();
    let text = |name: &str| note.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let names = (text("ownerId"), text("namespace"), text("key"), text("type"));
    let expected = (
        format!("gid://shopify/Order/{id}"),
        "paytr".to_owned(),
        "notes".to_owned(),
        "multi_line_text_field".to_owned(),
    );
    let digest = note.get("compareDigest").and_then(Value::as_str).map(str::to_owned);
    let refusal = match memory.order(id) {
        _ if trouble == Some(&ShopifyTrouble::NoteRefused) => Some("Value is invalid"),
        None => Some("Owner does not exist"),
        Some(_) if names != expected || text("value").is_empty() => Some("Value is invalid"),
        Some(order) if order.digest() != digest => Some("The resource has been updated since it was loaded."),
        Some(_) => None,
    };
    if refusal.is_none() {
        memory.edit(id, |order| order.notes = Some(text("value")));
    }
    user_errors(refusal)
}

fn mark_as_paid(memory: &mut Memory, id: u64, trouble: Option<&ShopifyTrouble>) -> Option<&'static str> {
    let can_be_marked = memory.order(id).is_some_and(ShopifyOrder::can_be_marked);
    if trouble == Some(&ShopifyTrouble::MarkRefused) || !can_be_marked {
        return Some("Order cannot be marked as paid.");
    }
    memory.edit(id, ShopifyOrder::pay);
    None
}
