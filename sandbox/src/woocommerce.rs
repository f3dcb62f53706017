//! A WooCommerce as far as the relay meets one: orders, REST API v3 of orders and notes, and webhooks.
//!
//! Facts: WooCommerce 11.0.1 in WordPress 7.1.0, as seen on a shop. It has an address of its own, beside the sandbox's
//! PayTR. Not in scope: everything else of WooCommerce. Orders are kept in memory.

mod error;
mod memory;
mod order;
mod php_json;
mod rest;
mod shop;
mod staff;
mod trouble;
mod webhook;

pub use memory::ApiCall;
pub use order::{Basket, Note, ShopOrder};
pub use trouble::ShopTrouble;
pub use webhook::{HookDelivery, Topic, sign};

use crate::{connections, guard, loopback};
use memory::Change;
use shop::Shop;
use std::{io, net::SocketAddr};
use tokio::{net::TcpListener, task::AbortHandle};
use webhook::Webhook;

const VERSION: &str = "11.0.1";
const JSON: &str = "application/json; charset=UTF-8";

/// A running shop. It stops serving, and hangs up on everyone, when it is dropped.
#[derive(Debug)]
pub struct WooCommerce {
    shop: Shop,
    serving: AbortHandle,
}

impl WooCommerce {
    /// Starts a shop on `address`; port 0 takes a free one. `api_key` is `ck_…:cs_…`.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(api_key: &str, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let (key, secret) = api_key.split_once(':').unwrap_or_default();
        let url = format!("http://{}", loopback::reached_at(listener.local_addr()?));
        let shop = Shop::new(url, (key.to_owned(), secret.to_owned()))?;
        let app = rest::routes().merge(guard::protect(staff::routes())).with_state(shop.clone());
        let serving = tokio::spawn(connections::serve(listener, app)).abort_handle();
        Ok(Self { shop, serving })
    }

    /// The shop's address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        self.shop.url().to_owned()
    }

    /// Saves a webhook for each topic, in place of those that there are, and pings it. Returns the answers to the pings.
    pub async fn connect(&self, delivery_url: &str, secret: &str) -> Vec<HookDelivery> {
        self.shop.connect(delivery_url, secret).await
    }

    /// How many of the webhooks still post: one is switched off at the seventh failure in a row.
    #[must_use]
    pub fn active_webhooks(&self) -> usize {
        self.shop.memory().webhooks.iter().filter(|webhook| webhook.is_active()).count()
    }

    /// Places an order. Returns its id.
    #[must_use]
    pub fn place(&self, basket: Basket) -> u64 {
        let id = self.shop.memory().place(basket);
        self.shop.deliver_what_is_due();
        id
    }

    /// An order as it is now.
    #[must_use]
    pub fn order(&self, id: u64) -> Option<ShopOrder> {
        self.shop.memory().order(id).cloned()
    }

    /// Edits the amount of an order.
    pub fn edit_total(&self, id: u64, total: &str) {
        self.save(id, Change { total: Some(total.to_owned()), ..Change::default() });
    }

    /// Sets the status of an order.
    pub fn set_status(&self, id: u64, status: &str) {
        self.save(id, Change { status: Some(status.to_owned()), ..Change::default() });
    }

    /// Sets the status of an order in a way that fires no webhook, as what writes to the database does.
    pub fn edit_silently(&self, id: u64, status: &str) {
        self.shop.memory().edit(id, |order| status.clone_into(&mut order.basket.status));
    }

    /// The same with the amount.
    pub fn edit_total_silently(&self, id: u64, total: &str) {
        self.shop.memory().edit(id, |order| total.clone_into(&mut order.basket.total));
    }

    /// Sets an order that was paid back to `on-hold`, as if it never had been.
    pub fn set_unpaid(&self, id: u64) {
        self.shop.memory().edit(id, |order| order.paid_at = None);
        self.set_status(id, "on-hold");
    }

    /// Saves an order as it is, which fires `order.updated`.
    pub fn touch(&self, id: u64) {
        self.save(id, Change::default());
    }

    /// Moves an order to the bin.
    pub fn bin(&self, id: u64) {
        self.shop.memory().bin(id);
        self.shop.deliver_what_is_due();
    }

    /// Deletes an order for good, and tells nobody.
    pub fn delete(&self, id: u64) {
        self.shop.memory().delete(id);
    }

    /// The notes of an order, the oldest first.
    #[must_use]
    pub fn notes(&self, id: u64) -> Vec<Note> {
        self.shop.memory().notes(id).to_vec()
    }

    /// Makes the API fail about this order, until [`WooCommerce::behave`].
    pub fn misbehave(&self, id: u64, trouble: ShopTrouble) {
        self.shop.memory().troubles.insert(id, trouble);
    }

    /// Takes back [`WooCommerce::misbehave`].
    pub fn behave(&self, id: u64) {
        self.shop.memory().troubles.remove(&id);
    }

    /// What the API was asked about an order, in order, refused or not.
    #[must_use]
    pub fn calls(&self, id: u64) -> Vec<ApiCall> {
        self.shop.memory().calls.iter().filter(|call| call.order_id == id).cloned().collect()
    }

    /// The deliveries that were answered or failed, and the pings, in order.
    #[must_use]
    pub fn deliveries(&self) -> Vec<HookDelivery> {
        self.shop.memory().deliveries.clone()
    }

    /// A delivery of an order as it is now, signed with this secret, to be posted by the caller. `None` if there is no such
    /// order.
    #[must_use]
    pub fn delivery(&self, id: u64, topic: Topic, secret: &str) -> Option<HookDelivery> {
        let body = self.shop.memory().payload(topic, id, self.shop.url())?;
        Some(Webhook::new(1, topic, "", secret).delivery(self.shop.url(), id, body))
    }

    /// Resolves when no delivery is due or under way.
    pub async fn idle(&self) {
        self.shop.idle().await;
    }

    fn save(&self, id: u64, change: Change) {
        self.shop.memory().save(id, change);
        self.shop.deliver_what_is_due();
    }
}

impl Drop for WooCommerce {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
