//! What WooCommerce is asked when something is written back: which request follows from which answers, and where it ends.

use crate::shop::{API_KEY, jobs, link_note, money, money_in, storefront};
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_link_relay::model::Currency;
use paytr_link_relay::storefront::{Conversation, Job, Platform, ShopAnswer, Turn};
use serde_json::{Value, json};

const MARK: &str = "0f1e2d3c4b5a";
const ORDERS: &str = "https://shop.example/magaza/wp-json/wc/v3/orders/11";
const FIELDS: &str = "?_fields=id,status,total,currency,transaction_id,date_paid_gmt";
const NOTES: &str = "/notes?type=internal&_fields=note";

fn answer(status: u16, body: &str) -> ShopAnswer {
    ShopAnswer { status, retry_after: None, body: body.as_bytes().to_vec() }
}

fn ok(body: &Value) -> ShopAnswer {
    answer(200, &body.to_string())
}

fn paid() -> Job {
    Job::Paid { merchant_oid: "IN1".to_owned(), money: money(158_000) }
}

/// What comes next: a request as `METHOD path body`, or the end.
fn next(job: &Job, answers: &[ShopAnswer]) -> String {
    let storefront = storefront(&json!({"url": "https://shop.example/magaza", "lang": "en"}));
    let conversation = Conversation {
        storefront: &storefront,
        api_key: API_KEY,
        order_id: "11",
        job,
        mark: MARK,
        kept: None,
        answers,
    };
    match Platform::WooCommerce.converse(&conversation) {
        Turn::Ask(request) => {
            let authorization = format!("Basic {}", STANDARD.encode(API_KEY));
            assert_eq!(request.headers, [("authorization", authorization)]);
            let path = request.url.strip_prefix(ORDERS).unwrap_or_else(|| panic!("{}", request.url));
            [request.method, path, request.body.as_deref().unwrap_or_default()].join(" ").trim_end().to_owned()
        }
        Turn::Keep(_) | Turn::Renew(_) => panic!("WooCommerce gives nothing to keep"),
        Turn::Done => "done".to_owned(),
        Turn::Failed(why) => format!("failed: {why}"),
        Turn::GiveUp(why) => format!("given up: {why}"),
    }
}

fn unpaid() -> Value {
    json!({"id": 11, "status": "on-hold", "total": "1580.00", "currency": "TRY", "transaction_id": "", "date_paid_gmt": null})
}

fn order(more: &Value) -> ShopAnswer {
    let mut order = unpaid();
    order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ok(&order)
}

/// The note that is posted, without its mark, if the shop has none.
fn note(job: &Job, answers: &[ShopAnswer]) -> String {
    let mut answers: Vec<ShopAnswer> =
        answers.iter().map(|known| answer(known.status, std::str::from_utf8(&known.body).unwrap())).collect();
    assert_eq!(next(job, &answers), format!("GET {NOTES}"));
    answers.push(answer(200, "[]"));
    let posted = next(job, &answers);
    let body: Value = serde_json::from_str(posted.strip_prefix("POST /notes?_fields=id ").unwrap()).unwrap();
    assert_eq!(body["customer_note"], false, "it is mailed to nobody");
    answers.push(answer(201, r#"{"id":1}"#));
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
        assert_eq!(text, "PayTR: 1,580.00 TL was paid by payment link. PayTR's number of the payment: IN1.", "{more}");
    }
}

#[test]
fn an_order_that_is_marked_by_us_already_is_noted_alone() {
    for status in ["processing", "completed"] {
        let marked = json!({"status": status, "transaction_id": "IN1", "date_paid_gmt": "2026-11-29T15:25:54"});
        let text = note(&paid(), &[order(&marked)]);
        assert_eq!(text, "PayTR: 1,580.00 TL was paid by payment link. PayTR's number of the payment: IN1.");
    }
}

#[test]
fn an_order_that_is_no_more_to_be_paid_is_left_as_it_is() {
    for more in [
        json!({"status": "processing"}),
        json!({"status": "completed", "transaction_id": "IN2"}),
        json!({"status": "cancelled"}),
        json!({"status": "refunded"}),
        json!({"status": "my-own_Status2"}),
        json!({"status": "on-hold", "date_paid_gmt": "2026-11-29T15:25:54"}),
    ] {
        let text = note(&paid(), &[order(&more)]);
        let status = more["status"].as_str().unwrap();
        assert!(text.contains(&format!("but the order's status was “{status}” already")), "{more}: {text}");
    }
}

#[test]
fn an_order_that_costs_more_or_something_else_is_left_as_it_is() {
    for (more, costs) in [
        (json!({"total": "1580.01"}), "1,580.01 TL"),
        (json!({"currency": "EUR"}), "1,580.00 EUR"),
        (json!({"currency": "JPY"}), "?"),
        (json!({"total": "x"}), "?"),
        (json!({"total": "0.00"}), "?"),
        (json!({"total": null}), "?"),
    ] {
        let text = note(&paid(), &[order(&more)]);
        assert!(text.contains(&format!("but the order costs {costs} now")), "{more}: {text}");
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
            let mut answers: Vec<ShopAnswer> = before.iter().map(ok).collect();
            answers.push(answer(status, &body));
            assert_eq!(next(job, &answers), expected, "{status} {body} after {}", before.len());
        }
    }
    for good in [200, 201, 299] {
        assert_eq!(next(&Job::Link(link_note()), &[answer(200, "[]"), answer(good, "{}")]), "done", "{good}");
    }
}
