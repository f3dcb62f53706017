//! What the shop remembers: orders, notes, webhooks, and which deliveries are due.
//!
//! In scope: what follows from a change, as WooCommerce does it. A delivery that is due already is not due twice, so several
//! changes come as one delivery of the newest state. Not in scope: the posting.

use super::order::{Basket, Note, PAID, ShopOrder};
use super::trouble::ShopTrouble;
use super::webhook::{HookDelivery, Topic, Webhook};
use crate::clock;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A request to the shop's API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiCall {
    /// The order
    pub order_id: u64,
    /// The method
    pub method: String,
    /// Path and query
    pub target: String,
    /// The body; `null` if it is none, or no JSON
    pub body: Value,
}

#[derive(Debug, Default)]
pub(crate) struct Memory {
    orders: BTreeMap<u64, ShopOrder>,
    notes: BTreeMap<u64, Vec<Note>>,
    last_id: u64,
    pub(crate) webhooks: Vec<Webhook>,
    /// Webhook and order
    due: BTreeSet<(u64, u64)>,
    pub(crate) under_way: usize,
    pub(crate) deliveries: Vec<HookDelivery>,
    pub(crate) troubles: HashMap<u64, ShopTrouble>,
    pub(crate) calls: Vec<ApiCall>,
}

/// What a write to an order changes; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Change {
    pub(crate) status: Option<String>,
    pub(crate) total: Option<String>,
    pub(crate) transaction_id: Option<String>,
    pub(crate) set_paid: bool,
    pub(crate) meta_data: Vec<(String, Value)>,
}

impl Memory {
    pub(crate) fn place(&mut self, basket: Basket) -> u64 {
        let (id, now) = (self.new_id(), seconds());
        let paid_at = PAID.contains(&basket.status.as_str()).then_some(now);
        let order = ShopOrder {
            id,
            basket,
            transaction_id: String::new(),
            created_at: now,
            modified_at: now,
            paid_at,
            meta_data: Vec::new(),
        };
        self.orders.insert(id, order);
        self.make_due(id, &[Topic::Created, Topic::Updated]);
        id
    }

    pub(crate) fn order(&self, id: u64) -> Option<&ShopOrder> {
        self.orders.get(&id)
    }

    pub(crate) fn orders(&self) -> impl DoubleEndedIterator<Item = &ShopOrder> {
        self.orders.values()
    }

    /// Changes an order, and is silent about it.
    pub(crate) fn edit(&mut self, id: u64, edit: impl FnOnce(&mut ShopOrder)) {
        if let Some(order) = self.orders.get_mut(&id) {
            edit(order);
        }
    }

    /// Saves an order, changed or not. False if there is none.
    pub(crate) fn save(&mut self, id: u64, change: Change) -> bool {
        let Some(order) = self.orders.get_mut(&id) else { return false };
        let Change { mut status, total, transaction_id, set_paid, meta_data } = change;
        let now = seconds();
        if let Some(total) = total {
            order.basket.total = total;
        }
        if let Some(transaction_id) = transaction_id {
            order.transaction_id = transaction_id;
        }
        for (key, value) in meta_data {
            match order.meta_data.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => *known = value,
                None => order.meta_data.push((key, value)),
            }
        }
        // `payment_complete`, which the API calls for what the customer could pay at the checkout alone.
        if set_paid && order.needs_payment() {
            status = status.or_else(|| Some("processing".to_owned()));
        }
        order.modified_at = now;
        let before = order.basket.status.clone();
        if let Some(status) = status.filter(|status| *status != before) {
            if PAID.contains(&status.as_str()) && order.paid_at.is_none() {
                order.paid_at = Some(now);
            }
            order.basket.status.clone_from(&status);
            self.note(id, "system", format!("Order status changed from {before} to {status}."), false);
        }
        self.make_due(id, &[Topic::Updated]);
        true
    }

    /// Moves an order to the bin. False if there is none.
    pub(crate) fn bin(&mut self, id: u64) -> bool {
        let Some(order) = self.orders.get_mut(&id) else { return false };
        "trash".clone_into(&mut order.basket.status);
        order.modified_at = seconds();
        self.make_due(id, &[Topic::Deleted]);
        true
    }

    /// Deletes an order for good.
    pub(crate) fn delete(&mut self, id: u64) -> bool {
        self.notes.remove(&id);
        self.orders.remove(&id).is_some()
    }

    pub(crate) fn notes(&self, id: u64) -> &[Note] {
        self.notes.get(&id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Adds a note, which saves no order.
    pub(crate) fn note(&mut self, id: u64, author: &str, note: String, customer_note: bool) -> Note {
        let note = Note { id: self.new_id(), author: author.to_owned(), created_at: seconds(), note, customer_note };
        self.notes.entry(id).or_default().push(note.clone());
        note
    }

    /// The deliveries that are due: webhook and order.
    pub(crate) fn due(&self) -> Vec<(u64, u64)> {
        self.due.iter().copied().collect()
    }

    /// Takes what is due of the newest state, unless another has taken it.
    pub(crate) fn take_due(&mut self, due: (u64, u64), shop_url: &str) -> Option<(String, HookDelivery)> {
        if !self.due.remove(&due) {
            return None;
        }
        let (webhook_id, order_id) = due;
        let webhook = self.webhooks.iter().find(|webhook| webhook.id == webhook_id && webhook.is_active())?;
        let delivery = webhook.delivery(shop_url, order_id, self.payload(webhook.topic, order_id, shop_url)?);
        Some((webhook.url.clone(), delivery))
    }

    /// The body of a delivery: of a binned order its id alone.
    pub(crate) fn payload(&self, topic: Topic, order_id: u64, shop_url: &str) -> Option<String> {
        if topic == Topic::Deleted {
            return Some(format!("{{\"id\":{order_id}}}"));
        }
        self.order(order_id).map(|order| super::php_json::encode(&order.to_json(shop_url)))
    }

    /// Notes what became of a delivery of a webhook.
    pub(crate) fn delivered(&mut self, webhook_id: u64, delivery: HookDelivery) {
        if let Some(webhook) = self.webhooks.iter_mut().find(|webhook| webhook.id == webhook_id) {
            webhook.count(delivery.status);
        }
        self.deliveries.push(delivery);
    }

    pub(crate) fn new_id(&mut self) -> u64 {
        self.last_id = self.last_id.saturating_add(1);
        self.last_id
    }

    fn make_due(&mut self, order_id: u64, topics: &[Topic]) {
        let webhooks = self.webhooks.iter().filter(|webhook| topics.contains(&webhook.topic) && webhook.is_active());
        self.due.extend(webhooks.map(|webhook| (webhook.id, order_id)));
    }
}

fn seconds() -> u64 {
    clock::now() / 1000
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail this way")]
mod tests {
    use super::*;

    fn status(status: &str) -> Change {
        Change { status: Some(status.to_owned()), ..Change::default() }
    }

    #[test]
    fn set_paid_pays_what_is_pending_and_leaves_what_is_on_hold() {
        for (before, after) in [("pending", "processing"), ("failed", "processing"), ("on-hold", "on-hold")] {
            let mut memory = Memory::default();
            let id = memory.place(Basket { status: before.to_owned(), ..Basket::default() });
            let paid = Change { set_paid: true, transaction_id: Some("IN1".to_owned()), ..Change::default() };
            assert!(memory.save(id, paid));
            let order = memory.order(id).unwrap();
            assert_eq!((order.basket.status.as_str(), order.transaction_id.as_str()), (after, "IN1"), "{before}");
            assert_eq!(order.paid_at.is_some(), after == "processing", "{before}");
        }
    }

    #[test]
    fn a_status_of_paid_orders_sets_the_date_once() {
        let mut memory = Memory::default();
        let id = memory.place(Basket::default());
        assert!(memory.save(id, status("processing")));
        let paid_at = memory.order(id).unwrap().paid_at;
        assert!(paid_at.is_some());
        assert!(memory.save(id, status("on-hold")) && memory.save(id, status("completed")));
        assert_eq!(memory.order(id).unwrap().paid_at, paid_at);
        assert_eq!(memory.notes(id).len(), 3);
    }

    #[test]
    fn several_changes_are_due_as_one_delivery_of_the_newest_state() {
        let mut memory = Memory::default();
        for (id, topic) in Topic::ALL.into_iter().enumerate() {
            memory.webhooks.push(Webhook::new(u64::try_from(id).unwrap(), topic, "", "secret"));
        }
        let id = memory.place(Basket::default());
        assert!(memory.save(id, Change { total: Some("3160.00".to_owned()), ..Change::default() }));
        assert!(memory.save(id, status("cancelled")));
        assert_eq!(memory.due(), [(0, id), (1, id)]);
        for due in memory.due() {
            let (_, delivery) = memory.take_due(due, "http://127.0.0.1").unwrap();
            let body: Value = serde_json::from_slice(&delivery.body).unwrap();
            assert_eq!(
                (body.get("status").unwrap(), body.get("total").unwrap()),
                (&"cancelled".into(), &"3160.00".into())
            );
            assert!(memory.take_due(due, "").is_none());
        }
        assert!(memory.bin(id));
        let (_, delivery) = memory.take_due((2, id), "").unwrap();
        assert_eq!(delivery.body, format!("{{\"id\":{id}}}").into_bytes());
    }
}
