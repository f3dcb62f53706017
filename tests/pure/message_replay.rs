//! `event.replay`: which link's events, and how many.

use crate::support::{
    UNKNOWN, body_of, callback_id, created, described, invalid_fields, link, message_of, reads_link, refused, response,
    view,
};
use paytr_link_relay::ledger::Refusal;
use paytr_link_relay::link_view::LinkView;
use paytr_link_relay::message::{Message, Payments};
use serde_json::json;

fn replay() -> Message {
    message_of("event.replay", &json!({"callback_id": callback_id()}))
}

#[test]
fn the_events_of_one_link_are_replayed() {
    let message = replay();
    assert_eq!(*reads_link(&message).callback_id(), callback_id());
    assert_eq!(reads_link(&message).payments(), Payments::Replayed(None));
    let line = described(&message);
    assert_eq!((line.message_type, line.callback_id), (Some("event.replay"), Some(callback_id().as_str().to_owned())));
    assert_eq!(
        invalid_fields(r#"{"type":"event.replay","data":{}}"#),
        [("/data/callback_id".to_owned(), "is missing; give the callback_id that link.create returned")]
    );
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
}

#[test]
fn of_a_link_that_was_never_made_nor_paid_there_is_nothing_to_replay() {
    for creation in [None, Some(refused())] {
        assert_eq!(reads_link(&replay()).answer(view(creation.map(link))), Err(Refusal::LinkNotFound));
    }
}
