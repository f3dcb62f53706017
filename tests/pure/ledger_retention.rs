//! How long messages, links and payments are kept.

use crate::support::{Creation, DAY_MS, LIMITS, NOW as CREATED_AT, UNKNOWN, created, link, refused, terms};
use paytr_link_relay::ledger::{MAX_LINK_RETENTION_MS, link_expires_at, messages_kept_ms, payment_expires_at};
use paytr_link_relay::link::{Link, Terms};
use paytr_link_relay::model::SendLimit;
use proptest::prelude::*;

const fn day(days: u64) -> u64 {
    CREATED_AT + days * DAY_MS
}

#[test]
fn a_message_is_kept_for_7_days_or_the_longest_window() {
    let limit = |seconds| SendLimit { count: 1, seconds };
    let cases: [(&[SendLimit], u64); 7] = [
        (&[], 7 * DAY_MS),
        (&LIMITS, 7 * DAY_MS),
        (&[limit(604_799)], 7 * DAY_MS),
        (&[limit(604_800)], 7 * DAY_MS),
        (&[limit(604_801)], 7 * DAY_MS + 1000),
        (&[limit(2_678_400), limit(60)], 31 * DAY_MS),
        (&[limit(60), limit(2_678_400)], 31 * DAY_MS),
    ];
    for (limits, expected) in cases {
        assert_eq!(messages_kept_ms(limits), expected, "{limits:?}");
    }
}

fn made(creation: Creation, expires_at: Option<u64>, last_payment_at: Option<u64>) -> Link {
    let terms = Terms { expires_at, ..terms() };
    Link { terms, created_at: CREATED_AT, last_payment_at, ..link(creation) }
}

#[test]
fn a_link_is_kept_for_30_days_after_its_expiry_or_its_last_payment_and_else_for_400() {
    assert_eq!(MAX_LINK_RETENTION_MS, 400 * DAY_MS);
    for (link, expected) in [
        (made(created(), None, None), day(400)),
        (made(None, None, None), day(400)),
        (made(UNKNOWN, None, None), day(400)),
        (made(created(), Some(day(2)), None), day(32)),
        (made(created(), None, Some(day(3))), day(33)),
        (made(created(), Some(day(2)), Some(day(3))), day(33)),
        (made(created(), Some(day(4)), Some(day(3))), day(34)),
        // A retry of the create is answered for 7 days, however long ago the link had expired.
        (made(created(), Some(0), None), day(7)),
        (made(created(), Some(CREATED_AT - 23 * DAY_MS + 1), None), day(7) + 1),
        // None is kept for over 400 days after its creation or its last payment.
        (made(created(), Some(day(369)), None), day(399)),
        (made(created(), Some(day(370)), None), day(400)),
        (made(created(), Some(day(371)), None), day(400)),
        (made(created(), Some(day(365 * 73)), None), day(400)),
        (made(created(), Some(u64::MAX), None), day(400)),
        (made(created(), Some(day(365 * 73)), Some(day(399))), day(799)),
        (made(created(), Some(day(500)), Some(day(399))), day(530)),
        (made(created(), None, Some(day(399))), day(429)),
        // One that PayTR refused to create is kept for 7 days, unless it was paid all the same.
        (made(refused(), None, None), day(7)),
        (made(refused(), Some(day(2)), None), day(7)),
        (made(refused(), Some(day(300)), None), day(7)),
        (made(refused(), None, Some(day(3))), day(33)),
    ] {
        assert_eq!(link_expires_at(&link), expected, "{link:?}");
    }
}

#[test]
fn a_payment_goes_with_its_link_and_else_after_30_days() {
    assert_eq!(payment_expires_at(day(3), false), day(33));
    assert_eq!(payment_expires_at(day(3), true), day(403));
    for has_link in [false, true] {
        assert_eq!(payment_expires_at(u64::MAX, has_link), u64::MAX);
    }
}

proptest! {
    #[test]
    fn a_link_is_kept_for_7_to_400_days_whatever_its_times_are(
        created_at in 0..=4_000_000_000_000_u64,
        expires_at in prop::option::of(any::<u64>()),
        paid_after in prop::option::of(0..=1000 * DAY_MS),
    ) {
        let last_payment_at = paid_after.map(|after| created_at + after);
        let link = Link { created_at, ..made(created(), expires_at, last_payment_at) };
        let goes_at = link_expires_at(&link);
        let last = last_payment_at.unwrap_or(created_at);
        prop_assert!(goes_at >= created_at + 7 * DAY_MS && goes_at <= last + 400 * DAY_MS, "{goes_at}");
        if let Some(paid_at) = last_payment_at {
            // A link outlives each of its payments by 30 days, and so none of them goes alone.
            prop_assert!(goes_at >= paid_at + 30 * DAY_MS);
            prop_assert!(goes_at <= payment_expires_at(paid_at, true));
        }
    }
}
