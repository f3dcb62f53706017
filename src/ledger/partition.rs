//! Which of the partitions keeps what.

use crate::mac::Tag;
use crate::model::{CallbackId, OrderKey};
use crate::paytr::Merchant;

/// How many objects share everything. **Never change it once a relay runs: with another number nothing is found again.**
pub const PARTITIONS: u8 = 32;

/// One of the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition(u8);

impl Partition {
    /// Every partition.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..PARTITIONS).map(Self)
    }

    /// The partition of a link.
    #[must_use]
    pub fn of_link(callback_id: &CallbackId) -> Self {
        Self::from_byte(callback_id.first_byte())
    }

    /// The partition of an order.
    #[must_use]
    pub fn of_order(merchant: &Merchant, order: &OrderKey) -> Self {
        Self::of_hash(&merchant.keyed_hash(&["order", &order.storefront, &order.order_id]))
    }

    /// The partition of what concerns a storefront as a whole.
    #[must_use]
    pub fn of_storefront(merchant: &Merchant, name: &str) -> Self {
        Self::of_hash(&merchant.keyed_hash(&["storefront", name]))
    }

    pub(super) fn of_hash(hash: &Tag) -> Self {
        let [first, ..] = *hash;
        Self::from_byte(first)
    }

    const fn from_byte(byte: u8) -> Self {
        Self(byte % PARTITIONS)
    }

    /// The object's name, `ledger-00` to `ledger-31`.
    #[must_use]
    pub fn name(self) -> String {
        format!("ledger-{:02}", self.0)
    }
}
