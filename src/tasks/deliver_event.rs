//! Delivering an event to the shop.
//!
//! In scope: what the answer to a try means, and the time of the next one. Not in scope: the clock and the randomness,
//! which are arguments, and the posting.

use httpdate::parse_http_date;
use std::time::{Duration, UNIX_EPOCH};

const SECOND_MS: u64 = 1000;
const MINUTE_MS: u64 = 60 * SECOND_MS;
const HOUR_MS: u64 = 60 * MINUTE_MS;

/// How long after the try before it each try is made, in milliseconds, without the random delay. The first is made at
/// once.
pub const DELAYS_MS: [u64; 10] = [
    0,
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
];

/// The random delay is less than a fifth of the delay.
const JITTER_DIVISOR: u64 = 5;
const MIN_RETRY_AFTER_MS: u64 = SECOND_MS;
const MAX_RETRY_AFTER_MS: u64 = 24 * HOUR_MS;

/// What the shop answered to a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShopResponse {
    /// 2xx
    Delivered,
    /// 410: the shop wants no such event any more.
    Gone,
    /// Everything else, no answer too, with the milliseconds for which a 429 or 503 asked to be left alone.
    Failed {
        /// From `Retry-After`, between 1 s and 24 h.
        retry_after_ms: Option<u64>,
    },
}

/// What comes after a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the shop has the event.
    Delivered,
    /// A try at this time, Unix milliseconds.
    At(u64),
    /// Nothing: the event is given up.
    Dead,
}

impl ShopResponse {
    /// Reads an answer. A redirect is not followed, so 3xx is a failure. `retry_after` is the header's text: seconds,
    /// or an HTTP date (RFC 9110, section 10.2.3); what is neither is not there.
    #[must_use]
    pub fn read(http_status: u16, retry_after: Option<&str>, now_ms: u64) -> Self {
        match http_status {
            200..=299 => Self::Delivered,
            410 => Self::Gone,
            429 | 503 => {
                let asked_ms = retry_after.and_then(|text| parse_retry_after(text.trim_ascii(), now_ms));
                Self::Failed { retry_after_ms: asked_ms.map(|ms| ms.clamp(MIN_RETRY_AFTER_MS, MAX_RETRY_AFTER_MS)) }
            }
            _ => Self::Failed { retry_after_ms: None },
        }
    }
}

/// Whether somebody has to look at a try that failed, though there are more: a shop that answers like this does not mend
/// itself, and what may mend itself has had its time at the fourth try.
#[must_use]
pub const fn has_to_be_seen(tries_made: u32, http_status: Option<u16>) -> bool {
    matches!(http_status, Some(300..=399 | 401 | 403 | 404 | 405 | 410)) || tries_made >= 4
}

/// What comes after try number `tries_made`, counted from 1, which ended at `now_ms`. All values of `random` are to be
/// equally likely.
///
/// `Retry-After` can put a try off, but never bring it forward: a shop under maintenance that asks for a minute would
/// have used up all tries before it is back. The random delay comes on top, so that events that failed together do not
/// come back together.
#[must_use]
pub fn after_try(tries_made: u32, answer: ShopResponse, random: u32, now_ms: u64) -> Next {
    let retry_after_ms = match answer {
        ShopResponse::Delivered => return Next::Delivered,
        ShopResponse::Gone => return Next::Dead,
        ShopResponse::Failed { retry_after_ms } => retry_after_ms.unwrap_or(0),
    };
    match usize::try_from(tries_made).ok().and_then(|tries| DELAYS_MS.get(tries)) {
        None => Next::Dead,
        Some(delay_ms) => {
            let delay_ms = (*delay_ms).max(retry_after_ms);
            Next::At(now_ms.saturating_add(delay_ms).saturating_add(jitter(delay_ms, random)))
        }
    }
}

/// From 0 to just below a fifth of the delay, as `random` is from 0 to its largest value.
fn jitter(delay_ms: u64, random: u32) -> u64 {
    (delay_ms / JITTER_DIVISOR).saturating_mul(u64::from(random)) >> u32::BITS
}

fn parse_retry_after(text: &str, now_ms: u64) -> Option<u64> {
    // Shopify writes whole seconds with a decimal.
    let text = text.strip_suffix(".0").unwrap_or(text);
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number can have are more than the most that is honoured, too.
        return Some(text.parse().unwrap_or(u64::MAX).saturating_mul(SECOND_MS));
    }
    let now = UNIX_EPOCH.checked_add(Duration::from_millis(now_ms))?;
    let left = parse_http_date(text).ok()?.duration_since(now).unwrap_or_default();
    Some(u64::try_from(left.as_millis()).unwrap_or(u64::MAX))
}
