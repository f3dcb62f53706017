//! A running shop's inside: what its API, its page and its deliveries share.

use super::memory::Memory;
use super::webhook::{HookDelivery, Topic, Webhook};
use rand::RngExt;
use reqwest::{Client, redirect};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// WooCommerce waits so long for an answer.
const TIMEOUT: Duration = Duration::from_mins(1);
/// Deliveries are made in the background: seconds to hours later in a shop of the world, at most this long here. Which of
/// two comes first is open.
const LATEST_MS: u64 = 30;

/// A running shop.
#[derive(Debug, Clone)]
pub(crate) struct Shop(Arc<Inside>);

#[derive(Debug)]
struct Inside {
    memory: Mutex<Memory>,
    client: Client,
    url: String,
    api_key: (String, String),
    idle: Notify,
}

impl Shop {
    pub(crate) fn new(url: String, api_key: (String, String)) -> io::Result<Self> {
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).timeout(TIMEOUT);
        // A connection that is kept may be closed at the moment it is used again.
        let client = client.pool_max_idle_per_host(0).build().map_err(io::Error::other)?;
        Ok(Self(Arc::new(Inside { memory: Mutex::default(), client, url, api_key, idle: Notify::new() })))
    }

    /// Without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.0.url
    }

    pub(crate) fn api_key(&self) -> (&str, &str) {
        (&self.0.api_key.0, &self.0.api_key.1)
    }

    /// A panic under the lock leaves the memory whole enough for a test or a demo.
    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Saves a webhook for each topic, in place of those that there are, and pings it. Returns the answers.
    pub(crate) async fn connect(&self, delivery_url: &str, secret: &str) -> Vec<HookDelivery> {
        let webhooks: Vec<Webhook> = {
            let mut memory = self.memory();
            memory.webhooks.clear();
            for topic in Topic::ALL {
                let id = memory.new_id();
                memory.webhooks.push(Webhook::new(id, topic, delivery_url, secret));
            }
            memory.webhooks.clone()
        };
        let mut pings = Vec::new();
        for webhook in webhooks {
            let ping = webhook.ping().post(&self.0.client, &webhook.url).await;
            self.memory().deliveries.push(ping.clone());
            pings.push(ping);
        }
        pings
    }

    /// Begins the deliveries that are due.
    pub(crate) fn deliver_what_is_due(&self) {
        let due = self.memory().due();
        for due in due {
            let shop = self.clone();
            let delay = Duration::from_millis(rand::rng().random_range(0..LATEST_MS));
            self.count(1);
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                let taken = shop.memory().take_due(due, shop.url());
                if let Some((url, delivery)) = taken {
                    let delivery = delivery.post(&shop.0.client, &url).await;
                    shop.memory().delivered(due.0, delivery);
                }
                shop.count(-1);
                shop.0.idle.notify_waiters();
            });
        }
    }

    fn count(&self, change: isize) {
        let mut memory = self.memory();
        memory.under_way = memory.under_way.saturating_add_signed(change);
    }

    /// Resolves when no delivery is due or under way.
    pub(crate) async fn idle(&self) {
        loop {
            let changed = self.0.idle.notified();
            if self.memory().under_way == 0 {
                return;
            }
            changed.await;
        }
    }
}
