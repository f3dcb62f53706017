//! `relay.status`: one answer of the partitions' counts.

use crate::support::{body_of, message_of, response};
use paytr_link_relay::message::{Counts, Handling, Part, Query};
use paytr_link_relay::model::Moment;
use serde_json::json;

const NOW: u64 = 1_795_600_800_000;

#[test]
fn the_counts_of_all_partitions_are_added_up() {
    let message = message_of("relay.status", &json!({}));
    let Handling::AskLedger(asking) = message.handling() else { panic!("it is not every partition's") };
    assert_eq!(asking.query(NOW), Query::Status { since: Moment::from_unix_ms(NOW - 86_400_000) });
    let oldest_pending_at = |ms| Some(Moment::from_unix_ms(ms));
    let parts = [
        Counts { links_created: 1, links_paid: 2, events_pending: 3, events_dead: 4, ..Counts::default() },
        Counts { links_created: 10, oldest_pending_at: oldest_pending_at(NOW), is_late: true, ..Counts::default() },
        Counts { links_paid: 20, oldest_pending_at: oldest_pending_at(NOW - 1000), ..Counts::default() },
        Counts { events_pending: 30, events_dead: 40, is_late: true, ..Counts::default() },
    ];
    let success = asking.answer(parts.map(Part::Status).to_vec()).unwrap();
    let expected = json!({
        "outcome": "status",
        "last_24_hours": {"links_created": 11, "links_paid": 22},
        "events": {"pending": 33, "dead": 44, "oldest_pending_at": "2026-11-25T09:59:59Z"},
        "late_partitions": 2,
        "version": env!("CARGO_PKG_VERSION"),
    });
    assert_eq!(body_of(&response(&message, Ok(success))), expected);
    assert_eq!(asking.answer(vec![Part::Replayed(1)]), None);
}

#[test]
fn a_relay_in_which_nothing_happened_counts_nothing() {
    let message = message_of("relay.status", &json!({}));
    let Handling::AskLedger(asking) = message.handling() else { panic!("it is not every partition's") };
    let success = asking.answer(vec![Part::Status(Counts::default()); 32]).unwrap();
    let expected = json!({
        "outcome": "status", "last_24_hours": {"links_created": 0, "links_paid": 0}, "events": {"pending": 0, "dead": 0},
        "late_partitions": 0, "version": env!("CARGO_PKG_VERSION"),
    });
    assert_eq!(body_of(&response(&message, Ok(success))), expected);
}
