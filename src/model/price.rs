//! `price` and `flex_max_price`: an amount of money.

use super::integer_within;
use crate::json::JsonValue;
use crate::packed;
use serde::Serialize;

/// The largest price, in minor units.
pub const MAX_PRICE: u64 = 9_999_999_999;

/// An amount in minor units, 1 to [`MAX_PRICE`]: 1445 is 14.45, in every currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Price(u64);

packed!(struct Price(_));

impl Price {
    /// Parses a price. A fraction is refused: taken as minor units, or as major ones, it might be a hundredth of what
    /// was meant, or a hundred times as much.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        match value {
            JsonValue::Integer(_) => integer_within(value, 1..=MAX_PRICE)
                .map(Self)
                .ok_or("must be from 1 to 9999999999 minor units: 14.45 is written 1445"),
            JsonValue::Text(_) => Err("must be a number, not text, in minor units: 14.45 is written 1445"),
            _ => Err("must be minor units, a whole number of 1 or more: 14.45 is written 1445"),
        }
    }

    /// Minor units.
    #[must_use]
    pub const fn minor_units(self) -> u64 {
        self.0
    }
}
