//! A moment that a message names, such as `created_after`.

use super::expiry_date::parse_moment;
use super::text;
use crate::json::JsonValue;
use crate::packed;
use serde::{Serialize, Serializer};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// The characters of an offset such as `+03:00`.
const OFFSET_CHARS: usize = 6;
const NO_OFFSET: &str = "has no offset; end it with +03:00 or Z";
const FORM: &str = "must be a date and time with an offset, such as 2026-11-25T10:00:00+03:00 or 2026-11-25T07:00:00Z";

/// A moment in Unix milliseconds, 1970 or later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(u64);

packed!(struct Moment(_));

impl Moment {
    /// Parses what [`ExpiryDate`](super::ExpiryDate) takes, if it has an offset. A fraction of a second is dropped.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        let written = text(value).ok_or("must be text such as 2026-11-25T10:00:00Z")?;
        // A moment has no form without an offset, which is what that advice is about.
        let moment =
            parse_moment(written).map_err(|detail| if detail.contains("Istanbul time") { FORM } else { detail })?;
        let sign = written.len().checked_sub(OFFSET_CHARS).and_then(|at| written.get(at..));
        if !(written.ends_with(['Z', 'z']) || sign.is_some_and(|offset| offset.starts_with(['+', '-']))) {
            return Err(NO_OFFSET);
        }
        let seconds = u64::try_from(moment.unix_timestamp()).map_err(|_| "lies before 1970")?;
        Ok(Self(seconds.saturating_mul(1000)))
    }

    /// The moment so many Unix milliseconds in.
    #[must_use]
    pub const fn from_unix_ms(unix_ms: u64) -> Self {
        Self(unix_ms)
    }

    /// `2026-11-25T10:00:00Z`; a time after the year 9999, which only a broken clock gives, as 1970.
    #[must_use]
    pub fn rfc_3339(self) -> String {
        let moment =
            i64::try_from(self.0 / 1000).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
        moment.unwrap_or(OffsetDateTime::UNIX_EPOCH).format(&Rfc3339).unwrap_or_default()
    }

    /// Unix milliseconds.
    #[must_use]
    pub const fn unix_ms(self) -> u64 {
        self.0
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc_3339())
    }
}
