//! An order: what is placed, and what webhooks and the Admin API show of it.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use time::{OffsetDateTime, UtcOffset};

/// What a customer orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopifyBasket {
    /// What is to be paid, as Shopify writes it: `1580.00`
    pub total: String,
    /// `currency`
    pub currency: String,
    /// `payment_gateway_names`: a manual method's own name
    pub gateway: String,
    /// `name`; without it `#` and a number of the id
    pub name: Option<String>,
    /// `shipping_address.phone`; without it the plan shows no personal data at all
    pub phone: Option<String>,
    /// `email`
    pub email: Option<String>,
    /// The customer's first name
    pub first_name: String,
    /// `test`
    pub is_test: bool,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopifyOrder {
    /// `id`
    pub id: u64,
    /// What was ordered; its `total` is that of now.
    pub basket: ShopifyBasket,
    /// `financial_status`, in lower case
    pub financial_status: String,
    /// `total_outstanding`: what is still to be paid of it
    pub outstanding: String,
    /// Whether it is cancelled
    pub is_cancelled: bool,
    /// Unix seconds
    pub updated_at: u64,
    /// Its tags
    pub tags: BTreeSet<String>,
    /// The value of its metafield `paytr.notes`
    pub notes: Option<String>,
    /// The merchant's own note, which nobody else writes
    pub note: Option<String>,
}

impl Default for ShopifyBasket {
    /// An order by a manual payment method.
    fn default() -> Self {
        Self {
            total: "1580.00".to_owned(),
            currency: "TRY".to_owned(),
            gateway: "Havale".to_owned(),
            name: None,
            phone: None,
            email: None,
            first_name: String::new(),
            is_test: false,
        }
    }
}

impl ShopifyOrder {
    pub(super) fn new(id: u64, basket: ShopifyBasket, now: u64) -> Self {
        let outstanding = basket.total.clone();
        Self {
            id,
            basket,
            financial_status: "pending".to_owned(),
            outstanding,
            is_cancelled: false,
            updated_at: now,
            tags: BTreeSet::new(),
            notes: None,
            note: Some("Paketi kapıcıya bırakın.".to_owned()),
        }
    }

    /// Sets what is to be paid, in all.
    pub fn cost(&mut self, total: &str) {
        total.clone_into(&mut self.basket.total);
        total.clone_into(&mut self.outstanding);
    }

    /// Pays it whole.
    pub fn pay(&mut self) {
        "paid".clone_into(&mut self.financial_status);
        "0.00".clone_into(&mut self.outstanding);
    }

    /// Whether `orderMarkAsPaid` is taken.
    pub(super) fn can_be_marked(&self) -> bool {
        !self.is_cancelled && matches!(self.financial_status.as_str(), "pending" | "partially_paid" | "authorized")
    }

    /// Names the notes as they are now.
    pub(super) fn digest(&self) -> Option<String> {
        self.notes.as_ref().map(|notes| format!("{:x}", notes.len()))
    }

    /// The order as a webhook shows it.
    pub(super) fn to_json(&self) -> Value {
        let ShopifyBasket { total, currency, gateway, name, phone, email, first_name, is_test } = &self.basket;
        let both = json!({"shop_money": {"amount": total, "currency_code": currency},
            "presentment_money": {"amount": total, "currency_code": currency}});
        let person = |phone: &Option<String>| {
            json!({"first_name": first_name, "last_name": "", "address1": "Gül Sk. 1", "city": "İstanbul", "country_code": "TR",
                "phone": phone})
        };
        let updated = moment(self.updated_at);
        let number = self.id % 1_000_000;
        json!({"id": self.id, "admin_graphql_api_id": format!("gid://shopify/Order/{}", self.id),
            "name": name.clone().unwrap_or_else(|| format!("#{number}")), "order_number": number,
            "currency": currency, "presentment_currency": currency, "total_price": total, "total_price_set": both.clone(),
            "current_total_price": total, "current_total_price_set": both, "total_outstanding": self.outstanding,
            "financial_status": self.financial_status, "fulfillment_status": null,
            "payment_gateway_names": [gateway], "cancelled_at": self.is_cancelled.then(|| updated.clone()),
            "created_at": updated, "updated_at": updated, "test": is_test, "confirmed": true, "note": self.note,
            "tags": self.tags.iter().cloned().collect::<Vec<_>>().join(", "), "email": email, "contact_email": email,
            "phone": null, "billing_address": person(&None), "shipping_address": person(phone),
            "customer": {"id": 7_000_000_000_001_u64, "email": email, "phone": null, "first_name": first_name},
            "line_items": [{"id": 14_000_000_000_001_u64, "title": "Çanta \"özel\" & Şık", "quantity": 1, "price": total}]})
    }

    /// `order` of the Admin API, as the relay asks for it.
    pub(super) fn to_graphql(&self) -> Value {
        let amount = self.outstanding.strip_suffix('0').unwrap_or(&self.outstanding);
        json!({"cancelledAt": self.is_cancelled.then(|| moment(self.updated_at)),
            "displayFinancialStatus": self.financial_status.to_uppercase(),
            "totalOutstandingSet": {"presentmentMoney": {"amount": amount, "currencyCode": self.basket.currency}},
            "metafield": self.notes.as_ref().map(|notes| json!({"value": notes, "compareDigest": self.digest()}))})
    }
}

/// With the shop's own offset, as Shopify writes times.
fn moment(unix_seconds: u64) -> String {
    let at = i64::try_from(unix_seconds).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    let istanbul = UtcOffset::from_hms(3, 0, 0).unwrap_or(UtcOffset::UTC);
    let at = at.unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(istanbul);
    let (hour, minute, second) = at.to_hms();
    format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}+03:00", at.year(), u8::from(at.month()), at.day())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail this way")]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_the_offset_of_istanbul() {
        assert_eq!(moment(1_795_966_131), "2026-11-29T18:28:51+03:00");
    }

    #[test]
    fn an_order_is_marked_as_paid_once_and_never_when_it_is_cancelled() {
        let mut order = ShopifyOrder::new(1, ShopifyBasket::default(), 1);
        assert!(order.can_be_marked());
        order.pay();
        assert!(!order.can_be_marked());
        let cancelled = ShopifyOrder { is_cancelled: true, ..ShopifyOrder::new(1, ShopifyBasket::default(), 1) };
        assert!(!cancelled.can_be_marked());
        assert_eq!(order.to_json().get("total_outstanding").unwrap(), "0.00");
    }
}
