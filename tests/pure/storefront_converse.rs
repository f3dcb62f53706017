//! What WooCommerce is asked when something is written back: which request follows from which answers, and where it ends.

use crate::shop::{API_KEY, MARK, and_then, answer, jobs, link_note, merged, money_in, paid, storefront, turn, words};
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_link_relay::model::Currency;
use paytr_link_relay::storefront::{Job, ShopAnswer};
use serde_json::{Value, json};

const ORDERS: &str = "https://shop.example/magaza/wp-json/wc/v3/orders/11";
const FIELDS: &str = "?_fields=id,status,total,currency,transaction_id,date_paid_gmt";
const PAID: &str = "PayTR: 1,580.00 TL was paid by payment link. PayTR's number of the payment: IN1.";
const NOTES: &str = "/notes?type=internal&_fields=note";

fn ok(body: &Value) -> ShopAnswer {
    answer(200, &body.to_string())
}

/// What comes next: a request as `METHOD path body`, or the end.
fn next(job: &Job, answers: &[ShopAnswer]) -> String {
    let storefront = storefront(&json!({"url": "https://shop.example/magaza", "lang": "en"}));
    words(turn((&storefront, API_KEY, "11"), job, None, answers), |request| {
        let authorization = format!("Basic {}", STANDARD.encode(API_KEY));
        assert_eq!(request.headers, [("authorization", authorization)]);
        let path = request.url.strip_prefix(ORDERS).unwrap_or_else(|| panic!("{}", request.url));
        [request.method, path, request.body.as_deref().unwrap_or_default()].join(" ").trim_end().to_owned()
    })
}

fn unpaid() -> Value {
    json!({"id": 11, "status": "on-hold", "total": "1580.00", "currency": "TRY", "transaction_id": "", "date_paid_gmt": null})
}

fn order(more: &Value) -> ShopAnswer {
    ok(&merged(unpaid(), more))
}

/// The note that is posted, without its mark, if the shop has none.
fn note(job: &Job, answers: &[ShopAnswer]) -> String {
    assert_eq!(next(job, answers), format!("GET {NOTES}"));
    let posted = next(job, &and_then(answers, vec![answer(200, "[]")]));
    let body: Value = serde_json::from_str(posted.strip_prefix("POST /notes?_fields=id ").unwrap()).unwrap();
    assert_eq!(body["customer_note"], false, "it is mailed to nobody");
    let answers = and_then(answers, vec![answer(200, "[]"), answer(201, r#"{"id":1}"#)]);
    assert_eq!(next(job, &answers), "done");
    body["note"].as_str().unwrap().strip_suffix(&format!(" [{MARK}]")).unwrap().to_owned()
}

#[test]
fn a_note_is_posted_unless_one_with_its_mark_is_there() {
    for job in jobs().into_iter().filter(|job| !matches!(job, Job::Paid { .. })) {
        assert!(!note(&job, &[]).is_empty());
        for (notes, is_there) in [
            (json!([]), false),
            (json!([{"note": "x"}]), false),
            (json!([{"note": MARK}]), true),
            (json!([{"note": "x"}, {"note": format!("text [{MARK}] more")}]), true),
            (json!([{"note": 7}, 7, null, {"text": MARK}]), false),
        ] {
            assert_eq!(next(&job, &[ok(&notes)]) == "done", is_there, "{notes}");
        }
    }
}

#[test]
fn notes_that_cannot_be_read_may_hold_the_mark_so_none_is_posted() {
    for body in ["", "<html>", "{}", "null", "[", r#"{"note":"x"}"#] {
        assert_eq!(next(&Job::Link(link_note()), &[answer(200, body)]), "failed: no-json", "{body}");
    }
}

#[test]
fn an_order_is_read_then_marked_as_paid_then_noted() {
    let put = r#"PUT ?_fields=id,status {"status":"processing","transaction_id":"IN1"}"#;
    assert_eq!(next(&paid(), &[]), format!("GET {FIELDS}"));
    for more in [
        json!({}),
        json!({"status": "pending"}),
        json!({"total": "1579.99"}),
        json!({"total": 1580}),
        json!({"currency": "TL"}),
        json!({"date_paid_gmt": null}),
        json!({"transaction_id": "IN2"}),
        // It was cancelled after the link was paid in the shop, and is ours.
        json!({"status": "on-hold", "transaction_id": "IN1"}),
        json!({"status": "cancelled", "transaction_id": "IN1"}),
    ] {
        assert_eq!(next(&paid(), &[order(&more)]), put, "{more}");
        let text = note(&paid(), &[order(&more), ok(&json!({"id": 11, "status": "processing"}))]);
        assert_eq!(text, PAID, "{more}");
    }
}

#[test]
fn an_order_that_is_marked_by_us_already_is_noted_alone() {
    for status in ["processing", "completed"] {
        let marked = json!({"status": status, "transaction_id": "IN1", "date_paid_gmt": "2026-11-29T15:25:54"});
        assert_eq!(note(&paid(), &[order(&marked)]), PAID, "{status}");
    }
}

#[test]
fn an_order_that_is_no_more_to_be_paid_or_costs_something_else_is_left_as_it_is() {
    for (more, says) in [
        (json!({"status": "processing"}), "'s status was “processing” already"),
        (json!({"status": "completed", "transaction_id": "IN2"}), "'s status was “completed” already"),
        (json!({"status": "cancelled"}), "'s status was “cancelled” already"),
        (json!({"status": "refunded"}), "'s status was “refunded” already"),
        (json!({"status": "my-own_Status2"}), "'s status was “my-own_Status2” already"),
        (json!({"date_paid_gmt": "2026-11-29T15:25:54"}), "'s status was “on-hold” already"),
        (json!({"total": "1580.01"}), " costs 1,580.01 TL now"),
        (json!({"currency": "EUR"}), " costs 1,580.00 EUR now"),
        (json!({"currency": "JPY"}), " costs ? now"),
        (json!({"total": "x"}), " costs ? now"),
        (json!({"total": "0.00"}), " costs ? now"),
        (json!({"total": null}), " costs ? now"),
    ] {
        let text = note(&paid(), &[order(&more)]);
        assert!(text.contains(&format!("but the order{says}")), "{more}: {text}");
    }
    let euros = Job::Paid { merchant_oid: "IN1".to_owned(), money: money_in(1, Currency::Eur) };
    assert!(note(&euros, &[order(&json!({}))]).starts_with("PayTR: 0.01 EUR was paid by payment link (IN1), but"));
}

#[test]
fn an_order_that_cannot_be_read_is_tried_again() {
    for (body, why) in [
        ("", "no-json"),
        ("<html>", "no-json"),
        ("[]", "no-object"),
        ("{}", "no-status"),
        (r#"{"status":7}"#, "no-status"),
        (r#"{"status":""}"#, "no-status"),
        (r#"{"status":"on hold"}"#, "no-status"),
        (r#"{"status":"<b>"}"#, "no-status"),
        (&format!(r#"{{"status":"{}"}}"#, "x".repeat(41)), "no-status"),
    ] {
        assert_eq!(next(&paid(), &[answer(200, body)]), format!("failed: {why}"), "{body}");
    }
    let longest = json!({"status": "x".repeat(40)});
    assert!(note(&paid(), &[order(&longest)]).contains(&"x".repeat(40)));
}

#[test]
fn an_answer_that_is_no_success_ends_the_conversation_wherever_it_comes() {
    let code = |code: &str| json!({"code": code}).to_string();
    let cases = [
        (404, code("woocommerce_rest_shop_order_invalid_id"), "given up: no-such-order"),
        (404, code("rest_no_route"), "failed: no-rest-api"),
        (404, "<html>".to_owned(), "failed: no-rest-api"),
        (401, code("woocommerce_rest_authentication_error"), "failed: key-may-not-write"),
        (403, code("woocommerce_rest_authentication_error"), "failed: key-may-not-write"),
        (401, code("woocommerce_rest_cannot_view"), "failed: key-refused"),
        (401, "<html>".to_owned(), "failed: not-authorized"),
        (401, r#"{"code":7}"#.to_owned(), "failed: not-authorized"),
        (403, "<html>".to_owned(), "failed: forbidden"),
        (403, code("other"), "failed: forbidden"),
        (300, String::new(), "failed: redirected"),
        (301, String::new(), "failed: redirected"),
        (399, String::new(), "failed: redirected"),
        (199, String::new(), "failed: refused"),
        (400, code("rest_invalid_param"), "failed: refused"),
        (400, code("woocommerce_rest_shop_order_invalid_id"), "failed: refused"),
        (429, String::new(), "failed: refused"),
        (500, "<html>".to_owned(), "failed: refused"),
        (503, String::new(), "failed: refused"),
    ];
    let before: [(Job, Vec<Value>); 4] = [
        (Job::Link(link_note()), Vec::new()),
        (Job::Link(link_note()), vec![json!([])]),
        (paid(), Vec::new()),
        (paid(), vec![unpaid(), json!({}), json!([])]),
    ];
    for (status, body, expected) in cases {
        for (job, before) in &before {
            let answers: Vec<ShopAnswer> = before.iter().map(ok).chain([answer(status, &body)]).collect();
            assert_eq!(next(job, &answers), expected, "{status} {body} after {}", before.len());
        }
    }
    for good in [200, 201, 299] {
        assert_eq!(next(&Job::Link(link_note()), &[answer(200, "[]"), answer(good, "{}")]), "done", "{good}");
    }
}
