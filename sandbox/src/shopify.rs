//! A Shopify as far as the relay meets one: orders, their webhooks, and of the Admin API tokens and what is asked of orders.
//!
//! Facts: Shopify's documentation; no shop of Shopify's was seen. It has an address of its own, beside the sandbox's PayTR.
//! Not in scope: everything else of Shopify, and GraphQL: a document is known by the fields that it asks for. Orders are kept in
//! memory.

mod admin_api;
mod memory;
mod order;
mod trouble;
mod webhook;

pub use memory::ApiCall;
pub use order::{ShopifyBasket, ShopifyOrder};
pub use trouble::ShopifyTrouble;
pub use webhook::sign;

use crate::connections;
use crate::woocommerce::HookDelivery;
use memory::Memory;
use reqwest::{Client, redirect};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{io, net::SocketAddr};
use tokio::{net::TcpListener, sync::Notify, task::AbortHandle};

/// The version of the Admin API that is served.
const API_VERSION: &str = "2026-10";
/// Shopify waits so long for an answer to a delivery.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A running shop. It stops serving, and hangs up on everyone, when it is dropped.
#[derive(Debug)]
pub struct Shopify {
    shop: Shop,
    serving: AbortHandle,
}

/// What the API and the deliveries share.
#[derive(Debug, Clone)]
struct Shop(Arc<Inside>);

#[derive(Debug)]
struct Inside {
    memory: Mutex<Memory>,
    client: Client,
    url: String,
    /// Client id and client secret of the app.
    app: (String, String),
    idle: Notify,
}

impl Shop {
    /// A panic under the lock leaves the memory whole enough for a test.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shopify {
    /// Starts a shop on `address`; port 0 takes a free one. `app` is `client_id:client_secret`.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(app: &str, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let (id, secret) = app.split_once(':').unwrap_or_default();
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).timeout(TIMEOUT);
        let client = client.pool_max_idle_per_host(0).build().map_err(io::Error::other)?;
        let shop = Shop(Arc::new(Inside {
            memory: Mutex::default(),
            client,
            url: format!("http://{}", listener.local_addr()?),
            app: (id.to_owned(), secret.to_owned()),
            idle: Notify::new(),
        }));
        let app = admin_api::routes().with_state(shop.clone());
        let serving = tokio::spawn(connections::serve(listener, app)).abort_handle();
        Ok(Self { shop, serving })
    }

    /// The shop's address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        self.shop.0.url.clone()
    }

    /// Has every topic posted to this address, signed with this secret.
    pub fn connect(&self, delivery_url: &str, secret: &str) {
        self.shop.memory().webhook = Some((delivery_url.to_owned(), secret.to_owned()));
    }

    /// Places an order. Returns its id.
    #[must_use]
    pub fn place(&self, basket: ShopifyBasket) -> u64 {
        let id = self.shop.memory().place(basket);
        self.shop.deliver(id, &["orders/create", "orders/updated"]);
        id
    }

    /// An order as it is now.
    #[must_use]
    pub fn order(&self, id: u64) -> Option<ShopifyOrder> {
        self.shop.memory().order(id).cloned()
    }

    /// Changes an order, and tells of it.
    pub fn edit(&self, id: u64, edit: impl FnOnce(&mut ShopifyOrder)) {
        self.edit_silently(id, edit);
        self.shop.deliver(id, &["orders/updated"]);
    }

    /// Changes an order of which no delivery tells.
    pub fn edit_silently(&self, id: u64, edit: impl FnOnce(&mut ShopifyOrder)) {
        self.shop.memory().edit(id, edit);
    }

    /// Cancels an order.
    pub fn cancel(&self, id: u64) {
        self.edit_silently(id, |order| order.is_cancelled = true);
        self.shop.deliver(id, &["orders/cancelled", "orders/updated"]);
    }

    /// Marks an order as paid, as the shop's staff does.
    pub fn mark_as_paid(&self, id: u64) {
        self.edit_silently(id, ShopifyOrder::pay);
        self.shop.deliver(id, &["orders/paid", "orders/updated"]);
    }

    /// Deletes an order for good, and tells nobody.
    pub fn delete(&self, id: u64) {
        self.shop.memory().delete(id);
    }

    /// Makes the Admin API fail about this order, until [`Shopify::behave`].
    pub fn misbehave(&self, id: u64, trouble: ShopifyTrouble) {
        self.shop.memory().troubles.insert(id, trouble);
    }

    /// Takes back [`Shopify::misbehave`].
    pub fn behave(&self, id: u64) {
        self.shop.memory().troubles.remove(&id);
    }

    /// From now on no token that was given is good any more.
    pub fn expire_tokens(&self) {
        self.shop.memory().tokens.clear();
    }

    /// How many tokens were given.
    #[must_use]
    pub fn tokens_given(&self) -> usize {
        self.shop.memory().given.len()
    }

    /// Every token that was ever given.
    #[must_use]
    pub fn every_token(&self) -> Vec<String> {
        self.shop.memory().given.clone()
    }

    /// What the API was asked about an order, in order, refused or not.
    #[must_use]
    pub fn calls(&self, id: u64) -> Vec<ApiCall> {
        self.shop.memory().calls.iter().filter(|call| call.order_id == id).cloned().collect()
    }

    /// The deliveries that were answered or given up, in order.
    #[must_use]
    pub fn deliveries(&self) -> Vec<HookDelivery> {
        self.shop.memory().deliveries.clone()
    }

    /// A delivery of an order as it is now, signed with this secret, to be posted by the caller. `None` if there is no such
    /// order.
    #[must_use]
    pub fn delivery(&self, id: u64, topic: &'static str, secret: &str) -> Option<HookDelivery> {
        Some(webhook::delivery(topic, id, self.shop.memory().order(id)?.to_json().to_string(), secret))
    }

    /// Resolves when no delivery is under way.
    pub async fn idle(&self) {
        loop {
            let changed = self.shop.0.idle.notified();
            if self.shop.memory().under_way == 0 {
                return;
            }
            changed.await;
        }
    }
}

impl Drop for Shopify {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
