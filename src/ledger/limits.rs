//! How often one recipient may be written to, and how long that has to be remembered.

/// The least time that an entry is kept: 7 days, longer than webhook senders retry.
const MIN_RETENTION_MS: u64 = 7 * 24 * 60 * 60 * 1000;

/// At most `count` sends in any `seconds` seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Sends, at least 1.
    pub count: u32,
    /// The window's length in seconds.
    pub seconds: u32,
}

impl Limit {
    fn window_ms(self) -> u64 {
        u64::from(self.seconds).saturating_mul(1000)
    }
}

/// The seconds until all `limits` let the next send through, or `None` if they do now.
///
/// `sends` are the starting times of the sends that may have gone out, newest first; `now` and they are in Unix
/// milliseconds. A send that seems to lie in the future, the clock having been set back, counts as made just now.
#[must_use]
pub fn seconds_to_wait(limits: &[Limit], sends: &[u64], now: u64) -> Option<u64> {
    limits
        .iter()
        .filter_map(|limit| {
            // The window is full as long as its count-th newest send is in it.
            let place = usize::try_from(limit.count).ok()?.checked_sub(1)?;
            let age = now.saturating_sub(*sends.get(place)?);
            limit.window_ms().checked_sub(age).filter(|&left| left > 0)
        })
        .max()
        .map(|left| left.div_ceil(1000))
}

/// How many of the newest sends [`seconds_to_wait`] looks at.
#[must_use]
pub fn sends_that_count(limits: &[Limit]) -> u32 {
    limits.iter().map(|limit| limit.count).max().unwrap_or_default()
}

/// The longest window, in milliseconds: sends that began earlier do not count.
#[must_use]
pub fn longest_window_ms(limits: &[Limit]) -> u64 {
    limits.iter().map(|limit| limit.window_ms()).max().unwrap_or_default()
}

/// How long an entry is kept, in milliseconds: 7 days, or the longest window if that is longer.
#[must_use]
pub fn retention_ms(limits: &[Limit]) -> u64 {
    longest_window_ms(limits).max(MIN_RETENTION_MS)
}
