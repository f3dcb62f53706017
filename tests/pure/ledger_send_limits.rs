//! How often one recipient may be written to, by tables.

use crate::support::{DAY_MS, LIMITS, NOW};
use paytr_link_relay::ledger::{longest_window_ms, seconds_to_wait, sends_that_count};
use paytr_link_relay::model::SendLimit;

#[test]
fn the_wait_is_exact_to_the_second_and_the_edge_is_free() {
    let minute = [SendLimit { count: 1, seconds: 60 }];
    let first = [(0, Some(60)), (1, Some(60)), (999, Some(60)), (1000, Some(59)), (1001, Some(59)), (58_999, Some(2))];
    let last =
        [(59_000, Some(1)), (59_001, Some(1)), (59_999, Some(1)), (60_000, None), (60_001, None), (DAY_MS, None)];
    for (age, expected) in first.into_iter().chain(last) {
        assert_eq!(seconds_to_wait(&minute, &[NOW - age], NOW), expected, "{age}");
    }
}

#[test]
fn a_window_is_full_when_its_count_is_reached_and_the_longest_wait_counts() {
    let ago = |seconds: &[u64]| -> Vec<u64> { seconds.iter().map(|seconds| NOW - seconds * 1000).collect() };
    let reversed = [LIMITS[1], LIMITS[0]];
    let cases: [(&[SendLimit], &[u64], Option<u64>); 15] = [
        (&[], &[0, 0, 0], None),
        (&LIMITS, &[], None),
        (&LIMITS, &[60], None),
        (&LIMITS, &[60, 120, 180, 240], None),
        (&LIMITS, &[60, 120, 180, 240, 300], Some(86_100)),
        (&LIMITS, &[10, 120, 180, 240, 300], Some(86_100)),
        (&LIMITS, &[10, 120, 180, 240, 86_399], Some(50)),
        (&LIMITS, &[60, 120, 180, 240, 86_399], Some(1)),
        (&LIMITS, &[60, 120, 180, 240, 86_400], None),
        (&LIMITS, &[60, 120, 180, 240, 86_400, 86_401, 90_000], None),
        (&reversed, &[10, 120, 180, 240, 300], Some(86_100)),
        (&reversed, &[10, 120, 180, 240, 86_399], Some(50)),
        (&[SendLimit { count: 2, seconds: 10 }], &[0], None),
        (&[SendLimit { count: 2, seconds: 10 }], &[0, 4], Some(6)),
        (&[SendLimit { count: 3, seconds: 10 }], &[0, 0, 4, 9], Some(6)),
    ];
    for (limits, sends, expected) in cases {
        assert_eq!(seconds_to_wait(limits, &ago(sends), NOW), expected, "{limits:?} {sends:?}");
    }
}

#[test]
fn a_send_in_the_future_counts_as_made_just_now() {
    let minute = [SendLimit { count: 1, seconds: 60 }];
    for ahead in [1, 1000, DAY_MS, 1000 * DAY_MS] {
        assert_eq!(seconds_to_wait(&minute, &[NOW + ahead], NOW), Some(60), "{ahead}");
    }
    assert_eq!(seconds_to_wait(&minute, &[u64::MAX], 0), Some(60));
    assert_eq!(seconds_to_wait(&[SendLimit { count: 1, seconds: u32::MAX }], &[0], 0), Some(u64::from(u32::MAX)));
}

#[test]
fn a_limit_of_nothing_never_holds_a_message_back() {
    assert_eq!(seconds_to_wait(&[SendLimit { count: 0, seconds: 60 }], &[NOW], NOW), None);
    assert_eq!(seconds_to_wait(&[SendLimit { count: 1, seconds: 0 }], &[NOW], NOW), None);
}

#[test]
fn as_many_sends_count_as_the_largest_count() {
    let limit = |count| SendLimit { count, seconds: 60 };
    let cases: [(&[SendLimit], u32); 5] =
        [(&[], 0), (&LIMITS, 5), (&[limit(7), limit(2)], 7), (&[limit(1)], 1), (&[limit(1000)], 1000)];
    for (limits, expected) in cases {
        assert_eq!(sends_that_count(limits), expected, "{limits:?}");
    }
}

#[test]
fn sends_count_for_as_long_as_the_longest_window() {
    let limit = |seconds| SendLimit { count: 1, seconds };
    let cases: [(&[SendLimit], u64); 4] =
        [(&[], 0), (&LIMITS, DAY_MS), (&[limit(60)], 60_000), (&[limit(2_678_400), limit(60)], 31 * DAY_MS)];
    for (limits, expected) in cases {
        assert_eq!(longest_window_ms(limits), expected, "{limits:?}");
    }
}
