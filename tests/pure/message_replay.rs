//! `event.replay`: which link's events, and how many.

use crate::support::{body_of, callback_id, created, described, invalid_fields, link, message_of, reads_link, view};
use paytr_link_relay::link::{Creation, EventView, PaymentView};
use paytr_link_relay::message::{Message, Plan};
use paytr_link_relay::http::problem::Problem;
use paytr_link_relay::http::response::Response;
use serde_json::json;

fn replay() -> Message {
    message_of("event.replay", &json!({"callback_id": callback_id()}))
}

fn payments(count: usize) -> Vec<PaymentView> {
    let payment = PaymentView {
        merchant_oid: "IN1".to_owned(),
        message_type: "link.paid".to_owned(),
        details: json!({}),
        event: EventView { webhook_id: "evt_1".to_owned(), state: "dead".to_owned(), attempts: 10 },
    };
    vec![payment; count]
}

#[test]
fn the_events_of_one_link_are_replayed() {
    let message = replay();
    assert!(matches!(message.plan(), Plan::Read(id, _) if *id == callback_id()));
    assert!(reads_link(&message).replays_events());
    let line = described(&message);
    assert_eq!((line.message_type, line.callback_id), (Some("event.replay"), Some(callback_id().as_str().to_owned())));
    assert_eq!(
        invalid_fields(r#"{"type":"event.replay","data":{}}"#),
        [("/data/callback_id".to_owned(), "is missing; give the callback_id that link.create returned")]
    );
}

#[test]
fn the_answer_says_how_many_are_sent_again() {
    // A payment is told of even where the relay has no record of a link.
    for (creation, count) in [
        (Some(created()), 0),
        (Some(created()), 2),
        (Some(Creation::Unknown), 0),
        (Some(Creation::Rejected), 1),
        (None, 1),
    ] {
        let response = reads_link(&replay()).respond(&view(creation.clone().map(link), payments(count)));
        assert_eq!((response.status, response.code), (200, "replayed"), "{creation:?}");
        assert_eq!(body_of(&response), json!({"outcome": "replayed", "events": count}));
    }
}

#[test]
fn of_a_link_that_was_never_made_nor_paid_there_is_nothing_to_replay() {
    for creation in [None, Some(Creation::Rejected)] {
        let response = reads_link(&replay()).respond(&view(creation.map(link), Vec::new()));
        assert_eq!(response, Response::from(Problem::LinkNotFound));
    }
}
