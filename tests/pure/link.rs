//! The record of a link: what is known of it, and what was agreed.

use crate::support::{Creation, UNKNOWN, check_stored, count, created, link, refused, terms};
use paytr_link_relay::link::{Link, LinkOfOrder, LinkState, SendOutcome, SendReport, Terms};
use paytr_link_relay::model::{Currency, LinkType, OrderKey, Reference};
use paytr_link_relay::packed::unpack;
use serde_json::json;

const TIME: Option<u64> = Some(1_795_600_800_000);

#[test]
fn a_report_of_a_send_is_told_without_what_has_no_value_and_only_what_was_limited_may_still_go_out() {
    for (outcome, word) in [
        (SendOutcome::Sent, "sent"),
        (SendOutcome::Rejected, "rejected"),
        (SendOutcome::Unknown, "unknown"),
        (SendOutcome::Limited, "limited"),
        (SendOutcome::Obsolete, "obsolete"),
    ] {
        let report = SendReport::new("link.send_sms", outcome);
        assert_eq!(serde_json::to_value(&report).unwrap(), json!({"type": "link.send_sms", "outcome": word}));
        assert_eq!(report.is_final(), word != "limited", "{word}");
    }
}

#[test]
fn a_link_of_which_paytr_is_being_asked_has_nothing_but_its_terms() {
    let expected = Link {
        terms: terms(),
        created_at: 7,
        creation: None,
        sends: Vec::new(),
        deleted_at: None,
        paid_at: None,
        last_payment_at: None,
        closing_tries: None,
    };
    assert_eq!(Link::opened(terms(), 7), expected);
}

#[test]
fn a_link_is_there_to_speak_of_unless_paytr_refused_to_make_it() {
    for (creation, may_exist, is_created) in
        [(None, true, false), (created(), true, true), (refused(), false, false), (UNKNOWN, true, false)]
    {
        let link = link(creation.clone());
        assert_eq!((link.may_exist(), link.created().is_some()), (may_exist, is_created), "{creation:?}");
    }
}

#[test]
fn the_state_of_a_link_is_the_most_that_is_known_of_it() {
    let cases: [(Creation, Option<u64>, Option<u64>, LinkState); 9] = [
        (created(), None, None, LinkState::Open),
        (created(), TIME, None, LinkState::Paid),
        (UNKNOWN, TIME, None, LinkState::Paid),
        (created(), None, TIME, LinkState::Deleted),
        // Money counts more than a deletion, whichever came first.
        (created(), TIME, TIME, LinkState::Paid),
        (UNKNOWN, None, TIME, LinkState::Deleted),
        (None, None, None, LinkState::Unknown),
        (None, TIME, None, LinkState::Paid),
        (UNKNOWN, None, None, LinkState::Unknown),
    ];
    for (creation, paid_at, deleted_at, expected) in cases {
        let link = Link { paid_at, deleted_at, last_payment_at: TIME, ..link(creation) };
        assert_eq!(link.state(), expected, "{link:?}");
    }
    let states = [LinkState::Open, LinkState::Paid, LinkState::Deleted, LinkState::Unknown];
    assert_eq!(serde_json::to_value(states).unwrap(), json!(["open", "paid", "deleted", "unknown"]));
}

#[test]
fn a_link_that_was_paid_for_good_or_deleted_is_sent_to_nobody() {
    for (paid_once, paid_at, deleted_at, expected) in [
        (true, None, None, false),
        (false, None, None, false),
        (true, TIME, None, true),
        (false, TIME, None, false),
        (true, None, TIME, true),
        (false, None, TIME, true),
        (false, TIME, TIME, true),
    ] {
        let link = Link { terms: Terms { paid_once, ..terms() }, paid_at, deleted_at, ..link(created()) };
        assert_eq!(link.is_over(), expected, "{link:?}");
    }
}

/// What a relay has recorded is read by every later one.
#[test]
fn the_form_of_the_terms_is_constant() {
    let all = Terms {
        link_type: LinkType::Collection,
        currency: Currency::Eur,
        min_count: count(2),
        reference: Reference::from_text("1001"),
        paid_once: false,
        expires_at: TIME,
        ..terms()
    };
    let key = OrderKey { storefront: "shop".to_owned(), order_id: "11".to_owned() };
    let of_order = Terms { order: Some(LinkOfOrder { key, number: 2 }), ..terms() };
    for (terms, bytes) in [
        (all, &b"\x16\x01\0\xa5\x0b\x01\0\x02\x01\x041001\0\x01\x80\xb2\x97\x91\xa14\0"[..]),
        (terms(), b"\x0b\0\0\xa5\x0b\0\0\x01\0\x01\0\0"),
        (of_order, b"\x16\0\0\xa5\x0b\0\0\x01\0\x01\0\x01\x0a\x08\x04shop\x0211\x02"),
    ] {
        check_stored(&terms, bytes);
    }
    let least = b"\x08\0\0\xa5\x0b\0\0\x01\0";
    assert_eq!(unpack::<Terms>(least), None, "a member that was there from the beginning is missing");
    for least in [&b"\x09\0\0\xa5\x0b\0\0\x01\0\x01"[..], b"\x0a\0\0\xa5\x0b\0\0\x01\0\x01\0"] {
        assert_eq!(unpack::<Terms>(least), Some(terms()), "without what may be missing");
    }
}
