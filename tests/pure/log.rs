//! Lines of the log.

use crate::support::{EMAIL, SMS, message};
use paytr_link_relay::answer::Answer;
use paytr_link_relay::log::{Arrival, Line, request_id};
use paytr_link_relay::outcome::{Cause, Outcome, RejectedStatus, Rejection};
use paytr_link_relay::problem::Problem;
use paytr_link_relay::webhook::Verified;

const ARRIVED_AT: u64 = 1_795_428_000_000;

fn arrival() -> Arrival {
    Arrival { request_id: "8f3c2b1a0d9e7f65-IST".to_owned(), at: ARRIVED_AT }
}

fn rejected() -> Outcome {
    Outcome::Rejected(Rejection { status: RejectedStatus::Failed, reason: Some("Process failed. Invalid id".into()) })
}

#[test]
fn a_line_holds_what_it_was_given_and_nothing_empty() {
    let arrival = arrival();
    let line = |answer: &Answer| Line::new(&arrival, ARRIVED_AT + 150, answer);
    let verified = Verified { webhook_id: "msg_1", secret_number: 2 };
    let sent = Answer::ended("msg_1", Outcome::Sent);
    let signature = Answer::from(Problem::InvalidSignature);
    let cases = [
        (line(&Problem::NotFound.into()), r#""outcome":"refused","status":404,"code":"not-found","total_ms":150}"#),
        (
            Line { reason: Some("bad webhook-id"), ..line(&signature) },
            r#""outcome":"refused","status":401,"code":"invalid-signature","reason":"bad webhook-id","total_ms":150}"#,
        ),
        (
            Line { message_type: Some("relay.ping"), ..line(&Answer::pong()).verified(verified, None) },
            r#""webhook_id":"msg_1","type":"relay.ping","outcome":"pong","status":200,"code":"pong","total_ms":150,"secret":2}"#,
        ),
        (
            Line {
                paytr_http_status: Some(200),
                paytr_ms: Some(120),
                ..line(&sent).verified(verified, Some(&message(SMS).recipient)).ended(&Outcome::Sent)
            },
            r#""webhook_id":"msg_1","type":"link.send_sms","recipient":"05*******67","outcome":"sent","status":200,"code":"sent","paytr_status":"success","paytr_http_status":200,"paytr_ms":120,"total_ms":150,"secret":2}"#,
        ),
        (
            Line {
                replayed: true,
                ..line(&Answer::ended("msg_1", rejected()))
                    .verified(verified, Some(&message(EMAIL).recipient))
                    .ended(&rejected())
            },
            r#""webhook_id":"msg_1","type":"link.send_email","recipient":"m***@e***.com","outcome":"rejected","status":422,"code":"paytr-rejected","paytr_status":"failed","total_ms":150,"replayed":true,"secret":2}"#,
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(line.text(), format!(r#"{{"request_id":"8f3c2b1a0d9e7f65-IST",{expected}"#));
    }
}

#[test]
fn the_line_in_the_documentation_is_one_that_is_written() {
    let arrival = arrival();
    let answer = Answer::ended("", Outcome::Sent);
    let line = Line::new(&arrival, ARRIVED_AT + 431, &answer)
        .verified(
            Verified { webhook_id: "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", secret_number: 1 },
            Some(&message(SMS).recipient),
        )
        .ended(&Outcome::Sent);
    let text = Line { paytr_http_status: Some(200), paytr_ms: Some(412), ..line }.text();
    assert!(include_str!("../../docs/observe.md").lines().any(|line| line == text), "{text}");
}

#[test]
fn an_outcome_is_what_became_of_the_message() {
    let unknown = |cause| Answer::ended("msg_1", Outcome::Unknown(cause));
    let cases = [
        (Answer::ended("msg_1", Outcome::Sent), "sent"),
        (Answer::ended("msg_1", rejected()), "rejected"),
        (unknown(Cause::TimedOut), "unknown"),
        (unknown(Cause::NotUnderstood), "unknown"),
        (Problem::LedgerUnavailable.into(), "unknown"),
        (Answer::pong(), "pong"),
        (Problem::InProgress(1).into(), "refused"),
        (Problem::RecipientLimit(1).into(), "refused"),
        (Problem::WebhookIdReused.into(), "refused"),
        (Problem::Misconfigured(Vec::new()).into(), "refused"),
        (Problem::StaleTimestamp.into(), "refused"),
    ];
    for (answer, expected) in cases {
        assert_eq!(Line::new(&arrival(), ARRIVED_AT, &answer).outcome, expected, "{}", answer.code);
    }
}

#[test]
fn why_an_outcome_is_unknown_is_in_the_line() {
    for cause in Cause::ALL {
        let line = Line::default().ended(&Outcome::Unknown(cause));
        assert_eq!((line.reason, line.paytr_status), (Some(cause.as_str()), None));
    }
}

#[test]
fn a_clock_that_was_set_back_makes_no_time_negative() {
    assert_eq!(Line::new(&arrival(), ARRIVED_AT - 1, &Answer::pong()).total_ms, 0);
}

#[test]
fn a_webhook_id_that_holds_a_recipient_is_not_written() {
    let recipient = message(SMS).recipient;
    for (webhook_id, expected) in [
        ("msg_1", "msg_1"),
        ("order-1234", "order-1234"),
        ("order-5555555555", "order-5555555555"),
        ("sms-5321234567", "[redacted]"),
        ("5-321-234-567", "[redacted]"),
        ("sms-05551112233", "[redacted]"),
        ("musteri@example", "[redacted]"),
    ] {
        let line = Line::default().verified(Verified { webhook_id, secret_number: 1 }, Some(&recipient));
        assert_eq!(line.webhook_id, Some(expected));
        assert!(line.text().contains(expected));
    }
    let line = Line::default().verified(Verified { webhook_id: "order-5555555555", secret_number: 1 }, None);
    assert_eq!(line.webhook_id, Some("[redacted]"));
}

#[test]
fn only_what_cloudflare_writes_is_taken_for_a_request_id() {
    for ray in ["8f3c2b1a0d9e7f65", "8f3c2b1a0d9e7f65-IST", "0000000000000000-AMS"] {
        assert_eq!(request_id(ray), Some(ray));
    }
    for other in [
        "",
        "05321234567",
        "8f3c2b1a0d9e7f6",
        "8f3c2b1a0d9e7f655",
        "8F3C2B1A0D9E7F65",
        "8f3c2b1a0d9e7f6g",
        "8f3c2b1a0d9e7f65-ist",
        "8f3c2b1a0d9e7f65-ISTA",
        "8f3c2b1a0d9e7f65-IS",
        "8f3c2b1a0d9e7f65xIST",
        "8f3c2b1a0d9e7f65-IS1",
        "8f3c2b1a0d9e7f65-IST, 8f3c2b1a0d9e7f65-IST",
        "ğf3c2b1a0d9e7f65",
        "8f3c2b1a0d9e7f6ğ",
    ] {
        assert_eq!(request_id(other), None, "{other}");
    }
}
