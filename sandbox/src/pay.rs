//! What a payer asks of a link: whether it can be paid so, and the payment that comes of it.
//!
//! In scope: checks, amounts, what the notification says. Not in scope: keeping the payment (`store.rs`) and telling of
//! it (`notifier.rs`).

use std::fmt;

use serde::Deserialize;

use crate::{
    form::Fields,
    link::{Link, LinkState},
    merchant::Merchant,
    notification::Notification,
    payment::{NotificationState, Payment},
};

/// What a payer does, for [`crate::Sandbox::pay`] and `POST /sandbox/links/<id>/pay`. By default: pays the price of the
/// link for `min_count` pieces, by card, without instalments. Everything else is there to try a merchant out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pay {
    /// Pieces of a product link; its `min_count` by default. Fewer are refused unless there is an `amount`, more than are
    /// left unless `even_if_inactive`.
    pub quantity: Option<u64>,
    /// `payment_amount` in minor units, any amount. By default the link's price times the quantity.
    pub amount: Option<u64>,
    /// `total_amount`. The amount with the interest of the instalments by default.
    pub total_amount: Option<u64>,
    /// 1 to the link's `max_installment`; 1 by default.
    pub installments: Option<u8>,
    /// The link's by default.
    pub currency: Option<String>,
    /// Whether it is a test payment.
    pub test_mode: bool,
    /// The sandbox's merchant by default.
    pub merchant_id: Option<String>,
    /// `success` by default.
    pub status: Option<String>,
    /// A new one by default.
    pub merchant_oid: Option<String>,
    /// Names of fields that the notification goes without.
    pub leave_out: Vec<String>,
    /// Pays a link that is sold out, expired or deleted, too, or more pieces than are left: two payers at once can do
    /// that.
    pub even_if_inactive: bool,
}

impl Pay {
    /// Returns the payment that this makes of a link at `now`, Unix time in milliseconds. The link does not have it yet.
    pub(crate) fn payment(
        self,
        link: &Link,
        merchant: &Merchant,
        merchant_oid: &str,
        now: u64,
    ) -> Result<Payment, PayError> {
        let state = link.state(now);
        if !state.is_active() && !self.even_if_inactive {
            return Err(PayError::Inactive(state));
        }
        let installments = self.installments.unwrap_or(1);
        if !(1..=link.terms.max_installment).contains(&installments) {
            return Err(PayError::Installments);
        }
        let quantity = self.pieces(link)?;
        let payment_amount = self.amount.unwrap_or_else(|| link.terms.price.saturating_mul(quantity.unwrap_or(1)));
        let total_amount = self.total_amount.unwrap_or_else(|| link.total(payment_amount, installments));
        let currency = self.currency.unwrap_or_else(|| link.terms.currency.clone());
        let fields = link.terms.callback.as_ref().map_or_else(Fields::new, |callback| {
            let plain = Notification::new(merchant, &callback.id, merchant_oid, total_amount);
            let notification = Notification {
                payment_amount: Some(payment_amount.to_string()),
                currency: Some(currency.clone()),
                test_mode: Some(u8::from(self.test_mode).to_string()),
                merchant_id: self.merchant_id.or(plain.merchant_id),
                status: self.status.unwrap_or(plain.status),
                ..plain
            };
            let mut fields = notification.fields(merchant);
            fields.retain(|(name, _)| !self.leave_out.contains(name));
            fields
        });
        Ok(Payment {
            merchant_oid: merchant_oid.to_owned(),
            at: now,
            quantity,
            payment_amount,
            total_amount,
            currency,
            installments,
            test_mode: self.test_mode,
            callback_url: link.terms.callback.as_ref().map(|callback| callback.url.clone()),
            notification: if fields.is_empty() { NotificationState::None } else { NotificationState::Pending },
            fields,
            attempts: Vec::new(),
            next_attempt_at: None,
        })
    }

    /// Returns how many pieces are bought; `None` if the link is not sold by the piece.
    fn pieces(&self, link: &Link) -> Result<Option<u64>, PayError> {
        let Some(min_count) = link.terms.min_count else {
            return if self.quantity.is_none() { Ok(None) } else { Err(PayError::NoQuantity) };
        };
        let quantity = self.quantity.unwrap_or(min_count);
        let least = if self.amount.is_some() { 1 } else { min_count };
        if quantity < least {
            return Err(PayError::TooFew);
        }
        if link.left().is_some_and(|left| quantity > left) && !self.even_if_inactive {
            return Err(PayError::TooMany);
        }
        Ok(Some(quantity))
    }
}

/// Why a link cannot be paid so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayError {
    /// The sandbox made no link of this id.
    NoSuchLink,
    /// Sold out, expired or deleted.
    Inactive(LinkState),
    /// More instalments than the link has, or none.
    Installments,
    /// A quantity for a link that is not sold by the piece.
    NoQuantity,
    /// Fewer pieces than the link's `min_count`, or none.
    TooFew,
    /// More pieces than are left.
    TooMany,
    /// Another payment has this `merchant_oid`.
    MerchantOidTaken,
}

impl fmt::Display for PayError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoSuchLink => "The sandbox made no link of this id.",
            Self::Inactive(LinkState::Deleted) => "The link was deleted.",
            Self::Inactive(LinkState::Expired) => "The link has expired.",
            Self::Inactive(_) => "The link is sold out.",
            Self::Installments => "installments is 1 to the link's max_installment.",
            Self::NoQuantity => "Only a product link is sold by quantity.",
            Self::TooFew => "quantity is the link's min_count at least; with an amount, 1 at least.",
            Self::TooMany => "Fewer pieces of the link are left.",
            Self::MerchantOidTaken => "Another payment has this merchant_oid.",
        })
    }
}

impl std::error::Error for PayError {}
