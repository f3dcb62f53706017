//! `link.get`: what the relay's own record says.

use crate::support::{
    UNKNOWN, body_of, callback_id, created, created_link, described, invalid_fields, link, message_of, payment_view,
    reads_link, refused, response, terms, view,
};
use paytr_link_relay::http::response::Response;
use paytr_link_relay::ledger::Refusal;
use paytr_link_relay::link::{Link, SendOutcome, SendReport, Terms};
use paytr_link_relay::link_view::LinkView;
use paytr_link_relay::message::{Message, Payments};
use paytr_link_relay::model::Reference;
use paytr_link_relay::payment::{EventState, EventType, Reason};
use paytr_link_relay::paytr::{CreatedLink, Outcome, RejectedStatus, Rejection, UnsignedText};
use serde_json::{Value, json};

fn get() -> Message {
    message_of("link.get", &json!({"callback_id": callback_id()}))
}

fn told(view: LinkView) -> Response {
    response(&get(), reads_link(&get()).answer(view))
}

#[test]
fn a_link_is_read_and_its_events_replayed_by_its_callback_id() {
    for (message_type, payments) in [("link.get", Payments::Shown(None)), ("event.replay", Payments::Replayed(None))] {
        let message = message_of(message_type, &json!({"callback_id": callback_id()}));
        assert_eq!(*reads_link(&message).callback_id(), callback_id());
        assert_eq!(reads_link(&message).payments(), payments);
        let line = described(&message);
        assert_eq!(line.message_type, Some(message_type));
        assert_eq!(line.callback_id.as_deref(), Some(callback_id().as_str()));
        let missing = "is missing; give the callback_id that link.create returned";
        let body = json!({"type": message_type, "data": {}}).to_string();
        assert_eq!(invalid_fields(&body), [("/data/callback_id".to_owned(), missing)], "{message_type}");
    }
}

#[test]
fn earlier_payments_are_asked_for_by_the_cursor_of_an_answer() {
    let with = |cursor: &Value| json!({"callback_id": callback_id(), "cursor": cursor});
    let longest = "x".repeat(128);
    for cursor in ["1795600800999-evt_0f", "_", "-", "aZ09", &longest] {
        let message = message_of("link.get", &with(&json!(cursor)));
        assert_eq!(reads_link(&message).payments(), Payments::Shown(Some(cursor)));
    }
    assert_eq!(reads_link(&message_of("link.get", &with(&json!(null)))).payments(), Payments::Shown(None));
    let too_long = "x".repeat(129);
    for cursor in [json!(""), json!(too_long), json!("a b"), json!("a/b"), json!("ş"), json!("'"), json!(1), json!([])]
    {
        let body = json!({"type": "link.get", "data": with(&cursor)}).to_string();
        let detail = "must be the cursor of an earlier answer, as text";
        assert_eq!(invalid_fields(&body), [("/data/cursor".to_owned(), detail)], "{cursor}");
    }
}

#[test]
fn all_that_is_known_of_a_link_is_answered() {
    let rejection = Rejection { status: RejectedStatus::Error, reason: None };
    let send = SendReport {
        code: Some("paytr-rejected".to_owned()),
        paytr: Some(rejection),
        ..SendReport::new("link.send_sms", SendOutcome::Rejected)
    };
    let created = CreatedLink { base64_qr: Some("iVBORw0KGgo=".to_owned()), ..created_link() };
    let link = Link {
        terms: Terms { reference: Reference::from_text("1001"), ..terms() },
        sends: vec![send],
        paid_at: Some(1_795_600_800_999),
        ..link(Some(Outcome::Succeeded(created)))
    };
    let payments = vec![payment_view(EventState::Pending, 2)];
    let cursor = Some("1795600800999-evt_1".to_owned());
    let response = told(LinkView { payments, cursor, ..view(Some(link)) });
    assert_eq!((response.status, response.code), (200, "found"));
    let expected = json!({
        "outcome": "found",
        "reference": "1001",
        "link": {
            "id": "NB2Zlz3", "url": "https://www.paytr.com/link/NB2Zlz3", "callback_id": callback_id(),
            "base64_qr": "iVBORw0KGgo=",
        },
        "state": "paid", "price": 1445, "currency": "TL",
        "sends": [{
            "type": "link.send_sms", "outcome": "rejected", "code": "paytr-rejected",
            "paytr": {"status": "error", "reason": null},
        }],
        "payments": [{
            "merchant_oid": "IN1", "type": "link.paid", "status": "success", "total_amount": 1445,
            "unsigned": {"currency": "TL"}, "received_at": "2026-11-25T10:00:00Z",
            "event": {"webhook_id": "evt_1", "state": "pending", "attempts": 2},
        }],
        "cursor": "1795600800999-evt_1",
    });
    assert_eq!(body_of(&response), expected);
}

#[test]
fn a_payment_for_review_is_shown_with_its_reasons_and_what_could_not_be_read() {
    let mut payment = payment_view(EventState::Dead, 10);
    payment.event_type = EventType::LinkPaymentReview;
    payment.reasons = vec![Reason::Unreadable, Reason::Deleted];
    (payment.total_amount, payment.total_amount_text) = (None, Some("1445.00".to_owned()));
    payment.unsigned_text = UnsignedText { test_mode: Some("true".to_owned()), ..UnsignedText::default() };
    let body = body_of(&told(LinkView { payments: vec![payment], ..view(Some(link(created()))) }));
    let expected = json!([{
        "merchant_oid": "IN1", "type": "link.payment_review", "reasons": ["unreadable", "deleted"], "status": "success",
        "total_amount_text": "1445.00", "unsigned": {"currency": "TL"}, "unsigned_text": {"test_mode": "true"},
        "received_at": "2026-11-25T10:00:00Z",
        "event": {"webhook_id": "evt_1", "state": "dead", "attempts": 10},
    }]);
    assert_eq!((&body["payments"], &body["state"]), (&expected, &json!("open")));
    assert_eq!(body.get("cursor"), None);
}

#[test]
fn of_a_link_whose_making_is_unknown_there_is_neither_id_nor_address_and_one_never_made_is_not_found() {
    for creation in [None, UNKNOWN] {
        let body = body_of(&told(view(Some(link(creation)))));
        assert_eq!((&body["state"], &body["link"]), (&json!("unknown"), &json!({"callback_id": callback_id()})));
        assert_eq!(body.get("reference"), None);
    }
    for link in [None, Some(link(refused()))] {
        assert_eq!(reads_link(&get()).answer(view(link)), Err(Refusal::LinkNotFound));
    }
}
