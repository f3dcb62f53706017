//! `expiry_date`: until when a link can be paid.
//!
//! In scope: the two written forms, and the one that PayTR gets. Not in scope: the clock, which is an argument.
//!
//! PayTR names no time zone for its form. Programs that use the Link API write Istanbul time, which has been +03:00 all
//! year round since 2016.

use super::text;
use crate::json::JsonValue;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// Longer than any text in either form with a fraction down to nanoseconds.
const MAX_DATE_CHARS: usize = 40;
/// The two forms with every digit written as 0; RFC 3339 without fraction and offset.
const PAYTR_SHAPE: &str = "0000-00-00 00:00:00";
const RFC_3339_SHAPE: &str = "0000-00-00T00:00:00";
/// Where the seconds stand in both.
const SECONDS: Range<usize> = 17..19;

const FORM: &str = "must be a date and time such as 2026-12-31T23:59:59+03:00, or 2026-12-31 23:59:59 in Istanbul time";
const NO_OFFSET: &str = "has no offset; end it with +03:00 or Z, or write Istanbul time as 2026-12-31 23:59:59";
const LEAP_SECOND: &str = "has a second 60; write 59, leap seconds are not taken";
const NO_SUCH_TIME: &str = "is a date, time or offset that does not exist";
const OUT_OF_RANGE: &str = "is too far off; the year has four digits";

/// A moment, to the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ExpiryDate {
    paytr: String,
    unix_ms: u64,
}

impl ExpiryDate {
    /// Parses RFC 3339 with an offset, or PayTR's `YYYY-MM-DD HH:MM:SS` in Istanbul time. A fraction of a second is
    /// dropped.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        Self::read(text(value).ok_or("must be text such as 2026-12-31T23:59:59+03:00")?)
    }

    /// `YYYY-MM-DD HH:MM:SS` in Istanbul time: what PayTR gets.
    #[must_use]
    pub fn to_paytr(&self) -> &str {
        &self.paytr
    }

    /// Unix milliseconds; 0 for what lies before 1970.
    #[must_use]
    pub const fn unix_ms(&self) -> u64 {
        self.unix_ms
    }

    /// Whether the moment is not to come any more.
    #[must_use]
    pub const fn is_past(&self, now_ms: u64) -> bool {
        self.unix_ms <= now_ms
    }

    fn read(written: &str) -> Result<Self, &'static str> {
        if written.len() > MAX_DATE_CHARS {
            return Err(FORM);
        }
        let rfc_3339 = to_rfc_3339(written)?;
        let parsed = OffsetDateTime::parse(&rfc_3339, &Rfc3339).map_err(|_| NO_SUCH_TIME)?;
        let istanbul = UtcOffset::from_hms(3, 0, 0).map_err(|_| OUT_OF_RANGE)?;
        let local = parsed.checked_to_offset(istanbul).ok_or(OUT_OF_RANGE)?;
        let formatted = local.format(&Rfc3339).map_err(|_| OUT_OF_RANGE)?;
        let paytr = formatted.get(..PAYTR_SHAPE.len()).ok_or(OUT_OF_RANGE)?.replace('T', " ");
        Ok(Self { paytr, unix_ms: u64::try_from(local.unix_timestamp()).unwrap_or(0).saturating_mul(1000) })
    }
}

/// A text in either form as RFC 3339. What is in neither is told apart here; whether such a time exists is not.
fn to_rfc_3339(written: &str) -> Result<String, &'static str> {
    // `T` and `Z` may be small letters (RFC 3339, section 5.6).
    let written = written.to_ascii_uppercase();
    let shape: String = written.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    if [PAYTR_SHAPE, RFC_3339_SHAPE].iter().any(|form| shape.starts_with(form)) && written.get(SECONDS) == Some("60") {
        return Err(LEAP_SECOND);
    }
    if shape == PAYTR_SHAPE {
        return Ok(format!("{}+03:00", written.replace(' ', "T")));
    }
    let rest = shape.strip_prefix(RFC_3339_SHAPE).ok_or(FORM)?;
    let offset = match rest.strip_prefix(".0") {
        Some(digits) => digits.trim_start_matches('0'),
        None => rest,
    };
    match offset {
        "" => Err(NO_OFFSET),
        "Z" | "+00:00" | "-00:00" => Ok(written),
        _ => Err(FORM),
    }
}

impl TryFrom<String> for ExpiryDate {
    type Error = &'static str;

    fn try_from(written: String) -> Result<Self, &'static str> {
        Self::read(&written)
    }
}

impl From<ExpiryDate> for String {
    fn from(date: ExpiryDate) -> Self {
        date.paytr
    }
}
