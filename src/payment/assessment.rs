//! Is a payment what the link asked for?
//!
//! In scope: a payment with a good hash beside the relay's own record of the link. Not in scope: what follows from it.

use super::event_type::EventType;
use crate::link::Link;
use crate::model::currency::Currency;
use crate::packed;
use crate::paytr::{Notification, TotalAmount, Unsigned};
use serde::Serialize;

/// What a payment is held against.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The relay's own `merchant_id`.
    pub merchant_id: &'a str,
    /// The relay's own record of the link; `None` if it has none.
    pub link: Option<&'a Link>,
    /// Whether PayTR said something else of this very payment before.
    pub is_changed: bool,
}

/// What a payment is worth: nothing speaks against it, or these reasons do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Why a person has to look at it.
    pub reasons: Vec<Reason>,
}

/// Why a payment has to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The relay has no record of the link.
    UnknownLink,
    /// `status` is not `success`.
    NotSuccess,
    /// A field that the payment is judged by is there and cannot be read.
    Unreadable,
    /// `merchant_id` is another's.
    OtherMerchant,
    /// `currency` is another than the link's.
    OtherCurrency,
    /// Less was paid than one purchase costs.
    TooLittle,
    /// PayTR's test mode: no money was moved.
    TestPayment,
    /// The shop had deleted the link.
    Deleted,
    /// A link that is to be paid once was paid before.
    PaidBefore,
    /// PayTR said something else of this payment before, under the same `merchant_oid`.
    Changed,
}

packed!(enum Reason {
    0 UnknownLink,
    1 NotSuccess,
    2 Unreadable,
    3 OtherMerchant,
    4 OtherCurrency,
    5 TooLittle,
    6 TestPayment,
    7 Deleted,
    8 PaidBefore,
    9 Changed,
});

impl Assessment {
    /// Judges a payment.
    ///
    /// What PayTR leaves unsigned can only speak against a payment: whoever could take such a field away gains nothing
    /// that its absence would not have given. A field that is there and cannot be read is not absent.
    #[must_use]
    pub fn new(notification: &Notification, expected: &Expected<'_>) -> Self {
        let Unsigned { currency, test_mode, merchant_id: paid_to, .. } = &notification.unsigned;
        let &Expected { merchant_id, link, is_changed } = expected;
        let is_unreadable = notification.unsigned_text.speaks_against()
            || matches!(notification.total_amount, TotalAmount::Unreadable(_));
        let is_other_currency =
            |link: &Link| currency.as_ref().is_some_and(|name| Currency::from_name(name) != Some(link.terms.currency));
        let against = [
            (Reason::UnknownLink, link.is_none()),
            (Reason::NotSuccess, notification.status != "success"),
            (Reason::Unreadable, is_unreadable),
            (Reason::OtherMerchant, paid_to.as_ref().is_some_and(|paid_to| paid_to != merchant_id)),
            (Reason::OtherCurrency, link.is_some_and(is_other_currency)),
            (Reason::TooLittle, link.is_some_and(|link| is_too_little(notification, link.terms.least()))),
            (Reason::TestPayment, *test_mode == Some(true)),
            (Reason::Deleted, link.is_some_and(|link| link.deleted_at.is_some())),
            (Reason::PaidBefore, link.is_some_and(|link| link.terms.paid_once && link.paid_at.is_some())),
            (Reason::Changed, is_changed),
        ];
        Self { reasons: against.into_iter().filter_map(|(reason, applies)| applies.then_some(reason)).collect() }
    }

    /// What the shop is told.
    #[must_use]
    pub fn event_type(&self) -> EventType {
        if self.reasons.is_empty() { EventType::LinkPaid } else { EventType::LinkPaymentReview }
    }

    /// Whether the link was paid as it was to be, though the shop may have deleted it before.
    #[must_use]
    pub fn pays_the_link(&self) -> bool {
        self.reasons.iter().all(|reason| *reason == Reason::Deleted)
    }
}

/// `total_amount` is signed, but it holds the instalment interest that the payer bears: a payer who may change the
/// amount could pay less than the price in so many instalments that the interest makes up for it. `payment_amount` is
/// without interest, but not signed. So the first has to reach the least, and the second too where it is given.
fn is_too_little(notification: &Notification, least: u64) -> bool {
    let amounts = [notification.total_amount.minor_units(), notification.unsigned.payment_amount];
    amounts.into_iter().flatten().any(|amount| amount < least)
}
