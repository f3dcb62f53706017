//! The event that tells the shop of a payment, to the byte.

use crate::support::{
    MERCHANT_ID, MERCHANT_KEY, amount, check_stored, created, link, merchant, merchant_with, price, terms,
};
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::link::{Link, Terms};
use paytr_link_relay::link_view::{EventView, PaymentView};
use paytr_link_relay::model::{CallbackId, Currency, Moment, Reference};
use paytr_link_relay::packed::{pack, unpack};
use paytr_link_relay::payment::event::body;
use paytr_link_relay::payment::{Assessment, EventId, EventState, EventType, PaymentDetails, Reason};
use paytr_link_relay::paytr::{Notification, TotalAmount, Unsigned, UnsignedText};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const CALLBACK_ID: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
const RECEIVED_MS: u64 = 1_795_600_800_999;

fn callback_id() -> CallbackId {
    CallbackId::parse(CALLBACK_ID).unwrap()
}

fn payment() -> Notification {
    Notification { callback_id: callback_id(), ..crate::support::payment() }
}

fn paid() -> Assessment {
    Assessment { reasons: Vec::new() }
}

fn review(reasons: &[Reason]) -> Assessment {
    Assessment { reasons: reasons.to_vec() }
}

#[test]
fn a_payment_that_fits_is_told_whole() {
    let reference = Reference::parse(&JsonValue::Text("1001".into())).unwrap();
    let terms = Terms { price: price(158_000), reference: Some(reference), ..terms() };
    let link = Link { terms, ..link(created()) };
    let expected = format!(
        concat!(
            r#"{{"type":"link.paid","timestamp":"2026-11-25T10:00:00Z","#,
            r#""data":{{"reference":"1001","#,
            r#""link":{{"id":"NB2Zlz3","callback_id":"{CALLBACK_ID}","price":158000,"currency":"TL"}},"#,
            r#""payment":{{"merchant_oid":"IN1","status":"success","total_amount":158000}},"#,
            r#""unsigned":{{"payment_amount":158000,"currency":"TL","payment_type":"card","test_mode":false,"#,
            r#""merchant_id":"123456"}}}}}}"#,
        ),
        CALLBACK_ID = CALLBACK_ID
    );
    assert_eq!(body(&payment(), Some(&link), &paid(), RECEIVED_MS), expected);
}

#[test]
fn a_payment_for_review_says_why_and_leaves_out_what_nobody_knows() {
    let payment = Notification { unsigned: Unsigned::default(), ..payment() };
    let assessment = review(&[Reason::UnknownLink, Reason::NotSuccess]);
    let expected = format!(
        concat!(
            r#"{{"type":"link.payment_review","timestamp":"2026-11-25T10:00:00Z","#,
            r#""data":{{"reasons":["unknown_link","not_success"],"#,
            r#""link":{{"callback_id":"{CALLBACK_ID}"}},"#,
            r#""payment":{{"merchant_oid":"IN1","status":"success","total_amount":158000}},"#,
            r#""unsigned":{{}}}}}}"#,
        ),
        CALLBACK_ID = CALLBACK_ID
    );
    assert_eq!(body(&payment, None, &assessment, RECEIVED_MS), expected);
}

#[test]
fn a_link_whose_id_is_not_known_yet_is_told_without_it() {
    let link = Link { terms: Terms { price: price(158_000), currency: Currency::Eur, ..terms() }, ..link(None) };
    let event = body(&payment(), Some(&link), &paid(), RECEIVED_MS);
    let expected = format!(r#""data":{{"link":{{"callback_id":"{CALLBACK_ID}","price":158000,"currency":"EUR"}},"#);
    assert!(event.contains(&expected), "{event}");
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

#[test]
fn what_cannot_be_read_is_told_as_it_came() {
    let expected = format!(
        concat!(
            r#"{{"type":"link.payment_review","timestamp":"2026-11-25T10:00:00Z","#,
            r#""data":{{"reasons":["unreadable"],"#,
            r#""link":{{"callback_id":"{CALLBACK_ID}"}},"#,
            r#""payment":{{"merchant_oid":"IN1","status":"success","total_amount_text":"158000.00"}},"#,
            r#""unsigned":{{"payment_amount":158000}},"#,
            r#""unsigned_text":{{"currency":"USD ","test_mode":"true"}}}}}}"#,
        ),
        CALLBACK_ID = CALLBACK_ID
    );
    assert_eq!(body(&unreadable(), None, &review(&[Reason::Unreadable]), RECEIVED_MS), expected);
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
        (payment.clone(), paid()),
        (payment, review(&[Reason::TestPayment])),
        (unreadable(), review(&[Reason::Unreadable, Reason::Deleted])),
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
    assert_eq!(shown(&unreadable(), &review(&[Reason::Unreadable])), expected);
}

#[test]
fn the_words_of_types_and_states_are_constant() {
    for (event_type, word) in
        [(EventType::LinkPaid, "link.paid"), (EventType::LinkPaymentReview, "link.payment_review")]
    {
        assert_eq!((event_type.as_str(), serde_json::to_value(event_type).unwrap()), (word, json!(word)));
        assert_eq!(EventType::from_name(word), Some(event_type));
    }
    for (state, word) in
        [(EventState::Pending, "pending"), (EventState::Delivered, "delivered"), (EventState::Dead, "dead")]
    {
        assert_eq!((state.as_str(), serde_json::to_value(state).unwrap()), (word, json!(word)));
        assert_eq!(EventState::from_name(word), Some(state));
    }
}

#[test]
fn types_and_states_are_stored_as_numbers_that_never_change() {
    for (number, event_type) in (0..).zip([EventType::LinkPaid, EventType::LinkPaymentReview]) {
        check_stored(&event_type, &[number, 0]);
    }
    for (number, state) in (0..).zip([EventState::Pending, EventState::Delivered, EventState::Dead]) {
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
        let event = body(&payment(), None, &paid(), received_ms);
        assert!(event.contains(&format!(r#""timestamp":"{written}""#)), "{event}");
    }
}

fn id(payment: &Notification) -> EventId {
    EventId::new(&merchant(), payment)
}

#[test]
fn an_event_has_one_webhook_id_for_good_and_no_two_notifications_share_one() {
    let first = id(&payment());
    let another_salt = merchant_with("654321", MERCHANT_KEY, "another salt, new");
    assert_eq!(EventId::new(&another_salt, &payment()), first);
    let text = first.as_str();
    assert_eq!(text.len(), 68);
    assert!(text.starts_with("evt_") && text[4..].bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
    assert_eq!(text, "evt_1bae4061862d5dd2da757db5cc7b3485f94a37981d975c9b57b853b219fafd6f");
    let another_link = CallbackId::parse(&"a".repeat(64)).unwrap();
    let another_key = merchant_with(MERCHANT_ID, "another key, newer", "salt");
    let ids = [
        first,
        id(&Notification { merchant_oid: "IN2".into(), ..payment() }),
        id(&Notification { callback_id: another_link, ..payment() }),
        EventId::new(&another_key, &payment()),
    ];
    assert_eq!(ids.iter().map(EventId::as_str).collect::<BTreeSet<_>>().len(), 4);
    assert_eq!(ids.iter().map(EventId::payment_prefix).collect::<BTreeSet<_>>().len(), 4);
}

#[test]
fn all_that_is_said_of_one_payment_begins_with_the_same_digits() {
    let said = [
        payment(),
        Notification { status: "failed".into(), ..payment() },
        Notification { total_amount: amount(1), ..payment() },
        Notification { total_amount: TotalAmount::MinorUnits(158_000, "0158000".into()), ..payment() },
        Notification { total_amount: TotalAmount::Unreadable("158000.00".into()), ..payment() },
    ];
    let ids = said.map(|payment| id(&payment));
    assert_eq!(ids.iter().map(EventId::as_str).collect::<BTreeSet<_>>().len(), 5);
    let prefixes: BTreeSet<&str> = ids.iter().map(EventId::payment_prefix).collect();
    assert_eq!(prefixes.len(), 1);
    assert_eq!(prefixes.first().unwrap().len(), "evt_".len() + 32);
    assert!(ids.iter().all(|id| id.as_str().starts_with(id.payment_prefix())));
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
