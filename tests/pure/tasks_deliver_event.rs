//! When an event is delivered again: how long a shop may be down, and that no try comes before its time.

use paytr_link_relay::tasks::deliver_event::{DELAYS_MS, Next, ShopResponse, after_try, has_to_be_seen};
use proptest::prelude::*;

const HOUR_MS: u64 = 60 * 60 * 1000;
const DAY_MS: u64 = 24 * HOUR_MS;
const START_MS: u64 = 1_795_600_800_000;
const FAILED: ShopResponse = ShopResponse::Failed { retry_after_ms: None };

fn asked_for(retry_after_ms: u64) -> ShopResponse {
    ShopResponse::Failed { retry_after_ms: Some(retry_after_ms) }
}

#[test]
fn ten_tries_are_made_at_the_times_of_the_schedule() {
    let mut times = vec![START_MS];
    for made in 1.. {
        match after_try(made, FAILED, 0, *times.last().unwrap()) {
            Next::At(time) => times.push(time),
            Next::Dead => break,
            Next::Delivered => panic!("try {made} was delivered"),
        }
    }
    let gaps: Vec<u64> = times.windows(2).map(|pair| (pair[1] - pair[0]) / 1000).collect();
    assert_eq!(gaps, [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    assert_eq!(DELAYS_MS[0], 0);
}

#[test]
fn each_answer_has_its_consequence() {
    for (made, answer, expected) in [
        (1, ShopResponse::Delivered, Next::Delivered),
        (1, ShopResponse::Gone, Next::Dead),
        (1, FAILED, Next::At(START_MS + 5000)),
        (9, FAILED, Next::At(START_MS + DAY_MS)),
        (10, ShopResponse::Delivered, Next::Delivered),
        (10, ShopResponse::Gone, Next::Dead),
        (10, FAILED, Next::Dead),
        (10, asked_for(1000), Next::Dead),
        (11, FAILED, Next::Dead),
        (u32::MAX, FAILED, Next::Dead),
    ] {
        assert_eq!(after_try(made, answer, 0, START_MS), expected, "{made} {answer:?}");
    }
}

#[test]
fn a_person_sees_an_answer_that_does_not_mend_itself_at_once_and_any_other_at_the_fourth_try() {
    for (status, first) in [
        (None, 4),
        (Some(299), 4),
        (Some(300), 1),
        (Some(399), 1),
        (Some(400), 4),
        (Some(401), 1),
        (Some(403), 1),
        (Some(404), 1),
        (Some(405), 1),
        (Some(410), 1),
        (Some(429), 4),
        (Some(500), 4),
    ] {
        assert_eq!((1..=10).find(|made| has_to_be_seen(*made, status)), Some(first), "{status:?}");
    }
}

#[test]
fn statuses_and_retry_after_are_read_as_they_are_meant() {
    // 1_795_600_800 is Wed, 25 Nov 2026 10:00:00 GMT.
    for (status, retry_after, answer) in [
        (204, Some("60"), ShopResponse::Delivered),
        (304, Some("60"), FAILED),
        (500, Some("60"), FAILED),
        (410, Some("60"), ShopResponse::Gone),
        (503, Some("60"), asked_for(60_000)),
        (429, Some("60"), asked_for(60_000)),
        // As Shopify writes it.
        (429, Some("60.0"), asked_for(60_000)),
        (429, Some(" 60 "), asked_for(60_000)),
        (503, Some("0"), asked_for(1000)),
        (503, Some("1"), asked_for(1000)),
        (503, Some("86399"), asked_for(DAY_MS - 1000)),
        (503, Some("86401"), asked_for(DAY_MS)),
        (503, Some("99999999999999999999999999"), asked_for(DAY_MS)),
        (503, Some("Wed, 25 Nov 2026 10:10:00 GMT"), asked_for(600_000)),
        (503, Some("Wed, 25 Nov 2026 10:00:00 GMT"), asked_for(1000)),
        (503, Some("Wed, 25 Nov 2026 09:00:00 GMT"), asked_for(1000)),
        (503, Some("Sun, 06 Nov 1994 08:49:37 GMT"), asked_for(1000)),
        (503, Some("Fri, 25 Dec 2026 10:00:00 GMT"), asked_for(DAY_MS)),
    ] {
        assert_eq!(ShopResponse::read(status, retry_after, START_MS), answer, "{status} {retry_after:?}");
    }
    for (statuses, answer) in [
        (&[200, 204, 299][..], ShopResponse::Delivered),
        (&[199, 300, 301, 304, 400, 404, 409, 411, 429, 500, 502, 503], FAILED),
        (&[410], ShopResponse::Gone),
    ] {
        for status in statuses {
            assert_eq!(ShopResponse::read(*status, None, START_MS), answer, "{status}");
        }
    }
    let numbers = ["", "-1", "+60", "1.5", ".0", "1.0.0", "60s", "60, 60", "soon"];
    for odd in numbers.into_iter().chain(["Wed, 31 Nov 2026 10:10:00 GMT", "2026-11-25T10:10:00Z"]) {
        assert_eq!(ShopResponse::read(503, Some(odd), START_MS), FAILED, "{odd}");
    }
}

#[test]
fn retry_after_puts_a_try_off_and_never_brings_it_forward() {
    let at = |made, answer| match after_try(made, answer, 0, START_MS) {
        Next::At(time) => time - START_MS,
        other => panic!("{other:?}"),
    };
    assert_eq!(at(1, asked_for(1000)), 5000);
    assert_eq!(at(1, asked_for(60_000)), 60_000);
    assert_eq!(at(4, asked_for(60_000)), 2 * HOUR_MS);
    assert_eq!(at(4, asked_for(DAY_MS)), DAY_MS);
    // A shop under maintenance that asks for a minute each time is tried for three days all the same.
    let total: u64 = (1..10).map(|made| at(made, asked_for(60_000))).sum();
    assert!(total > 3 * DAY_MS);
}

#[test]
fn a_thousand_events_that_failed_together_come_back_spread_over_a_fifth_of_the_delay() {
    // Numbers as a good source gives them: equally likely, so here equally spaced.
    let step = u32::MAX / 1000;
    for made in 1..10 {
        let delay = DELAYS_MS[made as usize];
        let mut tenths = [0_u32; 10];
        for event in 0..1000 {
            let Next::At(time) = after_try(made, FAILED, event * step, START_MS) else { panic!("{made}") };
            let late = time - START_MS - delay;
            assert!(late < delay / 5, "{late} ms more than {delay}");
            tenths[usize::try_from(late * 50 / delay).unwrap()] += 1;
        }
        assert!(tenths.iter().all(|count| (90..=110).contains(count)), "after try {made}: {tenths:?}");
    }
    let Next::At(latest) = after_try(9, FAILED, u32::MAX, START_MS) else { panic!() };
    assert_eq!(latest, START_MS + DAY_MS + DAY_MS / 5 - 1);
}

#[test]
fn a_clock_at_its_end_does_not_turn_over() {
    assert_eq!(after_try(9, FAILED, u32::MAX, u64::MAX), Next::At(u64::MAX));
    assert_eq!(after_try(1, asked_for(u64::MAX), u32::MAX, 1), Next::At(u64::MAX));
    assert_eq!(ShopResponse::read(503, Some("Wed, 25 Nov 2026 10:10:00 GMT"), u64::MAX), asked_for(1000));
    assert_eq!(ShopResponse::read(503, Some("Wed, 25 Nov 2026 10:10:00 GMT"), 0), asked_for(DAY_MS));
}

proptest! {
    #[test]
    fn no_try_comes_before_its_time_and_each_delay_is_at_least_the_one_before(
        randoms in prop::collection::vec(any::<u32>(), 10),
        retry_after_ms in prop::option::of(1000..=DAY_MS), now_ms in 0..=u64::MAX / 2,
    ) {
        let answer = ShopResponse::Failed { retry_after_ms };
        let mut least = 0;
        for (made, random) in (1_u32..10).zip(&randoms) {
            let Next::At(time) = after_try(made, answer, *random, now_ms) else {
                return Err(TestCaseError::fail(format!("no try after {made}")));
            };
            let scheduled = DELAYS_MS[made as usize].max(retry_after_ms.unwrap_or(0));
            prop_assert!(scheduled >= least);
            prop_assert!(time - now_ms >= scheduled && time - now_ms <= scheduled + scheduled / 5);
            // More randomness never makes a try earlier.
            let Next::At(later) = after_try(made, answer, random.saturating_add(1), now_ms) else {
                return Err(TestCaseError::fail("no try"));
            };
            prop_assert!(later >= time);
            least = scheduled;
        }
        prop_assert_eq!(after_try(10, answer, randoms[9], now_ms), Next::Dead);
    }

    #[test]
    fn no_retry_after_at_all_breaks_the_reader(text in "\\PC{0,40}", now_ms in any::<u64>()) {
        if let ShopResponse::Failed { retry_after_ms: Some(asked_ms) } = ShopResponse::read(503, Some(&text), now_ms) {
            prop_assert!((1000..=DAY_MS).contains(&asked_ms));
        }
    }
}
