//! A moment that a message names, such as `created_after`.

use super::text;
use crate::json::JsonValue;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Where separator and seconds stand in `2026-11-25T10:00:00Z`.
const SEPARATOR: Range<usize> = 10..11;
const SECONDS: Range<usize> = 17..19;

/// A moment in Unix milliseconds, 1970 or later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(u64);

impl Moment {
    /// Parses RFC 3339 with an offset. Between date and time stands a `T` or a blank, and there is no second 60.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        text(value)
            .filter(|text| is_plain(text))
            .and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok())
            .and_then(|moment| u64::try_from(moment.unix_timestamp_nanos().checked_div(1_000_000)?).ok())
            .map(Self)
            .ok_or("must be a time with an offset, as text, such as 2026-11-25T10:00:00Z")
    }

    /// Unix milliseconds.
    #[must_use]
    pub const fn unix_ms(self) -> u64 {
        self.0
    }
}

/// Whether it has nothing of what the parser takes beyond what is documented: any separator, and leap seconds.
fn is_plain(text: &str) -> bool {
    matches!(text.get(SEPARATOR), Some("T" | "t" | " ")) && text.get(SECONDS) != Some("60")
}
