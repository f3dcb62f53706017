//! An order: what is placed, and what the shop's API and its webhooks show of it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::OffsetDateTime;

/// What a customer orders.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Basket {
    /// The status that the order begins with: `on-hold` for a bank transfer.
    pub status: String,
    /// The amount, as WooCommerce writes it: `1580.00`.
    pub total: String,
    /// `TRY`
    pub currency: String,
    /// The payment method's id: `bacs` is the bank transfer.
    pub payment_method: String,
    /// `billing.first_name`
    pub first_name: String,
    /// `billing.phone`, as the customer typed it.
    pub phone: String,
    /// `billing.email`
    pub email: String,
    /// `shipping.phone`
    pub shipping_phone: String,
    /// `number`, where a plugin numbers orders; else it is the id.
    pub number: Option<String>,
    /// How many lines the order has.
    pub lines: usize,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopOrder {
    /// `id`
    pub id: u64,
    /// What was ordered; its `status` and `total` are those of now.
    pub basket: Basket,
    /// `transaction_id`; empty while it is not paid.
    pub transaction_id: String,
    /// Unix seconds
    pub created_at: u64,
    /// Unix seconds
    pub modified_at: u64,
    /// Unix seconds
    pub paid_at: Option<u64>,
    /// `meta_data`: key and value
    pub meta_data: Vec<(String, Value)>,
}

/// A note of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// `id`
    pub id: u64,
    /// `author`: `system` for WooCommerce's own.
    pub author: String,
    /// Unix seconds
    #[serde(skip)]
    pub created_at: u64,
    /// `note`
    pub note: String,
    /// `customer_note`: whether it was mailed to the customer.
    pub customer_note: bool,
}

/// The statuses that WooCommerce's API takes.
pub(crate) const STATUSES: [&str; 10] = [
    "pending",
    "processing",
    "on-hold",
    "completed",
    "cancelled",
    "refunded",
    "failed",
    "trash",
    "auto-draft",
    "checkout-draft",
];
/// Members that no order of this shop has otherwise.
const CONSTANT: &str = include_str!("constant.json");
/// The statuses of a paid order.
pub(crate) const PAID: [&str; 2] = ["processing", "completed"];

impl Default for Basket {
    /// An order by bank transfer.
    fn default() -> Self {
        Self {
            status: "on-hold".to_owned(),
            total: "1580.00".to_owned(),
            currency: "TRY".to_owned(),
            payment_method: "bacs".to_owned(),
            first_name: String::new(),
            phone: String::new(),
            email: String::new(),
            shipping_phone: String::new(),
            number: None,
            lines: 1,
        }
    }
}

impl ShopOrder {
    /// `number`
    #[must_use]
    pub fn number(&self) -> String {
        self.basket.number.clone().unwrap_or_else(|| self.id.to_string())
    }

    /// Whether the customer can pay it at the checkout: not while it is on hold.
    pub(crate) fn needs_payment(&self) -> bool {
        matches!(self.basket.status.as_str(), "pending" | "failed")
    }

    /// The order as REST v3 and webhooks show it.
    pub(crate) fn to_json(&self, shop_url: &str) -> Value {
        let Basket { status, total, currency, payment_method, first_name, phone, email, shipping_phone, lines, .. } =
            &self.basket;
        let person = |email: Option<&str>, phone: &str| {
            let mut person = json!({"first_name": first_name, "last_name": "", "company": "", "address_1": "Gül Sk. 1",
                "address_2": "", "city": "İstanbul", "state": "TR34", "postcode": "34000", "country": "TR", "phone": phone});
            if let (Some(email), Some(members)) = (email, person.as_object_mut()) {
                members.insert("email".to_owned(), json!(email));
            }
            person
        };
        let completed = self.paid_at.filter(|_| status == "completed").map(moment);
        let (id, order_key) = (self.id, format!("wc_order_{:013}", self.id));
        let (created, modified, paid) = (moment(self.created_at), moment(self.modified_at), self.paid_at.map(moment));
        let meta =
            |(number, (key, value)): (usize, &(String, Value))| json!({"id": number, "key": key, "value": value});
        let money = json!({"status": status, "currency": currency, "total": total, "payment_method": payment_method,
            "transaction_id": self.transaction_id, "billing": person(Some(email), phone),
            "shipping": person(None, shipping_phone)});
        let times = json!({"date_created": created, "date_created_gmt": created, "date_modified": modified,
            "date_modified_gmt": modified, "date_paid": paid, "date_paid_gmt": paid, "date_completed": completed,
            "date_completed_gmt": completed});
        let rest = json!({"id": id, "number": self.number(), "version": super::VERSION, "order_key": order_key,
            "is_editable": matches!(status.as_str(), "pending" | "on-hold" | "auto-draft"),
            "needs_payment": self.needs_payment(),
            "payment_url": format!("{shop_url}/checkout/order-pay/{id}/?pay_for_order=true&key={order_key}"),
            "meta_data": self.meta_data.iter().enumerate().map(meta).collect::<Vec<_>>(),
            "line_items": (1..=*lines).map(|number| line(number, total)).collect::<Vec<_>>(),
            "_links": {"self": [{"href": format!("{shop_url}/wp-json/wc/v3/orders/{id}")}],
                "collection": [{"href": format!("{shop_url}/wp-json/wc/v3/orders")}]}});
        let constant = serde_json::from_str(CONSTANT).unwrap_or_default();
        let members = [constant, money, times, rest].into_iter().filter_map(|part| match part {
            Value::Object(members) => Some(members),
            _ => None,
        });
        Value::Object(members.flatten().collect())
    }
}

fn line(number: usize, total: &str) -> Value {
    json!({"id": number, "name": "Çanta \"özel\" & Şık", "product_id": 10, "variation_id": 0, "quantity": 1,
        "tax_class": "", "subtotal": total, "subtotal_tax": "0.00", "total": total, "total_tax": "0.00", "taxes": [],
        "meta_data": [], "sku": "CANTA-1", "global_unique_id": "", "image": {"id": "", "src": ""}, "parent_name": null})
}

impl Note {
    /// The note as REST v3 shows it.
    pub(crate) fn to_json(&self) -> Value {
        let Self { id, author, created_at, note, customer_note } = self;
        let at = moment(*created_at);
        json!({"id": id, "author": author, "date_created": at, "date_created_gmt": at, "note": note,
            "customer_note": customer_note})
    }
}

/// UTC without a zone, in whole seconds, as WooCommerce writes times.
fn moment(unix_seconds: u64) -> String {
    let at = i64::try_from(unix_seconds).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    let at = at.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (hour, minute, second) = at.to_hms();
    format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}", at.year(), u8::from(at.month()), at.day())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail this way")]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The names of an order that a WooCommerce 11.0.1 posted.
    const SEEN: [&str; 47] = [
        "_links",
        "billing",
        "cart_hash",
        "cart_tax",
        "coupon_lines",
        "created_via",
        "currency",
        "currency_symbol",
        "customer_id",
        "customer_ip_address",
        "customer_note",
        "customer_user_agent",
        "date_completed",
        "date_completed_gmt",
        "date_created",
        "date_created_gmt",
        "date_modified",
        "date_modified_gmt",
        "date_paid",
        "date_paid_gmt",
        "discount_tax",
        "discount_total",
        "fee_lines",
        "id",
        "is_editable",
        "line_items",
        "meta_data",
        "needs_payment",
        "needs_processing",
        "number",
        "order_key",
        "parent_id",
        "payment_method",
        "payment_method_title",
        "payment_url",
        "prices_include_tax",
        "refunds",
        "shipping",
        "shipping_lines",
        "shipping_tax",
        "shipping_total",
        "status",
        "tax_lines",
        "total",
        "total_tax",
        "transaction_id",
        "version",
    ];

    #[test]
    fn an_order_has_the_members_that_woocommerce_gives_it() {
        let order = ShopOrder {
            id: 13,
            basket: Basket::default(),
            transaction_id: String::new(),
            created_at: 1_795_966_131,
            modified_at: 1_795_966_155,
            paid_at: None,
            meta_data: Vec::new(),
        };
        let json = order.to_json("http://127.0.0.1");
        let names: BTreeSet<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, BTreeSet::from(SEEN));
        let text = |name: &str| json.get(name).and_then(Value::as_str).unwrap().to_owned();
        assert_eq!((text("date_created_gmt"), text("date_modified_gmt")), (SEEN_AT.0.to_owned(), SEEN_AT.1.to_owned()));
    }

    const SEEN_AT: (&str, &str) = ("2026-11-29T15:28:51", "2026-11-29T15:29:15");
}
