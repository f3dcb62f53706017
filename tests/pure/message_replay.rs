//! `event.replay`: which link's events, and how many.

use crate::support::{
    UNKNOWN, body_of, callback_id, created, described, invalid_fields, link, message_of, reads_link, refused, response,
    view,
};
use paytr_link_relay::ledger::Refusal;
use paytr_link_relay::link_view::LinkView;
use paytr_link_relay::message::{Handling, Message, Part, Payments, Query};
use paytr_link_relay::model::Moment;
use serde_json::json;

fn replay() -> Message {
    message_of("event.replay", &json!({"callback_id": callback_id()}))
}

#[test]
fn all_events_since_a_time_are_replayed_where_one_is_given() {
    for (written, expected) in [
        ("2026-11-25T10:00:00Z", 1_795_600_800_000),
        ("2026-11-25T13:00:00.999+03:00", 1_795_600_800_000),
        ("1970-01-01T00:00:00Z", 0),
    ] {
        let message = message_of("event.replay", &json!({"callback_id": callback_id(), "created_after": written}));
        assert_eq!(reads_link(&message).payments(), Payments::Replayed(Some(expected)), "{written}");
    }
    let body = json!({"type": "event.replay", "data": {"callback_id": callback_id(), "created_after": "yesterday"}});
    let [(pointer, _)] = invalid_fields(&body.to_string()).try_into().unwrap();
    assert_eq!(pointer, "/data/created_after");
}

#[test]
fn the_answer_says_how_many_are_sent_again() {
    // A payment is told of even where the relay has no record of a link.
    for (creation, count) in [
        (Some(created()), 0),
        (Some(created()), 2),
        (Some(UNKNOWN), 0),
        (Some(None), 0),
        (Some(refused()), 1),
        (None, 1),
    ] {
        let view = LinkView { replayed: count, ..view(creation.clone().map(link)) };
        let response = response(&replay(), reads_link(&replay()).answer(view));
        assert_eq!((response.status, response.code), (200, "replayed"), "{creation:?}");
        assert_eq!(body_of(&response), json!({"outcome": "replayed", "events": count}));
    }
    for creation in [None, Some(refused())] {
        let nothing = reads_link(&replay()).answer(view(creation.map(link)));
        assert_eq!(nothing, Err(Refusal::LinkNotFound), "it was neither made nor paid");
    }
}

#[test]
fn all_that_was_given_up_is_replayed_by_one_message() {
    for (data, created_after) in [
        (json!({"state": "dead"}), None),
        (json!({"state": "dead", "created_after": "2026-11-25T10:00:00Z"}), Some(1_795_600_800_000)),
    ] {
        let message = message_of("event.replay", &data);
        let Handling::AskLedger(asking) = message.handling() else { panic!("{data} is not every partition's") };
        let created_after = created_after.map(Moment::from_unix_ms);
        assert_eq!(asking.query(0), Query::ReplayDead { created_after });
        let parts = vec![Part::Replayed(2), Part::Replayed(0), Part::Replayed(40)];
        let answer = response(&message, Ok(asking.answer(parts).unwrap()));
        assert_eq!(body_of(&answer), json!({"outcome": "replayed", "events": 42}));
        assert_eq!(asking.answer(vec![Part::Replayed(1), Part::Links(Vec::new())]), None);
        assert_eq!(described(&message).callback_id, None);
    }
}

#[test]
fn only_what_was_given_up_is_replayed_by_its_state() {
    let state = "must be dead, as text: what is pending is sent by itself";
    let beside = "must not stand beside state: it is the events of a link, or all of a state";
    for (data, pointer, detail) in [
        (json!({"state": "pending"}), "/data/state", state),
        (json!({"state": "delivered"}), "/data/state", state),
        (json!({"state": true}), "/data/state", state),
        (json!({"state": "dead", "callback_id": callback_id()}), "/data/callback_id", beside),
    ] {
        let body = json!({"type": "event.replay", "data": data}).to_string();
        assert_eq!(invalid_fields(&body), [(pointer.to_owned(), detail)], "{data}");
    }
}
