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
    let nothing = vec![Counts::default(); 32];
    for (parts, [created, paid], events, late) in [
        (parts.to_vec(), [11, 22], json!({"pending": 33, "dead": 44, "oldest_pending_at": "2026-11-25T09:59:59Z"}), 2),
        (nothing, [0, 0], json!({"pending": 0, "dead": 0}), 0),
    ] {
        let success = asking.answer(parts.into_iter().map(Part::Status).collect()).unwrap();
        let expected = json!({
            "outcome": "status", "last_24_hours": {"links_created": created, "links_paid": paid}, "events": events,
            "late_partitions": late, "version": env!("CARGO_PKG_VERSION"),
        });
        assert_eq!(body_of(&response(&message, Ok(success))), expected);
    }
    assert_eq!(asking.answer(vec![Part::Replayed(1)]), None);
}
