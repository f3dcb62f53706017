//! An order of the shop's whose link the relay makes, and what becomes of the link.

use super::answer::Answer;
use super::services::EVENTS;
use super::signed::Signed;
use super::suite::Suite;
use super::workerd::Workerd;
use super::{message, people};
use paytr_sandbox::{Pay, Payment};
use serde_json::{Value, json};

/// What is paid for an order's link, in minor units.
pub const PRICE: u64 = 1445;

pub struct Order {
    pub name: String,
    pub reference: String,
    pub signed: Signed,
}

#[derive(Debug, Clone)]
pub struct Link {
    pub id: String,
    pub callback_id: String,
    pub reference: String,
}

impl Order {
    /// With a reference of its own, and more of `data`.
    pub fn new(more: &Value) -> Self {
        let (name, reference) = (people::link_name(), format!("order-{}", people::next()));
        let mut data = json!({"reference": reference});
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let signed = Signed::new(message::create(&name, &data));
        Self { name, reference, signed }
    }

    /// The link, by the answer to the message.
    #[track_caller]
    pub fn link(&self, answer: &Answer) -> Link {
        assert_eq!((answer.status, answer.code().as_str()), (200, "created"), "{}", answer.text());
        let json = answer.json();
        let text = |name: &str| json["link"][name].as_str().unwrap().to_owned();
        Link { id: text("id"), callback_id: text("callback_id"), reference: self.reference.clone() }
    }
}

pub fn product() -> Value {
    json!({})
}

pub fn collection() -> Value {
    json!({"link_type": "collection", "email": people::email()})
}

pub fn flex() -> Value {
    json!({"link_type": "flex", "flex_max_price": 1_000_000})
}

pub fn and(mut data: Value, more: &Value) -> Value {
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    data
}

impl Suite {
    /// A link of the service whose events are on.
    pub async fn link(&self, more: &Value) -> Link {
        let order = Order::new(more);
        order.link(&self.post(EVENTS, &order.signed).await)
    }

    /// The link's record, as a shop sees it.
    pub async fn record(&self, link: &Link) -> Value {
        let answer = self.post(EVENTS, &about("link.get", &link.callback_id)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// Pays a link as its payer would, and waits until PayTR has told of it.
    pub async fn pay(&self, link_id: &str, pay: Pay) -> Payment {
        let payment = self.sandbox.pay(link_id, pay).unwrap();
        let payment = self.sandbox.notified(&payment.merchant_oid).await.unwrap();
        for attempt in &payment.attempts {
            assert_eq!((attempt.http_status, attempt.text.as_str()), (Some(200), "OK"));
            self.seen.expect(200, "stored");
        }
        payment
    }
}

impl Workerd {
    /// A link of a service of a workerd that a test has to itself.
    pub async fn link(&self, service: &str, more: &Value) -> Link {
        let order = Order::new(more);
        order.link(&self.post(service, &order.signed).await)
    }

    /// The link's record, as a shop sees it.
    pub async fn record(&self, service: &str, link: &Link) -> Value {
        let answer = self.post(service, &about("link.get", &link.callback_id)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }
}

/// A signed message about one of the relay's own links.
pub fn about(message_type: &str, callback_id: &str) -> Signed {
    Signed::new(message::about(message_type, callback_id))
}
