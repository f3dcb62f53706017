//! The event that tells the shop of a payment, to the byte.

use crate::support::{MERCHANT_ID, merchant, merchant_with};
use paytr_link_relay::events::event::{Link, body, payment_details, webhook_id};
use paytr_link_relay::events::verdict::{Reason, Verdict};
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::model::callback_id::CallbackId;
use paytr_link_relay::model::currency::Currency;
use paytr_link_relay::model::price::Price;
use paytr_link_relay::model::reference::Reference;
use paytr_link_relay::paytr::{Notification, Unsigned};
use serde_json::json;
use std::collections::BTreeSet;

const CALLBACK_ID: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
const RECEIVED_MS: u64 = 1_795_600_800_999;

fn callback_id() -> CallbackId {
    CallbackId::parse(CALLBACK_ID).unwrap()
}

fn payment() -> Notification {
    Notification {
        callback_id: callback_id(),
        merchant_oid: "IN1".into(),
        status: "success".into(),
        total_amount: 158_000,
        unsigned: Unsigned {
            payment_amount: Some(158_000),
            currency: Some("TL".into()),
            payment_type: Some("card".into()),
            test_mode: Some(false),
            merchant_id: Some(MERCHANT_ID.into()),
        },
    }
}

fn price() -> Price {
    Price::parse(&JsonValue::Integer(158_000)).unwrap()
}

#[test]
fn a_payment_that_fits_is_told_whole() {
    let reference = Reference::parse(&JsonValue::Text("1001".into())).unwrap();
    let link = Link { id: Some("NB2Zlz3"), price: price(), currency: Currency::Tl, reference: Some(&reference) };
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
    assert_eq!(body(&payment(), Some(link), &Verdict::LinkPaid, RECEIVED_MS), expected);
}

#[test]
fn a_payment_for_review_says_why_and_leaves_out_what_nobody_knows() {
    let payment = Notification { unsigned: Unsigned::default(), ..payment() };
    let verdict = Verdict::Review(vec![Reason::UnknownLink, Reason::NotSuccess]);
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
    assert_eq!(body(&payment, None, &verdict, RECEIVED_MS), expected);
}

#[test]
fn a_link_whose_id_is_not_known_yet_is_told_without_it() {
    let link = Link { id: None, price: price(), currency: Currency::Eur, reference: None };
    let event = body(&payment(), Some(link), &Verdict::LinkPaid, RECEIVED_MS);
    let expected = format!(r#""data":{{"link":{{"callback_id":"{CALLBACK_ID}","price":158000,"currency":"EUR"}},"#);
    assert!(event.contains(&expected), "{event}");
}

#[test]
fn what_a_record_says_of_a_payment_is_what_its_event_said() {
    let unsigned = Unsigned { test_mode: Some(true), ..Unsigned::default() };
    let payment = Notification { unsigned, ..payment() };
    let event = |verdict: &Verdict| serde_json::from_str(&body(&payment, None, verdict, RECEIVED_MS)).unwrap();
    let mut expected = json!({
        "status": "success",
        "total_amount": 158_000,
        "unsigned": {"test_mode": true},
        "received_at": "2026-11-25T10:00:00Z",
    });
    assert_eq!(payment_details(&event(&Verdict::LinkPaid)), expected);
    expected["reasons"] = json!(["test_payment"]);
    assert_eq!(payment_details(&event(&Verdict::Review(vec![Reason::TestPayment]))), expected);
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
        let event = body(&payment(), None, &Verdict::LinkPaid, received_ms);
        assert!(event.contains(&format!(r#""timestamp":"{written}""#)), "{event}");
    }
}

#[test]
fn an_event_has_one_webhook_id_for_good_and_no_two_payments_share_one() {
    let id = webhook_id(&merchant(), &callback_id(), "IN1");
    let another_salt = merchant_with("654321", crate::support::MERCHANT_KEY, "another salt, new");
    assert_eq!(webhook_id(&another_salt, &callback_id(), "IN1"), id);
    assert_eq!(id.len(), 68);
    assert!(id.starts_with("evt_") && id[4..].bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
    let another_link = CallbackId::parse(&"a".repeat(64)).unwrap();
    let another_key = merchant_with(MERCHANT_ID, "another key, newer", "salt");
    let ids = BTreeSet::from([
        id,
        webhook_id(&merchant(), &callback_id(), "IN2"),
        webhook_id(&merchant(), &another_link, "IN1"),
        webhook_id(&another_key, &callback_id(), "IN1"),
    ]);
    assert_eq!(ids.len(), 4);
}
