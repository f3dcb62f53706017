//! Answers that are no errors, and what became of a send.

use crate::support::{body_of, ended, header, pong};
use paytr_link_relay::paytr::{Cause, Outcome, RejectedStatus, Rejection};
use paytr_link_relay::http::problem::Problem;
use paytr_link_relay::http::response::Response;

const JSON_HEADERS: [(&str, &str); 3] =
    [("content-type", "application/json"), ("cache-control", "no-store"), ("x-content-type-options", "nosniff")];

fn headers(answer: &Response) -> Vec<(&str, &str)> {
    answer.headers.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[test]
fn a_sent_message_is_answered_to_the_letter() {
    let answer = ended("msg_1", &Outcome::Succeeded(()));
    assert_eq!((answer.status, answer.code), (200, "sent"));
    assert_eq!(headers(&answer), JSON_HEADERS);
    assert_eq!(answer.body, r#"{"outcome":"sent","webhook_id":"msg_1","paytr":{"status":"success"}}"#);
}

#[test]
fn a_webhook_id_is_written_as_json_whatever_it_holds() {
    let webhook_id = r#"a"b\c</script>"#;
    let answer = ended(webhook_id, &Outcome::Succeeded(()));
    assert_eq!(body_of(&answer)["webhook_id"], webhook_id);
}

#[test]
fn a_ping_is_answered_to_the_letter() {
    let answer = pong();
    assert_eq!((answer.status, answer.code, answer.body.as_str()), (200, "pong", r#"{"outcome":"pong"}"#));
    assert_eq!(headers(&answer), JSON_HEADERS);
}

#[test]
fn an_empty_answer_has_neither_headers_nor_body() {
    let answer = Response::empty(204, "preflight");
    assert_eq!(answer, Response { status: 204, code: "preflight", headers: Vec::new(), body: String::new() });
}

#[test]
fn an_end_that_is_no_success_is_the_problem_of_its_kind() {
    let rejection = Rejection { status: RejectedStatus::Failed, reason: Some("Process failed. Invalid id".to_owned()) };
    assert_eq!(
        ended("msg_1", &Outcome::Rejected(rejection.clone())),
        Response::from(Problem::PaytrRejected(rejection, "send the link"))
    );
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
        let first = ended("msg_1", &outcome);
        let again = first.clone().replayed();
        assert_eq!(header(&first, "idempotency-replayed"), None);
        assert_eq!(header(&again, "idempotency-replayed"), Some("true"));
        let mut expected = first;
        expected.headers.push(("idempotency-replayed", "true".to_owned()));
        assert_eq!(again, expected);
    }
}
