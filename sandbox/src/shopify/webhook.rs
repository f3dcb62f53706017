//! Deliveries: how they are signed, and that one which fails comes again with the body that it had at first.

use super::Shop;
use crate::woocommerce::HookDelivery;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use sha2::Sha256;
use std::time::Duration;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A delivery is tried so often.
const TRIES: u32 = 8;
/// From one try to the next: hours in the world, this here.
const PAUSE: Duration = Duration::from_millis(150);
/// Which of two deliveries comes first is open.
const LATEST_MS: u64 = 30;

/// A delivery about an order.
pub(super) fn delivery(topic: &'static str, order_id: u64, body: String, secret: &str) -> HookDelivery {
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("user-agent", "Shopify-Captain-Hook".to_owned()),
        ("x-shopify-topic", topic.to_owned()),
        ("x-shopify-hmac-sha256", sign(secret, body.as_bytes())),
        ("x-shopify-shop-domain", "shop.myshopify.com".to_owned()),
        ("x-shopify-api-version", super::API_VERSION.to_owned()),
        ("x-shopify-triggered-at", OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default()),
        ("x-shopify-webhook-id", format!("{:032x}", rand::rng().random::<u128>())),
    ];
    HookDelivery { order_id, headers, body: body.into_bytes(), status: None, answer: String::new() }
}

/// `X-Shopify-Hmac-SHA256` of a body.
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> String {
    // An HMAC takes a key of any length.
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map(|mut mac| {
            mac.update(body);
            STANDARD.encode(mac.finalize().into_bytes())
        })
        .unwrap_or_default()
}

impl Shop {
    /// Begins a delivery in each of these topics.
    pub(super) fn deliver(&self, order_id: u64, topics: &[&'static str]) {
        let Some((url, secret)) = self.memory().webhook.clone() else { return };
        let Some(body) = self.memory().order(order_id).map(|order| order.to_json().to_string()) else { return };
        for topic in topics {
            let (shop, url) = (self.clone(), url.clone());
            let delivery = delivery(topic, order_id, body.clone(), &secret);
            let delay = Duration::from_millis(rand::rng().random_range(0..LATEST_MS));
            self.count(1);
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                let delivery = shop.post_until_taken(&url, delivery).await;
                shop.memory().deliveries.push(delivery);
                shop.count(-1);
                shop.0.idle.notify_waiters();
            });
        }
    }

    fn count(&self, change: isize) {
        let mut memory = self.memory();
        memory.under_way = memory.under_way.saturating_add_signed(change);
    }

    async fn post_until_taken(&self, url: &str, mut delivery: HookDelivery) -> HookDelivery {
        for _ in 0..TRIES {
            delivery = delivery.post(&self.0.client, url).await;
            if matches!(delivery.status, Some(200..=299)) {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        delivery
    }
}
