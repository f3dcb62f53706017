//! Lines of the log.

use crate::support::{EMAIL, SMS, answer, line_about, message, pong, rejection, texts};
use paytr_link_relay::http::answer::status_and_code;
use paytr_link_relay::http::problem::Problem;
use paytr_link_relay::ledger::{Refusal, Unavailable};
use paytr_link_relay::message::Answer;
use paytr_link_relay::paytr::{Cause, Outcome};
use paytr_link_relay::standard_webhooks::Verified;
use paytr_link_relay::telemetry::{LogLine, RequestInfo, request_id};

const ARRIVED_AT: u64 = 1_795_428_000_000;

fn request() -> RequestInfo {
    RequestInfo { request_id: "8f3c2b1a0d9e7f65-IST".to_owned(), received_at: ARRIVED_AT }
}

fn rejected() -> Outcome {
    Outcome::Rejected(rejection())
}

/// HTTP status and code of a send that ended like this.
fn ended(outcome: &Outcome) -> (u16, &'static str) {
    status_and_code(&message(SMS).to_message(), &answer("msg_1", outcome))
}

fn refused(refusal: Refusal) -> (u16, &'static str) {
    status_and_code(&message(SMS).to_message(), &Answer::from(refusal))
}

const PONG: (u16, &str) = (200, "pong");

#[test]
fn a_line_holds_what_it_was_given_and_nothing_empty() {
    let request = request();
    let line = |status_and_code| LogLine::new(&request, ARRIVED_AT + 150, status_and_code);
    let verified = Verified { webhook_id: "msg_1", secret_number: 2 };
    let sent = ended(&Outcome::Succeeded(()));
    let [not_found, signature] =
        [Problem::NotFound, Problem::InvalidSignature].map(|problem| problem.status_and_code());
    let cases = [
        (line(not_found), r#""outcome":"refused","status":404,"code":"not-found","total_ms":150}"#),
        (
            LogLine { reason: Some("bad webhook-id"), ..line(signature) },
            r#""outcome":"refused","status":401,"code":"invalid-signature","reason":"bad webhook-id","total_ms":150}"#,
        ),
        (
            LogLine { message_type: Some("relay.ping"), ..line(PONG).verified(verified, &[]) },
            r#""webhook_id":"msg_1","type":"relay.ping","outcome":"pong","status":200,"code":"pong","total_ms":150,"secret":2}"#,
        ),
        (
            LogLine {
                paytr_http_status: Some(200),
                paytr_ms: Some(120),
                ..line_about(line(sent).verified(verified, &[]), SMS, &Outcome::Succeeded(()))
            },
            r#""webhook_id":"msg_1","type":"link.send_sms","recipient":"05*******67","link_id":"NB2Zlz3","outcome":"sent","status":200,"code":"sent","paytr_status":"success","paytr_http_status":200,"paytr_ms":120,"total_ms":150,"secret":2}"#,
        ),
        (
            LogLine { replayed: true, ..line_about(line(ended(&rejected())), EMAIL, &rejected()) },
            r#""type":"link.send_email","recipient":"m***@e***.com","link_id":"NB2Zlz3","outcome":"rejected","status":422,"code":"paytr-rejected","paytr_status":"failed","total_ms":150,"replayed":true}"#,
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(line.text(), format!(r#"{{"request_id":"8f3c2b1a0d9e7f65-IST",{expected}"#));
    }
}

#[test]
fn a_line_that_no_request_caused_has_neither_its_id_nor_a_status() {
    let line = LogLine { outcome: "delivered", code: "delivered", event_id: Some("evt_1"), ..LogLine::default() };
    assert_eq!(line.text(), r#"{"outcome":"delivered","code":"delivered","event_id":"evt_1","total_ms":0}"#);
}

#[test]
fn the_line_in_the_documentation_is_one_that_is_written() {
    let request = request();
    let verified = Verified { webhook_id: "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", secret_number: 1 };
    let line = LogLine::new(&request, ARRIVED_AT + 431, ended(&Outcome::Succeeded(())))
        .verified(verified, &[&message(SMS).recipient]);
    let line = line_about(line, SMS, &Outcome::Succeeded(()));
    let text = LogLine { paytr_http_status: Some(200), paytr_ms: Some(412), ..line }.text();
    assert!(include_str!("../../docs/observe.md").lines().any(|line| line == text), "{text}");
}

#[test]
fn an_outcome_is_what_became_of_the_message() {
    let request = request();
    let unknown = |cause| ended(&Outcome::Unknown(cause));
    let cases = [
        (ended(&Outcome::Succeeded(())), "sent"),
        (ended(&rejected()), "rejected"),
        (unknown(Cause::TimedOut), "unknown"),
        (unknown(Cause::NotUnderstood), "unknown"),
        // PayTR was not asked.
        (refused(Refusal::Unavailable(Unavailable::Busy)), "refused"),
        (refused(Refusal::Unavailable(Unavailable::Reset)), "refused"),
        (PONG, "pong"),
        (refused(Refusal::InProgress(1)), "refused"),
        (refused(Refusal::RecipientLimit(1)), "refused"),
        (refused(Refusal::WebhookIdReused), "refused"),
        (refused(Refusal::CallbackUnreachable), "refused"),
        (Problem::Misconfigured(Vec::new()).status_and_code(), "refused"),
        (Problem::StaleTimestamp.status_and_code(), "refused"),
        ((200, "stored"), "stored"),
        ((200, "repeated"), "repeated"),
    ];
    for (status_and_code, expected) in cases {
        let line = LogLine::new(&request, ARRIVED_AT, status_and_code);
        assert_eq!(line.outcome, expected, "{status_and_code:?}");
    }
    assert_eq!(PONG, status_and_code(&message(SMS).to_message(), &Answer { content: Ok(pong()), replayed: false }));
}

#[test]
fn somebody_has_to_look_where_relay_paytr_or_shop_failed() {
    for (outcome, status, expected) in [
        ("sent", 200, false),
        ("refused", 499, false),
        ("refused", 500, true),
        ("unknown", 504, true),
        ("dead", 0, true),
        ("refused", 503, true),
        ("rejected", 0, false),
        ("unknown", 0, false),
        ("delivered", 0, false),
    ] {
        let line = LogLine { outcome, status, ..LogLine::default() };
        assert_eq!(line.is_error(), expected, "{outcome} {status}");
    }
}

#[test]
fn a_recipient_in_the_place_of_a_links_id_is_not_written() {
    let hidden = "[redacted]";
    for (id, expected) in [("NB2Zlz3", "NB2Zlz3"), ("05321234567", hidden), ("order-0532-123-45-67", hidden)] {
        let line = line_about(LogLine::default(), &SMS.replace("NB2Zlz3", id), &Outcome::Succeeded(()));
        assert_eq!(line.link_id.as_deref(), Some(expected));
    }
}

#[test]
fn why_an_outcome_is_unknown_is_in_the_line() {
    for cause in Cause::ALL {
        let line = line_about(LogLine::default(), SMS, &Outcome::Unknown(cause));
        assert_eq!((line.reason, line.paytr_status), (Some(cause.as_str()), None));
    }
}

#[test]
fn a_clock_that_was_set_back_makes_no_time_negative() {
    assert_eq!(LogLine::new(&request(), ARRIVED_AT - 1, PONG).total_ms, 0);
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
        let line = LogLine::default().verified(Verified { webhook_id, secret_number: 1 }, &[&recipient]);
        assert_eq!(line.webhook_id, Some(expected));
        assert!(line.text().contains(expected));
    }
    let line = LogLine::default().verified(Verified { webhook_id: "order-5555555555", secret_number: 1 }, &[]);
    assert_eq!(line.webhook_id, Some("[redacted]"));
}

#[test]
fn only_what_cloudflare_writes_is_taken_for_a_request_id() {
    for ray in ["8f3c2b1a0d9e7f65", "8f3c2b1a0d9e7f65-IST", "0000000000000000-AMS"] {
        assert_eq!(request_id(ray), Some(ray));
    }
    for (what, other) in texts(&[
        ("something else", &["", "05321234567", "ğf3c2b1a0d9e7f65", "8f3c2b1a0d9e7f6ğ"]),
        ("too short or too long", &["8f3c2b1a0d9e7f6", "8f3c2b1a0d9e7f655"]),
        ("no hexadecimal digits", &["8F3C2B1A0D9E7F65", "8f3c2b1a0d9e7f6g"]),
        ("no place", &["8f3c2b1a0d9e7f65-ist", "8f3c2b1a0d9e7f65-ISTA", "8f3c2b1a0d9e7f65-IS", "8f3c2b1a0d9e7f65-IS1"]),
        ("no dash", &["8f3c2b1a0d9e7f65xIST"]),
        ("two", &["8f3c2b1a0d9e7f65-IST, 8f3c2b1a0d9e7f65-IST"]),
    ]) {
        assert_eq!(request_id(other), None, "{what}: {other}");
    }
}
