//! `link.delete` and `link.get`: what PayTR is asked, what its answer means, and what the relay's own record says.

use crate::support::prelude::*;
use crate::support::secrets::MERCHANT_ID;
use crate::support::token::token;
use paytr_sandbox::Misbehaviour::{Bytes, HtmlPage, Rejected};

crate::tests![
    a_deletion_of_one_is_posted_to_the_letter_and_answered,
    several_are_one_call_and_the_answer_says_which_were_deleted,
    a_list_of_deleted_links_that_php_writes_as_an_object_of_numbers_is_read,
    a_link_of_the_relays_own_is_deleted_by_its_callback_id,
    a_callback_id_that_the_relay_does_not_know_is_not_found,
    fifty_deletions_under_one_id_are_one_call,
    a_link_is_found_with_all_that_the_relay_knows_of_it,
    a_link_whose_making_is_unknown_is_found_as_that,
];

async fn a_deletion_of_one_is_posted_to_the_letter_and_answered(suite: Arc<Suite>) {
    let link_id = created(&suite).await.id;
    let signed = Signed::new(message::delete(&[&link_id]));
    suite.post_twice(DEFAULTS, &signed, "one").await.assert_body(&json!({
        "outcome": "deleted",
        "webhook_id": signed.id,
        "deleted": [link_id],
        "failed": [],
        "paytr": {"status": "success"},
    }));
    assert_eq!(suite.sandbox.link(&link_id).unwrap().state(0), LinkState::Deleted);
    let deletions = suite.deletions_of(&link_id);
    assert_eq!(deletions.len(), 1);
    let fields: Vec<(&str, &str)> =
        deletions[0].fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let token = token(&link_id, "");
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
    let (one, other, gone) = (created(&suite).await.id, created(&suite).await.id, deleted(&suite).await);
    let signed = Signed::new(message::delete(&[&one, &gone, &other]));
    let answer = suite.post_twice(DEFAULTS, &signed, "several").await;
    assert_fates(&answer.json(), &json!([one, other]), &json!([gone]));
    let list = format!("{one},{gone},{other}");
    let calls: Vec<Received> =
        suite.sandbox.received().into_iter().filter(|call| call.field("id") == Some(&list)).collect();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].field("paytr_token"), Some(token(&list, "").as_str()));
    let line = suite.line("webhook_id", &signed.id, 0).await;
    assert_eq!((&line["type"], &line["link_id"]), (&json!("link.delete"), &json!(list)));
}

/// A list that has gaps is an object to PHP, and a text of digits may become a number.
async fn a_list_of_deleted_links_that_php_writes_as_an_object_of_numbers_is_read(suite: Arc<Suite>) {
    let ids = [(); 3].map(|()| 700_000 + people::next());
    let [a, b, c] = ids;
    let body = json!({"status": "success", "success_deletes": {"1": b, "2": c}, "failed_deletes": {"0": a}});
    let [a, b, c] = ids.map(|id| id.to_string());
    suite.sandbox.misbehave(&a, Bytes { status: 200, body: body.to_string().into_bytes(), delivers: false });
    let signed = Signed::new(message::delete(&[&a, &b, &c]));
    let answer = suite.post_twice(DEFAULTS, &signed, "numbers").await;
    assert_fates(&answer.json(), &json!([b, c]), &json!([a]));
}

async fn a_link_of_the_relays_own_is_deleted_by_its_callback_id(suite: Arc<Suite>) {
    let link = created(&suite).await;
    assert_eq!(get(&suite, &link.callback_id).await["state"], "open");
    let signed = about("link.delete", &link.callback_id);
    assert_fates(&suite.post_twice(DEFAULTS, &signed, "own").await.json(), &json!([link.id]), &json!([]));
    assert_eq!(suite.deletions_of(&link.id).len(), 1);
    assert_eq!(get(&suite, &link.callback_id).await["state"], "deleted");
    let logged = suite.line("webhook_id", &signed.id, 0).await;
    assert_eq!((&logged["callback_id"], &logged["link_id"]), (&json!(link.callback_id), &json!(link.id)));

    // One that PayTR refused to delete stays as it is.
    let link = created(&suite).await;
    suite.sandbox.misbehave(&link.id, Rejected { status: "error".to_owned(), reason: "Bakimdayiz".to_owned() });
    let refused = suite.post(DEFAULTS, &about("link.delete", &link.callback_id)).await;
    refused.assert_problem(422, "paytr-rejected", "refused");
    assert_eq!(get(&suite, &link.callback_id).await["state"], "open");
}

async fn a_callback_id_that_the_relay_does_not_know_is_not_found(suite: Arc<Suite>) {
    for message_type in ["link.get", "link.delete", "event.replay"] {
        let signed = about(message_type, &"0f".repeat(32));
        for signed in [signed.clone(), signed.retry()] {
            let answer = suite.post(DEFAULTS, &signed).await;
            answer.assert_problem(404, "link-not-found", message_type);
            assert!(!answer.is_replay(), "{message_type}: it is not recorded");
        }
        let detail = "must be the callback_id of link.create's answer: 64 digits of 0-9 a-f";
        let answer = suite.post(DEFAULTS, &about(message_type, &"0F".repeat(32))).await;
        answer.assert_problem(422, "invalid-field", message_type);
        assert_eq!(answer.json()["errors"], json!([{"pointer": "/data/callback_id", "detail": detail}]));
    }
}

async fn fifty_deletions_under_one_id_are_one_call(suite: Arc<Suite>) {
    let link_id = created(&suite).await.id;
    for answer in suite.post_fifty_at_once(DEFAULTS, &Signed::new(message::delete(&[&link_id]))).await {
        assert_fates(&answer.json(), &json!([link_id]), &json!([]));
    }
    assert_eq!(suite.deletions_of(&link_id).len(), 1);
}

async fn a_link_is_found_with_all_that_the_relay_knows_of_it(suite: Arc<Suite>) {
    let more = json!({
        "reference": "1001", "price": 158_000, "currency": "EUR", "get_qr": 1, "send": {"cell_phone": people::phone()},
    });
    let created = suite.post(DEFAULTS, &Signed::new(message::create(&people::link_name(), &more))).await.json();
    let callback_id = created["link"]["callback_id"].as_str().unwrap();
    let signed = about("link.get", callback_id);
    suite.post(DEFAULTS, &signed).await.assert_body(&json!({
        "outcome": "found",
        "reference": "1001",
        "link": created["link"],
        "state": "open",
        "price": 158_000,
        "currency": "EUR",
        "sends": [{"type": "link.send_sms", "outcome": "sent"}],
        "payments": [],
    }));
    assert!(!suite.post(DEFAULTS, &signed.retry()).await.is_replay(), "it is read anew");
    let line = suite.line("webhook_id", &signed.id, 0).await;
    assert_eq!((&line["type"], &line["outcome"]), (&json!("link.get"), &json!("found")));
    let replayed = suite.post(DEFAULTS, &about("event.replay", callback_id)).await;
    replayed.assert_body(&json!({"outcome": "replayed", "events": 0}));
}

async fn a_link_whose_making_is_unknown_is_found_as_that(suite: Arc<Suite>) {
    let order = Order::new(&json!({}));
    suite.sandbox.misbehave(&order.name, HtmlPage);
    let answer = suite.post(DEFAULTS, &order.signed).await;
    answer.assert_unknown_but_safe(502, "create");
    let callback_id = answer.json()["callback_id"].as_str().unwrap().to_owned();
    let found = get(&suite, &callback_id).await;
    assert_eq!((&found["state"], &found["link"]), (&json!("unknown"), &json!({"callback_id": callback_id})));
    let deletion = suite.post(DEFAULTS, &about("link.delete", &callback_id)).await;
    deletion.assert_problem(404, "link-not-found", "its id is not known");
}

async fn created(suite: &Suite) -> Link {
    let order = Order::new(&json!({}));
    order.link(&suite.post(DEFAULTS, &order.signed).await)
}

/// The id of a link that is deleted already.
async fn deleted(suite: &Suite) -> String {
    let link_id = created(suite).await.id;
    assert_eq!(suite.post(DEFAULTS, &Signed::new(message::delete(&[&link_id]))).await.status, 200);
    link_id
}

/// Which links were deleted, and which were not.
#[track_caller]
fn assert_fates(answer: &Value, deleted: &Value, failed: &Value) {
    assert_eq!((&answer["deleted"], &answer["failed"]), (deleted, failed), "{answer}");
}

async fn get(suite: &Suite, callback_id: &str) -> Value {
    suite.post(DEFAULTS, &about("link.get", callback_id)).await.json()
}
