//! PayTR at its worst in create and delete: each way has its answer, is final, and costs one request.

use crate::support::aging::Aging;
use crate::support::order::{Order, and, flex};
use crate::support::services::{DEFAULTS, JSON, Service, UNREACHABLE};
use crate::support::signed::Signed;
use crate::support::suite::Suite;
use crate::support::{message, people};
use paytr_sandbox::Misbehaviour::{
    self, Bom, Bytes, ClientError, ClientErrorJson, Closed, CutOff, DuplicateStatus, Empty, Hang, HtmlPage, Huge,
    HugeDeclared, NotObject, ReasonEchoes, Redirect, Rejected, Reset, ServerError, ServerErrorJson, Slow, SlowBody,
    UnknownStatus,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

crate::tests![
    an_id_that_paytr_writes_as_a_number_is_read,
    every_misbehaviour_of_a_create_has_its_answer_and_paytr_is_asked_once,
    every_misbehaviour_of_a_delete_has_its_answer_and_paytr_is_asked_once,
    the_tables_of_misbehaviours_are_complete,
    a_time_out_of_a_create_is_an_unknown_outcome_that_may_be_asked_anew,
    a_paytr_that_is_not_there_leaves_create_and_delete_unknown,
    a_refusal_names_nobody_however_paytr_spells_it_neither_to_the_caller_nor_in_the_storage,
];

const SERVICE: &str = "spelled";

const SOON: Duration = Duration::from_millis(300);

/// What comes of a misbehaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Done,
    Unknown,
    Rejected,
}

fn table(redirect_to: &str) -> Vec<(Misbehaviour, Expected)> {
    use Expected::{Done, Unknown};
    let refused = |status: &str| Rejected { status: status.to_owned(), reason: "Bakimdayiz".to_owned() };
    let mut table = vec![
        (Slow(SOON), Done),
        (SlowBody(SOON), Done),
        (Bom, Done),
        (Closed, Unknown),
        (CutOff, Unknown),
        (Reset, Unknown),
        (HtmlPage, Unknown),
        (Empty, Unknown),
        (Huge, Unknown),
        (HugeDeclared, Unknown),
        (ClientError, Unknown),
        (ServerError, Unknown),
        (ServerErrorJson, Unknown),
        (UnknownStatus, Unknown),
        (NotObject, Unknown),
        (DuplicateStatus, Unknown),
        (ClientErrorJson, Expected::Rejected),
        (ReasonEchoes, Expected::Rejected),
        (refused("error"), Expected::Rejected),
        (refused("failed"), Expected::Rejected),
        (Bytes { status: 403, body: b"<html>Just a moment".to_vec(), delivers: false }, Unknown),
        // Windows-1254.
        (
            Bytes {
                status: 200,
                body: b"{\"status\":\"failed\",\"err_msg\":\"Ge\xe7ersiz\"}".to_vec(),
                delivers: false,
            },
            Expected::Rejected,
        ),
    ];
    let redirect = |status| (Redirect { status, location: redirect_to.to_owned() }, Unknown);
    table.extend([301, 302, 303, 307, 308].map(redirect));
    table
}

/// Successes of a create that cannot be believed.
fn creates() -> Vec<(Misbehaviour, Expected)> {
    let all = paytr_sandbox::KNOWN_CREATES.iter().map(|known| (known.misbehaviour)());
    // An id that PayTR writes as a number can be believed.
    let odd = all.filter(|misbehaviour| misbehaviour.name() != Misbehaviour::IdNotText.name());
    odd.map(|misbehaviour| (misbehaviour, Expected::Unknown)).collect()
}

async fn an_id_that_paytr_writes_as_a_number_is_read(suite: Arc<Suite>) {
    let name = people::link_name();
    suite.sandbox.misbehave(&name, Misbehaviour::IdNotText);
    let signed = Signed::new(message::create(&name, &json!({})));
    let answer = suite.post(DEFAULTS, &signed).await;
    assert_eq!((answer.status, &answer.json()["link"]["id"]), (200, &json!("1234567")), "{}", answer.text());
    assert_eq!(suite.creates_of(&name).len(), 1);
}

async fn every_misbehaviour_of_a_create_has_its_answer_and_paytr_is_asked_once(suite: Arc<Suite>) {
    let mut cases = JoinSet::new();
    for (misbehaviour, expected) in [table(&suite.redirect_target.location()), creates()].concat() {
        let suite = Arc::clone(&suite);
        cases.spawn(async move {
            let name = people::link_name();
            suite.sandbox.misbehave(&name, misbehaviour.clone());
            let body = message::create(&name, &json!({"get_qr": 1, "send": {"cell_phone": people::phone()}}));
            check(&suite, body, "created", &format!("create, {misbehaviour:?}"), expected).await;
            let calls = suite.creates_of(&name);
            assert_eq!(calls.len(), 1, "{misbehaviour:?}");
            let sends = suite.sandbox.received_for(calls[0].link_id.as_deref().unwrap_or("none")).len();
            let expected = if expected == Expected::Done { 2 } else { sends.min(1) };
            assert_eq!(sends, expected, "{misbehaviour:?}: a link of which nobody knows is not sent");
        });
    }
    while let Some(case) = cases.join_next().await {
        case.unwrap();
    }
}

async fn every_misbehaviour_of_a_delete_has_its_answer_and_paytr_is_asked_once(suite: Arc<Suite>) {
    let mut cases = JoinSet::new();
    for (misbehaviour, expected) in table(&suite.redirect_target.location()) {
        let suite = Arc::clone(&suite);
        cases.spawn(async move {
            let link_id = people::link_id();
            suite.sandbox.misbehave(&link_id, misbehaviour.clone());
            let case = format!("delete, {misbehaviour:?}");
            check(&suite, message::delete(&[&link_id]), "deleted", &case, expected).await;
            suite.only_call(&link_id);
        });
    }
    while let Some(case) = cases.join_next().await {
        case.unwrap();
    }
}

/// A first answer, and a retry that replays it while PayTR would do it gladly.
async fn check(suite: &Suite, body: Vec<u8>, outcome: &str, case: &str, expected: Expected) {
    let signed = Signed::new(body);
    let first = suite.post(DEFAULTS, &signed).await;
    match expected {
        Expected::Done => assert_eq!((first.status, first.code().as_str()), (200, outcome), "{case}: {}", first.text()),
        Expected::Unknown => first.assert_unknown_but_safe(502, case),
        Expected::Rejected => first.assert_problem(422, "paytr-rejected", case),
    }
    assert!(!first.is_replay(), "{case}: the first answer");
    let again = suite.post(DEFAULTS, &signed.retry()).await;
    assert_eq!((again.status, again.json()), (first.status, first.json()), "{case}: the retry");
    assert!(again.is_replay(), "{case}: the retry");
}

async fn the_tables_of_misbehaviours_are_complete(_: Arc<Suite>) {
    let mut tried: BTreeSet<&str> = table("").iter().map(|(misbehaviour, _)| misbehaviour.name()).collect();
    // It has a test of its own.
    tried.insert(Hang.name());
    let known: BTreeSet<&str> = paytr_sandbox::KNOWN.iter().map(|known| (known.misbehaviour)().name()).collect();
    assert_eq!(tried, known);
    assert!(creates().len() >= 7);
}

async fn a_time_out_of_a_create_is_an_unknown_outcome_that_may_be_asked_anew(suite: Arc<Suite>) {
    let name = people::link_name();
    suite.sandbox.misbehave(&name, Hang);
    let signed = Signed::new(message::create(&name, &json!({})));
    for is_replay in [false, true] {
        let answer = suite.post(JSON, &signed.retry()).await;
        answer.assert_unknown_but_safe(504, "create");
        assert_eq!(answer.is_replay(), is_replay);
        assert_eq!(answer.json()["callback_id"].as_str().map(str::len), Some(64));
        suite.sandbox.behave(&name);
    }
    assert_eq!(suite.creates_of(&name).len(), 1);
    let anew = suite.post(JSON, &Signed::new(message::create(&name, &json!({})))).await;
    assert_eq!(anew.code(), "created", "under a new id");
}

async fn a_paytr_that_is_not_there_leaves_create_and_delete_unknown(suite: Arc<Suite>) {
    for body in [message::create(&people::link_name(), &json!({})), message::delete(&[&people::link_id()])] {
        let signed = Signed::new(body);
        for is_replay in [false, true] {
            let answer = suite.post(UNREACHABLE, &signed.retry()).await;
            answer.assert_unknown_but_safe(502, "unreachable");
            assert_eq!(answer.is_replay(), is_replay);
        }
    }
}

async fn a_refusal_names_nobody_however_paytr_spells_it_neither_to_the_caller_nor_in_the_storage(suite: Arc<Suite>) {
    let aging = Aging::new(Service::new(SERVICE, &suite.sandbox.base_url()));
    let workerd = aging.start();
    let payer = and(flex(), &json!({"user_name": "Ayşe Gülşah Yılmaz"}));
    let address = json!({"link_type": "collection", "email": "ayse.isik@example.com"});
    let refusals: [(&Value, &[&str]); 2] = [
        (
            &payer,
            &[
                "Ayşe Gülşah Yılmaz",
                "AYŞE GÜLŞAH YILMAZ",
                "ayse gulsah yilmaz",
                "Ays\u{327}e Gu\u{308}ls\u{327}ah Yılmaz",
                "Ay&#351;e G&uuml;l&#x15f;ah Y&#305;lmaz",
                "Ay%C5%9Fe+G%C3%BCl%C5%9Fah+Y%C4%B1lmaz",
                "Ay\u{202e}şe Gül\u{7}şah Yıl\u{200b}maz",
                "YILMAZ",
            ],
        ),
        (
            &address,
            &[
                "ayse.isik@example.com",
                "AYSE.ISIK@EXAMPLE.COM",
                "AYSE.İSİK@EXAMPLE.COM",
                "ayse.isik%40example.com",
                "ayse.isik&#64;example.com",
            ],
        ),
    ];
    for (more, spellings) in refusals {
        for spelled in spellings {
            let order = Order::new(more);
            let reason = format!("Odeme alinamadi: {spelled},\u{202e} tekrar\u{7} deneyin");
            suite.sandbox.misbehave(&order.name, Rejected { status: "failed".to_owned(), reason });
            for signed in [order.signed.clone(), order.signed.retry()] {
                let answer = workerd.post(SERVICE, &signed).await;
                answer.assert_problem(422, "paytr-rejected", spelled);
                let said = "Odeme alinamadi: [redacted], tekrar deneyin";
                assert_eq!(answer.json()["paytr"], json!({"status": "failed", "reason": said}), "{spelled}");
            }
        }
    }
    workerd.kill();
    assert!(!workerd.output().to_lowercase().contains("lmaz") && !workerd.output().contains("isik"), "in the log");
    let files = fs::read_dir(aging.data.storage().join(format!("ledger-{SERVICE}"))).unwrap();
    let stored: Vec<String> =
        files.map(|file| String::from_utf8_lossy(&fs::read(file.unwrap().path()).unwrap()).to_lowercase()).collect();
    let is_stored = |text: &str| stored.iter().any(|file| file.contains(text));
    assert!(is_stored("odeme alinamadi: [redacted], tekrar deneyin"), "this is not where refusals are kept");
    assert!(!is_stored("lmaz") && !is_stored("isik"), "in the storage");
}
