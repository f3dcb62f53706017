//! Orders of storefronts, each with its newest link.

use super::{Columns, Storage, blob, failure, number};
use crate::ledger::{decrypt, encrypt};
use crate::model::OrderKey;
use crate::order::{Order, order_expires_at};
use crate::packed::{pack, unpack};
use crate::paytr::Merchant;
use worker::Result;
use worker::wasm_bindgen::JsValue;

/// `record` is packed. `people` are those that are to be written to, encrypted; empty as soon as they were.
pub const TABLE: &str = "CREATE TABLE orders (
    storefront TEXT NOT NULL,
    order_id TEXT NOT NULL,
    record BLOB NOT NULL,
    people TEXT,
    PRIMARY KEY (storefront, order_id)
) WITHOUT ROWID";

impl Storage {
    /// An order. What of it cannot be read is an error, never as if there were none.
    pub fn order(&self, merchant: &Merchant, key: &OrderKey) -> Result<Option<Order>> {
        let select = "SELECT record, people FROM orders WHERE storefront = ? AND order_id = ?";
        let values = vec![key.storefront.as_str().into(), key.order_id.as_str().into()];
        self.row(select, values, |row| read(merchant, row))
    }

    /// Writes an order.
    pub fn put_order(&self, merchant: &Merchant, key: &OrderKey, order: &Order) -> Result<()> {
        let put = "INSERT INTO orders (storefront, order_id, record, people) VALUES (?, ?, ?, ?)
            ON CONFLICT (storefront, order_id) DO UPDATE SET record = excluded.record, people = excluded.people";
        let people = if order.people.is_empty() {
            JsValue::NULL
        } else {
            encrypt(merchant, &pack(&order.people)).ok_or_else(|| failure("nothing can be encrypted"))?.into()
        };
        let values = vec![key.storefront.as_str().into(), key.order_id.as_str().into(), blob(order), people];
        self.execute(put, values)
    }

    /// Looks at the orders after this one, deletes those whose time is over, and returns the last one that was looked at;
    /// `None` at the end of the table. An order that cannot be read stays.
    pub fn sweep_orders(
        &self,
        merchant: &Merchant,
        after: &(String, String),
        now: u64,
        count: u32,
    ) -> Result<Option<(String, String)>> {
        let select = "SELECT storefront, order_id, record, people FROM orders WHERE (storefront, order_id) > (?, ?)
            ORDER BY storefront, order_id LIMIT ?";
        let (storefront, order_id) = after;
        let values = vec![storefront.as_str().into(), order_id.as_str().into(), number(count.into())];
        let rows = self.rows(select, values, |row| Ok(((row.text()?, row.text()?), read(merchant, row).ok())))?;
        let last = rows.last().map(|(key, _)| key.clone());
        for ((storefront, order_id), order) in rows {
            if order.is_some_and(|order| order_expires_at(&order) <= now) {
                let delete = "DELETE FROM orders WHERE storefront = ? AND order_id = ?";
                self.execute(delete, vec![storefront.into(), order_id.into()])?;
            }
        }
        Ok(last)
    }
}

/// Reads `record` and `people`.
fn read(merchant: &Merchant, row: &mut Columns) -> Result<Order> {
    let unreadable = || failure("the record of an order cannot be read");
    let mut order: Order = unpack(&row.bytes()?).ok_or_else(unreadable)?;
    if let Some(people) = row.optional_text()? {
        let people = decrypt(merchant, &people).ok_or_else(unreadable)?;
        order.people = unpack(&people).ok_or_else(unreadable)?;
    }
    Ok(order)
}
