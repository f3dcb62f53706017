//! What a person is told, and when.

use paytr_link_relay::alert::{Alert, AlertKind};
use paytr_link_relay::paytr::Cause;
use paytr_link_relay::tasks::After;
use paytr_link_relay::tasks::send_alert::{INTERVAL_MS, MAX_TRIES, Tried, after_try, due_at, next};
use serde_json::Value;
use std::collections::BTreeSet;

const NOW: u64 = 1_795_600_800_000;

fn text(kind: AlertKind, held_back: u64) -> String {
    let body = Alert { kind, about: "the thing".to_owned() }.body(held_back);
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body.as_object().unwrap().len(), 1);
    body["text"].as_str().unwrap().to_owned()
}

#[test]
fn each_kind_is_one_line_of_its_own_that_says_of_what_it_speaks_and_what_to_do() {
    let texts: BTreeSet<String> = AlertKind::ALL.iter().map(|kind| text(*kind, 0)).collect();
    assert_eq!(texts.len(), AlertKind::ALL.len());
    for text in texts {
        assert!(
            text.starts_with("paytr-link-relay: ") && text.contains(" the thing. ") && text.ends_with('.'),
            "{text}"
        );
        assert!(!text.contains('\n') && text.len() < 300, "{text}");
    }
}

#[test]
fn what_was_held_back_is_counted() {
    let alone = text(AlertKind::EventDead, 0);
    assert_eq!(text(AlertKind::EventDead, 7), format!("{alone} 7 more of this kind came before it."));
}

#[test]
fn each_kind_has_a_word_by_which_it_is_found_again() {
    for kind in AlertKind::ALL {
        assert_eq!(AlertKind::from_name(kind.as_str()), Some(kind));
    }
    assert_eq!(AlertKind::from_name("other"), None);
}

#[test]
fn that_paytr_blocks_the_relay_is_a_kind_of_its_own() {
    for cause in Cause::ALL {
        let expected = if cause == Cause::Blocked { AlertKind::PaytrBlocks } else { AlertKind::OutcomeUnknown };
        assert_eq!(AlertKind::of_unknown(cause), expected, "{cause:?}");
    }
}

#[test]
fn one_of_a_kind_is_sent_in_ten_minutes() {
    assert_eq!(INTERVAL_MS, 600_000);
    for (last, expected) in [
        (None, NOW),
        (Some(NOW), NOW + INTERVAL_MS),
        (Some(NOW - INTERVAL_MS + 1), NOW + 1),
        (Some(NOW - INTERVAL_MS), NOW),
        (Some(0), NOW),
        (Some(u64::MAX), u64::MAX),
    ] {
        assert_eq!(due_at(last, NOW), expected, "{last:?}");
    }
    assert_eq!(next(0, NOW), After::Done);
    assert_eq!(next(1, NOW), After::Again(NOW + INTERVAL_MS));
}

#[test]
fn one_that_nobody_takes_is_tried_six_times() {
    assert_eq!(MAX_TRIES, 6);
    for tries in 1..=7 {
        assert_eq!(after_try(tries, true), Tried::Sent);
        assert_eq!(after_try(tries, false), if tries < 6 { Tried::Later } else { Tried::Dead }, "{tries}");
    }
}
