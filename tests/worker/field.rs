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
    what_is_no_number_is_refused_with_what_is_wrong,
    an_address_goes_to_paytr_without_what_surrounds_it,
    what_is_no_address_is_refused_with_what_is_wrong,
    every_label_of_utf8_and_the_encoding_that_is_none_are_read,
    null_is_the_absence_of_what_is_optional_and_unknown_members_stay_refused,
    svix_headers_are_read_where_no_webhook_header_is,
    webhook_and_svix_headers_are_never_mixed,
    every_slip_of_signing_gets_the_same_words_which_name_it,
    what_is_odd_but_readable_in_paytrs_answer_hides_no_status,
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
    all(cases).await;
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

async fn what_is_no_number_is_refused_with_what_is_wrong(suite: Arc<Suite>) {
    refused(&suite, &phones(), "/data/cell_phone", message::sms).await;
}

async fn what_is_no_address_is_refused_with_what_is_wrong(suite: Arc<Suite>) {
    refused(&suite, &emails(), "/data/email", message::email).await;
}

async fn refused(suite: &Arc<Suite>, vectors: &[Value], pointer: &'static str, body: fn(&str, &str) -> Vec<u8>) {
    let mut cases = JoinSet::new();
    for vector in vectors.iter().filter(|vector| vector["refusal"].is_string()) {
        let (suite, vector) = (Arc::clone(suite), vector.clone());
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
    assert!(!cases.is_empty());
    all(cases).await;
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
    all(cases).await;
}

async fn every_label_of_utf8_and_the_encoding_that_is_none_are_read(suite: Arc<Suite>) {
    let charset = |label: &str| vec![("content-type", format!("application/json; charset={label}"))];
    let encoding = |encoding: &str| {
        vec![("content-type", "application/json".to_owned()), ("content-encoding", encoding.to_owned())]
    };
    let labels =
        ["utf8", "UTF8", "utf-8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8", "\"utf8\""];
    for headers in labels.map(charset).into_iter().chain([encoding("identity")]) {
        let signed = Signed::new(message::sms(&people::link_id(), &people::phone()));
        post_with(&suite, &signed, &headers).await.assert_sent(&signed.id, &format!("{headers:?}"));
    }
    for headers in
        ["utf-16", "iso-8859-9", "windows-1254", "us-ascii"].map(charset).into_iter().chain([encoding("gzip")])
    {
        let link_id = people::link_id();
        let signed = Signed::new(message::sms(&link_id, &people::phone()));
        let case = format!("{headers:?}");
        post_with(&suite, &signed, &headers).await.assert_problem(415, "unsupported-media-type", &case);
        suite.assert_nothing_sent(&link_id, &case);
    }
}

/// A signed message with these headers in place of its content type.
async fn post_with(suite: &Suite, signed: &Signed, headers: &[(&str, String)]) -> Answer {
    let own = signed.headers().into_iter().filter(|(name, _)| *name != "content-type");
    let headers: Vec<(&str, &str)> = own.chain(headers.iter().map(|(name, value)| (*name, value.as_str()))).collect();
    suite.request(DEFAULTS, "POST", "/webhook", &headers, signed.body.clone()).await
}

async fn null_is_the_absence_of_what_is_optional_and_unknown_members_stay_refused(suite: Arc<Suite>) {
    let (link_id, phone) = (people::link_id(), people::phone());
    let data = json!({"id": link_id, "cell_phone": phone, "debug_on": null});
    let signed = Signed::new(json!({"type": "link.send_sms", "timestamp": null, "data": data}).to_string());
    suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, "null");
    let absent = signed.with_body(message::sms(&link_id, &phone));
    assert!(suite.post(DEFAULTS, &absent).await.is_replay(), "null and nothing are one message");
    suite.only_call(&link_id);

    let ping = Signed::new(r#"{"type": "relay.ping", "data": null}"#);
    assert_eq!(
        suite.post(DEFAULTS, &ping).await.json(),
        json!({"outcome": "pong", "version": env!("CARGO_PKG_VERSION")})
    );
    for (data, pointer) in [
        (json!({"id": link_id, "cell_phone": phone, "note": null}), "/data/note"),
        (json!({"id": null, "cell_phone": phone}), "/data/id"),
        (json!({"id": link_id, "cell_phone": null}), "/data/cell_phone"),
    ] {
        let signed = Signed::new(json!({"type": "link.send_sms", "data": data}).to_string());
        let answer = suite.post(DEFAULTS, &signed).await;
        answer.assert_problem(422, "invalid-field", pointer);
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer);
    }
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

async fn what_is_odd_but_readable_in_paytrs_answer_hides_no_status(suite: Arc<Suite>) {
    let rejected = |reason: &str| (422, json!({"status": "failed", "reason": reason}));
    let sent = || (200, json!({"status": "success"}));
    let many: String = (0..40).fold(String::new(), |members, number| members + &format!("\"m{number}\":0,"));
    for (body, (status, paytr)) in [
        (b"{\"status\":\"failed\",\"reason\":\"Ge\xe7ersiz istek\"}".to_vec(), rejected("Ge\u{fffd}ersiz istek")),
        (b"{\"status\":\"success\",\"message\":\"g\xf6nderildi\"}".to_vec(), sent()),
        (b"\xef\xbb\xbf\xef\xbb\xbf{\"status\":\"success\"}".to_vec(), sent()),
        (b"{\"status\":\"failed\",\"reason\":\"a\r\nb\"}".to_vec(), rejected("a  b")),
        (br#"{"status":"failed","reason":"a\ud83d"}"#.to_vec(), rejected("a\u{fffd}")),
        (format!("{{{many}\"status\":\"success\"}}").into_bytes(), sent()),
        (br#"{"status":"success","status":"success"}"#.to_vec(), sent()),
    ] {
        let case = body.escape_ascii().to_string();
        let link_id = people::link_id();
        suite.sandbox.misbehave(&link_id, Bytes { status: 200, body, delivers: status == 200 });
        let signed = Signed::new(message::sms(&link_id, &people::phone()));
        for signed in [signed.clone(), signed.retry()] {
            let answer = suite.post(DEFAULTS, &signed).await;
            assert_eq!((answer.status, &answer.json()["paytr"]), (status, &paytr), "{case}");
        }
        suite.only_call(&link_id);
    }
    // What was replaced hides no recipient.
    let (link_id, phone) = (people::link_id(), people::phone());
    let [first, second, third] = [&phone[..4], &phone[4..7], &phone[7..]].map(str::as_bytes);
    let body = [b"{\"status\":\"failed\",\"reason\":\"", first, b"\xa0", second, b"\xa0", third, b"\"}"].concat();
    suite.sandbox.misbehave(&link_id, Bytes { status: 200, body, delivers: false });
    let answer = suite.post(DEFAULTS, &Signed::new(message::sms(&link_id, &phone))).await;
    answer.assert_problem(422, "paytr-rejected", "grouped by what is no UTF-8");
    assert_eq!(answer.json()["paytr"]["reason"], "[redacted]");
}

async fn what_paytr_answered_is_told_apart_in_the_log(suite: Arc<Suite>) {
    let page = "<!DOCTYPE html><title>Just a moment...</title>".to_owned();
    let long_page = format!("{page}{}", "x".repeat(20_000));
    for (status, body, reason) in [
        (403, &page, "blocked"),
        (403, &long_page, "blocked"),
        (429, &page, "blocked"),
        (302, &String::new(), "redirected"),
        (503, &page, "server-error"),
        (521, &"error code: 521".to_owned(), "server-error"),
        (200, &page, "html-page"),
        (404, &page, "html-page"),
        (200, &r#"{"status":"succ"#.to_owned(), "broken-json"),
        (200, &r#"{"status":"pending"}"#.to_owned(), "not-understood"),
        (200, &r#"{"status":"error","status":"success"}"#.to_owned(), "not-understood"),
        (200, &long_page, "not-understood"),
    ] {
        let case = format!("{status} {}", &body[..body.len().min(40)]);
        let link_id = people::link_id();
        suite.sandbox.misbehave(&link_id, Bytes { status, body: body.clone().into_bytes(), delivers: false });
        let signed = Signed::new(message::sms(&link_id, &people::phone()));
        let first = suite.post(DEFAULTS, &signed).await;
        first.assert_problem(502, "outcome-unknown", &case);
        let again = suite.post(DEFAULTS, &signed.retry()).await;
        assert_eq!((again.is_replay(), again.text()), (true, first.text()), "{case}");
        let line = suite.line("webhook_id", &signed.id, 0).await;
        assert_eq!((&line["reason"], &line["paytr_http_status"]), (&json!(reason), &json!(status)), "{case}");
        // PayTR was not asked again, and so gave no status; what is recorded says why all the same.
        let line = suite.line("webhook_id", &signed.id, 1).await;
        assert_eq!((&line["reason"], &line["paytr_http_status"]), (&json!(reason), &json!(null)), "{case}");
        suite.only_call(&link_id);
    }
}

async fn an_id_is_struck_out_of_the_log_only_if_somebody_is_in_it(suite: Arc<Suite>) {
    let phone = people::phone();
    let own = [format!("order-{}", &phone[1..]), format!("order-7-{}-{}", &phone[1..5], &phone[5..])];
    let as_it_is = [
        "550e8400-5123-4567-8901-446655440000",
        "msg_3f5a05512345678901c0ffee",
        "order-15481-1795601234",
        "20261125-053212-4567",
        "order-5612345678",
    ];
    let struck_out = ["05321234567", "sms-0532-123-45-67", "+905321234567", "a@example"];
    let cases = (as_it_is.iter().map(|id| ((*id).to_owned(), true)))
        .chain(struck_out.iter().map(|id| ((*id).to_owned(), false)))
        .chain(own.into_iter().map(|id| (id, false)));
    for (id, is_kept) in cases {
        let signed = Signed::forced(&id, &now().to_string(), message::sms(&people::link_id(), &phone));
        let ray = ray();
        let headers = [signed.headers(), vec![("cf-ray", ray.as_str())]].concat();
        suite.request(FREE, "POST", "/webhook", &headers, signed.body.clone()).await.assert_sent(&id, &id);
        let line = suite.line("request_id", &ray, 0).await;
        assert_eq!(line["webhook_id"], if is_kept { id.as_str() } else { "[redacted]" }, "{id}");
    }
    // Nobody could be read, so ten digits may be anybody's number.
    for (id, expected) in [("order-5612345678", "[redacted]"), ("550e8400-5123-4567-8901-446655440000", "")] {
        let signed = Signed::forced(id, &now().to_string(), message::sms("no link", &phone));
        let ray = ray();
        let headers = [signed.headers(), vec![("cf-ray", ray.as_str())]].concat();
        let answer = suite.request(FREE, "POST", "/webhook", &headers, signed.body.clone()).await;
        answer.assert_problem(422, "invalid-field", id);
        let line = suite.line("request_id", &ray, 0).await;
        assert_eq!(line["webhook_id"], if expected.is_empty() { id } else { expected }, "{id}");
    }
}

async fn all(mut cases: JoinSet<()>) {
    while let Some(case) = cases.join_next().await {
        case.unwrap();
    }
}
