//! Is a payment what the link asked for?
//!
//! In scope: a payment with a good hash beside the relay's own record of the link. Not in scope: what follows from it.

use crate::model::currency::Currency;
use crate::model::price::Price;
use crate::paytr::{Notification, Unsigned};
use serde::{Deserialize, Serialize};

/// What the relay's own record says about the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// The price; for `flex` the least that may be paid.
    pub price: Price,
    /// The currency of `price`.
    pub currency: Currency,
    /// Whether the link is to be paid once.
    pub paid_once: bool,
}

/// What the shop is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// `link.paid`: everything fits. A shop may ship on it alone.
    LinkPaid,
    /// `link.payment_review`: money may have moved, and a person has to look at it. At least one reason.
    Review(Vec<Reason>),
}

/// Why a payment has to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The relay has no record of the link.
    UnknownLink,
    /// `status` is not `success`.
    NotSuccess,
    /// `merchant_id` is another's.
    OtherMerchant,
    /// `currency` is another than the link's.
    OtherCurrency,
    /// Less than the price was paid.
    TooLittle,
    /// PayTR's test mode: no money was moved.
    TestPayment,
    /// A link that is to be paid once was paid before.
    PaidBefore,
}

impl Verdict {
    /// Judges a payment. `expected` is `None` if the relay has no record of the link; `merchant_id` is the relay's own;
    /// `paid_before` says whether another payment of this link was a `link.paid`.
    ///
    /// What PayTR leaves unsigned can only speak against a payment: whoever could take such a field away gains nothing
    /// that its absence would not have given.
    #[must_use]
    pub fn new(notification: &Notification, expected: Option<&Expected>, merchant_id: &str, paid_before: bool) -> Self {
        let Unsigned { currency, test_mode, merchant_id: paid_to, .. } = &notification.unsigned;
        let against = [
            (Reason::UnknownLink, expected.is_none()),
            (Reason::NotSuccess, notification.status != "success"),
            (Reason::OtherMerchant, paid_to.as_ref().is_some_and(|paid_to| paid_to != merchant_id)),
            (
                Reason::OtherCurrency,
                expected
                    .zip(currency.as_ref())
                    .is_some_and(|(expected, currency)| Currency::from_name(currency) != Some(expected.currency)),
            ),
            (Reason::TooLittle, expected.is_some_and(|expected| is_too_little(notification, expected.price))),
            (Reason::TestPayment, *test_mode == Some(true)),
            (Reason::PaidBefore, paid_before && expected.is_some_and(|expected| expected.paid_once)),
        ];
        let reasons: Vec<Reason> =
            against.into_iter().filter_map(|(reason, applies)| applies.then_some(reason)).collect();
        if reasons.is_empty() { Self::LinkPaid } else { Self::Review(reasons) }
    }

    /// The event's `type`.
    #[must_use]
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::LinkPaid => "link.paid",
            Self::Review(_) => "link.payment_review",
        }
    }

    /// The reasons, none for [`Verdict::LinkPaid`].
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::LinkPaid => &[],
            Self::Review(reasons) => reasons,
        }
    }
}

/// `total_amount` is signed, but it holds the instalment interest that the payer bears: a payer who may change the
/// amount could pay less than the price in so many instalments that the interest makes up for it. `payment_amount` is
/// without interest, but not signed. So the first has to reach the price, and the second too where it is given.
fn is_too_little(notification: &Notification, price: Price) -> bool {
    let price = price.minor_units();
    notification.total_amount < price || notification.unsigned.payment_amount.is_some_and(|amount| amount < price)
}
