//! Every problem: its status, code, headers, and its RFC 9457 body.

use crate::support::{body_of, callback_id, header};
use paytr_link_relay::config::InvalidSetting;
use paytr_link_relay::http::problem::{InvalidField, Problem, Words};
use paytr_link_relay::http::response::Response;
use paytr_link_relay::ledger::{Refusal, Unavailable};
use paytr_link_relay::message::{MAX_BODY_BYTES, TYPES};
use paytr_link_relay::paytr::{Cause, RejectedStatus, Rejection};
use paytr_link_relay::standard_webhooks::VerifyError;
use paytr_link_relay::storefront::MAX_DELIVERY_BYTES;
use serde_json::{Value, json};

struct Case {
    problem: Problem,
    status: u16,
    title: &'static str,
    code: &'static str,
    /// What the detail has to say, among other things.
    says: &'static str,
    /// The members beside status, title, code and detail.
    more: Value,
    retry_after: Option<&'static str>,
    allow: Option<&'static str>,
}

fn case(problem: Problem, status: u16, title: &'static str, code: &'static str, says: &'static str) -> Case {
    Case { problem, status, title, code, says, more: json!({}), retry_after: None, allow: None }
}

fn unknown(cause: Cause) -> Problem {
    Problem::OutcomeUnknown { cause, advice: "Ask the customer.", resend_safe: false, callback_id: None }
}

const UNAVAILABLE: [Unavailable; 6] = [
    Unavailable::Busy,
    Unavailable::Overloaded,
    Unavailable::Reset,
    Unavailable::StorageFailed,
    Unavailable::Trapped,
    Unavailable::NotBound,
];

fn unavailable(reason: Unavailable) -> Problem {
    Problem::from_refusal(Refusal::Unavailable(reason), &WORDS)
}

const WORDS: Words = Words { rejected: "send the link", unknown: "Ask the customer.", resend_safe: false };

fn cases() -> Vec<Case> {
    let unprocessable = "Unprocessable Content";
    let field = InvalidField { pointer: "/data/cell_phone".to_owned(), detail: "must be text" };
    let bad = |name, detail| InvalidSetting { name, detail };
    let rejection =
        |reason: Option<&str>| Rejection { status: RejectedStatus::Error, reason: reason.map(str::to_owned) };
    let failed = Rejection { status: RejectedStatus::Failed, reason: None };
    let mut cases = vec![
        case(Problem::MalformedBody("The body is not UTF-8."), 400, "Bad Request", "malformed-body", "is not UTF-8."),
        case(Problem::InvalidSignature, 401, "Unauthorized", "invalid-signature", "webhook-signature"),
        case(Problem::InvalidDelivery, 401, "Unauthorized", "invalid-signature", "this storefront's webhook_secret"),
        case(Problem::StaleTimestamp, 401, "Unauthorized", "stale-timestamp", "300 seconds"),
        case(Problem::NotFound, 404, "Not Found", "not-found", "POST /webhook"),
        case(Problem::NotFound, 404, "Not Found", "not-found", "POST /hooks/"),
        Case {
            allow: Some("POST, OPTIONS"),
            ..case(
                Problem::MethodNotAllowed("POST, OPTIONS"),
                405,
                "Method Not Allowed",
                "method-not-allowed",
                "POST, OPTIONS",
            )
        },
        Case {
            retry_after: Some("19"),
            ..case(Problem::InProgress(19), 409, "Conflict", "in-progress", "same webhook-id after 19 s")
        },
        case(Problem::BodyTooLarge(16_384), 413, "Content Too Large", "body-too-large", "over 16384 bytes"),
        case(Problem::BodyTooLarge(524_288), 413, "Content Too Large", "body-too-large", "over 524288 bytes"),
        case(
            Problem::UnsupportedMediaType,
            415,
            "Unsupported Media Type",
            "unsupported-media-type",
            "application/json",
        ),
        Case {
            more: json!({"errors": [{"pointer": "/data/cell_phone", "detail": "must be text"}]}),
            ..case(Problem::InvalidField(vec![field]), 422, unprocessable, "invalid-field", "listed under errors")
        },
        case(
            Problem::UnknownType(TYPES),
            422,
            unprocessable,
            "unknown-type",
            "link.send_sms, link.send_email, link.create",
        ),
        case(Problem::LinkNotFound, 404, "Not Found", "link-not-found", "callback_id"),
        case(Problem::WebhookIdReused, 422, unprocessable, "webhook-id-reused", "takes a new one"),
        Case {
            more: json!({"paytr": {"status": "error", "reason": "Process failed. Invalid id"}}),
            ..case(
                Problem::PaytrRejected(rejection(Some("Process failed. Invalid id")), "send the link"),
                422,
                unprocessable,
                "paytr-rejected",
                "PayTR did not send",
            )
        },
        Case {
            more: json!({"paytr": {"status": "failed", "reason": null}}),
            ..case(
                Problem::PaytrRejected(failed, "send the link"),
                422,
                unprocessable,
                "paytr-rejected",
                "PayTR did not send",
            )
        },
        Case {
            retry_after: Some("86400"),
            ..case(Problem::RecipientLimit(86_400), 429, "Too Many Requests", "recipient-limit", "86400 s")
        },
        Case {
            more: json!({"settings": [
                {"name": "PAYTR_MERCHANT_ID", "detail": "is not set"},
                {"name": "SEND_LIMITS", "detail": "is empty"},
            ]}),
            ..case(
                Problem::Misconfigured(vec![bad("PAYTR_MERCHANT_ID", "is not set"), bad("SEND_LIMITS", "is empty")]),
                500,
                "Internal Server Error",
                "misconfigured",
                "SEND_LIMITS is empty.",
            )
        },
        Case {
            retry_after: Some("5"),
            ..case(unavailable(Unavailable::Busy), 503, "Service Unavailable", "ledger-unavailable", "same webhook-id")
        },
    ];
    cases.extend(cases_without_an_end());
    cases
}

/// What nobody knows, and what could not be begun.
fn cases_without_an_end() -> Vec<Case> {
    let mut cases = Vec::new();
    for reason in UNAVAILABLE.into_iter().filter(|reason| *reason != Unavailable::Busy) {
        let says = "same webhook-id";
        cases.push(case(unavailable(reason), 503, "Service Unavailable", "ledger-unavailable", says));
    }
    for (cause, status, title, says) in [
        (Cause::TimedOut, 504, "Gateway Timeout", "in time"),
        (Cause::ConnectionLost, 502, "Bad Gateway", "connection"),
        (Cause::NotUnderstood, 502, "Bad Gateway", "own format"),
        (Cause::Interrupted, 502, "Bad Gateway", "interrupted"),
        (Cause::RecordUnreadable, 502, "Bad Gateway", "cannot read what it recorded"),
    ] {
        cases.push(Case {
            more: json!({"resend_safe": false}),
            ..case(unknown(cause), status, title, "outcome-unknown", says)
        });
    }
    cases
}

#[test]
fn every_problem_has_its_status_code_and_headers() {
    for Case { problem, status, code, retry_after, allow, .. } in cases() {
        assert_eq!(problem.status_and_code(), (status, code));
        let answer = Response::from(problem);
        assert_eq!((answer.status, answer.code), (status, code));
        assert_eq!(header(&answer, "content-type"), Some("application/problem+json"), "{code}");
        assert_eq!(header(&answer, "cache-control"), Some("no-store"), "{code}");
        assert_eq!(header(&answer, "x-content-type-options"), Some("nosniff"), "{code}");
        assert_eq!(header(&answer, "retry-after"), retry_after, "{code}");
        assert_eq!(header(&answer, "allow"), allow, "{code}");
        let expected = 3 + usize::from(retry_after.is_some()) + usize::from(allow.is_some());
        assert_eq!(answer.headers.len(), expected, "{code}");
    }
}

#[test]
fn every_problem_has_a_body_by_rfc_9457() {
    for Case { problem, status, title, code, says, more, .. } in cases() {
        let answer = Response::from(problem);
        let mut body = body_of(&answer);
        let members = body.as_object_mut().unwrap();
        let detail = members.remove("detail").unwrap();
        let detail = detail.as_str().unwrap();
        assert!(detail.contains(says), "{code}: {detail}");
        assert!(detail.ends_with('.') && !detail.contains("  ") && !detail.contains('\n'), "{code}: {detail}");
        let mut expected = json!({"status": status, "title": title, "code": code});
        expected.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(body, expected, "{code}");
    }
}

#[test]
fn resend_safe_is_told_with_an_unknown_outcome_alone_and_is_false() {
    for Case { problem, code, .. } in cases() {
        let resend_safe = body_of(&Response::from(problem))["resend_safe"].as_bool();
        assert_eq!(resend_safe, (code == "outcome-unknown").then_some(false), "{code}");
    }
}

#[test]
fn what_a_partition_did_not_do_is_told_in_the_words_of_the_message() {
    let callback_id = Some(callback_id());
    let expired = InvalidField::new("/data/expiry_date", "has passed; give a time to come");
    let rejection = Rejection { status: RejectedStatus::Error, reason: None };
    let unknown = Refusal::Unknown { cause: Cause::Blocked, callback_id: callback_id.clone() };
    for (refusal, expected) in [
        (Refusal::ExpiryPassed, Problem::InvalidField(vec![expired])),
        (Refusal::LinkNotFound, Problem::LinkNotFound),
        (Refusal::InProgress(3), Problem::InProgress(3)),
        (Refusal::WebhookIdReused, Problem::WebhookIdReused),
        (Refusal::RecipientLimit(60), Problem::RecipientLimit(60)),
        (Refusal::Rejected(rejection.clone()), Problem::PaytrRejected(rejection, "send the link")),
        (
            unknown,
            Problem::OutcomeUnknown {
                cause: Cause::Blocked,
                advice: "Ask the customer.",
                resend_safe: false,
                callback_id,
            },
        ),
        (Refusal::Unavailable(Unavailable::Reset), Problem::LedgerUnavailable(Unavailable::Reset)),
    ] {
        assert_eq!(Problem::from_refusal(refusal, &WORDS), expected);
    }
}

#[test]
fn an_address_that_paytr_cannot_reach_is_a_matter_of_a_setting() {
    let problem = Problem::from_refusal(Refusal::CallbackUnreachable, &WORDS);
    let body = body_of(&Response::from(problem));
    assert_eq!((&body["status"], &body["code"]), (&json!(500), &json!("misconfigured")));
    assert_eq!(body["settings"][0]["name"], "RELAY_ORIGIN");
    assert!(body["detail"].as_str().unwrap().starts_with("Nothing was sent. RELAY_ORIGIN must be set"), "{body}");
}

#[test]
fn the_name_of_a_link_that_may_have_been_made_is_told() {
    let refusal = Refusal::Unknown { cause: Cause::TimedOut, callback_id: Some(callback_id()) };
    let body = body_of(&Response::from(Problem::from_refusal(refusal, &WORDS)));
    assert_eq!(body["callback_id"], json!(callback_id()));
}

#[test]
fn every_wrong_setting_is_named_in_the_detail() {
    let bad = ["PAYTR_MERCHANT_ID", "WEBHOOK_SECRETS"].map(|name| InvalidSetting { name, detail: "is not set" });
    let body = body_of(&Response::from(Problem::Misconfigured(bad.to_vec())));
    for name in ["PAYTR_MERCHANT_ID is not set", "WEBHOOK_SECRETS is not set"] {
        assert!(body["detail"].as_str().unwrap().contains(name), "{body}");
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
