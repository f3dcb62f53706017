//! The state machine's decisions and the limits, by tables. What they add up to is in `ledger_property`.

use crate::support::end_of;
use paytr_link_relay::ledger::{
    Decision, DecisionInput, Entry, State, decide, longest_window_ms, seconds_to_wait, sends_that_count,
};
use paytr_link_relay::model::SendLimit;
use paytr_link_relay::message::End;
use paytr_link_relay::paytr::{Cause, Outcome, RejectedStatus, Rejection};

const NOW: u64 = 1_795_000_000_000;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
const LIMITS: [SendLimit; 2] = [SendLimit { count: 1, seconds: 60 }, SendLimit { count: 5, seconds: 86_400 }];

fn ends() -> Vec<End> {
    let rejected = Rejection { status: RejectedStatus::Error, reason: Some("Process failed. Invalid id".to_owned()) };
    let mut outcomes = vec![Outcome::Succeeded(()), Outcome::Rejected(rejected)];
    outcomes.extend(Cause::ALL.map(Outcome::Unknown));
    outcomes.iter().map(end_of).collect()
}

fn entry(state: State) -> Entry {
    Entry { fingerprint: "same".to_owned(), started_at: NOW, state, may_have_gone_out: true }
}

fn asked<'a>(entry: Option<&'a Entry>, sends: &'a [u64]) -> DecisionInput<'a> {
    DecisionInput { entry, fingerprint: "same", in_flight: false, sends, limits: &LIMITS, timeout_ms: 20_000, now: NOW }
}

#[test]
fn a_new_message_is_sent() {
    assert_eq!(decide(&asked(None, &[])), Decision::Submit);
    assert_eq!(decide(&asked(None, &[NOW - 60_000])), Decision::Submit);
    assert_eq!(decide(&DecisionInput { limits: &[], ..asked(None, &[NOW, NOW, NOW]) }), Decision::Submit);
}

#[test]
fn a_new_message_waits_for_the_limit() {
    assert_eq!(decide(&asked(None, &[NOW - 59_999])), Decision::RateLimited(1));
    assert_eq!(decide(&asked(None, &[NOW])), Decision::RateLimited(60));
}

#[test]
fn a_known_message_is_answered_with_how_it_ended_and_never_limited() {
    for End { record, .. } in ends() {
        let entry = entry(State::Ended(record.clone()));
        for sends in [&[][..], &[NOW, NOW, NOW, NOW, NOW]] {
            for now in [0, NOW, NOW + 6 * 60 * 60 * 1000, NOW + 30 * DAY_MS] {
                let input = DecisionInput { now, ..asked(Some(&entry), sends) };
                assert_eq!(decide(&input), Decision::Replay(record.clone()));
            }
        }
    }
}

#[test]
fn a_known_id_with_other_content_is_refused_in_every_state() {
    let states = ends().into_iter().map(|end| State::Ended(end.record)).chain([State::Pending]);
    for state in states {
        let entry = entry(state);
        for in_flight in [false, true] {
            for fingerprint in ["other", "", "sam", "same "] {
                let input = DecisionInput { fingerprint, in_flight, ..asked(Some(&entry), &[]) };
                assert_eq!(decide(&input), Decision::KeyConflict);
            }
        }
    }
}

#[test]
fn a_message_whose_follow_ups_are_under_way_is_in_progress_though_its_own_end_is_recorded() {
    let entry = entry(State::Ended(String::new()));
    let input = DecisionInput { in_flight: true, ..asked(Some(&entry), &[]) };
    assert_eq!(decide(&input), Decision::InProgress(20));
}

#[test]
fn a_message_that_is_being_sent_is_in_progress_until_its_time_is_out() {
    let entry = entry(State::Pending);
    for (age, seconds) in [
        (0, 20),
        (1, 20),
        (999, 20),
        (1000, 19),
        (1001, 19),
        (18_999, 2),
        (19_000, 1),
        (19_999, 1),
        (20_000, 1),
        (20_001, 1),
        (DAY_MS, 1),
    ] {
        let input = DecisionInput { in_flight: true, now: NOW + age, ..asked(Some(&entry), &[NOW]) };
        assert_eq!(decide(&input), Decision::InProgress(seconds), "{age}");
    }
    for now in [0, NOW - 1, NOW - DAY_MS] {
        let input = DecisionInput { in_flight: true, now, ..asked(Some(&entry), &[NOW]) };
        assert_eq!(decide(&input), Decision::InProgress(20), "the clock was set back to {now}");
    }
    for (timeout_ms, seconds) in [(1, 1), (1000, 1), (1001, 2), (120_000, 120)] {
        let input = DecisionInput { in_flight: true, timeout_ms, ..asked(Some(&entry), &[NOW]) };
        assert_eq!(decide(&input), Decision::InProgress(seconds), "{timeout_ms}");
    }
}

#[test]
fn a_message_that_a_crash_left_behind_is_given_up_and_never_sent_again() {
    let entry = entry(State::Pending);
    for now in [0, NOW, NOW + 1, NOW + 20_000, NOW + 30 * DAY_MS, u64::MAX] {
        assert_eq!(decide(&DecisionInput { now, ..asked(Some(&entry), &[]) }), Decision::MarkUnknown, "{now}");
    }
}

#[test]
fn an_entry_begins_as_sending_and_its_first_end_stands() {
    let began = Entry::pending("print".to_owned(), NOW);
    assert_eq!(
        began,
        Entry { fingerprint: "print".to_owned(), started_at: NOW, state: State::Pending, may_have_gone_out: true }
    );
    for first in ends() {
        let mut entry = began.clone();
        entry.end(first.clone());
        let End { record, may_have_gone_out } = first;
        let ended = Entry { state: State::Ended(record), may_have_gone_out, ..began.clone() };
        assert_eq!(entry, ended);
        for late in ends() {
            entry.end(late);
            assert_eq!(entry, ended);
        }
    }
}

#[test]
fn the_wait_is_exact_to_the_second_and_the_edge_is_free() {
    let minute = [SendLimit { count: 1, seconds: 60 }];
    for (age, expected) in [
        (0, Some(60)),
        (1, Some(60)),
        (999, Some(60)),
        (1000, Some(59)),
        (1001, Some(59)),
        (58_999, Some(2)),
        (59_000, Some(1)),
        (59_001, Some(1)),
        (59_999, Some(1)),
        (60_000, None),
        (60_001, None),
        (DAY_MS, None),
    ] {
        assert_eq!(seconds_to_wait(&minute, &[NOW - age], NOW), expected, "{age}");
    }
}

#[test]
fn a_window_is_full_when_its_count_is_reached_and_the_longest_wait_counts() {
    let ago = |seconds: &[u64]| -> Vec<u64> { seconds.iter().map(|seconds| NOW - seconds * 1000).collect() };
    let cases: [(&[SendLimit], &[u64], Option<u64>); 13] = [
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
        (&[SendLimit { count: 2, seconds: 10 }], &[0], None),
        (&[SendLimit { count: 2, seconds: 10 }], &[0, 4], Some(6)),
        (&[SendLimit { count: 3, seconds: 10 }], &[0, 0, 4, 9], Some(6)),
    ];
    for (limits, sends, expected) in cases {
        assert_eq!(seconds_to_wait(limits, &ago(sends), NOW), expected, "{limits:?} {sends:?}");
    }
    let reversed = [LIMITS[1], LIMITS[0]];
    assert_eq!(seconds_to_wait(&reversed, &ago(&[10, 120, 180, 240, 300]), NOW), Some(86_100));
    assert_eq!(seconds_to_wait(&reversed, &ago(&[10, 120, 180, 240, 86_399]), NOW), Some(50));
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
