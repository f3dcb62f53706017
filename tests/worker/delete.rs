//! `link.delete` and `link.get`: what PayTR is asked, what its answer means, and what the relay's own record says.

use crate::support::answer::Answer;
use crate::support::secrets::MERCHANT_ID;
use crate::support::services::DEFAULTS;
use crate::support::signed::Signed;
use crate::support::suite::Suite;
use crate::support::token::delete_token;
use crate::support::{message, people};
use paytr_sandbox::Misbehaviour::{Bytes, ReasonEchoes, Rejected};
use paytr_sandbox::{LinkState, Received};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinSet;

crate::tests![
    a_deletion_of_one_is_posted_to_the_letter_and_answered,
    several_are_one_call_and_the_answer_says_which_were_deleted,
    lists_of_deleted_links_are_read_however_php_writes_them,
    none_deleted_is_a_refusal_in_paytrs_words,
    a_link_of_the_relays_own_is_deleted_by_its_callback_id,
    a_callback_id_that_the_relay_does_not_know_is_not_found,
    what_is_wrong_with_a_deletion_is_named_and_nothing_is_sent,
    fifty_deletions_under_one_id_are_one_call,
    a_link_is_found_with_all_that_the_relay_knows_of_it,
    a_link_whose_making_is_unknown_is_found_as_that,
];

async fn a_deletion_of_one_is_posted_to_the_letter_and_answered(suite: Arc<Suite>) {
    let link_id = created(&suite).await.0;
    let signed = Signed::new(message::delete(&[&link_id]));
    let first = suite.post(DEFAULTS, &signed).await;
    let expected = json!({
        "outcome": "deleted",
        "webhook_id": signed.id,
        "deleted": [link_id],
        "failed": [],
        "paytr": {"status": "success"},
    });
    assert_eq!((first.status, first.json(), first.is_replay()), (200, expected.clone(), false));
    assert_eq!(suite.sandbox.link(&link_id).unwrap().state(0), LinkState::Deleted);
    let again = suite.post(DEFAULTS, &signed.retry()).await;
    assert_eq!((again.status, again.json(), again.is_replay()), (200, expected, true));
    let deletions = deletions_of(&suite, &link_id);
    assert_eq!(deletions.len(), 1);
    let fields: Vec<(&str, &str)> =
        deletions[0].fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let token = delete_token(&link_id);
    assert_eq!(
        fields,
        [("merchant_id", MERCHANT_ID), ("id", &link_id), ("debug_on", "0"), ("paytr_token", token.as_str())]
    );
    // A new deletion finds nothing any more, and PayTR says so.
    let new = Signed::new(message::delete(&[&link_id]));
    suite.post(DEFAULTS, &new).await.assert_problem(422, "paytr-rejected", "deleted twice");
    // Nor can the link be sent.
    let send = Signed::new(message::sms(&link_id, &people::phone()));
    suite.post(DEFAULTS, &send).await.assert_problem(422, "paytr-rejected", "sent after");
}

async fn several_are_one_call_and_the_answer_says_which_were_deleted(suite: Arc<Suite>) {
    let (one, other, gone) = (created(&suite).await.0, created(&suite).await.0, deleted(&suite).await);
    let signed = Signed::new(message::delete(&[&one, &gone, &other]));
    for is_replay in [false, true] {
        let answer = suite.post(DEFAULTS, &signed.retry()).await;
        assert_eq!((answer.status, answer.is_replay()), (200, is_replay), "{}", answer.text());
        assert_eq!(answer.json()["deleted"], json!([one, other]));
        assert_eq!(answer.json()["failed"], json!([gone]));
    }
    let list = format!("{one},{gone},{other}");
    let calls: Vec<Received> =
        suite.sandbox.received().into_iter().filter(|call| call.field("id") == Some(&list)).collect();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].field("paytr_token"), Some(delete_token(&list).as_str()));
    let line = suite.line("webhook_id", &signed.id, 0).await;
    assert_eq!((&line["type"], &line["link_id"]), (&json!("link.delete"), &json!(list)));
}

/// A list that has gaps is an object to it, and a text of digits may become a number.
async fn lists_of_deleted_links_are_read_however_php_writes_them(suite: Arc<Suite>) {
    type Lists = fn([Value; 3]) -> Value;
    let cases: [(bool, Lists, [bool; 3]); 4] = [
        (
            false,
            |[a, b, c]| json!({"success_deletes": {"0": a, "2": c}, "failed_deletes": {"1": b}}),
            [true, false, true],
        ),
        (true, |[a, b, c]| json!({"success_deletes": [a, b, c]}), [true; 3]),
        (true, |[a, b, c]| json!({"success_deletes": [b], "failed_deletes": [a, c]}), [false, true, false]),
        (
            true,
            |[a, b, c]| json!({"success_deletes": {"1": b, "2": c}, "failed_deletes": {"0": a}}),
            [false, true, true],
        ),
    ];
    for (are_numbers, lists, is_deleted) in cases {
        let ids =
            [(); 3].map(|()| if are_numbers { (700_000 + people::next()).to_string() } else { people::link_id() });
        let mut body = lists(ids.each_ref().map(|id| id.parse::<u64>().map_or_else(|_| json!(id), Value::from)));
        body["status"] = json!("success");
        let case = body.to_string();
        let answered = Bytes { status: 200, body: case.clone().into_bytes(), delivers: false };
        suite.sandbox.misbehave(&ids[0], answered);
        let signed = Signed::new(message::delete(&ids.each_ref().map(String::as_str)));
        let those = |are_deleted: bool| -> Value {
            ids.iter().zip(is_deleted).filter(|(_, is)| *is == are_deleted).map(|(id, _)| json!(id)).collect()
        };
        for is_replay in [false, true] {
            let answer = suite.post(DEFAULTS, &signed.retry()).await;
            assert_eq!((answer.status, answer.is_replay()), (200, is_replay), "{case}: {}", answer.text());
            assert_eq!((&answer.json()["deleted"], &answer.json()["failed"]), (&those(true), &those(false)), "{case}");
        }
    }
}

async fn none_deleted_is_a_refusal_in_paytrs_words(suite: Arc<Suite>) {
    let gone = [deleted(&suite).await, deleted(&suite).await];
    for ids in [vec![gone[0].as_str()], vec![gone[0].as_str(), gone[1].as_str()]] {
        let answer = suite.post(DEFAULTS, &Signed::new(message::delete(&ids))).await;
        answer.assert_problem(422, "paytr-rejected", &format!("{ids:?}"));
        assert!(answer.json()["detail"].as_str().unwrap().starts_with("PayTR did not delete the link"));
        assert!(answer.json()["paytr"]["status"].is_string());
    }
    let link_id = created(&suite).await.0;
    suite.sandbox.misbehave(&link_id, ReasonEchoes);
    let signed = Signed::new(message::delete(&[&link_id]));
    let answer = suite.post(DEFAULTS, &signed).await;
    answer.assert_problem(422, "paytr-rejected", "echoes");
    let token = delete_token(&link_id);
    assert!(!answer.text().contains(&token) && answer.text().contains("[redacted]"), "{}", answer.text());
}

async fn a_link_of_the_relays_own_is_deleted_by_its_callback_id(suite: Arc<Suite>) {
    let (link_id, callback_id) = created(&suite).await;
    assert_eq!(get(&suite, &callback_id).await.json()["state"], "open");
    let signed = Signed::new(message::about("link.delete", &callback_id));
    for is_replay in [false, true] {
        let answer = suite.post(DEFAULTS, &signed.retry()).await;
        assert_eq!((answer.status, answer.is_replay()), (200, is_replay), "{}", answer.text());
        assert_eq!(answer.json()["deleted"], json!([link_id]));
    }
    assert_eq!(deletions_of(&suite, &link_id).len(), 1);
    assert_eq!(get(&suite, &callback_id).await.json()["state"], "deleted");
    let line = suite.line("webhook_id", &signed.id, 0).await;
    assert_eq!((&line["callback_id"], &line["link_id"]), (&json!(callback_id), &json!(link_id)));

    // One that PayTR refused to delete stays as it is.
    let (link_id, callback_id) = created(&suite).await;
    suite.sandbox.misbehave(&link_id, Rejected { status: "error".to_owned(), reason: "Bakimdayiz".to_owned() });
    let refused = Signed::new(message::about("link.delete", &callback_id));
    suite.post(DEFAULTS, &refused).await.assert_problem(422, "paytr-rejected", "refused");
    assert_eq!(get(&suite, &callback_id).await.json()["state"], "open");
}

async fn a_callback_id_that_the_relay_does_not_know_is_not_found(suite: Arc<Suite>) {
    let refused = people::link_name();
    suite.sandbox.misbehave(&refused, Rejected { status: "error".to_owned(), reason: "Yok".to_owned() });
    let create = Signed::new(message::create(&refused, &json!({})));
    suite.post(DEFAULTS, &create).await.assert_problem(422, "paytr-rejected", "no link");
    for message_type in ["link.get", "link.delete", "event.replay"] {
        let signed = Signed::new(message::about(message_type, &"0f".repeat(32)));
        for signed in [signed.clone(), signed.retry()] {
            let answer = suite.post(DEFAULTS, &signed).await;
            answer.assert_problem(404, "link-not-found", message_type);
            assert!(!answer.is_replay(), "{message_type}: it is not recorded");
        }
        let detail = "must be the callback_id of link.create's answer: 64 digits of 0-9 a-f";
        for callback_id in [json!("1001"), json!(1001), json!("0F".repeat(32))] {
            let body = json!({"type": message_type, "data": {"callback_id": callback_id}}).to_string();
            let answer = suite.post(DEFAULTS, &Signed::new(body)).await;
            answer.assert_problem(422, "invalid-field", message_type);
            assert_eq!(answer.json()["errors"], json!([{"pointer": "/data/callback_id", "detail": detail}]));
        }
    }
}

async fn what_is_wrong_with_a_deletion_is_named_and_nothing_is_sent(suite: Arc<Suite>) {
    let count = "must hold 1 to 10 link ids";
    let grammar = "must hold link ids alone, each 1 to 64 letters, digits, _ or -";
    let eleven: Vec<String> = (0..11).map(|_| people::link_id()).collect();
    let cases = [
        (json!({"ids": []}), "/data/ids", count),
        (json!({"ids": eleven}), "/data/ids", count),
        (json!({"ids": "NB2Zlz3"}), "/data/ids", "must be a list of link ids, even of one"),
        (json!({"ids": ["a b"]}), "/data/ids", grammar),
        (json!({"ids": ["a,b"]}), "/data/ids", grammar),
        (json!({"ids": [null]}), "/data/ids", grammar),
        (json!({"ids": ["Silinecek1", "Silinecek1"]}), "/data/ids", "must not hold a link id twice"),
        (json!({}), "/data", "must have ids, a list of link ids, or callback_id, one link of the relay's own"),
        (
            json!({"ids": ["Silinecek1"], "callback_id": "0f".repeat(32)}),
            "/data",
            "must have either ids or callback_id, not both",
        ),
        (json!({"ids": ["Silinecek1"], "debug_on": "0"}), "/data/debug_on", "must be 0 or 1, as a number"),
        (json!({"ids": ["Silinecek1"], "id": "Silinecek1"}), "/data/id", "is not a field of this message"),
    ];
    for (data, pointer, detail) in cases {
        let body = json!({"type": "link.delete", "data": data}).to_string();
        let answer = suite.post(DEFAULTS, &Signed::new(body)).await;
        answer.assert_problem(422, "invalid-field", &data.to_string());
        assert_eq!(answer.json()["errors"], json!([{"pointer": pointer, "detail": detail}]), "{data}");
    }
    suite.assert_nothing_sent("Silinecek1", "a deletion that is wrong");
}

async fn fifty_deletions_under_one_id_are_one_call(suite: Arc<Suite>) {
    let link_id = created(&suite).await.0;
    let signed = Signed::new(message::delete(&[&link_id]));
    let mut requests = JoinSet::new();
    for _ in 0..50 {
        let (suite, signed) = (Arc::clone(&suite), signed.clone());
        requests.spawn(async move { suite.post(DEFAULTS, &signed).await });
    }
    for answer in requests.join_all().await {
        match answer.status {
            200 => assert_eq!(answer.json()["deleted"], json!([link_id])),
            _ => answer.assert_problem(409, "in-progress", "one of fifty"),
        }
    }
    assert_eq!(deletions_of(&suite, &link_id).len(), 1);
}

async fn a_link_is_found_with_all_that_the_relay_knows_of_it(suite: Arc<Suite>) {
    let more = json!({
        "reference": "1001", "price": 158_000, "currency": "EUR", "get_qr": 1, "send": {"cell_phone": people::phone()},
    });
    let created = suite.post(DEFAULTS, &Signed::new(message::create(&people::link_name(), &more))).await.json();
    let callback_id = created["link"]["callback_id"].as_str().unwrap();
    let signed = Signed::new(message::about("link.get", callback_id));
    let found = suite.post(DEFAULTS, &signed).await;
    assert_eq!(
        found.json(),
        json!({
            "outcome": "found",
            "reference": "1001",
            "link": created["link"],
            "state": "open",
            "price": 158_000,
            "currency": "EUR",
            "sends": [{"type": "link.send_sms", "outcome": "sent"}],
            "payments": [],
        })
    );
    assert!(!suite.post(DEFAULTS, &signed.retry()).await.is_replay(), "it is read anew");
    let line = suite.line("webhook_id", &signed.id, 0).await;
    assert_eq!((&line["type"], &line["outcome"]), (&json!("link.get"), &json!("found")));
    let replayed = suite.post(DEFAULTS, &Signed::new(message::about("event.replay", callback_id))).await;
    assert_eq!((replayed.status, replayed.json()), (200, json!({"outcome": "replayed", "events": 0})));
}

async fn a_link_whose_making_is_unknown_is_found_as_that(suite: Arc<Suite>) {
    let name = people::link_name();
    suite.sandbox.misbehave(&name, paytr_sandbox::Misbehaviour::HtmlPage);
    let answer = suite.post(DEFAULTS, &Signed::new(message::create(&name, &json!({"reference": "1"})))).await;
    answer.assert_unknown_but_safe(502, "create");
    let callback_id = answer.json()["callback_id"].as_str().unwrap().to_owned();
    let found = get(&suite, &callback_id).await.json();
    assert_eq!((&found["state"], &found["link"]), (&json!("unknown"), &json!({"callback_id": callback_id})));
    let delete = Signed::new(message::about("link.delete", &callback_id));
    suite.post(DEFAULTS, &delete).await.assert_problem(404, "link-not-found", "its id is not known");
}

/// A new link's id and `callback_id`.
async fn created(suite: &Suite) -> (String, String) {
    let answer = suite.post(DEFAULTS, &Signed::new(message::create(&people::link_name(), &json!({})))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&answer.json()["link"]["id"]), text(&answer.json()["link"]["callback_id"]))
}

/// The id of a link that is deleted already.
async fn deleted(suite: &Suite) -> String {
    let link_id = created(suite).await.0;
    assert_eq!(suite.post(DEFAULTS, &Signed::new(message::delete(&[&link_id]))).await.status, 200);
    link_id
}

async fn get(suite: &Suite, callback_id: &str) -> Answer {
    suite.post(DEFAULTS, &Signed::new(message::about("link.get", callback_id))).await
}

fn deletions_of(suite: &Suite, link_id: &str) -> Vec<Received> {
    let is_deletion = |call: &Received| call.field("name").is_none() && call.recipient.is_none();
    suite.sandbox.received_for(link_id).into_iter().filter(is_deletion).collect()
}
