//! How long the ledger remembers.

use super::limits::longest_window_ms;
use crate::link::{Creation, Link};
use crate::model::SendLimit;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// The least time that an entry is kept: longer than webhook senders retry.
const MIN_RETENTION_MS: u64 = 7 * DAY_MS;
/// How long a link's record is kept after its expiry or its last payment.
const LINK_RETENTION_MS: u64 = 30 * DAY_MS;
/// How long a link's record without either is kept after its creation.
const OPEN_LINK_RETENTION_MS: u64 = 400 * DAY_MS;

/// How long an entry is kept, in milliseconds: 7 days, or the longest window if that is longer.
#[must_use]
pub fn retention_ms(limits: &[SendLimit]) -> u64 {
    longest_window_ms(limits).max(MIN_RETENTION_MS)
}

/// When all that is kept of a link goes, Unix milliseconds: 30 days after its expiry or the last change of a payment,
/// whichever is later; 400 days after its creation if it has neither. A link that PayTR refused to make goes after 7 days.
#[must_use]
pub fn link_expires_at(link: Option<&Link>, last_payment_at: Option<u64>) -> u64 {
    let after = |time: u64, retention: u64| time.saturating_add(retention);
    let last = link.and_then(|link| link.expires_at).max(last_payment_at);
    match (last, link) {
        (Some(last), Some(link)) => after(last, LINK_RETENTION_MS).max(after(link.created_at, MIN_RETENTION_MS)),
        (Some(last), None) => after(last, LINK_RETENTION_MS),
        (None, Some(Link { creation: Creation::Rejected, created_at, .. })) => after(*created_at, MIN_RETENTION_MS),
        (None, Some(link)) => after(link.created_at, OPEN_LINK_RETENTION_MS),
        (None, None) => 0,
    }
}
