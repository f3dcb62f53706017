//! How long entries and records of links are kept.

use crate::support::{created, link};
use paytr_link_relay::ledger::{link_expires_at, retention_ms};
use paytr_link_relay::link::{Creation, Link};
use paytr_link_relay::model::SendLimit;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

#[test]
fn an_entry_is_kept_for_7_days_or_the_longest_window() {
    let limit = |seconds| SendLimit { count: 1, seconds };
    let default = [SendLimit { count: 1, seconds: 60 }, SendLimit { count: 5, seconds: 86_400 }];
    let cases: [(&[SendLimit], u64); 7] = [
        (&[], 7 * DAY_MS),
        (&default, 7 * DAY_MS),
        (&[limit(604_799)], 7 * DAY_MS),
        (&[limit(604_800)], 7 * DAY_MS),
        (&[limit(604_801)], 7 * DAY_MS + 1000),
        (&[limit(2_678_400), limit(60)], 31 * DAY_MS),
        (&[limit(60), limit(2_678_400)], 31 * DAY_MS),
    ];
    for (limits, expected) in cases {
        assert_eq!(retention_ms(limits), expected, "{limits:?}");
    }
}

#[test]
fn a_link_is_kept_for_30_days_after_its_expiry_or_its_last_payment_and_else_for_400() {
    const CREATED_AT: u64 = 1_795_000_000_000;
    let day = |days: u64| CREATED_AT + days * DAY_MS;
    let made = |creation, expires_at| Some(Link { created_at: CREATED_AT, expires_at, ..link(creation) });
    for (link, last_payment_at, expected) in [
        (made(created(), None), None, day(400)),
        (made(Creation::Pending, None), None, day(400)),
        (made(Creation::Unknown, None), None, day(400)),
        (made(Creation::Rejected, None), None, day(7)),
        (made(created(), Some(day(2))), None, day(32)),
        (made(created(), None), Some(day(3)), day(33)),
        (made(created(), Some(day(2))), Some(day(3)), day(33)),
        (made(created(), Some(day(4))), Some(day(3)), day(34)),
        // A retry of the create is answered for 7 days, however long ago the link had expired.
        (made(created(), Some(0)), None, day(7)),
        (made(created(), Some(CREATED_AT - 23 * DAY_MS + 1)), None, day(7) + 1),
        (None, Some(day(3)), day(33)),
        (None, None, 0),
        (made(created(), Some(u64::MAX)), None, u64::MAX),
    ] {
        assert_eq!(link_expires_at(link.as_ref(), last_payment_at), expected, "{link:?} {last_payment_at:?}");
    }
}
