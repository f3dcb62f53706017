//! What real users bring: clients as they send, ids as they are made, PayTR's answers as they come.

use crate::support::prelude::*;
use paytr_sandbox::Misbehaviour::Bytes;

crate::tests![
    null_is_the_absence_of_what_is_optional_and_unknown_members_stay_refused,
    svix_headers_are_read_where_no_webhook_header_is,
    webhook_and_svix_headers_are_never_mixed,
    what_paytr_answered_is_told_apart_in_the_log,
    an_id_is_struck_out_of_the_log_only_if_somebody_is_in_it,
];

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

/// Every other mixture is in `tests/pure`.
async fn webhook_and_svix_headers_are_never_mixed(suite: Arc<Suite>) {
    let [[id, ..], [_, timestamp, signature]] = NAMES;
    for names in [[Some(id), Some(timestamp), Some(signature)], [None, Some(timestamp), Some(signature)]] {
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

/// Every other reason is in `tests/pure`; what is too long is the platform's to say.
async fn what_paytr_answered_is_told_apart_in_the_log(suite: Arc<Suite>) {
    let long_page = format!("<!DOCTYPE html><title>Just a moment...</title>{}", "x".repeat(20_000));
    for (status, body, reason) in
        [(403, &long_page, "blocked"), (302, &String::new(), "redirected"), (200, &long_page, "not-understood")]
    {
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
    // Where nobody could be read, ten digits may be anybody's number.
    for (id, link_id, is_kept) in [
        ("order-5612345678", people::link_id(), true),
        (&own, people::link_id(), false),
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
