//! The time, and the time in Istanbul.

use std::time::SystemTime;

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Unix time in milliseconds.
pub(crate) fn now() -> u64 {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Reads PayTR's `YYYY-MM-DD HH:MM:SS`, which is Istanbul time: +03:00 without summer time. Unix time in milliseconds.
pub(crate) fn from_istanbul(text: &str) -> Option<u64> {
    let (date, time) = text.split_once(' ')?;
    let shaped = date.len() == 10 && time.len() == 8;
    let moment = OffsetDateTime::parse(&format!("{date}T{time}+03:00"), &Rfc3339).ok().filter(|_| shaped)?;
    u64::try_from(moment.unix_timestamp()).ok()?.checked_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_as_istanbul_time_and_in_one_shape_only() {
        assert_eq!(from_istanbul("2026-11-25 13:00:00"), Some(1_795_600_800_000));
        for odd in [
            "",
            "2026-11-25",
            "2026-11-25T13:00:00",
            "2026-11-25 13:00",
            "2026-02-30 13:00:00",
            "2026-11-25 25:00:00",
            "2026-11-25 13:00:00Z",
            "2026-11-25  13:00:00",
            "25.11.2026 13:00:00",
        ] {
            assert_eq!(from_istanbul(odd), None, "{odd}");
        }
    }
}
