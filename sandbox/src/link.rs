//! A payment link that the sandbox made: what it is, and whether it can still be paid.

use serde::{Deserialize, Serialize};

use crate::payment::Payment;

/// PayTR's three kinds of link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkType {
    /// A fixed price for each piece, `max_count` pieces at most.
    Product,
    /// An amount that one payer owes; the payer can change it, and can pay again.
    Collection,
    /// The payer chooses an amount between `price` and `flex_max_price`.
    Flex,
}

impl LinkType {
    /// PayTR's name of it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Collection => "collection",
            Self::Flex => "flex",
        }
    }
}

/// Whether a link can be paid, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Nobody has paid yet.
    Open,
    /// Paid, and it can be paid again.
    Paid,
    /// A product link of whose `max_count` pieces fewer than `min_count` are left. PayTR documents the case that none is
    /// left; of the others nobody can buy, either.
    SoldOut,
    /// After its `expiry_date`.
    Expired,
    /// By `delete`.
    Deleted,
}

impl LinkState {
    /// Whether the link can be paid and sent.
    #[must_use]
    pub fn is_active(self) -> bool {
        matches!(self, Self::Open | Self::Paid)
    }
}

/// Where PayTR tells the merchant of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// `callback_link`
    pub url: String,
    /// `callback_id`
    pub id: String,
}

/// What `create` asked for, after PayTR's checks. Amounts are in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// What is paid for.
    pub name: String,
    /// Of one piece; for a flex link the least that may be paid.
    pub price: u64,
    /// `TL`, `EUR`, `USD`, `GBP` or `RUB`.
    pub currency: String,
    /// 1 to 12; 1 is none.
    pub max_installment: u8,
    /// Up to so many instalments cost no interest (`pft`).
    pub free_installments: u8,
    /// The kind.
    pub link_type: LinkType,
    /// `tr` or `en`: the language of the payment page.
    pub lang: String,
    /// Product links: so many pieces at once, at least.
    pub min_count: Option<u64>,
    /// Product links: so many pieces over all payments, at most.
    pub max_count: Option<u64>,
    /// Collection links: the payer's.
    pub email: Option<String>,
    /// Flex links: the most that may be paid.
    pub flex_max_price: Option<u64>,
    /// Flex links.
    pub user_name: Option<String>,
    /// As it was sent, in Istanbul time.
    pub expiry_date: Option<String>,
    /// The same in Unix time, milliseconds.
    pub expires_at: Option<u64>,
    /// Without one nobody is told of a payment.
    pub callback: Option<Callback>,
    /// Whether the answer has the QR code.
    pub qr: bool,
}

/// A link that the sandbox made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Link {
    /// Seven letters and digits, case matters.
    pub id: String,
    /// What `create` asked for.
    pub terms: Terms,
    /// Unix time in milliseconds.
    pub created_at: u64,
    /// Whether `delete` took it away.
    pub deleted: bool,
    /// In the order they were made.
    pub payments: Vec<Payment>,
}

impl Link {
    /// The state at a moment, Unix time in milliseconds.
    #[must_use]
    pub fn state(&self, now: u64) -> LinkState {
        let least = self.terms.min_count.unwrap_or(1);
        if self.deleted {
            LinkState::Deleted
        } else if self.left().is_some_and(|left| left < least) {
            LinkState::SoldOut
        } else if self.terms.expires_at.is_some_and(|expiry| expiry <= now) {
            LinkState::Expired
        } else if self.payments.is_empty() {
            LinkState::Open
        } else {
            LinkState::Paid
        }
    }

    /// Returns how many pieces were sold; 0 for a link that is not sold by the piece.
    #[must_use]
    pub fn sold(&self) -> u64 {
        self.payments.iter().filter_map(|payment| payment.quantity).fold(0, u64::saturating_add)
    }

    /// Returns how many pieces can still be bought; `None` is no limit.
    #[must_use]
    pub fn left(&self) -> Option<u64> {
        self.terms.max_count.map(|max_count| max_count.saturating_sub(self.sold()))
    }

    /// The interest of a number of instalments, in thousandths of the amount. Made up: banks differ.
    #[must_use]
    pub fn interest_permille(&self, installments: u8) -> u64 {
        if installments <= self.terms.free_installments.max(1) {
            return 0;
        }
        u64::from(installments).saturating_mul(15)
    }

    /// What the payer pays for an amount in so many instalments: interest is rounded up.
    #[must_use]
    pub fn total(&self, amount: u64, installments: u8) -> u64 {
        amount.saturating_add(amount.saturating_mul(self.interest_permille(installments)).div_ceil(1000))
    }
}
