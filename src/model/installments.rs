//! `max_installment` and `pft`: in how many parts a card may be charged.

use super::integer_within;
use crate::json::JsonValue;
use crate::packed;

/// The most instalments that the payer may choose: 1 to 12, 1 being none. PayTR documents no 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxInstallment(u64);

packed!(struct MaxInstallment(_));

impl MaxInstallment {
    /// Parses a number of instalments.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        integer_within(value, 1..=12).map(Self).ok_or("must be from 1 to 12, as a number; 1 allows no instalments")
    }

    /// 1 to 12
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl Default for MaxInstallment {
    fn default() -> Self {
        Self(12)
    }
}

/// Up to how many instalments the merchant bears the interest ("peşin fiyatına taksit"): 2 to 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pft(u64);

packed!(struct Pft(_));

impl Pft {
    /// Parses a number of instalments.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        integer_within(value, 2..=12).map(Self).ok_or("must be from 2 to 12, as a number")
    }

    /// 2 to 12
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}
