//! How long the ledger remembers. All times are in Unix milliseconds.

use super::send_limits::longest_window_ms;
use crate::link::Link;
use crate::model::SendLimit;
use crate::paytr::Outcome;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// The least time that a message is kept: longer than webhook senders retry.
const MIN_RETENTION_MS: u64 = 7 * DAY_MS;
/// How long a link is kept after its expiry or its last payment, and a payment of a link that is not known.
const AFTERWARDS_MS: u64 = 30 * DAY_MS;
/// How long anything of a link is kept at most after its creation or its last payment, whatever its expiry is.
pub const MAX_LINK_RETENTION_MS: u64 = 400 * DAY_MS;

/// How long a message is kept, in milliseconds: 7 days, or the longest window if that is longer.
#[must_use]
pub fn messages_kept_ms(limits: &[SendLimit]) -> u64 {
    longest_window_ms(limits).max(MIN_RETENTION_MS)
}

/// When all that is kept of a link goes: 30 days after its expiry or the last change of a payment, whichever is later; 400
/// days after its creation if it has neither, and after its creation or last payment in any case. A link that PayTR
/// refused to create goes after 7 days, whatever its expiry is, unless a payment came all the same.
#[must_use]
pub fn link_expires_at(link: &Link) -> u64 {
    let after = |time: u64, retention: u64| time.saturating_add(retention);
    let at_least = after(link.created_at, MIN_RETENTION_MS);
    let at_most = after(link.created_at.max(link.last_payment_at.unwrap_or_default()), MAX_LINK_RETENTION_MS);
    let is_refused = matches!(link.creation, Some(Outcome::Rejected(_)));
    match link.terms.expires_at.max(link.last_payment_at) {
        _ if is_refused && link.last_payment_at.is_none() => at_least,
        Some(last) => after(last, AFTERWARDS_MS).max(at_least).min(at_most),
        None => at_most,
    }
}

/// When a payment and its event go: with their link, else 30 days after the payment; 400 days after it in any case.
#[must_use]
pub fn payment_expires_at(received_at: u64, has_link: bool) -> u64 {
    received_at.saturating_add(if has_link { MAX_LINK_RETENTION_MS } else { AFTERWARDS_MS })
}
