//! The decisions on a message, by tables. What they add up to is in `ledger_once_property`, how long a limit holds a message
//! back in `ledger_send_limits`.

use crate::support::{DAY_MS, LIMITS, NOW, record, rejection};
use paytr_link_relay::ledger::{Decision, DecisionInput, Recorded, State, decide};
use paytr_link_relay::paytr::{Cause, Outcome};

fn records() -> Vec<Vec<u8>> {
    let mut outcomes = vec![Outcome::Succeeded(()), Outcome::Rejected(rejection())];
    outcomes.extend(Cause::ALL.map(Outcome::Unknown));
    outcomes.iter().map(record).collect()
}

fn recorded(state: State) -> Recorded {
    Recorded { fingerprint: "same".to_owned(), started_at: NOW, state }
}

fn asked<'a>(recorded: Option<&'a Recorded>, sends: &'a [u64]) -> DecisionInput<'a> {
    DecisionInput {
        recorded,
        fingerprint: "same",
        in_flight: false,
        sends,
        limits: &LIMITS,
        timeout_ms: 20_000,
        now: NOW,
    }
}

#[test]
fn a_new_message_is_sent_or_waits_for_the_limit() {
    for (sends, expected) in [
        (&[][..], Decision::Ask),
        (&[NOW - 60_000], Decision::Ask),
        (&[NOW - 59_999], Decision::RecipientLimit(1)),
        (&[NOW], Decision::RecipientLimit(60)),
    ] {
        assert_eq!(decide(&asked(None, sends)), expected, "{sends:?}");
    }
    assert_eq!(decide(&DecisionInput { limits: &[], ..asked(None, &[NOW, NOW, NOW]) }), Decision::Ask);
}

#[test]
fn a_known_message_is_answered_with_how_it_ended_and_never_limited() {
    for record in records() {
        let recorded = recorded(State::Ended(record.clone()));
        for sends in [&[][..], &[NOW, NOW, NOW, NOW, NOW]] {
            for now in [0, NOW, NOW + 6 * 60 * 60 * 1000, NOW + 30 * DAY_MS] {
                let input = DecisionInput { now, ..asked(Some(&recorded), sends) };
                assert_eq!(decide(&input), Decision::Replay(record.clone()));
            }
        }
    }
}

#[test]
fn a_known_id_with_other_content_is_refused_in_every_state() {
    let states = records().into_iter().map(State::Ended).chain([State::Pending]);
    for state in states {
        let recorded = recorded(state);
        for in_flight in [false, true] {
            for fingerprint in ["other", "", "sam", "same "] {
                let input = DecisionInput { fingerprint, in_flight, ..asked(Some(&recorded), &[]) };
                assert_eq!(decide(&input), Decision::WebhookIdReused);
            }
        }
    }
}

#[test]
fn a_message_whose_follow_ups_are_under_way_is_in_progress_though_its_own_end_is_recorded() {
    let recorded = recorded(State::Ended(Vec::new()));
    let input = DecisionInput { in_flight: true, ..asked(Some(&recorded), &[]) };
    assert_eq!(decide(&input), Decision::InProgress(20));
}

#[test]
fn a_message_that_is_being_sent_is_in_progress_until_its_time_is_out() {
    let recorded = recorded(State::Pending);
    let ages = [(0, 20), (1, 20), (999, 20), (1000, 19), (1001, 19), (18_999, 2)];
    let last = [(19_000, 1), (19_999, 1), (20_000, 1), (20_001, 1), (DAY_MS, 1)];
    for (age, seconds) in ages.into_iter().chain(last) {
        let input = DecisionInput { in_flight: true, now: NOW + age, ..asked(Some(&recorded), &[NOW]) };
        assert_eq!(decide(&input), Decision::InProgress(seconds), "{age}");
    }
    for now in [0, NOW - 1, NOW - DAY_MS] {
        let input = DecisionInput { in_flight: true, now, ..asked(Some(&recorded), &[NOW]) };
        assert_eq!(decide(&input), Decision::InProgress(20), "the clock was set back to {now}");
    }
    for (timeout_ms, seconds) in [(1, 1), (1000, 1), (1001, 2), (120_000, 120)] {
        let input = DecisionInput { in_flight: true, timeout_ms, ..asked(Some(&recorded), &[NOW]) };
        assert_eq!(decide(&input), Decision::InProgress(seconds), "{timeout_ms}");
    }
}

#[test]
fn a_message_that_a_crash_left_behind_is_given_up_and_never_sent_again() {
    let recorded = recorded(State::Pending);
    for now in [0, NOW, NOW + 1, NOW + 20_000, NOW + 30 * DAY_MS, u64::MAX] {
        assert_eq!(decide(&DecisionInput { now, ..asked(Some(&recorded), &[]) }), Decision::MarkUnknown, "{now}");
    }
}

#[test]
fn what_is_recorded_of_a_message_is_how_it_ended() {
    assert_eq!(recorded(State::Pending).into_record(), None);
    for record in records() {
        assert_eq!(recorded(State::Ended(record.clone())).into_record(), Some(record));
    }
}
