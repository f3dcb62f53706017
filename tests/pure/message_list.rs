//! `link.list` and `event.list`: what they take, and one list of the partitions' lists.

use crate::support::{body_of, callback_id, invalid_fields, link_in_list, message_of, response};
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::link::LinkState;
use paytr_link_relay::link_view::LinkBody;
use paytr_link_relay::message::{AskLedger, Handling, ListedEvent, ListedLink, Message, Page, Part, Query};
use paytr_link_relay::model::{CallbackId, Cursor, Moment, Reference};
use paytr_link_relay::payment::{EventState, EventType};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const NOW: u64 = 1_795_600_800_000;

fn asks_ledger(message: &Message) -> &dyn AskLedger {
    match message.handling() {
        Handling::AskLedger(asking) => asking,
        _ => panic!("{message:?} is not every partition's"),
    }
}

fn query(message_type: &str, data: &Value) -> Query {
    asks_ledger(&message_of(message_type, data)).query(NOW)
}

fn page(limit: u64) -> Page {
    Page { created_after: None, created_before: None, cursor: None, limit }
}

#[test]
fn a_partition_is_asked_for_its_share_of_a_page_and_never_for_more_than_the_page_and_one() {
    for (limit, share) in [(1, 2), (3, 4), (12, 13), (20, 14), (100, 24)] {
        assert_eq!(page(limit).share(), share, "of {limit}");
    }
}

#[test]
fn a_list_asks_for_all_or_for_what_is_named() {
    let links = |reference, state, page: Page| {
        let count = page.share();
        Query::Links { reference, state, page, count }
    };
    assert_eq!(query("link.list", &json!({})), links(None, None, page(20)));
    let reference = Reference::from_text("1001");
    let between = Page {
        created_after: Some(Moment::from_unix_ms(NOW)),
        created_before: Some(Moment::from_unix_ms(NOW + 1000)),
        cursor: Some(Cursor { created_at: 1_795_600_800_999, id: "0f".to_owned() }),
        limit: 100,
    };
    let data = json!({
        "reference": "1001", "state": "paid", "created_after": "2026-11-25T10:00:00Z",
        "created_before": "2026-11-25T13:00:01+03:00", "limit": 100, "cursor": "1795600800999-0f",
    });
    assert_eq!(query("link.list", &data), links(reference, Some(LinkState::Paid), between));
    for state in LinkState::ALL {
        assert_eq!(query("link.list", &json!({"state": state.as_str()})), links(None, Some(state), page(20)));
    }
    for state in EventState::ALL {
        let expected = Query::Events { state: Some(state), page: page(3), count: 4 };
        assert_eq!(query("event.list", &json!({"state": state.as_str(), "limit": 3})), expected);
    }
    assert_eq!(query("event.list", &json!({})), Query::Events { state: None, page: page(20), count: 21 });
}

#[test]
fn a_list_without_data_is_a_list_of_the_newest() {
    for message_type in ["link.list", "event.list"] {
        let message = Message::parse(json!({"type": message_type}).to_string().as_bytes()).unwrap();
        assert_eq!(message, message_of(message_type, &json!({})), "{message_type}");
    }
}

#[test]
fn what_no_list_can_be_asked_for_is_refused_by_name() {
    let cursor = "must be the cursor of an earlier answer, as text";
    let state_of_link = "must be open, paid, deleted or unknown, as text";
    let state_of_event = "must be pending, delivered or dead, as text";
    let limit = "must be a whole number from 1 to 100";
    let no_cursors = ["", "1795600800999", "1795600800999-", "-0f", "x-0f", "1-0f'"];
    let too_long = format!("1-{}", "x".repeat(81));
    for (message_type, name, values, detail) in [
        ("link.list", "state", vec![json!("Open"), json!("dead"), json!(1)], state_of_link),
        ("event.list", "state", vec![json!("paid"), json!(["dead"])], state_of_event),
        ("link.list", "limit", vec![json!(0), json!(101)], limit),
        ("event.list", "limit", vec![json!("20")], limit),
        ("link.list", "cursor", no_cursors.map(Value::from).into(), cursor),
        ("event.list", "cursor", vec![json!(7), json!(too_long)], cursor),
        ("link.list", "reference", vec![json!(1001)], "must be text; put the number in quotes"),
        ("link.list", "created_after", vec![json!("2026-11-25 10:00:00")], "has no offset; end it with +03:00 or Z"),
        ("event.list", "reference", vec![json!("1001")], "is not a field of this message"),
        ("link.list", "callback_id", vec![json!(callback_id())], "is not a field of this message"),
    ] {
        for value in values {
            let body = json!({"type": message_type, "data": {name: value}}).to_string();
            assert_eq!(invalid_fields(&body), [(format!("/data/{name}"), detail)], "{body}");
        }
    }
    let after = "2026-11-25T10:00:00Z";
    for before in [after, "2026-11-24T10:00:00Z"] {
        let body = json!({"type": "link.list", "data": {"created_after": after, "created_before": before}}).to_string();
        assert_eq!(invalid_fields(&body), [("/data/created_before".to_owned(), "must lie after created_after")]);
    }
}

#[test]
fn a_link_in_a_list_is_what_link_get_says_without_payments_and_with_its_time() {
    let with_all = ListedLink {
        reference: Reference::from_text("1001"),
        storefront: Some("shop".to_owned()),
        ..link_in_list(&callback_id(), NOW)
    };
    let bare = ListedLink {
        link: LinkBody { id: None, url: None, callback_id: callback_id(), base64_qr: None },
        state: LinkState::Unknown,
        ..link_in_list(&callback_id(), NOW - 1)
    };
    let message = message_of("link.list", &json!({}));
    let success = asks_ledger(&message).answer(vec![Part::Links(vec![]), Part::Links(vec![with_all, bare])]).unwrap();
    let expected = json!({"outcome": "listed", "links": [
        {
            "reference": "1001", "storefront": "shop",
            "link": {"id": "NB2Zlz3", "url": "https://www.paytr.com/link/NB2Zlz3", "callback_id": callback_id()},
            "state": "open", "price": 1445, "currency": "TL", "sends": [], "created_at": "2026-11-25T10:00:00Z",
        },
        {
            "link": {"callback_id": callback_id()},
            "state": "unknown", "price": 1445, "currency": "TL", "sends": [], "created_at": "2026-11-25T09:59:59Z",
        },
    ]});
    assert_eq!(body_of(&response(&message, Ok(success))), expected);
}

fn event(id: &str, created_at: u64) -> ListedEvent {
    ListedEvent {
        webhook_id: id.to_owned(),
        event_type: EventType::LinkPaid,
        state: EventState::Dead,
        attempts: 10,
        next_at: None,
        created_at: Moment::from_unix_ms(created_at),
        reference: None,
        callback_id: callback_id().as_str().to_owned(),
        merchant_oid: "oid1".to_owned(),
    }
}

#[test]
fn an_event_in_a_list_says_how_far_it_is_and_of_what() {
    let pending = ListedEvent {
        state: EventState::Pending,
        attempts: 2,
        next_at: Some(Moment::from_unix_ms(NOW + 60_000)),
        reference: Reference::from_text("1001"),
        ..event("evt_1", NOW)
    };
    let message = message_of("event.list", &json!({}));
    let parts = vec![Part::Events(vec![event("evt_0", NOW - 1)]), Part::Events(vec![pending])];
    let success = asks_ledger(&message).answer(parts).unwrap();
    let expected = json!({"outcome": "listed", "events": [
        {
            "webhook_id": "evt_1", "type": "link.paid", "state": "pending", "attempts": 2,
            "next_at": "2026-11-25T10:01:00Z", "created_at": "2026-11-25T10:00:00Z", "reference": "1001",
            "callback_id": callback_id(), "merchant_oid": "oid1",
        },
        {
            "webhook_id": "evt_0", "type": "link.paid", "state": "dead", "attempts": 10,
            "created_at": "2026-11-25T09:59:59Z", "callback_id": callback_id(), "merchant_oid": "oid1",
        },
    ]});
    assert_eq!(body_of(&response(&message, Ok(success))), expected);
}

#[test]
fn a_part_of_another_kind_makes_no_answer() {
    let message = message_of("link.list", &json!({}));
    assert_eq!(asks_ledger(&message).answer(vec![Part::Links(vec![]), Part::Replayed(1)]), None);
    let message = message_of("event.list", &json!({}));
    assert_eq!(asks_ledger(&message).answer(vec![Part::Links(vec![])]), None);
}

#[test]
fn a_cursor_is_read_back_as_it_was_written() {
    let cursor = Cursor { created_at: u64::MAX, id: "evt_0F".to_owned() };
    assert_eq!(Cursor::parse(&JsonValue::Text(cursor.text())), Ok(cursor));
}

/// Entries of 32 partitions, each newest first.
fn partitions() -> impl Strategy<Value = Vec<Vec<(u64, u8)>>> {
    // Few times, so that many fall together; and one partition that has more than its share.
    let entries = |most| {
        let entries = prop::collection::btree_set((0..40_u64, any::<u8>()), 0..most);
        entries.prop_map(|entries| entries.into_iter().rev().collect())
    };
    (entries(60), prop::collection::vec(entries(6), 31)).prop_map(|(many, few)| [vec![many], few].concat())
}

fn id(partition: usize, id: u8) -> CallbackId {
    CallbackId::parse(&format!("{partition:02x}{id:062x}")).unwrap()
}

/// What partition number `partition` answers: its newest `count` before `page`'s end.
fn of_partition(partition: usize, entries: &[(u64, u8)], page: &Page, count: u64) -> Vec<ListedLink> {
    let end = page.end();
    let links = entries.iter().map(|(time, name)| link_in_list(&id(partition, *name), *time));
    let mut links: Vec<ListedLink> = links
        .filter(|link| {
            let cursor =
                Cursor { created_at: link.created_at.unix_ms(), id: link.link.callback_id.as_str().to_owned() };
            cursor < end
        })
        .collect();
    links.truncate(usize::try_from(count).unwrap());
    links
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn pages_show_every_entry_once_newest_first_however_entries_lie(partitions in partitions(), limit in 1..=100_u64) {
        let mut shown: Vec<(u64, String)> = Vec::new();
        let mut page = page(limit);
        loop {
            let count = page.share();
            let lists = partitions.iter().enumerate().map(|(number, entries)| of_partition(number, entries, &page, count));
            let (links, cursor) = page.join(count, lists.collect());
            prop_assert!(links.len() <= usize::try_from(limit).unwrap());
            prop_assert!(!links.is_empty() || cursor.is_none(), "an empty page leads on");
            shown.extend(links.iter().map(|link| (link.created_at.unix_ms(), link.link.callback_id.as_str().to_owned())));
            let Some(cursor) = cursor else { break };
            page.cursor = Some(Cursor::parse(&JsonValue::Text(cursor)).unwrap());
        }
        prop_assert!(shown.windows(2).all(|pair| pair[0] > pair[1]), "not newest first");
        let all: BTreeSet<_> = partitions.iter().enumerate().flat_map(|(number, entries)| {
            entries.iter().map(move |(time, name)| (*time, id(number, *name).as_str().to_owned()))
        }).collect();
        prop_assert_eq!(shown.into_iter().collect::<BTreeSet<_>>(), all);
    }
}

#[test]
fn a_page_before_a_time_ends_at_it_or_at_its_cursor_whichever_is_earlier() {
    let before = |created_before, cursor: Option<(u64, &str)>| {
        let cursor = cursor.map(|(created_at, id)| Cursor { created_at, id: id.to_owned() });
        let created_before = Some(Moment::from_unix_ms(created_before));
        let end = Page { created_before, cursor, ..page(20) }.end();
        (end.created_at, end.id)
    };
    assert_eq!(before(7000, None), (7000, String::new()));
    assert_eq!(before(7000, Some((6000, "0f"))), (6000, "0f".to_owned()));
    assert_eq!(before(7000, Some((8000, "0f"))), (7000, String::new()));
    assert_eq!(page(20).end(), Cursor { created_at: u64::MAX, id: String::new() });
}
