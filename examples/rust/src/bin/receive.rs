//! Receives the relay's events in a shop: Rust and the official `standardwebhooks`.
//!
//! ```text
//! cd examples/rust
//! export EVENTS_SECRET=whsec_… SHOP_DB=shop.sqlite
//! cargo run --bin receive -- add 1001      an order that waits for its payment
//! PORT=8791 cargo run --bin receive        the endpoint
//! cargo run --bin receive -- list          what is paid, and what a person must look at
//! ```
//!
//! `EVENTS_SECRET` is what the relay has in `EVENTS_SECRETS`; while it is rotated, the old and the new one, separated by
//! a blank.
//!
//! In scope: the signature, each event once, the order's state. Not in scope: what follows from it. Mails and parcels
//! are slow and belong to a job that looks for paid orders: the relay waits 15 seconds for an answer.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use rusqlite::{Connection, params};
use serde_json::Value;
use standardwebhooks::Webhook;
use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

const MAX_BODY_BYTES: usize = 65_536;
/// `whsec_` and the base64 of 24 bytes.
const SHORTEST_SECRET: usize = 38;

type Failure = Box<dyn Error + Send + Sync>;

struct Shop {
    webhooks: Vec<Webhook>,
    database: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match (env::var("SHOP_DB"), env::var("EVENTS_SECRET"), arguments.as_slice()) {
        (Ok(database), _, ["add", reference]) => add(&database, reference),
        (Ok(database), _, ["list"]) => list(&database),
        (Ok(database), Ok(secrets), []) => serve(database, &secrets).await,
        _ => {
            eprintln!("usage: SHOP_DB=… receive add REFERENCE|list; EVENTS_SECRET=… SHOP_DB=… PORT=… receive");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(database: String, secrets: &str) -> Result<(), Failure> {
    // The library takes a secret of any length, even of none.
    if secrets.trim().is_empty() || secrets.split_whitespace().any(|secret| secret.len() < SHORTEST_SECRET) {
        return Err("EVENTS_SECRET must be one or more whsec_…, separated by blanks.".into());
    }
    let webhooks = secrets.split_whitespace().map(Webhook::new).collect::<Result<_, _>>()?;
    let router = Router::new()
        .route("/", post(receive))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(Arc::new(Shop { webhooks, database }));
    let port = env::var("PORT").unwrap_or_else(|_| "8791".to_owned()).parse()?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("Events are taken at http://{}/", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

/// What a request is answered with. `body` is the bytes as they came: JSON that was parsed and written again is another
/// text.
async fn receive(State(shop): State<Arc<Shop>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    if !shop.webhooks.iter().any(|webhook| webhook.verify(&body, &headers).is_ok()) {
        return StatusCode::UNAUTHORIZED;
    }
    let stored = spawn_blocking(move || {
        let id = headers.get("webhook-id").ok_or("no webhook-id")?.to_str()?;
        store(&shop.database, id, &serde_json::from_slice(&body)?)
    });
    match stored.await.map_err(Failure::from).flatten() {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(error) => {
            eprintln!("Event not stored: {error}");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

/// Takes an event once. The event and what it does to the order are one transaction: after a crash in between there is
/// neither, and the relay comes again.
fn store(database: &str, id: &str, event: &Value) -> Result<(), Failure> {
    let text = |pointer| event.pointer(pointer).and_then(Value::as_str);
    let review = match text("/type") {
        Some("link.paid") => None,
        Some("link.payment_review") => {
            let reasons = event.pointer("/data/reasons").and_then(Value::as_array).ok_or("no reasons")?;
            Some(reasons.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
        }
        // A type of a later relay.
        _ => return Ok(()),
    };
    let (reference, merchant_oid) = (text("/data/reference"), text("/data/payment/merchant_oid"));
    let mut shop = open(database)?;
    let transaction = shop.transaction()?;
    let is_new = transaction.execute(
        "INSERT INTO events (webhook_id, reference, merchant_oid, review) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        params![id, reference, merchant_oid, review],
    )? == 1;
    if is_new && review.is_none() {
        let paid = "UPDATE orders SET state = 'paid' WHERE reference = ? AND state = 'open'";
        if transaction.execute(paid, [reference])? == 0 {
            // Money for an order that is unknown, cancelled, or paid already.
            transaction.execute("UPDATE events SET review = 'no_open_order' WHERE webhook_id = ?", [id])?;
        }
    }
    Ok(transaction.commit()?)
}

/// The shop's database. In a shop of your own `orders` is there already, and `events` lies beside it.
fn open(database: &str) -> rusqlite::Result<Connection> {
    let shop = Connection::open(database)?;
    shop.execute_batch(
        "PRAGMA busy_timeout = 5000;
         CREATE TABLE IF NOT EXISTS orders (reference TEXT PRIMARY KEY, state TEXT NOT NULL DEFAULT 'open');
         CREATE TABLE IF NOT EXISTS events
             (webhook_id TEXT PRIMARY KEY, reference TEXT, merchant_oid TEXT NOT NULL, review TEXT);",
    )?;
    Ok(shop)
}

fn add(database: &str, reference: &str) -> Result<(), Failure> {
    open(database)?.execute("INSERT INTO orders (reference) VALUES (?)", [reference])?;
    Ok(())
}

/// What the shop's staff sees.
fn list(database: &str) -> Result<(), Failure> {
    let shop = open(database)?;
    let mut orders = shop.prepare("SELECT reference, state FROM orders ORDER BY reference")?;
    let mut orders = orders.query([])?;
    while let Some(order) = orders.next()? {
        println!("order {}: {}", order.get::<_, String>(0)?, order.get::<_, String>(1)?);
    }
    let mut events = shop.prepare(
        "SELECT coalesce(reference, 'unknown'), merchant_oid, review FROM events
         WHERE review IS NOT NULL ORDER BY webhook_id",
    )?;
    let mut events = events.query([])?;
    while let Some(event) = events.next()? {
        let [reference, payment, review] = [event.get::<_, String>(0)?, event.get(1)?, event.get(2)?];
        println!("needs review: order {reference}, payment {payment}: {review}");
    }
    Ok(())
}
