//! Every problem: its status, code, headers, and its RFC 9457 body.

use crate::support::{body_of, callback_id, headers};
use paytr_link_relay::config::InvalidSetting;
use paytr_link_relay::http::problem::{InvalidField, Problem, Words};
use paytr_link_relay::http::response::Response;
use paytr_link_relay::ledger::{Refusal, Unavailable};
use paytr_link_relay::message::{MAX_BODY_BYTES, TYPES};
use paytr_link_relay::paytr::{Cause, RejectedStatus, Rejection};
use paytr_link_relay::standard_webhooks::VerifyError;
use paytr_link_relay::storefront::MAX_DELIVERY_BYTES;
use serde_json::{Value, json};

const WORDS: Words = Words { rejected: "send the link", unknown: "Ask the customer.", resend_safe: false };

struct Case {
    problem: Problem,
    status: u16,
    code: &'static str,
    /// What the detail has to say, among other things.
    says: &'static str,
    /// The members beside status, title, code and detail.
    more: Value,
    /// A header of its own.
    header: Option<(&'static str, &'static str)>,
}

fn case(problem: Problem, status: u16, code: &'static str, says: &'static str) -> Case {
    Case { problem, status, code, says, more: json!({}), header: None }
}

impl Case {
    fn with(self, more: Value) -> Self {
        Self { more, ..self }
    }

    fn header(self, name: &'static str, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }
}

fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        other => panic!("no problem has the status {other}"),
    }
}

/// What a partition did not do, in the words of the message.
fn told(refusal: Refusal, status: u16, code: &'static str, says: &'static str) -> Case {
    case(Problem::from_refusal(refusal, &WORDS), status, code, says)
}

fn unknown(cause: Cause, status: u16, says: &'static str) -> Case {
    told(Refusal::Unknown { cause, callback_id: None }, status, "outcome-unknown", says)
        .with(json!({"resend_safe": false}))
}

fn unavailable(reason: Unavailable) -> Case {
    told(Refusal::Unavailable(reason), 503, "ledger-unavailable", "same webhook-id")
}

fn rejected(status: RejectedStatus, word: &str, reason: Option<&str>) -> Case {
    let paytr = json!({"paytr": {"status": word, "reason": reason}});
    let rejection = Rejection { status, reason: reason.map(str::to_owned) };
    told(Refusal::Rejected(rejection), 422, "paytr-rejected", "PayTR did not send the link;").with(paytr)
}

fn cases() -> Vec<Case> {
    let field = InvalidField { pointer: "/data/cell_phone".to_owned(), detail: "must be text" };
    let passed = json!({"errors": [{"pointer": "/data/expiry_date", "detail": "has passed; give a time to come"}]});
    let settings = ["PAYTR_MERCHANT_ID", "SEND_LIMITS"].map(|name| InvalidSetting { name, detail: "is not set" });
    let named = settings.each_ref().map(|setting| json!({"name": setting.name, "detail": "is not set"}));
    let unset = Problem::Misconfigured(settings.to_vec());
    let origin = "must be set to the relay's own https address: PayTR cannot post its notifications to the one that this \
                  message came by";
    let may_be_made = Refusal::Unknown { cause: Cause::TimedOut, callback_id: Some(callback_id()) };
    vec![
        case(Problem::MalformedBody("The body is not UTF-8."), 400, "malformed-body", "is not UTF-8."),
        case(Problem::InvalidSignature, 401, "invalid-signature", "webhook-signature"),
        case(Problem::InvalidDelivery, 401, "invalid-signature", "this storefront's webhook_secret"),
        case(Problem::StaleTimestamp, 401, "stale-timestamp", "300 seconds"),
        case(Problem::NotFound, 404, "not-found", "POST /webhook"),
        case(Problem::NotFound, 404, "not-found", "POST /hooks/"),
        case(Problem::MethodNotAllowed("POST, OPTIONS"), 405, "method-not-allowed", "POST, OPTIONS")
            .header("allow", "POST, OPTIONS"),
        told(Refusal::InProgress(19), 409, "in-progress", "same webhook-id after 19 s").header("retry-after", "19"),
        case(Problem::BodyTooLarge(16_384), 413, "body-too-large", "over 16384 bytes"),
        case(Problem::BodyTooLarge(524_288), 413, "body-too-large", "over 524288 bytes"),
        case(Problem::UnsupportedMediaType, 415, "unsupported-media-type", "application/json"),
        case(Problem::InvalidField(vec![field]), 422, "invalid-field", "listed under errors")
            .with(json!({"errors": [{"pointer": "/data/cell_phone", "detail": "must be text"}]})),
        told(Refusal::ExpiryPassed, 422, "invalid-field", "listed under errors").with(passed),
        case(Problem::UnknownType(TYPES), 422, "unknown-type", "link.send_sms, link.send_email, link.create"),
        told(Refusal::LinkNotFound, 404, "link-not-found", "callback_id"),
        told(Refusal::WebhookIdReused, 422, "webhook-id-reused", "takes a new one"),
        rejected(RejectedStatus::Error, "error", Some("Process failed. Invalid id")),
        rejected(RejectedStatus::Failed, "failed", None),
        told(Refusal::RecipientLimit(86_400), 429, "recipient-limit", "86400 s").header("retry-after", "86400"),
        case(unset, 500, "misconfigured", "PAYTR_MERCHANT_ID is not set. SEND_LIMITS is not set.")
            .with(json!({"settings": named})),
        told(Refusal::CallbackUnreachable, 500, "misconfigured", "Nothing was sent. RELAY_ORIGIN must be set")
            .with(json!({"settings": [{"name": "RELAY_ORIGIN", "detail": origin}]})),
        unavailable(Unavailable::Busy).header("retry-after", "5"),
        unavailable(Unavailable::Overloaded),
        unavailable(Unavailable::Reset),
        unavailable(Unavailable::StorageFailed),
        unavailable(Unavailable::Trapped),
        unavailable(Unavailable::NotBound),
        unknown(Cause::TimedOut, 504, "in time. Ask the customer."),
        unknown(Cause::ConnectionLost, 502, "connection"),
        unknown(Cause::Blocked, 502, "own format"),
        unknown(Cause::NotUnderstood, 502, "own format"),
        unknown(Cause::Interrupted, 502, "interrupted"),
        unknown(Cause::RecordUnreadable, 502, "cannot read what it recorded"),
        told(may_be_made, 504, "outcome-unknown", "in time")
            .with(json!({"resend_safe": false, "callback_id": callback_id()})),
    ]
}

#[test]
fn every_problem_has_its_status_code_and_headers() {
    for Case { problem, status, code, header: own, .. } in cases() {
        assert_eq!(problem.status_and_code(), (status, code));
        let answer = Response::from(problem);
        assert_eq!((answer.status, answer.code), (status, code));
        let all = [
            ("content-type", "application/problem+json"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ];
        assert_eq!(headers(&answer), all.into_iter().chain(own).collect::<Vec<_>>(), "{code}");
    }
}

#[test]
fn every_problem_has_a_body_by_rfc_9457() {
    for Case { problem, status, code, says, more, .. } in cases() {
        let mut body = body_of(&Response::from(problem));
        let detail = body.as_object_mut().unwrap().remove("detail").unwrap();
        let detail = detail.as_str().unwrap();
        assert!(detail.contains(says), "{code}: {detail}");
        assert!(detail.ends_with('.') && !detail.contains("  ") && !detail.contains('\n'), "{code}: {detail}");
        let mut expected = json!({"status": status, "title": title(status), "code": code});
        expected.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(body, expected, "{code}");
    }
}

#[test]
fn the_texts_agree_with_the_constants() {
    let detail = |problem| body_of(&Response::from(problem))["detail"].as_str().unwrap().to_owned();
    for most in [MAX_BODY_BYTES, MAX_DELIVERY_BYTES] {
        assert!(detail(Problem::BodyTooLarge(most)).contains(&most.to_string()));
    }
    for name in TYPES {
        assert!(detail(Problem::UnknownType(TYPES)).contains(name));
    }
}

#[test]
fn to_the_outside_every_refusal_but_a_stale_one_looks_the_same() {
    for refusal in [
        VerifyError::HeaderMissing,
        VerifyError::HeaderTooLong,
        VerifyError::BadId,
        VerifyError::BadTimestamp,
        VerifyError::SignatureTwice,
        VerifyError::TooManySignatures,
        VerifyError::NoSignature,
        VerifyError::NoMatch,
    ] {
        assert_eq!(Problem::from(refusal), Problem::InvalidSignature);
    }
    assert_eq!(Problem::from(VerifyError::Stale), Problem::StaleTimestamp);
}
