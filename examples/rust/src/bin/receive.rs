//! Receives the relay's events in a shop: Rust and the official `standardwebhooks`.
//!
//! ```text
//! cd examples/rust
//! export EVENTS_SECRET=whsec_… SHOP_DB=shop.sqlite
//! cargo run --bin receive -- add 1001 158000   an order of 1580.00 TL that waits for its payment
//! PORT=8791 cargo run --bin receive            the endpoint
//! cargo run --bin receive -- list              what is paid, and what a person must look at
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
use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

const MAX_BODY_BYTES: usize = 65_536;
/// `whsec_` and the base64 of 24 bytes.
const SHORTEST_SECRET: usize = 38;

const USAGE: &str = "usage: SHOP_DB=… receive add REFERENCE PRICE [CURRENCY]|list
       EVENTS_SECRET=… SHOP_DB=… PORT=… receive
       PRICE in minor units: 1445 is 14.45";

type Failure = Box<dyn Error + Send + Sync>;

struct Shop {
    webhooks: Vec<Webhook>,
    database: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Ok(arguments) = env::args_os().skip(1).map(OsString::into_string).collect::<Result<Vec<_>, _>>() else {
        eprintln!("What it is called with must be UTF-8.");
        return ExitCode::from(2);
    };
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match (env::var("SHOP_DB"), env::var("EVENTS_SECRET"), arguments.as_slice()) {
        (Ok(database), _, ["add", reference, price]) => add(&database, reference, price, "TL"),
        (Ok(database), _, ["add", reference, price, currency]) => add(&database, reference, price, currency),
        (Ok(database), _, ["list"]) => list(&database),
        (Ok(database), Ok(secrets), []) => serve(database, &secrets).await,
        _ => {
            eprintln!("{USAGE}");
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
        .fallback(post(receive))
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
        eprintln!("Event refused: EVENTS_SECRET does not sign it, or not now.");
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
        // That its link is paid does not say that the order is: the link may be of before the order changed.
        let price = event.pointer("/data/link/price").and_then(Value::as_i64);
        let paid = transaction.execute(
            "UPDATE orders SET state = 'paid' WHERE reference = ? AND state = 'open' AND price = ? AND currency = ?",
            params![reference, price, text("/data/link/currency")],
        )?;
        if paid == 0 {
            // Money for another total than the order's, or for an order that is unknown, cancelled, or paid already.
            let open_order = "SELECT count(*) > 0 FROM orders WHERE reference = ? AND state = 'open'";
            let is_open = transaction.query_row(open_order, [reference], |row| row.get(0))?;
            let review = if is_open { "other_total" } else { "no_open_order" };
            transaction.execute("UPDATE events SET review = ? WHERE webhook_id = ?", [review, id])?;
        }
    }
    Ok(transaction.commit()?)
}

/// The shop's database. In a shop of your own `orders` is there already, and `events` lies beside it. The relay's ids have
/// 68 characters. `price` is in minor units, and `currency` is `PayTR`'s word, which for the lira is TL.
fn open(database: &str) -> rusqlite::Result<Connection> {
    let shop = Connection::open(database)?;
    shop.execute_batch(
        "PRAGMA busy_timeout = 5000;
         CREATE TABLE IF NOT EXISTS orders
             (reference VARCHAR(64) PRIMARY KEY, price BIGINT NOT NULL, currency CHAR(3) NOT NULL,
              state VARCHAR(9) NOT NULL);
         CREATE TABLE IF NOT EXISTS events
             (webhook_id VARCHAR(68) PRIMARY KEY, reference VARCHAR(64), merchant_oid VARCHAR(64) NOT NULL,
              review VARCHAR(255));",
    )?;
    Ok(shop)
}

/// An order that waits for its payment.
fn add(database: &str, reference: &str, price: &str, currency: &str) -> Result<(), Failure> {
    let currency = if currency == "TRY" { "TL" } else { currency };
    open(database)?.execute(
        "INSERT INTO orders (reference, price, currency, state) VALUES (?, ?, ?, 'open')",
        params![reference, price.parse::<i64>()?, currency],
    )?;
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
