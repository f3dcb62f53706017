//! PayTR at its worst: each way has its answer, is final, and harms nobody else.

use crate::support::redirect_target::RedirectTarget;
use crate::support::services::{DEFAULTS, JSON, SHORT_TIMEOUT_MS, UNREACHABLE};
use crate::support::signed::Signed;
use crate::support::suite::{Suite, wait_until};
use crate::support::{message, people};
use paytr_sandbox::Misbehaviour::{
    self, Bom, Bytes, ClientError, ClientErrorJson, Closed, CutOff, DuplicateStatus, Empty, Hang, HtmlPage, Huge,
    HugeDeclared, NotObject, ReasonEchoes, Redirect, Rejected, Reset, ServerError, ServerErrorJson, Slow, SlowBody,
    UnknownStatus,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

crate::tests![
    every_misbehaviour_has_its_answer_and_paytr_is_asked_once,
    the_table_of_misbehaviours_is_complete,
    a_redirect_is_never_followed,
    a_hang_ends_with_the_time_out_also_in_the_middle_of_the_body,
    a_paytr_that_is_not_there_is_an_unknown_outcome,
    a_reason_that_echoes_recipient_and_token_is_passed_on_without_them,
    paytrs_own_words_for_a_refusal_are_passed_on,
];

const SOON: Duration = Duration::from_millis(300);

/// What the caller gets: status, code, and `paytr` of the body.
type Expected = (u16, &'static str, Value);

fn table(redirect_to: &str) -> Vec<(Misbehaviour, Expected)> {
    let sent = (200, "sent", json!({"status": "success"}));
    let unknown = (502, "outcome-unknown", Value::Null);
    let rejected = |status: &str, reason: &str| (422, "paytr-rejected", json!({"status": status, "reason": reason}));
    let mut table = vec![
        (Slow(SOON), sent.clone()),
        (SlowBody(SOON), sent.clone()),
        (Bom, sent),
        (Closed, unknown.clone()),
        (CutOff, unknown.clone()),
        (Reset, unknown.clone()),
        (HtmlPage, unknown.clone()),
        (Empty, unknown.clone()),
        (Huge, unknown.clone()),
        (HugeDeclared, unknown.clone()),
        (ClientError, unknown.clone()),
        (ServerError, unknown.clone()),
        (ServerErrorJson, unknown.clone()),
        (UnknownStatus, unknown.clone()),
        (NotObject, unknown.clone()),
        (DuplicateStatus, unknown.clone()),
        (ClientErrorJson, rejected("error", "Gecersiz istek")),
        (Rejected { status: "error".into(), reason: "Bakiye yetersiz".into() }, rejected("error", "Bakiye yetersiz")),
        (Rejected { status: "failed".into(), reason: "Invalid id".into() }, rejected("failed", "Invalid id")),
    ];
    let windows_1254 = b"{\"status\":\"failed\",\"reason\":\"Ge\xe7ersiz\"}".to_vec();
    table.push((Bytes { status: 200, body: windows_1254, delivers: false }, rejected("failed", "Ge\u{fffd}ersiz")));
    let redirect = |status| (Redirect { status, location: redirect_to.to_owned() }, unknown.clone());
    table.extend([301, 302, 303, 307, 308].map(redirect));
    table
}

async fn every_misbehaviour_has_its_answer_and_paytr_is_asked_once(suite: Arc<Suite>) {
    let mut cases = JoinSet::new();
    for (misbehaviour, expected) in table(&suite.redirect_target.location()) {
        for is_sms in [true, false] {
            let (suite, misbehaviour, expected) = (Arc::clone(&suite), misbehaviour.clone(), expected.clone());
            cases.spawn(async move {
                let link_id = people::link_id();
                let body = if is_sms {
                    message::sms(&link_id, &people::phone())
                } else {
                    message::email(&link_id, &people::email())
                };
                suite.sandbox.misbehave(&link_id, misbehaviour.clone());
                check(&suite, &link_id, body, &format!("{misbehaviour:?}"), expected).await;
            });
        }
    }
    while let Some(case) = cases.join_next().await {
        case.unwrap();
    }
}

/// A first answer, a retry that replays it, and another message that goes out after it.
async fn check(suite: &Suite, link_id: &str, body: Vec<u8>, case: &str, (status, code, paytr): Expected) {
    let signed = Signed::new(body);
    let first = suite.post(DEFAULTS, &signed).await;
    if status == 200 {
        first.assert_sent(&signed.id, case);
    } else {
        first.assert_problem(status, code, case);
    }
    assert_eq!(first.json()["paytr"], paytr, "{case}");
    assert!(!first.is_replay(), "{case}: the first answer");

    // PayTR behaves again, which must make no difference.
    suite.sandbox.misbehave(link_id, Rejected { status: "error".to_owned(), reason: "a second call".to_owned() });
    let again = suite.post(DEFAULTS, &signed.retry()).await;
    assert_eq!((again.status, again.json()), (first.status, first.json()), "{case}: the retry");
    assert!(again.is_replay(), "{case}: the retry");
    suite.only_call(link_id);

    let next = Signed::new(message::sms(&people::link_id(), &people::phone()));
    suite.post(DEFAULTS, &next).await.assert_sent(&next.id, &format!("after {case}"));
}

async fn the_table_of_misbehaviours_is_complete(_: Arc<Suite>) {
    let mut tried: BTreeSet<&str> = table("").iter().map(|(misbehaviour, _)| misbehaviour.name()).collect();
    // These have tests of their own.
    tried.extend([Hang.name(), ReasonEchoes.name()]);
    let known: BTreeSet<&str> = paytr_sandbox::KNOWN.iter().map(|known| (known.misbehaviour)().name()).collect();
    assert_eq!(tried, known);
}

async fn a_redirect_is_never_followed(suite: Arc<Suite>) {
    for status in [301, 302, 303, 307, 308] {
        let case = status.to_string();
        let link_id = people::link_id();
        suite.sandbox.misbehave(&link_id, Redirect { status, location: suite.redirect_target.location() });
        let signed = Signed::new(message::sms(&link_id, &people::phone()));
        suite.post(DEFAULTS, &signed).await.assert_problem(502, "outcome-unknown", &case);
        assert_eq!(suite.only_call(&link_id).misbehaviour.as_deref(), Some("redirect"), "{case}");
    }
    assert_eq!(suite.redirect_target.visitors(), 0, "a redirect was followed");
    // That nobody came says something only if a visit would have been seen.
    let other = RedirectTarget::start().await;
    let _visit = TcpStream::connect(other.address()).await.unwrap();
    wait_until("a visit is seen", || other.visitors() == 1).await;
}

async fn a_hang_ends_with_the_time_out_also_in_the_middle_of_the_body(suite: Arc<Suite>) {
    let mut cases = JoinSet::new();
    for misbehaviour in [Hang, SlowBody(Duration::from_secs(20)), Slow(Duration::from_secs(20))] {
        let suite = Arc::clone(&suite);
        cases.spawn(async move {
            let case = format!("{misbehaviour:?}");
            let link_id = people::link_id();
            suite.sandbox.misbehave(&link_id, misbehaviour);
            let signed = Signed::new(message::sms(&link_id, &people::phone()));
            let start = Instant::now();
            let first = suite.post(JSON, &signed).await;
            let took = start.elapsed();
            first.assert_problem(504, "outcome-unknown", &case);
            // Timers may be a little early; on a busy machine all is late, but far from the 20 s.
            let expected = Duration::from_millis(SHORT_TIMEOUT_MS - 20)..Duration::from_secs(8);
            assert!(expected.contains(&took), "{case}: {took:?}");

            suite.sandbox.behave(&link_id);
            let again = suite.post(JSON, &signed.retry()).await;
            again.assert_problem(504, "outcome-unknown", &case);
            assert!(again.is_replay(), "{case}");
            suite.only_call(&link_id);
        });
    }
    while let Some(case) = cases.join_next().await {
        case.unwrap();
    }
}

async fn a_paytr_that_is_not_there_is_an_unknown_outcome(suite: Arc<Suite>) {
    let signed = Signed::new(message::sms(&people::link_id(), &people::phone()));
    let first = suite.post(UNREACHABLE, &signed).await;
    first.assert_problem(502, "outcome-unknown", "first");
    let again = suite.post(UNREACHABLE, &signed.retry()).await;
    again.assert_problem(502, "outcome-unknown", "again");
    assert!(!first.is_replay() && again.is_replay());
}

async fn a_reason_that_echoes_recipient_and_token_is_passed_on_without_them(suite: Arc<Suite>) {
    for (recipient, body) in [
        (people::phone(), message::sms as fn(&str, &str) -> Vec<u8>),
        (people::email(), message::email as fn(&str, &str) -> Vec<u8>),
    ] {
        let link_id = people::link_id();
        suite.sandbox.misbehave(&link_id, ReasonEchoes);
        let signed = Signed::new(body(&link_id, &recipient));
        for signed in [signed.clone(), signed.retry()] {
            let answer = suite.post(DEFAULTS, &signed).await;
            answer.assert_problem(422, "paytr-rejected", "echo");
            let reason = answer.json()["paytr"]["reason"].as_str().unwrap().to_owned();
            assert!(reason.starts_with("Gonderilemedi") && reason.contains("[redacted]"), "the reason is gone");
            let token = suite.only_call(&link_id).field("paytr_token").unwrap().to_owned();
            assert!(!answer.text().contains(&token) && !answer.text().contains(recipient.trim_start_matches('0')));
        }
    }
}

async fn paytrs_own_words_for_a_refusal_are_passed_on(suite: Arc<Suite>) {
    let reason = "Zorunlu alan degeri gecersiz \"x\" \u{15f}\u{131}\u{1f600} \\ </script>";
    let link_id = people::link_id();
    suite.sandbox.misbehave(&link_id, Rejected { status: "failed".to_owned(), reason: reason.to_owned() });
    let signed = Signed::new(message::sms(&link_id, &people::phone()));
    for signed in [signed.clone(), signed.retry()] {
        let answer = suite.post(DEFAULTS, &signed).await;
        answer.assert_problem(422, "paytr-rejected", "words");
        assert_eq!(answer.json()["paytr"], json!({"status": "failed", "reason": reason}));
    }
    suite.only_call(&link_id);
}
