//! `min_count` and `max_count`: how many of a product.

use super::integer_within;
use crate::json::JsonValue;
use crate::packed;

/// The largest count. PayTR names none; this one leaves no doubt that it is a number of pieces.
pub const MAX_COUNT: u64 = 999_999;

/// A number of pieces, 1 to [`MAX_COUNT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(u64);

packed!(struct Count(_));

impl Count {
    /// Parses a count.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        integer_within(value, 1..=MAX_COUNT).map(Self).ok_or("must be from 1 to 999999, as a number")
    }

    /// 1 to [`MAX_COUNT`]
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl Default for Count {
    fn default() -> Self {
        Self(1)
    }
}
