//! What real users bring: numbers and addresses as they are written, clients as they send, PayTR's answers as they come.

use crate::support::answer::Answer;
use crate::support::lines::ray;
use crate::support::services::{DEFAULTS, FREE};
use crate::support::signed::{Signed, now};
use crate::support::suite::Suite;
use crate::support::{message, people};
use paytr_sandbox::Misbehaviour::Bytes;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::task::JoinSet;

crate::tests![
    every_spelling_of_a_number_goes_to_paytr_as_one,
    one_number_in_fifty_spellings_is_one_recipient_to_the_ledger,
    what_is_no_number_or_no_address_is_refused_with_what_is_wrong,
    an_address_goes_to_paytr_without_what_surrounds_it,
    null_is_the_absence_of_what_is_optional_and_unknown_members_stay_refused,
    svix_headers_are_read_where_no_webhook_header_is,
    webhook_and_svix_headers_are_never_mixed,
    every_slip_of_signing_gets_the_same_words_which_name_it,
    what_paytr_answered_is_told_apart_in_the_log,
    an_id_is_struck_out_of_the_log_only_if_somebody_is_in_it,
];

/// The lines of a file of vectors.
fn vectors(file: &str) -> Vec<Value> {
    file.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn phones() -> Vec<Value> {
    vectors(include_str!("../vectors/cell-phones.jsonl"))
}

fn emails() -> Vec<Value> {
    vectors(include_str!("../vectors/emails.jsonl"))
}

/// A spelling of one number, of another number: its last ten digits give way to the other's.
fn respell(written: &str, phone: &str) -> String {
    let mut digits = phone.trim_start_matches('0').chars().rev();
    let respelled: Vec<char> = written
        .chars()
        .rev()
        .map(|character| if character.is_ascii_digit() { digits.next().unwrap_or(character) } else { character })
        .collect();
    respelled.into_iter().rev().collect()
}

fn spellings() -> Vec<String> {
    let right = phones().into_iter().filter(|vector| vector["number"].is_string());
    right.map(|vector| vector["written"].as_str().unwrap().to_owned()).collect()
}

async fn every_spelling_of_a_number_goes_to_paytr_as_one(suite: Arc<Suite>) {
    let mut cases = JoinSet::new();
    for written in spellings() {
        let suite = Arc::clone(&suite);
        cases.spawn(async move {
            let (link_id, phone) = (people::link_id(), people::phone());
            let signed = Signed::new(message::sms(&link_id, &respell(&written, &phone)));
            suite.post(FREE, &signed).await.assert_sent(&signed.id, &written);
            assert_eq!(suite.only_call(&link_id).field("cell_phone"), Some(phone.as_str()), "{written:?}");
        });
    }
    assert!(cases.len() >= 50);
    cases.join_all().await;
}

async fn one_number_in_fifty_spellings_is_one_recipient_to_the_ledger(suite: Arc<Suite>) {
    let (link_id, phone) = (people::link_id(), people::phone());
    let signed = Signed::new(message::sms(&link_id, &phone));
    suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, "first");
    let spellings: BTreeSet<String> = spellings().iter().map(|written| respell(written, &phone)).collect();
    assert!(spellings.len() >= 50);
    for spelling in spellings {
        let again = suite.post(DEFAULTS, &signed.with_body(message::sms(&link_id, &spelling))).await;
        again.assert_sent(&signed.id, &spelling);
        assert!(again.is_replay(), "{spelling:?}");
        let another = Signed::new(message::sms(&people::link_id(), &spelling));
        suite.post(DEFAULTS, &another).await.assert_problem(429, "recipient-limit", &spelling);
    }
    suite.only_call(&link_id);
}

async fn what_is_no_number_or_no_address_is_refused_with_what_is_wrong(suite: Arc<Suite>) {
    type Body = fn(&str, &str) -> Vec<u8>;
    let phones = phones().into_iter().map(|vector| (vector, "/data/cell_phone", message::sms as Body));
    let emails = emails().into_iter().map(|vector| (vector, "/data/email", message::email as Body));
    let mut cases = JoinSet::new();
    for (vector, pointer, body) in phones.chain(emails).filter(|(vector, ..)| vector["refusal"].is_string()) {
        let suite = Arc::clone(&suite);
        cases.spawn(async move {
            let written = vector["written"].as_str().unwrap();
            let link_id = people::link_id();
            let answer = suite.post(DEFAULTS, &Signed::new(body(&link_id, written))).await;
            answer.assert_problem(422, "invalid-field", written);
            let error = &answer.json()["errors"][0];
            assert_eq!(error["pointer"], pointer, "{written:?}");
            let detail = error["detail"].as_str().unwrap();
            assert!(detail.contains(vector["refusal"].as_str().unwrap()), "{written:?}: {detail}");
            suite.assert_nothing_sent(&link_id, written);
        });
    }
    assert!(cases.len() >= 100);
    cases.join_all().await;
}

async fn an_address_goes_to_paytr_without_what_surrounds_it(suite: Arc<Suite>) {
    let mut cases = JoinSet::new();
    for vector in emails().into_iter().filter(|vector| vector["address"].is_string()) {
        let suite = Arc::clone(&suite);
        cases.spawn(async move {
            let email = people::email();
            let text = |member: &str| vector[member].as_str().unwrap().replace("ayse@example.com", &email);
            let (link_id, written) = (people::link_id(), text("written"));
            let signed = Signed::new(message::email(&link_id, &written));
            suite.post(FREE, &signed).await.assert_sent(&signed.id, &written);
            assert_eq!(suite.only_call(&link_id).field("email"), Some(text("address").as_str()), "{written:?}");
        });
    }
    assert!(!cases.is_empty());
    cases.join_all().await;
}

async fn null_is_the_absence_of_what_is_optional_and_unknown_members_stay_refused(suite: Arc<Suite>) {
    let (link_id, phone) = (people::link_id(), people::phone());
    let data = json!({"id": link_id, "cell_phone": phone, "debug_on": null});
    let signed = Signed::new(json!({"type": "link.send_sms", "timestamp": null, "data": data}).to_string());
    suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, "null");
    let absent = signed.with_body(message::sms(&link_id, &phone));
    assert!(suite.post(DEFAULTS, &absent).await.is_replay(), "null and nothing are one message");
    suite.only_call(&link_id);

    let data = json!({"id": link_id, "cell_phone": phone, "note": null});
    let answer = suite.post(DEFAULTS, &Signed::new(json!({"type": "link.send_sms", "data": data}).to_string())).await;
    answer.assert_problem(422, "invalid-field", "note");
    assert_eq!(answer.json()["errors"][0]["pointer"], "/data/note");
}

const NAMES: [[&str; 3]; 2] =
    [["webhook-id", "webhook-timestamp", "webhook-signature"], ["svix-id", "svix-timestamp", "svix-signature"]];

async fn svix_headers_are_read_where_no_webhook_header_is(suite: Arc<Suite>) {
    let link_id = people::link_id();
    let signed = Signed::new(message::sms(&link_id, &people::phone()));
    post_named(&suite, &signed, &NAMES[1].map(Some)).await.assert_sent(&signed.id, "svix");
    assert!(post_named(&suite, &signed, &NAMES[0].map(Some)).await.is_replay(), "one id by either name");
    suite.only_call(&link_id);
}

async fn webhook_and_svix_headers_are_never_mixed(suite: Arc<Suite>) {
    for choice in 0..27_usize {
        let chosen = [choice % 3, choice / 3 % 3, choice / 9];
        let names = [0, 1, 2].map(|part| Some(NAMES.get(chosen[part])?[part]));
        if chosen == [0, 0, 0] || chosen == [1, 1, 1] {
            continue;
        }
        let link_id = people::link_id();
        let signed = Signed::new(message::sms(&link_id, &people::phone()));
        let case = format!("{names:?}");
        post_named(&suite, &signed, &names).await.assert_problem(401, "invalid-signature", &case);
        suite.assert_nothing_sent(&link_id, &case);
    }
}

/// A message whose id, timestamp and signature have these names, or are left out.
async fn post_named(suite: &Suite, signed: &Signed, names: &[Option<&'static str>; 3]) -> Answer {
    let values = [&signed.id, &signed.timestamp, &signed.signature];
    let given = names.iter().zip(values).filter_map(|(name, value)| Some(((*name)?, value.as_str())));
    let headers: Vec<(&str, &str)> = given.chain([("content-type", "application/json")]).collect();
    suite.request(DEFAULTS, "POST", "/webhook", &headers, signed.body.clone()).await
}

async fn every_slip_of_signing_gets_the_same_words_which_name_it(suite: Arc<Suite>) {
    let sms = || message::sms(&people::link_id(), &people::phone());
    let right = Signed::new(sms());
    let hex = base16ct::lower::encode_string(right.signature.as_bytes());
    let id = people::webhook_id();
    let seconds = now().to_string();
    let slips = [
        Signed::forced(&id, &format!("{seconds}000"), sms()),
        Signed::forced(&format!("{id}.1"), &seconds, sms()),
        Signed::forced(&format!("{id},1"), &seconds, sms()),
        Signed::forced(&format!("{id} 1"), &seconds, sms()),
        Signed::forced(&"i".repeat(257), &seconds, sms()),
        Signed { signature: format!("v1,{hex}"), ..right.clone() },
        Signed { signature: right.signature.replace('=', ""), ..right.clone() },
        Signed { body: [right.body.as_slice(), b"\n"].concat(), ..right.clone() },
    ];
    let mut bodies = BTreeSet::new();
    for slip in slips {
        let answer = suite.post(DEFAULTS, &slip).await;
        answer.assert_problem(401, "invalid-signature", &slip.id);
        bodies.insert(answer.text());
    }
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    for words in [
        "256",
        "without dot, comma or blank",
        "Unix seconds, not milliseconds",
        "standard base64, not hex",
        "Base64-decode what follows the secret's prefix",
        "docs/verification.md",
        "the very bytes that are sent",
    ] {
        assert!(bodies.iter().all(|body| body.contains(words)), "{words}");
    }
}

async fn what_paytr_answered_is_told_apart_in_the_log(suite: Arc<Suite>) {
    let page = "<!DOCTYPE html><title>Just a moment...</title>".to_owned();
    let long_page = format!("{page}{}", "x".repeat(20_000));
    for (status, body, reason) in [
        (403, &long_page, "blocked"),
        (429, &page, "blocked"),
        (302, &String::new(), "redirected"),
        (521, &"error code: 521".to_owned(), "server-error"),
        (404, &page, "html-page"),
        (200, &r#"{"status":"succ"#.to_owned(), "broken-json"),
        (200, &r#"{"status":"pending"}"#.to_owned(), "not-understood"),
        (200, &long_page, "not-understood"),
    ] {
        let case = format!("{status} {}", &body[..body.len().min(40)]);
        let link_id = people::link_id();
        suite.sandbox.misbehave(&link_id, Bytes { status, body: body.clone().into_bytes(), delivers: false });
        let signed = Signed::new(message::sms(&link_id, &people::phone()));
        suite.post_twice(DEFAULTS, &signed, &case).await.assert_problem(502, "outcome-unknown", &case);
        let line = suite.line("webhook_id", &signed.id, 0).await;
        assert_eq!((&line["reason"], &line["paytr_http_status"]), (&json!(reason), &json!(status)), "{case}");
        // PayTR was not asked again, and so gave no status; what is recorded says why all the same.
        let line = suite.line("webhook_id", &signed.id, 1).await;
        assert_eq!((&line["reason"], &line["paytr_http_status"]), (&json!(reason), &json!(null)), "{case}");
        suite.only_call(&link_id);
    }
}

/// Which texts are somebody is in `tests/pure`.
async fn an_id_is_struck_out_of_the_log_only_if_somebody_is_in_it(suite: Arc<Suite>) {
    let phone = people::phone();
    let own = format!("order-7-{}-{}", &phone[1..5], &phone[5..]);
    let uuid = "550e8400-5123-4567-8901-446655440000";
    // Where nobody could be read, ten digits may be anybody's number.
    for (id, link_id, is_kept) in [
        (uuid, people::link_id(), true),
        ("order-5612345678", people::link_id(), true),
        ("sms-0532-123-45-67", people::link_id(), false),
        ("a@example", people::link_id(), false),
        (&own, people::link_id(), false),
        (uuid, "no link".to_owned(), true),
        ("order-5612345678", "no link".to_owned(), false),
    ] {
        let signed = Signed::forced(id, &now().to_string(), message::sms(&link_id, &phone));
        let ray = ray();
        let headers = [signed.headers(), vec![("cf-ray", ray.as_str())]].concat();
        let answer = suite.request(FREE, "POST", "/webhook", &headers, signed.body.clone()).await;
        if link_id == "no link" {
            answer.assert_problem(422, "invalid-field", id);
        } else {
            answer.assert_sent(id, id);
        }
        let line = suite.line("request_id", &ray, 0).await;
        assert_eq!(line["webhook_id"], if is_kept { id } else { "[redacted]" }, "{id} of {link_id}");
    }
}
