//! The record of a link, and how the sends of a create are read from their answers.

use crate::support::{created, link, view};
use paytr_link_relay::link::{Creation, EventView, FollowUp, Link, PaymentView, SendResult};
use serde_json::{Value, json};

fn follow_up(outcome: &str, code: Option<&str>) -> FollowUp {
    FollowUp {
        message_type: "link.send_sms".to_owned(),
        outcome: outcome.to_owned(),
        code: code.map(str::to_owned),
        paytr: None,
        retry_after: None,
        resend_safe: None,
    }
}

#[test]
fn how_a_send_ended_is_read_from_its_answer() {
    let paytr = json!({"status": "error", "reason": "Hata"});
    let cases: [(u16, Value, SendResult); 11] = [
        (200, json!({"outcome": "sent", "paytr": {"status": "success"}}), SendResult::Ended(follow_up("sent", None))),
        (
            422,
            json!({"code": "paytr-rejected", "paytr": paytr}),
            SendResult::Ended(FollowUp { paytr: Some(paytr.clone()), ..follow_up("rejected", Some("paytr-rejected")) }),
        ),
        (
            422,
            json!({"code": "webhook-id-reused", "paytr": null}),
            SendResult::Ended(follow_up("rejected", Some("webhook-id-reused"))),
        ),
        (400, json!({}), SendResult::Ended(follow_up("rejected", None))),
        (499, json!("no object"), SendResult::Ended(follow_up("rejected", None))),
        (
            429,
            json!({"code": "recipient-limit"}),
            SendResult::Ended(FollowUp { retry_after: Some(42), ..follow_up("limited", Some("recipient-limit")) }),
        ),
        (
            502,
            json!({"code": "outcome-unknown", "resend_safe": false}),
            SendResult::Ended(FollowUp { resend_safe: Some(false), ..follow_up("unknown", Some("outcome-unknown")) }),
        ),
        (
            504,
            json!({"code": "outcome-unknown", "resend_safe": false}),
            SendResult::Ended(FollowUp { resend_safe: Some(false), ..follow_up("unknown", Some("outcome-unknown")) }),
        ),
        (409, json!({"code": "in-progress"}), SendResult::InProgress(42)),
        (503, json!({"code": "ledger-unavailable"}), SendResult::Unavailable),
        (500, json!({"code": "misconfigured"}), SendResult::Unavailable),
    ];
    for (status, body, expected) in cases {
        assert_eq!(SendResult::read("link.send_sms", status, &body.to_string(), Some(42)), expected, "{status} {body}");
    }
    assert_eq!(SendResult::read("link.send_sms", 409, "", None), SendResult::InProgress(1));
    assert_eq!(SendResult::read("link.send_sms", 200, "{", None), SendResult::Ended(follow_up("sent", None)));
}

#[test]
fn only_a_send_that_was_limited_may_still_go_out() {
    for (outcome, expected) in [("sent", true), ("rejected", true), ("unknown", true), ("limited", false)] {
        assert_eq!(follow_up(outcome, None).is_final(), expected, "{outcome}");
    }
}

#[test]
fn a_link_is_there_to_speak_of_unless_paytr_refused_to_make_it() {
    for (creation, may_exist, is_created) in [
        (Creation::Pending, true, false),
        (created(), true, true),
        (Creation::Rejected, false, false),
        (Creation::Unknown, true, false),
    ] {
        let link = link(creation.clone());
        assert_eq!((link.may_exist(), link.created().is_some()), (may_exist, is_created), "{creation:?}");
    }
}

#[test]
fn the_state_of_a_link_is_the_last_thing_that_is_known_of_it() {
    let payment = |message_type: &str| PaymentView {
        merchant_oid: "IN1".to_owned(),
        message_type: message_type.to_owned(),
        details: json!({}),
        event: EventView { webhook_id: "evt_1".to_owned(), state: "delivered".to_owned(), attempts: 1 },
    };
    let (paid, review) = (payment("link.paid"), payment("link.payment_review"));
    let deleted = Link { deleted: true, ..link(created()) };
    for (link, payments, expected) in [
        (Some(link(created())), vec![], "open"),
        (Some(link(created())), vec![review.clone()], "open"),
        (Some(link(created())), vec![review.clone(), paid.clone()], "paid"),
        (Some(link(Creation::Unknown)), vec![paid.clone()], "paid"),
        (Some(deleted.clone()), vec![], "deleted"),
        (Some(deleted), vec![paid.clone()], "deleted"),
        (Some(link(Creation::Pending)), vec![], "unknown"),
        (Some(link(Creation::Unknown)), vec![review], "unknown"),
        (None, vec![], "unknown"),
        (None, vec![paid], "paid"),
    ] {
        let view = view(link, payments);
        assert_eq!(view.state(), expected, "{view:?}");
    }
}
