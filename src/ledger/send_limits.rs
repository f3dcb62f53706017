//! How often one recipient may be written to.

use crate::model::SendLimit;

/// The seconds until all `limits` let the next send through, or `None` if they do now.
///
/// `sends` are the starting times of the sends that may have gone out, newest first; `now` and they are in Unix
/// milliseconds. A send that seems to lie in the future, the clock having been set back, counts as made just now.
#[must_use]
pub fn seconds_to_wait(limits: &[SendLimit], sends: &[u64], now: u64) -> Option<u64> {
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
pub fn sends_that_count(limits: &[SendLimit]) -> u32 {
    limits.iter().map(|limit| limit.count).max().unwrap_or_default()
}

/// The longest window, in milliseconds: sends that began earlier do not count.
#[must_use]
pub fn longest_window_ms(limits: &[SendLimit]) -> u64 {
    limits.iter().map(|limit| limit.window_ms()).max().unwrap_or_default()
}
