//! What Shopify is asked when something is written back: which request follows from which answers, and where it ends.

use crate::shop::{
    MARK, NEITHER, and_then, answer, jobs, link_note, merged, money_in, paid, storefront, turn as turn_with, words,
};
use paytr_link_relay::link::SendOutcome;
use paytr_link_relay::model::Currency;
use paytr_link_relay::payment::Reason;
use paytr_link_relay::storefront::{Job, LinkNote, Review, Sent, ShopAnswer, ShopRequest, Trouble, Turn};
use serde_json::{Value, json};

const API_KEY: &str = "0123abcd:shpss_fedcba9876543210";
const URL: &str = "https://shop.myshopify.com";
const TOKEN: &str = "shpat_0123";
const ID: &str = "812345678901234567";
const GID: &str = "gid://shopify/Order/812345678901234567";

fn data(data: &Value) -> ShopAnswer {
    answer(200, &json!({"data": data, "extensions": {"cost": {"requestedQueryCost": 10}}}).to_string())
}

fn turn(job: &Job, kept: Option<&str>, answers: &[ShopAnswer]) -> Turn {
    let storefront = storefront(&json!({"platform": "shopify", "url": URL, "api_key": API_KEY, "lang": "en"}));
    turn_with((&storefront, API_KEY, ID), job, kept, answers)
}

/// What a request of the GraphQL API asks for, and its variables.
fn asked(request: &ShopRequest) -> (&'static str, Value) {
    assert_eq!((request.method, &request.url), ("POST", &format!("{URL}/admin/api/2026-10/graphql.json")));
    assert_eq!(request.headers, [("x-shopify-access-token", TOKEN.to_owned())]);
    let body: Value = serde_json::from_str(request.body.as_ref().unwrap()).unwrap();
    let query = body["query"].as_str().unwrap();
    let what = match query {
        "query($id:ID!){order(id:$id){cancelledAt displayFinancialStatus totalOutstandingSet{presentmentMoney{amount \
         currencyCode}} metafield(namespace:\"paytr\",key:\"notes\"){value compareDigest}}}" => "order",
        "mutation($id:ID!,$tags:[String!]!,$notes:[MetafieldsSetInput!]!){tagsAdd(id:$id,tags:$tags){userErrors{message}}\
         metafieldsSet(metafields:$notes){userErrors{message}}}" => "note",
        "mutation($id:ID!){orderMarkAsPaid(input:{id:$id}){userErrors{message}}}" => "mark",
        other => panic!("{other}"),
    };
    assert_eq!(body["variables"]["id"], GID);
    (what, body["variables"].clone())
}

fn next(job: &Job, answers: &[ShopAnswer]) -> String {
    words(turn(job, Some(TOKEN), answers), |request| asked(&request).0.to_owned())
}

/// The tags and the metafield that are written.
fn note(job: &Job, answers: &[ShopAnswer]) -> (Value, Value) {
    let Turn::Ask(request) = turn(job, Some(TOKEN), answers) else { panic!("{job:?} is not written") };
    let (what, variables) = asked(&request);
    assert_eq!(what, "note", "{job:?}");
    (variables["tags"].clone(), variables["notes"][0].clone())
}

fn order(more: &Value) -> ShopAnswer {
    let order = json!({"cancelledAt": null, "displayFinancialStatus": "PENDING", "metafield": null,
        "totalOutstandingSet": {"presentmentMoney": {"amount": "1580.0", "currencyCode": "TRY"}}});
    data(&json!({"order": merged(order, more)}))
}

fn costs(amount: &Value, currency: &str) -> Value {
    json!({"totalOutstandingSet": {"presentmentMoney": {"amount": amount, "currencyCode": currency}}})
}

fn noted(text: &str) -> Value {
    json!({"metafield": {"value": text, "compareDigest": "d1"}})
}

fn written() -> ShopAnswer {
    data(&json!({"tagsAdd": {"userErrors": []}, "metafieldsSet": {"userErrors": []}}))
}

fn marked(errors: &Value) -> ShopAnswer {
    data(&json!({"orderMarkAsPaid": {"userErrors": errors}}))
}

const PAID: &str = "PayTR: 1,580.00 TL was paid by payment link. PayTR's number of the payment: IN1. [0f1e2d3c4b5a]";

#[test]
fn a_token_is_asked_for_with_the_apps_id_and_secret() {
    for job in jobs() {
        let Turn::Ask(request) = turn(&job, None, &[]) else { panic!("no request") };
        let url = "https://shop.myshopify.com/admin/oauth/access_token";
        assert_eq!((request.method, request.url.as_str()), ("POST", url));
        assert_eq!(request.headers, [("content-type", "application/x-www-form-urlencoded".to_owned())]);
        let form = "grant_type=client_credentials&client_id=0123abcd&client_secret=shpss_fedcba9876543210";
        assert_eq!(request.body.as_deref(), Some(form));
    }
}

#[test]
fn a_token_is_kept_until_ten_minutes_before_it_expires() {
    let none = [600, 10, -1].map(Value::from).into_iter().chain([json!(null), json!("86399")]).map(|none| (none, 0));
    let times = [(json!(86_399), 85_799_000), (json!(601), 1000), (json!(u64::MAX), u64::MAX)];
    for (expires_in, for_ms) in times.into_iter().chain(none) {
        let body = json!({"access_token": TOKEN, "scope": "write_orders", "expires_in": expires_in}).to_string();
        let Turn::Keep(kept) = turn(&paid(), None, &[answer(200, &body)]) else { panic!("{expires_in}") };
        assert_eq!((kept.value.as_str(), kept.for_ms), (TOKEN, for_ms), "{expires_in}");
    }
}

#[test]
fn an_answer_that_is_no_token_is_tried_again() {
    let token = |token: &str| json!({"access_token": token, "expires_in": 86_399}).to_string();
    let turn_to = |status, body: &str| words(turn(&paid(), None, &[answer(status, body)]), |_| "a request".to_owned());
    for no_token in ["", "a b", "a\r\nb", "ş", &"x".repeat(501)] {
        assert_eq!(turn_to(200, &token(no_token)), "failed: no-token", "{no_token}");
    }
    for (status, body, why) in [
        (200, "<html>", "no-json"),
        (200, "[]", "no-object"),
        (200, "{}", "no-token"),
        (200, r#"{"access_token":7}"#, "no-token"),
        (400, r#"{"error":"invalid_client"}"#, "key-refused"),
        (401, "", "key-refused"),
        (403, "", "key-refused"),
        (302, "", "redirected"),
        (404, "{}", "no-admin-api"),
        (429, "", "throttled"),
        (500, "", "refused"),
        (199, "", "refused"),
    ] {
        assert_eq!(turn_to(status, body), format!("failed: {why}"), "{status} {body}");
    }
}

#[test]
fn a_note_is_written_below_those_that_there_are_unless_it_is_there() {
    for job in jobs().into_iter().filter(|job| !matches!(job, Job::Paid { .. })) {
        assert_eq!(next(&job, &[]), "order");
        let (_, first) = note(&job, &[order(&json!({}))]);
        let text = first["value"].as_str().unwrap();
        assert!(text.ends_with(&format!(" [{MARK}]")) && !text.contains('\n'), "{text}");
        assert_eq!(first["compareDigest"], Value::Null, "there is to be none");
        let names = json!({"ownerId": GID, "namespace": "paytr", "key": "notes", "type": "multi_line_text_field"});
        for (name, value) in names.as_object().unwrap() {
            assert_eq!(&first[name], value);
        }
        let (_, second) = note(&job, &[order(&noted("first [000000000000]"))]);
        assert_eq!(second["value"], format!("first [000000000000]\n{text}"));
        assert_eq!(second["compareDigest"], "d1");
        assert_eq!(next(&job, &[order(&json!({})), written()]), "done");
        assert_eq!(next(&job, &[order(&noted(&format!("a\nb [{MARK}]\nc")))]), "done");
    }
}

#[test]
fn tags_say_what_there_is_and_whether_a_person_is_needed() {
    let sent = |outcome| Sent { to: "05*******67".to_owned(), outcome };
    let link = |sent: &[Sent]| Job::Link(LinkNote { sent: sent.to_vec(), missing: NEITHER, ..link_note() });
    let review = Review { merchant_oid: "IN1".to_owned(), total_amount: None, reasons: vec![Reason::Deleted] };
    for (job, tags) in [
        (link(&[sent(SendOutcome::Sent)]), json!(["paytr-link"])),
        (link(&[sent(SendOutcome::Limited)]), json!(["paytr-link"])),
        (link(&[sent(SendOutcome::Obsolete)]), json!(["paytr-link"])),
        (link(&[sent(SendOutcome::Sent), sent(SendOutcome::Unknown)]), json!(["paytr-link", "paytr-check"])),
        (link(&[sent(SendOutcome::Rejected)]), json!(["paytr-link", "paytr-check"])),
        (link(&[]), json!(["paytr-link", "paytr-check"])),
        (Job::Review(review), json!(["paytr-check"])),
        (Job::Trouble(Trouble::Unknown), json!(["paytr-check"])),
        (paid(), json!(["paytr-paid"])),
    ] {
        assert_eq!(note(&job, &[order(&json!({}))]).0, tags, "{job:?}");
    }
}

#[test]
fn an_order_is_read_then_noted_then_marked_as_paid() {
    for more in [
        json!({}),
        json!({"displayFinancialStatus": "PARTIALLY_PAID"}),
        costs(&json!("1579.99"), "TRY"),
        costs(&json!("1580"), "TRY"),
        costs(&json!("1580.00"), "TL"),
    ] {
        assert_eq!(note(&paid(), &[order(&more)]).1["value"], PAID, "{more}");
        assert_eq!(next(&paid(), &[order(&more), written()]), "mark");
        assert_eq!(next(&paid(), &[order(&more), written(), marked(&json!([]))]), "done");
    }
}

#[test]
fn an_order_that_has_the_note_and_is_not_marked_is_marked_and_one_that_is_marked_is_done() {
    let has_note = |status: &str| {
        let mut more = noted(&format!("x\n{PAID}\ny [000000000000]"));
        more["displayFinancialStatus"] = json!(status);
        order(&more)
    };
    assert_eq!(next(&paid(), &[has_note("PENDING")]), "mark");
    assert_eq!(next(&paid(), &[has_note("PENDING"), marked(&json!([]))]), "done");
    for status in ["PAID", "REFUNDED", "PARTIALLY_REFUNDED", "VOIDED"] {
        assert_eq!(next(&paid(), &[has_note(status)]), "done", "{status}");
    }
}

#[test]
fn user_errors_of_a_payment_are_success_if_the_order_is_paid() {
    let errors = json!([{"field": ["id"], "message": "Order cannot be marked as paid."}]);
    let status = |status: &str| order(&json!({"displayFinancialStatus": status}));
    for refused in [marked(&errors), data(&json!({"orderMarkAsPaid": null})), data(&json!({})), data(&Value::Null)] {
        let before = vec![order(&json!({})), written(), refused];
        assert_eq!(next(&paid(), &before), "order");
        for (after, expected) in [
            (status("PAID"), "done"),
            (status("PENDING"), "failed: not-marked"),
            (status("REFUNDED"), "failed: not-marked"),
            (order(&json!({"displayFinancialStatus": null})), "failed: not-marked"),
            (data(&json!({"order": null})), "given up: no-such-order"),
        ] {
            assert_eq!(next(&paid(), &and_then(&before, vec![after])), expected);
        }
    }
}

#[test]
fn an_order_that_is_no_more_to_be_paid_or_costs_something_else_is_left_as_it_is() {
    let cancelled = "2026-11-29T15:25:54Z";
    for (more, says) in [
        (json!({"displayFinancialStatus": "PAID"}), "'s status was “PAID” already"),
        (json!({"displayFinancialStatus": "REFUNDED"}), "'s status was “REFUNDED” already"),
        (json!({"displayFinancialStatus": "AUTHORIZED"}), "'s status was “AUTHORIZED” already"),
        (json!({"displayFinancialStatus": "SOME_NEW_ONE"}), "'s status was “SOME_NEW_ONE” already"),
        (json!({"cancelledAt": cancelled}), "'s status was “CANCELLED” already"),
        (json!({"cancelledAt": cancelled, "displayFinancialStatus": "PAID"}), "'s status was “CANCELLED” already"),
        (costs(&json!("1580.01"), "TRY"), " costs 1,580.01 TL now"),
        (costs(&json!("1580.0"), "EUR"), " costs 1,580.00 EUR now"),
        (costs(&json!("1580.0"), "JPY"), " costs ? now"),
        (costs(&json!("x"), "TRY"), " costs ? now"),
        (costs(&json!("0.0"), "TRY"), " costs ? now"),
        (costs(&json!(null), "TRY"), " costs ? now"),
        (json!({"totalOutstandingSet": null}), " costs ? now"),
    ] {
        let (tags, written_note) = note(&paid(), &[order(&more)]);
        let text = written_note["value"].as_str().unwrap();
        assert!(text.contains(&format!("but the order{says}")), "{more}: {text}");
        assert_eq!(tags, json!(["paytr-paid", "paytr-check"]), "{more}");
        assert_eq!(next(&paid(), &[order(&more), written()]), "done", "{more}");
        assert_eq!(next(&paid(), &[order(&merged(more.clone(), &noted(text)))]), "done", "{more}");
    }
    let euros = Job::Paid { merchant_oid: "IN1".to_owned(), money: money_in(1, Currency::Eur) };
    let text = note(&euros, &[order(&json!({}))]).1["value"].as_str().unwrap().to_owned();
    assert!(text.starts_with("PayTR: 0.01 EUR was paid by payment link (IN1), but"), "{text}");
}

#[test]
fn an_order_that_cannot_be_read_is_tried_again() {
    for (job, answer, expected) in [
        (paid(), answer(200, "<html>"), "failed: no-json"),
        (paid(), answer(200, "[]"), "failed: no-object"),
        (paid(), answer(200, "{}"), "failed: no-object"),
        (paid(), data(&json!({})), "failed: no-object"),
        (paid(), data(&json!({"order": 7})), "failed: no-object"),
        (paid(), data(&json!({"order": null})), "given up: no-such-order"),
        (paid(), order(&json!({"displayFinancialStatus": null})), "failed: no-status"),
        (paid(), order(&json!({"displayFinancialStatus": "<b>"})), "failed: no-status"),
        (paid(), order(&json!({"displayFinancialStatus": "X".repeat(41)})), "failed: no-status"),
        // What is no text may hold the note.
        (paid(), order(&json!({"metafield": {"value": 7}})), "failed: no-object"),
        (paid(), order(&json!({"metafield": {}})), "failed: no-object"),
        (Job::Link(link_note()), order(&json!({"displayFinancialStatus": null})), "note"),
    ] {
        assert_eq!(next(&job, &[answer]), expected);
    }
}

#[test]
fn a_note_that_is_refused_is_tried_again() {
    let refused = json!({"userErrors": [{"message": "x"}]});
    let done = json!({"userErrors": []});
    for reply in [
        json!({"tagsAdd": done, "metafieldsSet": refused}),
        json!({"tagsAdd": refused, "metafieldsSet": done}),
        json!({"tagsAdd": done, "metafieldsSet": null}),
        json!({"tagsAdd": done}),
        json!({}),
        Value::Null,
    ] {
        for job in [Job::Link(link_note()), paid()] {
            assert_eq!(next(&job, &[order(&json!({})), data(&reply)]), "failed: note-refused", "{reply}");
        }
    }
}

#[test]
fn an_answer_that_is_no_success_ends_the_conversation_wherever_it_comes() {
    let errors = |errors: &Value| answer(200, &json!({"errors": errors}).to_string());
    let code = |code: &str| errors(&json!([{"message": "x", "extensions": {"code": code}}]));
    let cases = [
        (answer(401, "{}"), "renewed: key-refused"),
        (answer(403, "<html>"), "failed: forbidden"),
        (answer(404, r#"{"errors":"Not Found"}"#), "failed: no-admin-api"),
        (answer(429, "{}"), "failed: throttled"),
        (answer(302, ""), "failed: redirected"),
        (answer(402, ""), "failed: refused"),
        (answer(423, ""), "failed: refused"),
        (answer(500, ""), "failed: refused"),
        (answer(503, ""), "failed: refused"),
        (code("THROTTLED"), "failed: throttled"),
        (errors(&json!([{"message": "Throttled"}])), "failed: throttled"),
        (code("ACCESS_DENIED"), "failed: key-may-not-write"),
        (code("undefinedField"), "failed: query-refused"),
        (code("MAX_COST_EXCEEDED"), "failed: query-refused"),
        (errors(&json!("[API] Invalid API key")), "failed: query-refused"),
        (errors(&json!([7])), "failed: query-refused"),
        (errors(&json!({})), "failed: query-refused"),
    ];
    let before: [(Job, Vec<ShopAnswer>); 4] = [
        (Job::Link(link_note()), Vec::new()),
        (Job::Link(link_note()), vec![order(&json!({}))]),
        (paid(), vec![order(&json!({})), written()]),
        (paid(), vec![order(&json!({})), written(), marked(&json!([{"message": "x"}]))]),
    ];
    for (failure, expected) in &cases {
        for (job, before) in &before {
            let answers = and_then(before, and_then(std::slice::from_ref(failure), Vec::new()));
            assert_eq!(next(job, &answers), *expected, "after {}", before.len());
        }
    }
    // No errors are none.
    let empty = json!({"errors": [], "data": {"order": null}}).to_string();
    assert_eq!(next(&paid(), &[answer(200, &empty)]), "given up: no-such-order");
}
