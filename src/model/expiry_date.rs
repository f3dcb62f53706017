//! `expiry_date`: until when a link can be paid.
//!
//! In scope: the written forms, and the one that PayTR gets. Not in scope: the clock, which is an argument.
//!
//! PayTR names no time zone for its form. Programs that use the Link API write Istanbul time, which has been +03:00 all
//! year round since 2016.

use super::text;
use crate::json::JsonValue;
use crate::packed;
use std::str::FromStr;
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

/// Longer than any text in one of the forms with a fraction down to nanoseconds.
const MAX_DATE_CHARS: usize = 40;

macro_rules! refusal {
    ($($what:literal),*) => {
        concat!(
            $($what,)*
            "must be a date and time such as 2026-12-31T23:59:59+03:00, or 2026-12-31 23:59:59 in Istanbul time"
        )
    };
}

const FORM: &str = refusal!();
const NO_TIME: &str = refusal!("has no time of day; it ");
const NO_MINUTES: &str = refusal!("has no minutes; it ");
const NO_SECONDS: &str = refusal!("has neither seconds nor an offset; it ");
const OFFSET_FORM: &str = refusal!("has an offset that is not written like +03:00; it ");
const ZONE_NAME: &str = refusal!("has the name of a time zone, where its offset alone belongs; it ");
const BLANK: &str = refusal!("has a blank too many; it ");
const NO_OFFSET: &str = "has no offset; end it with +03:00 or Z, or write Istanbul time as 2026-12-31 23:59:59";
const LEAP_SECOND: &str = "has a second 60; write 59, leap seconds are not taken";
const NO_SUCH_TIME: &str = "is a date, time or offset that does not exist";
const TOO_FAR: &str =
    "is too far off: in Istanbul it is the year 10000 then, and PayTR's form has four digits for a year";
const PAST: &str = "has passed; give a time to come";

/// A moment, to the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiryDate {
    paytr: String,
    unix_ms: u64,
}

packed!(struct ExpiryDate { paytr, unix_ms });

impl ExpiryDate {
    /// Parses a date, `T` or a blank, a time and an offset (RFC 3339, and as ISO 8601 allows without seconds), or PayTR's
    /// `YYYY-MM-DD HH:MM:SS` in Istanbul time. A fraction of a second is dropped.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        Self::at(parse_moment(text(value).ok_or("must be text such as 2026-12-31T23:59:59+03:00")?)?)
    }

    /// The moment of this time, Unix milliseconds; what is less than a second is dropped.
    ///
    /// # Errors
    /// If PayTR's form has no such year.
    pub fn from_unix_ms(unix_ms: u64) -> Result<Self, &'static str> {
        let seconds = i64::try_from(unix_ms / 1000).map_err(|_| TOO_FAR)?;
        Self::at(OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| TOO_FAR)?)
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

    fn at(moment: OffsetDateTime) -> Result<Self, &'static str> {
        let local = istanbul().and_then(|offset| moment.checked_to_offset(offset)).filter(|local| local.year() >= 0);
        // Outside PayTR's four digits lie the hours before the year 0 and those after the year 9999.
        let local = local.ok_or(if moment.year() == 0 { PAST } else { TOO_FAR })?;
        let (year, month, day) = local.to_calendar_date();
        let (hour, minute, second) = local.to_hms();
        let paytr = format!("{year:04}-{:02}-{day:02} {hour:02}:{minute:02}:{second:02}", u8::from(month));
        Ok(Self { paytr, unix_ms: u64::try_from(local.unix_timestamp()).unwrap_or(0).saturating_mul(1000) })
    }
}

fn istanbul() -> Option<UtcOffset> {
    UtcOffset::from_hms(3, 0, 0).ok()
}

/// Reads a text in one of the forms. What is in none is told apart by what it lacks.
pub(super) fn parse_moment(written: &str) -> Result<OffsetDateTime, &'static str> {
    if written.len() > MAX_DATE_CHARS {
        return Err(FORM);
    }
    if written.trim() != written {
        return Err(BLANK);
    }
    let mut rest = written;
    let year: i32 = number(&mut rest, "", 4).ok_or(FORM)?;
    let month: u8 = number(&mut rest, "-", 2).ok_or(FORM)?;
    let day: u8 = number(&mut rest, "-", 2).ok_or(FORM)?;
    if rest.is_empty() {
        return Err(NO_TIME);
    }
    // `T` and `Z` may be small letters (RFC 3339, section 5.6).
    let has_blank = rest.starts_with(' ');
    rest = rest.strip_prefix(['T', 't', ' ']).ok_or(FORM)?;
    if rest.starts_with(' ') {
        return Err(BLANK);
    }
    let hour = number(&mut rest, "", 2).ok_or(FORM)?;
    if rest.is_empty() || rest.starts_with(['+', '-', 'Z', 'z']) {
        return Err(NO_MINUTES);
    }
    let minute = number(&mut rest, ":", 2).ok_or(FORM)?;
    let second = number(&mut rest, ":", 2);
    if second == Some(60) {
        return Err(LEAP_SECOND);
    }
    let has_fraction = second.is_some() && number::<u8>(&mut rest, ".", 1).is_some();
    if has_fraction {
        rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
    }
    let offset = match rest {
        "Z" | "z" => Some(UtcOffset::UTC),
        "" if !has_blank || has_fraction => return Err(NO_OFFSET),
        "" if second.is_none() => return Err(NO_SECONDS),
        "" => istanbul(),
        _ => parse_offset(rest)?,
    };
    let date = Month::try_from(month).and_then(|month| Date::from_calendar_date(year, month, day)).ok();
    let time = Time::from_hms(hour, minute, second.unwrap_or(0)).ok();
    match (date, time, offset) {
        (Some(date), Some(time), Some(offset)) => Ok(OffsetDateTime::new_in_offset(date, time, offset)),
        _ => Err(NO_SUCH_TIME),
    }
}

/// Reads `+03:00`; the inner `None` is an offset that does not exist.
fn parse_offset(written: &str) -> Result<Option<UtcOffset>, &'static str> {
    let mut rest = written.strip_prefix(['+', '-']).ok_or(if written.starts_with(' ') { BLANK } else { FORM })?;
    let (hours, minutes) = (number::<u8>(&mut rest, "", 2), number::<u8>(&mut rest, ":", 2));
    match (hours, minutes, rest) {
        (Some(hours @ ..24), Some(minutes @ ..60), "") => {
            let seconds = i32::from(hours).saturating_mul(3600).saturating_add(i32::from(minutes).saturating_mul(60));
            let seconds = if written.starts_with('-') { seconds.saturating_neg() } else { seconds };
            Ok(UtcOffset::from_whole_seconds(seconds).ok())
        }
        (Some(_), Some(_), "") => Ok(None),
        (Some(_), Some(_), zone) if zone.starts_with('[') => Err(ZONE_NAME),
        _ => Err(OFFSET_FORM),
    }
}

/// Takes a number of exactly so many digits, and what stands before it, off the text; nothing if they are not there.
fn number<T: FromStr>(text: &mut &str, before: &str, digits: usize) -> Option<T> {
    let (number, rest) = text.strip_prefix(before)?.split_at_checked(digits)?;
    let number = number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok())??;
    *text = rest;
    Some(number)
}
