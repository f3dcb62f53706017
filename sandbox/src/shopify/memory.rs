//! What the shop remembers: orders, tokens, what the API was asked, and deliveries.

use super::order::{ShopifyBasket, ShopifyOrder};
use super::trouble::ShopifyTrouble;
use crate::clock;
use crate::woocommerce::HookDelivery;
use rand::RngExt;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Ids have 18 digits: no floating-point number holds them.
const FIRST_ID: u64 = 812_345_678_901_234_567;

/// A request to the Admin API about an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiCall {
    /// The order
    pub order_id: u64,
    /// Path
    pub path: String,
    /// The fields of the document that are known: `order`, `tagsAdd`, `orderMarkAsPaid`
    pub asked: Vec<&'static str>,
    /// `variables`
    pub variables: Value,
}

#[derive(Debug, Default)]
pub(super) struct Memory {
    orders: BTreeMap<u64, ShopifyOrder>,
    /// Address and secret
    pub(super) webhook: Option<(String, String)>,
    pub(super) under_way: usize,
    pub(super) deliveries: Vec<HookDelivery>,
    pub(super) troubles: HashMap<u64, ShopifyTrouble>,
    pub(super) calls: Vec<ApiCall>,
    pub(super) tokens: BTreeSet<String>,
    pub(super) given: Vec<String>,
}

impl Memory {
    pub(super) fn place(&mut self, basket: ShopifyBasket) -> u64 {
        let id = self.orders.last_key_value().map_or(FIRST_ID, |(id, _)| id.saturating_add(1));
        self.orders.insert(id, ShopifyOrder::new(id, basket, seconds()));
        id
    }

    pub(super) fn order(&self, id: u64) -> Option<&ShopifyOrder> {
        self.orders.get(&id)
    }

    pub(super) fn edit(&mut self, id: u64, edit: impl FnOnce(&mut ShopifyOrder)) {
        if let Some(order) = self.orders.get_mut(&id) {
            edit(order);
            order.updated_at = seconds();
        }
    }

    pub(super) fn delete(&mut self, id: u64) {
        self.orders.remove(&id);
    }

    /// Gives a new token; those before it stay good.
    pub(super) fn give_token(&mut self) -> String {
        let token = format!("shpat_{:032x}", rand::rng().random::<u128>());
        self.tokens.insert(token.clone());
        self.given.push(token.clone());
        token
    }
}

fn seconds() -> u64 {
    clock::now() / 1000
}
