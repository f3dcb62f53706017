//! A link that was paid and is to be paid once is deleted at PayTR: which ones, how often it is tried, and when it is given
//! up.

use crate::support::{Creation, UNKNOWN, created, created_link, link, refused, terms};
use paytr_link_relay::link::{Link, Terms};
use paytr_link_relay::model::LinkType;
use paytr_link_relay::paytr::{Cause, RejectedStatus, ReplyStatus};
use paytr_link_relay::tasks::After;
use paytr_link_relay::tasks::close_link::{Attempt, Closed, DELAYS_MS, Step, after_attempt, has_to_be_closed, step};
use paytr_link_relay::telemetry::LogLine;

const NOW: u64 = 1_795_600_800_000;
const EARLIER: Option<u64> = Some(1_795_000_000_000);
const REJECTED: Attempt = Attempt::Answered(ReplyStatus::Rejected(RejectedStatus::Error));

fn link_of(link_type: LinkType, paid_once: bool) -> Link {
    Link { terms: Terms { link_type, paid_once, ..terms() }, ..link(created()) }
}

#[test]
fn a_link_that_paytr_would_let_be_paid_again_is_closed_if_it_is_to_be_paid_once() {
    let collection = || link_of(LinkType::Collection, true);
    for (name, link, expected) in [
        ("a collection", collection(), true),
        ("a flex link", link_of(LinkType::Flex, true), true),
        ("a product, which PayTR closes itself", link_of(LinkType::Product, true), false),
        ("a reusable collection", link_of(LinkType::Collection, false), false),
        ("a reusable flex link", link_of(LinkType::Flex, false), false),
        ("deleted by a message", Link { deleted_at: EARLIER, ..collection() }, false),
        ("already being closed", Link { closing_tries: Some(0), ..collection() }, false),
        ("closed, or given up", Link { closing_tries: Some(5), ..collection() }, false),
        ("not created yet", Link { creation: None, ..collection() }, true),
        ("created or not", Link { creation: UNKNOWN, ..collection() }, true),
    ] {
        assert_eq!(has_to_be_closed(&link), expected, "{name}");
    }
}

#[test]
fn a_link_is_deleted_by_its_id_and_given_up_at_once_if_nobody_will_ever_know_it() {
    let id = created_link().id;
    let cases: [(Creation, Option<u64>, Step<'_>); 7] = [
        (created(), None, Step::Delete(&id)),
        (None, None, Step::Wait),
        (UNKNOWN, None, Step::GiveUp),
        (refused(), None, Step::GiveUp),
        (created(), EARLIER, Step::Nothing),
        (None, EARLIER, Step::Nothing),
        (UNKNOWN, EARLIER, Step::Nothing),
    ];
    for (creation, deleted_at, expected) in cases {
        let link = Link { deleted_at, ..link(creation) };
        assert_eq!(step(&link), expected, "{link:?}");
    }
}

#[test]
fn each_attempt_has_its_consequence() {
    let failed = Attempt::Answered(ReplyStatus::Rejected(RejectedStatus::Failed));
    for attempts in [1, 2, 3, 4, 5, 6, 1000, u32::MAX] {
        let delay = DELAYS_MS[..4].get(attempts as usize - 1);
        for (attempt, outcome, reason, is_over) in [
            (Attempt::Answered(ReplyStatus::Success), "deleted", None, true),
            (Attempt::IdUnknown, "dead", Some("link-id-unknown"), true),
            (REJECTED, "rejected", None, false),
            (failed, "rejected", None, false),
            (Attempt::Unknown(Cause::TimedOut), "unknown", Some("timed-out"), false),
            (Attempt::Unknown(Cause::Blocked), "unknown", Some("blocked"), false),
            (Attempt::NotCreatedYet, "unknown", Some("not-created-yet"), false),
        ] {
            let expected = match delay {
                _ if is_over => Closed { outcome, reason, after: After::Done },
                Some(delay) => Closed { outcome, reason, after: After::Again(NOW + delay) },
                None => Closed { outcome: "dead", reason, after: After::Done },
            };
            assert_eq!(after_attempt(attempts, attempt, NOW), expected, "{attempt:?} {attempts}");
        }
    }
}

#[test]
fn five_attempts_are_made_within_three_hours() {
    let mut times = vec![NOW];
    for attempts in 1.. {
        match after_attempt(attempts, REJECTED, *times.last().unwrap()).after {
            After::Again(time) => times.push(time),
            After::Done => break,
        }
    }
    let gaps: Vec<u64> = times.windows(2).map(|pair| (pair[1] - pair[0]) / 1000).collect();
    assert_eq!(gaps, [5, 300, 1800, 7200]);
}

#[test]
fn somebody_has_to_look_where_a_link_stays_payable() {
    let is_error = |attempts, attempt| {
        let Closed { outcome, .. } = after_attempt(attempts, attempt, NOW);
        LogLine { outcome, ..LogLine::default() }.is_error()
    };
    assert!(is_error(5, REJECTED) && is_error(1, Attempt::IdUnknown));
    assert!(!is_error(1, REJECTED) && !is_error(5, Attempt::Answered(ReplyStatus::Success)));
}

#[test]
fn a_clock_at_its_end_does_not_turn_over() {
    assert_eq!(after_attempt(1, REJECTED, u64::MAX).after, After::Again(u64::MAX));
    // Never counted, so never tried again.
    assert_eq!(after_attempt(0, REJECTED, NOW).after, After::Done);
}
