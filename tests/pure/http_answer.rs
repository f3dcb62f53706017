//! What a partition answered, as an HTTP response.

use crate::support::{
    SMS, answer, body_of, ended, header, headers, message, message_of, pong, rejection, response, sent,
};
use paytr_link_relay::http::answer::{respond, status_and_code};
use paytr_link_relay::http::problem::Problem;
use paytr_link_relay::http::response::Response;
use paytr_link_relay::ledger::{Refusal, Unavailable};
use paytr_link_relay::message::{Answer, Message};
use paytr_link_relay::paytr::{Cause, Outcome, RejectedStatus, Rejection};
use serde_json::json;

const JSON_HEADERS: [(&str, &str); 3] =
    [("content-type", "application/json"), ("cache-control", "no-store"), ("x-content-type-options", "nosniff")];

#[test]
fn a_sent_message_and_a_ping_are_answered_to_the_letter() {
    let sent = r#"{"outcome":"sent","webhook_id":"msg_1","paytr":{"status":"success"}}"#;
    let pong_body = concat!(r#"{"outcome":"pong","version":""#, env!("CARGO_PKG_VERSION"), r#""}"#);
    for (answer, code, body) in [
        (ended("msg_1", &Outcome::Succeeded(())), "sent", sent),
        (response(&message_of("relay.ping", &json!({})), Ok(pong())), "pong", pong_body),
    ] {
        assert_eq!((answer.status, answer.code, answer.body.as_str()), (200, code, body));
        assert_eq!(headers(&answer), JSON_HEADERS, "{code}");
    }
}

#[test]
fn a_webhook_id_is_written_as_json_whatever_it_holds() {
    let webhook_id = r#"a"b\c</script>"#;
    let answer = ended(webhook_id, &Outcome::Succeeded(()));
    assert_eq!(body_of(&answer)["webhook_id"], webhook_id);
}

#[test]
fn an_end_that_is_no_success_is_the_problem_of_its_kind() {
    let refused = Problem::PaytrRejected(rejection(), "send the link");
    assert_eq!(ended("msg_1", &Outcome::Rejected(rejection())), Response::from(refused));
    for cause in Cause::ALL {
        let Response { status, code, .. } = ended("msg_1", &Outcome::Unknown(cause));
        let expected = if cause == Cause::TimedOut { 504 } else { 502 };
        assert_eq!((status, code), (expected, "outcome-unknown"));
        assert_eq!(body_of(&ended("msg_1", &Outcome::Unknown(cause)))["resend_safe"], false);
    }
}

#[test]
fn a_replay_differs_by_its_header_alone() {
    for outcome in [
        Outcome::Succeeded(()),
        Outcome::Unknown(Cause::TimedOut),
        Outcome::Rejected(Rejection { status: RejectedStatus::Error, reason: None }),
    ] {
        let send = message(SMS).to_message();
        let answer = answer("msg_1", &outcome);
        let first = respond(&send, answer.clone());
        let again = respond(&send, Answer { replayed: true, ..answer });
        assert_eq!(header(&first, "idempotency-replayed"), None);
        assert_eq!(header(&again, "idempotency-replayed"), Some("true"));
        let mut expected = first;
        expected.headers.push(("idempotency-replayed", "true".to_owned()));
        assert_eq!(again, expected);
    }
}

#[test]
fn status_and_code_of_the_log_are_those_of_the_response() {
    let send = message(SMS).to_message();
    let refusals = [
        Refusal::ExpiryPassed,
        Refusal::LinkNotFound,
        Refusal::InProgress(1),
        Refusal::WebhookIdReused,
        Refusal::RecipientLimit(1),
        Refusal::CallbackUnreachable,
        Refusal::Rejected(Rejection { status: RejectedStatus::Error, reason: None }),
        Refusal::Unknown { cause: Cause::TimedOut, callback_id: None },
        Refusal::Unknown { cause: Cause::Blocked, callback_id: None },
        Refusal::Unavailable(Unavailable::Busy),
    ];
    for content in refusals.map(Err).into_iter().chain([Ok(sent()), Ok(pong())]) {
        let answer = Answer { content, replayed: false };
        let Response { status, code, .. } = respond(&send, answer.clone());
        assert_eq!(status_and_code(&send, &answer), (status, code), "{answer:?}");
    }
}

/// The words for what is not a success are those of the message, not of the refusal.
#[test]
fn each_message_has_its_own_words_for_a_refusal_and_for_an_unknown_outcome() {
    let create = json!({"name": "Order 1001", "price": 1445});
    for (message, rejected, resend_safe) in [
        (message(SMS).to_message(), "PayTR did not send the link;", false),
        (message_of("link.create", &create), "PayTR did not create the link;", true),
        (message_of("link.delete", &json!({"ids": ["a"]})), "PayTR did not delete the link;", true),
    ] {
        let told = |message: &Message, refusal| body_of(&response(message, Err(refusal)));
        let rejection = Rejection { status: RejectedStatus::Error, reason: None };
        let detail = told(&message, Refusal::Rejected(rejection))["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with(rejected), "{detail}");
        let unknown = told(&message, Refusal::Unknown { cause: Cause::TimedOut, callback_id: None });
        assert_eq!(unknown["resend_safe"], resend_safe, "{unknown}");
        assert!(unknown["detail"].as_str().unwrap().contains("new webhook-id"), "{unknown}");
    }
}
