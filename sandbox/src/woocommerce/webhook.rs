//! A webhook: what it posts and how it signs, and what becomes of one that fails.

use crate::loopback;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use reqwest::{Client, Url};
use sha2::Sha256;

/// WooCommerce switches a webhook off that fails once more after this many failures in a row.
const MAX_FAILURES: u32 = 6;
const USER_AGENT: &str = "WooCommerce/11.0.1 Hookshot (WordPress/7.1)";
/// What `wp_specialchars_decode` makes of a secret: WordPress stores it with entities, WooCommerce signs without.
const ENTITIES: [(&str, &str); 5] = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#039;", "'"), ("&amp;", "&")];

/// What a webhook is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// `order.created`
    Created,
    /// `order.updated`
    Updated,
    /// `order.deleted`: moved to the bin
    Deleted,
}

/// A webhook.
#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub(crate) id: u64,
    pub(crate) topic: Topic,
    pub(crate) url: String,
    pub(crate) secret: String,
    /// In a row.
    failures: u32,
    is_active: bool,
}

/// A delivery of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookDelivery {
    /// The order; 0 is the ping.
    pub order_id: u64,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The status of the answer; `None` if there was none, or none yet.
    pub status: Option<u16>,
    /// The body of the answer.
    pub answer: String,
}

impl HookDelivery {
    /// Posts it, to this machine alone. Returns it with its answer.
    pub(crate) async fn post(mut self, client: &Client, url: &str) -> Self {
        let Some(url) = Url::parse(url).ok().filter(|url| url.host_str().is_some_and(loopback::is_loopback)) else {
            "The shop posts to this machine only (127.0.0.1, [::1], localhost).".clone_into(&mut self.answer);
            return self;
        };
        let mut request = client.post(url).body(self.body.clone());
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Ok(response) = request.send().await {
            self.status = Some(response.status().as_u16());
            self.answer = response.text().await.unwrap_or_default();
        }
        self
    }
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 3] = [Self::Created, Self::Updated, Self::Deleted];

    /// Its name after `order.`
    fn event(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
        }
    }
}

impl Webhook {
    pub(crate) fn new(id: u64, topic: Topic, url: &str, secret: &str) -> Self {
        Self { id, topic, url: url.to_owned(), secret: secret.to_owned(), failures: 0, is_active: true }
    }

    /// Whether it still posts.
    pub(crate) fn is_active(&self) -> bool {
        self.is_active
    }

    /// Counts an answer. Good is what is from 200 to 302.
    pub(crate) fn count(&mut self, status: Option<u16>) {
        match status {
            Some(200..=302) => self.failures = 0,
            _ if self.failures >= MAX_FAILURES => self.is_active = false,
            _ => self.failures = self.failures.saturating_add(1),
        }
    }

    /// What it posts when it is saved: a form, unsigned.
    pub(crate) fn ping(&self) -> HookDelivery {
        let headers = vec![
            ("user-agent", USER_AGENT.to_owned()),
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
        ];
        let body = format!("webhook_id={}", self.id).into_bytes();
        HookDelivery { order_id: 0, headers, body, status: None, answer: String::new() }
    }

    /// A delivery about an order.
    pub(crate) fn delivery(&self, shop_url: &str, order_id: u64, body: String) -> HookDelivery {
        let event = self.topic.event();
        let delivery_id = format!("{:032x}", rand::rng().random::<u128>());
        let headers = vec![
            ("user-agent", USER_AGENT.to_owned()),
            ("content-type", "application/json".to_owned()),
            ("x-wc-webhook-source", format!("{shop_url}/")),
            ("x-wc-webhook-topic", format!("order.{event}")),
            ("x-wc-webhook-resource", "order".to_owned()),
            ("x-wc-webhook-event", event.to_owned()),
            ("x-wc-webhook-signature", sign(&self.secret, body.as_bytes())),
            ("x-wc-webhook-id", self.id.to_string()),
            ("x-wc-webhook-delivery-id", delivery_id),
        ];
        HookDelivery { order_id, headers, body: body.into_bytes(), status: None, answer: String::new() }
    }
}

/// `X-WC-Webhook-Signature` of a body, by the secret as WordPress stores it.
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> String {
    let key = ENTITIES.iter().fold(secret.to_owned(), |text, (entity, character)| text.replace(entity, character));
    // An HMAC takes a key of any length.
    Hmac::<Sha256>::new_from_slice(key.as_bytes())
        .map(|mut mac| {
            mac.update(body);
            STANDARD.encode(mac.finalize().into_bytes())
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seventh_failure_in_a_row_switches_a_webhook_off() {
        let mut webhook = Webhook::new(1, Topic::Updated, "http://127.0.0.1/", "secret");
        for status in [Some(404), None, Some(500), Some(303), Some(404), Some(404), Some(302)] {
            webhook.count(status);
            assert!(webhook.is_active());
        }
        for failure in 1..=7 {
            assert!(webhook.is_active(), "before failure {failure}");
            webhook.count(Some(404));
        }
        assert!(!webhook.is_active());
    }
}
