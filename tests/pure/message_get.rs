//! `link.get`: what the relay's own record says.

use crate::support::{body_of, callback_id, created, described, invalid_fields, link, message_of, reads_link, view};
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::link::{Creation, EventView, FollowUp, Link, LinkView, PaymentView};
use paytr_link_relay::model::Reference;
use paytr_link_relay::message::{Message, Plan};
use paytr_link_relay::http::problem::Problem;
use paytr_link_relay::http::response::Response;
use serde_json::json;

fn get() -> Message {
    message_of("link.get", &json!({"callback_id": callback_id()}))
}

#[test]
fn a_link_is_read_by_its_callback_id() {
    let message = get();
    assert!(matches!(message.plan(), Plan::Read(id, _) if *id == callback_id()));
    assert!(!reads_link(&message).replays_events());
    let line = described(&message);
    assert_eq!((line.message_type, line.callback_id), (Some("link.get"), Some(callback_id().as_str().to_owned())));
    assert_eq!(
        invalid_fields(r#"{"type":"link.get","data":{}}"#),
        [("/data/callback_id".to_owned(), "is missing; give the callback_id that link.create returned")]
    );
}

#[test]
fn all_that_is_known_of_a_link_is_answered() {
    let send = FollowUp {
        message_type: "link.send_sms".to_owned(),
        outcome: "rejected".to_owned(),
        code: Some("paytr-rejected".to_owned()),
        paytr: Some(json!({"status": "error"})),
        retry_after: None,
        resend_safe: None,
    };
    let payment = PaymentView {
        merchant_oid: "IN1".to_owned(),
        message_type: "link.paid".to_owned(),
        details: json!({"total_amount": 1445}),
        event: EventView { webhook_id: "evt_1".to_owned(), state: "pending".to_owned(), attempts: 2 },
    };
    let reference = Reference::parse(&JsonValue::Text("1001".to_owned())).unwrap();
    let link = Link { reference: Some(reference), sends: vec![send], ..link(created()) };
    let view = LinkView { base64_qr: Some("iVBORw0KGgo=".to_owned()), ..view(Some(link), vec![payment]) };
    let response = reads_link(&get()).respond(&view);
    assert_eq!((response.status, response.code), (200, "found"));
    let expected = json!({
        "outcome": "found",
        "reference": "1001",
        "link": {
            "id": "NB2Zlz3",
            "url": "https://www.paytr.com/link/NB2Zlz3",
            "callback_id": callback_id(),
            "base64_qr": "iVBORw0KGgo=",
        },
        "state": "paid",
        "price": 1445,
        "currency": "TL",
        "sends": [
            {"type": "link.send_sms", "outcome": "rejected", "code": "paytr-rejected", "paytr": {"status": "error"}},
        ],
        "payments": [{
            "merchant_oid": "IN1",
            "type": "link.paid",
            "total_amount": 1445,
            "event": {"webhook_id": "evt_1", "state": "pending", "attempts": 2},
        }],
    });
    assert_eq!(body_of(&response), expected);
}

#[test]
fn of_a_link_whose_making_is_unknown_there_is_neither_id_nor_address() {
    for creation in [Creation::Pending, Creation::Unknown] {
        let body = body_of(&reads_link(&get()).respond(&view(Some(link(creation)), Vec::new())));
        assert_eq!((&body["state"], &body["link"]), (&json!("unknown"), &json!({"callback_id": callback_id()})));
        assert_eq!(body.get("reference"), None);
    }
}

#[test]
fn a_link_that_was_never_made_is_not_found() {
    for link in [None, Some(link(Creation::Rejected))] {
        assert_eq!(reads_link(&get()).respond(&view(link, Vec::new())), Response::from(Problem::LinkNotFound));
    }
}
