//! The event that tells the shop of a payment, to the byte.

use crate::paytr_notification::CALLBACK_ID;
use crate::support::{MERCHANT_ID, MERCHANT_KEY, check_stored, created, link, merchant, merchant_with, terms};
use paytr_link_relay::link::{Link, Terms};
use paytr_link_relay::link_view::{EventView, PaymentView};
use paytr_link_relay::model::{CallbackId, Currency, Moment, Reference};
use paytr_link_relay::packed::{pack, unpack};
use paytr_link_relay::payment::event::body;
use paytr_link_relay::payment::{Assessment, EventId, EventState, EventType, PaymentDetails, Reason};
use paytr_link_relay::paytr::{Notification, TotalAmount, Unsigned, UnsignedText};
use proptest::prelude::*;
use serde_json::{Value, json};

const RECEIVED_MS: u64 = 1_795_600_800_999;

fn callback_id() -> CallbackId {
    CallbackId::parse(CALLBACK_ID).unwrap()
}

fn payment() -> Notification {
    Notification { callback_id: callback_id(), ..crate::support::payment() }
}

fn assessed(reasons: &[Reason]) -> Assessment {
    Assessment { reasons: reasons.to_vec() }
}

/// PayTR's notification with fields that cannot be read.
fn unreadable() -> Notification {
    Notification {
        total_amount: TotalAmount::Unreadable("158000.00".to_owned()),
        unsigned: Unsigned { payment_amount: Some(158_000), ..Unsigned::default() },
        unsigned_text: UnsignedText {
            currency: Some("USD ".to_owned()),
            test_mode: Some("true".to_owned()),
            ..UnsignedText::default()
        },
        ..payment()
    }
}

const ID: &str = r#""callback_id":"b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9""#;
const TEXT: &str = r#""unsigned_text":{"currency":"USD ","test_mode":"true"}"#;
const PAYMENT: &str = r#""payment":{"merchant_oid":"IN1","status":"success","total_amount":158000},"unsigned":"#;
const UNSIGNED: &str =
    r#"{"payment_amount":158000,"currency":"TL","payment_type":"card","test_mode":false,"merchant_id":"123456"}"#;

#[test]
fn a_payment_is_told_whole_with_what_speaks_against_it_and_without_what_nobody_knows() {
    let of_order = Link { terms: Terms { reference: Reference::from_text("1001"), ..terms() }, ..link(created()) };
    let unknown_id = Link { terms: Terms { currency: Currency::Eur, ..terms() }, ..link(None) };
    let nothing_unsigned = Notification { unsigned: Unsigned::default(), ..payment() };
    let unread = r#""payment":{"merchant_oid":"IN1","status":"success","total_amount_text":"158000.00"},"unsigned":"#;
    for (payment, link, reasons, data) in [
        (
            payment(),
            Some(of_order),
            vec![],
            format!(
                r#""reference":"1001","link":{{"id":"NB2Zlz3",{ID},"price":1445,"currency":"TL"}},{PAYMENT}{UNSIGNED}"#
            ),
        ),
        (
            payment(),
            Some(unknown_id),
            vec![],
            format!(r#""link":{{{ID},"price":1445,"currency":"EUR"}},{PAYMENT}{UNSIGNED}"#),
        ),
        (
            nothing_unsigned,
            None,
            vec![Reason::UnknownLink, Reason::NotSuccess],
            format!(r#""reasons":["unknown_link","not_success"],"link":{{{ID}}},{PAYMENT}{{}}"#),
        ),
        (
            unreadable(),
            None,
            vec![Reason::Unreadable],
            format!(r#""reasons":["unreadable"],"link":{{{ID}}},{unread}{{"payment_amount":158000}},{TEXT}"#),
        ),
    ] {
        let event_type = if reasons.is_empty() { "link.paid" } else { "link.payment_review" };
        let expected = format!(r#"{{"type":"{event_type}","timestamp":"2026-11-25T10:00:00Z","data":{{{data}}}}}"#);
        assert_eq!(body(&payment, link.as_ref(), &Assessment { reasons }, RECEIVED_MS), expected);
    }
}

/// A payment as answers show it, without its event.
fn shown(payment: &Notification, assessment: &Assessment) -> Value {
    let details = PaymentDetails::new(payment, assessment);
    let stored: PaymentDetails = unpack(&pack(&details)).unwrap();
    assert_eq!(stored, details);
    let event = EventView { webhook_id: "evt_1".to_owned(), state: EventState::Pending, attempts: 0 };
    let mut view = serde_json::to_value(PaymentView::new(assessment.event_type(), stored, RECEIVED_MS, event)).unwrap();
    view.as_object_mut().unwrap().remove("event");
    view
}

#[test]
fn what_a_record_says_of_a_payment_is_what_its_event_said() {
    let unsigned = Unsigned { test_mode: Some(true), ..Unsigned::default() };
    let payment = Notification { unsigned, ..payment() };
    for (payment, assessment) in [
        (payment.clone(), assessed(&[])),
        (payment, assessed(&[Reason::TestPayment])),
        (unreadable(), assessed(&[Reason::Unreadable, Reason::Deleted])),
    ] {
        let event: Value = serde_json::from_str(&body(&payment, None, &assessment, RECEIVED_MS)).unwrap();
        let (data, told) = (&event["data"], &event["data"]["payment"]);
        let mut expected = told.as_object().unwrap().clone();
        expected.extend(
            [("type", &event["type"]), ("received_at", &event["timestamp"])]
                .map(|(name, value)| (name.to_owned(), value.clone())),
        );
        for name in ["reasons", "unsigned", "unsigned_text"] {
            expected.extend(data.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        assert_eq!(shown(&payment, &assessment), Value::Object(expected));
    }
    let expected = json!({
        "merchant_oid": "IN1",
        "type": "link.payment_review",
        "reasons": ["unreadable"],
        "status": "success",
        "total_amount_text": "158000.00",
        "unsigned": {"payment_amount": 158_000},
        "unsigned_text": {"currency": "USD ", "test_mode": "true"},
        "received_at": "2026-11-25T10:00:00Z",
    });
    assert_eq!(shown(&unreadable(), &assessed(&[Reason::Unreadable])), expected);
}

#[test]
fn the_words_of_types_and_states_and_the_numbers_they_are_stored_as_never_change() {
    let types = [(EventType::LinkPaid, "link.paid"), (EventType::LinkPaymentReview, "link.payment_review")];
    for (number, (event_type, word)) in (0..).zip(types) {
        assert_eq!((event_type.as_str(), serde_json::to_value(event_type).unwrap()), (word, json!(word)));
        assert_eq!(EventType::from_name(word), Some(event_type));
        check_stored(&event_type, &[number, 0]);
    }
    let states = [(EventState::Pending, "pending"), (EventState::Delivered, "delivered"), (EventState::Dead, "dead")];
    for (number, (state, word)) in (0..).zip(states) {
        assert_eq!((state.as_str(), serde_json::to_value(state).unwrap()), (word, json!(word)));
        assert_eq!(EventState::from_name(word), Some(state));
        check_stored(&state, &[number, 0]);
    }
}

#[test]
fn times_are_written_in_seconds_of_utc() {
    for (received_ms, written) in [
        (0, "1970-01-01T00:00:00Z"),
        (951_782_399_999, "2000-02-28T23:59:59Z"),
        (951_782_400_000, "2000-02-29T00:00:00Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59Z"),
        (253_402_300_800_000, "1970-01-01T00:00:00Z"),
        (u64::MAX, "1970-01-01T00:00:00Z"),
    ] {
        assert_eq!(Moment::from_unix_ms(received_ms).rfc_3339(), written);
        let event = body(&payment(), None, &assessed(&[]), received_ms);
        assert!(event.contains(&format!(r#""timestamp":"{written}""#)), "{event}");
    }
}

fn id(payment: &Notification) -> EventId {
    EventId::new(&merchant(), payment)
}

#[test]
fn an_event_has_one_webhook_id_for_good_which_hangs_on_the_key_alone() {
    let first = id(&payment());
    let another_salt = merchant_with("654321", MERCHANT_KEY, "another salt, new");
    assert_eq!(EventId::new(&another_salt, &payment()), first);
    assert_eq!(first.as_str(), "evt_1bae4061862d5dd2da757db5cc7b3485f94a37981d975c9b57b853b219fafd6f");
    assert_eq!(first.payment_prefix(), "evt_1bae4061862d5dd2da757db5cc7b3485");
    let by_another_key = EventId::new(&merchant_with(MERCHANT_ID, "another key, newer", "salt"), &payment());
    assert_ne!(by_another_key.as_str(), first.as_str());
    assert_ne!(by_another_key.payment_prefix(), first.payment_prefix());
}

/// What PayTR signs of a payment, out of few values, so that some are the same.
fn signed() -> impl Strategy<Value = Notification> {
    let text = |texts: &'static [&'static str]| prop::sample::select(texts).prop_map(str::to_owned);
    let amount = prop_oneof![
        (0..3_u64, 0..3_usize)
            .prop_map(|(amount, zeros)| TotalAmount::MinorUnits(amount, format!("{}{amount}", "0".repeat(zeros)))),
        text(&["1.0", "1,0", "1e0"]).prop_map(TotalAmount::Unreadable),
    ];
    let ids = prop::sample::select(vec!["a".repeat(64), "b".repeat(64)]);
    (ids, text(&["IN1", "IN11", "IN"]), text(&["success", "failed", "s"]), amount).prop_map(
        |(callback_id, merchant_oid, status, total_amount)| {
            let callback_id = CallbackId::parse(&callback_id).unwrap();
            Notification { callback_id, merchant_oid, status, total_amount, ..payment() }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn notifications_have_one_event_if_and_only_if_all_that_is_signed_is_the_same(
        one in signed(), other in signed(), oids in ("[!-~]{1,64}", "[!-~]{1,64}"), use_oids in any::<bool>(),
        unsigned in prop::option::of("[!-~]{1,32}"),
    ) {
        let (mut one, mut other) = (one, other);
        if use_oids {
            (one.merchant_oid, other.merchant_oid) = oids;
        }
        // What is not signed changes nothing.
        other.unsigned = Unsigned { currency: unsigned.clone(), payment_type: unsigned.clone(), ..Unsigned::default() };
        other.unsigned_text = UnsignedText { test_mode: unsigned, ..UnsignedText::default() };
        let signed = |payment: &Notification| {
            let Notification { callback_id, merchant_oid, status, total_amount, .. } = payment.clone();
            (callback_id, merchant_oid, status, total_amount.as_str().to_owned())
        };
        let named = |payment: &Notification| (payment.callback_id.clone(), payment.merchant_oid.clone());
        prop_assert_eq!(id(&one) == id(&other), signed(&one) == signed(&other));
        prop_assert_eq!(id(&one).payment_prefix() == id(&other).payment_prefix(), named(&one) == named(&other));
        // A repeat after any time is the same.
        let again = Notification { unsigned: other.unsigned.clone(), ..one.clone() };
        prop_assert_eq!(id(&one), id(&again));
    }
}
