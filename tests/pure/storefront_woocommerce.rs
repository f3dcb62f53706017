//! WooCommerce's deliveries: who signed one, and what its order wants, member by member. Whole deliveries as a shop sent them
//! are in `storefront_vectors`.

use crate::shop::{money, money_in, reference, storefront};
use crate::support::hmac_base64;
use paytr_link_relay::mac::MacKey;
use paytr_link_relay::model::{Currency, Recipient};
use paytr_link_relay::storefront::{Delivery, Money, News, Platform, Reading, Why, Wish, minor_units};
use serde_json::{Map, Value, json};

const VECTORS: &str = include_str!("../vectors/woocommerce.json");
const PLATFORM: Platform = Platform::WooCommerce;

fn vector(name: &str, member: &str) -> String {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    vectors[name][member].as_str().unwrap_or_else(|| panic!("no {member} in {name}")).to_owned()
}

fn is_signed(body: &str, signature: Option<&str>, keys: &[MacKey]) -> bool {
    let header = |name: &str| if name == "x-wc-webhook-signature" { signature.map(str::to_owned) } else { None };
    PLATFORM.is_signed(&Delivery { header: &header, body: body.as_bytes() }, keys)
}

fn keys(secrets: &[&str]) -> Vec<MacKey> {
    secrets.iter().map(|secret| PLATFORM.webhook_key(secret).unwrap()).collect()
}

#[test]
fn a_delivery_is_signed_by_one_of_the_secrets_over_its_very_body() {
    let (secret, body) = (vector("woocommerce", "secret"), vector("woocommerce", "body"));
    let signature = vector("woocommerce", "X-WC-Webhook-Signature");
    let other = "another secret of 24 characters";
    for secrets in [&[secret.as_str()][..], &[other, &secret], &[&secret, other], &[&secret, &secret]] {
        assert!(is_signed(&body, Some(&signature), &keys(secrets)));
    }
    assert!(!is_signed(&body, Some(&signature), &keys(&[other])));
    assert!(!is_signed(&body, Some(&signature), &[]));
    let keys = keys(&[&secret]);
    for altered in [body.replace("1580", "1581"), format!("{body}\n"), body[1..].to_owned(), String::new()] {
        assert!(!is_signed(&altered, Some(&signature), &keys), "{altered}");
    }
    let hexadecimal = "ab".repeat(32);
    let unpadded = signature.trim_end_matches('=');
    for header in [
        None,
        Some(""),
        Some("="),
        Some(unpadded),
        Some(&hexadecimal),
        Some(&signature[..40]),
        Some(&format!(" {signature}")),
    ] {
        assert!(!is_signed(&body, header, &keys), "{header:?}");
    }
}

#[test]
fn a_secret_counts_as_it_was_typed_though_wordpress_stored_it_with_entities() {
    let (stored, key) = (vector("woocommerce_entities", "secret_as_stored"), vector("woocommerce_entities", "key"));
    let body = vector("woocommerce_entities", "body");
    let right = vector("woocommerce_entities", "X-WC-Webhook-Signature");
    for secret in [&stored, &key] {
        assert!(is_signed(&body, Some(&right), &keys(&[secret])), "{secret}");
        assert!(!is_signed(&body, Some(&vector("woocommerce_entities", "wrong_if_not_decoded")), &keys(&[secret])));
    }
    for (stored, typed) in [
        ("&amp;", "&"),
        ("&lt;&gt;", "<>"),
        ("&quot;&#039;", "\"'"),
        // What was an entity when it was typed.
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;", "&amp;"),
        ("&nbsp;&#39;", "&nbsp;&#39;"),
    ] {
        let signature = hmac_base64(typed.as_bytes(), b"{}");
        assert!(is_signed("{}", Some(&signature), &keys(&[stored])), "{stored}");
    }
}

#[test]
fn a_ping_is_a_form_with_the_webhooks_number_alone() {
    let is_ping = |body: &str| PLATFORM.is_ping(&Delivery { header: &|_| None, body: body.as_bytes() });
    for body in ["webhook_id=1", "webhook_id=0", "webhook_id=12345678901234567890"] {
        assert!(is_ping(body), "{body}");
    }
    for body in
        ["", "webhook_id=", "webhook_id=x", "webhook_id=1&x=2", "webhook_id=123456789012345678901", "id=1", "{}"]
    {
        assert!(!is_ping(body), "{body}");
    }
}

/// An order with these members more, or others.
fn order(more: &Value) -> String {
    let mut order: Map<String, Value> = serde_json::from_str(
        r#"{"id":11,"number":"1001","status":"on-hold","currency":"TRY","total":"1580.00","payment_method":"bacs",
            "date_modified_gmt":"2026-11-29T15:25:31","date_paid_gmt":null,"billing":{},"shipping":{}}"#,
    )
    .unwrap();
    order.extend(more.as_object().unwrap().clone());
    Value::Object(order).to_string()
}

fn read(topic: &str, body: &str) -> Reading {
    let header = |name: &str| if name == "x-wc-webhook-topic" { Some(topic.to_owned()) } else { None };
    PLATFORM.read(
        &Delivery { header: &header, body: body.as_bytes() },
        &storefront(&json!({"pay_by_link": ["bacs", "cheque"]})),
    )
}

fn news_of(body: &str) -> News {
    match read("order.updated", body) {
        Reading::News(news) => *news,
        other => panic!("{body}: {other:?}"),
    }
}

fn wish(more: &Value) -> Wish {
    news_of(&order(more)).wish
}

fn link(money: Money) -> Wish {
    Wish::Link { money, recipients: Vec::new() }
}

#[test]
fn what_an_order_wants_is_told_by_status_method_and_date_of_payment() {
    let statuses = [
        ("on-hold", None),
        ("pending", None),
        ("processing", Some(Why::Paid)),
        ("completed", Some(Why::Paid)),
        ("cancelled", Some(Why::Cancelled)),
        ("refunded", Some(Why::Cancelled)),
        ("failed", Some(Why::Cancelled)),
        ("trash", Some(Why::Cancelled)),
        ("partial-refund", Some(Why::OtherStatus)),
        ("ON-HOLD", Some(Why::OtherStatus)),
        ("", Some(Why::OtherStatus)),
    ];
    for (status, why) in statuses {
        for (method, is_ours) in [("bacs", true), ("cheque", true), ("cod", false), ("BACS", false), ("", false)] {
            for (date_paid_gmt, is_paid) in
                [(json!(null), false), (json!("2026-11-29T15:25:54"), true), (json!(""), true), (json!(7), true)]
            {
                let order = json!({"status": status, "payment_method": method, "date_paid_gmt": date_paid_gmt});
                let expected = match why {
                    _ if !is_ours => Wish::Nothing(Why::OtherMethod),
                    _ if is_paid => Wish::Close(Why::Paid),
                    Some(why) => Wish::Close(why),
                    None => link(money(158_000)),
                };
                assert_eq!(wish(&order), expected, "{order}");
            }
        }
    }
    for status in ["checkout-draft", "auto-draft", "draft", "new"] {
        for method in ["bacs", "cod", ""] {
            let order = json!({"status": status, "payment_method": method, "date_paid_gmt": "2026-11-29T15:25:54"});
            assert_eq!(wish(&order), Wish::Nothing(Why::Draft), "{order}");
        }
    }
    assert_eq!(wish(&json!({"payment_method": 7})), Wish::Nothing(Why::OtherMethod));
}

#[test]
fn an_amount_is_read_digit_by_digit() {
    for (text, expected) in [
        ("1580", Some(158_000)),
        ("1580.0", Some(158_000)),
        ("1580.5", Some(158_050)),
        ("1580.05", Some(158_005)),
        ("1580.50", Some(158_050)),
        ("1580.050", Some(158_005)),
        ("1580.0500", Some(158_005)),
        ("1580.00000000", Some(158_000)),
        ("0", Some(0)),
        ("0.01", Some(1)),
        ("007.10", Some(710)),
        ("184467440737095516.15", Some(u64::MAX)),
        ("184467440737095516.16", None),
        ("184467440737095517", None),
        ("99999999999999999999999", None),
        ("1580.001", None),
        ("1580.0001", None),
        ("1580.", None),
        (".5", None),
        ("", None),
        (".", None),
        ("-1", None),
        ("-0.01", None),
        ("+1", None),
        ("1e3", None),
        ("1,580.00", None),
        ("1580,00", None),
        ("1.580.00", None),
        (" 1580", None),
        ("1580 ", None),
        ("1580.00 TL", None),
        ("NaN", None),
        ("١٥٨٠", None),
        ("1580.٥٠", None),
    ] {
        assert_eq!(minor_units(text), expected, "{text}");
    }
}

#[test]
fn a_link_is_over_the_total_if_paytr_takes_it() {
    for (total, expected) in [
        (json!("0.01"), Ok(1)),
        (json!("99999999.99"), Ok(9_999_999_999)),
        (json!("100000000"), Err(Why::Amount)),
        (json!("0.00"), Err(Why::NothingToPay)),
        (json!("0"), Err(Why::NothingToPay)),
        (json!(0), Err(Why::NothingToPay)),
        (json!(1580), Ok(158_000)),
        (json!(1580.5), Err(Why::Amount)),
        (json!(-1), Err(Why::Amount)),
        (json!("-1.00"), Err(Why::Amount)),
        (json!("x"), Err(Why::Amount)),
        (json!(null), Err(Why::Amount)),
        (json!(true), Err(Why::Amount)),
        (json!(["1"]), Err(Why::Amount)),
    ] {
        let expected = expected.map_or_else(Wish::Nothing, |minor_units| link(money(minor_units)));
        assert_eq!(wish(&json!({"total": total})), expected, "{total}");
    }
}

#[test]
fn a_currency_is_one_of_paytrs() {
    for (currency, expected) in [
        (json!("TRY"), Some(Currency::Tl)),
        (json!("TL"), Some(Currency::Tl)),
        (json!("EUR"), Some(Currency::Eur)),
        (json!("USD"), Some(Currency::Usd)),
        (json!("GBP"), Some(Currency::Gbp)),
        (json!("RUB"), Some(Currency::Rub)),
        (json!("JPY"), None),
        (json!("try"), None),
        (json!(""), None),
        (json!(null), None),
        (json!(949), None),
    ] {
        let expected = expected.map_or(Wish::Nothing(Why::Currency), |currency| link(money_in(158_000, currency)));
        assert_eq!(wish(&json!({"currency": currency})), expected, "{currency}");
    }
    // Of an order that costs nothing it does not matter.
    assert_eq!(wish(&json!({"currency": "JPY", "total": "0.00"})), Wish::Nothing(Why::NothingToPay));
}

#[test]
fn the_first_good_number_and_the_address_are_written_to() {
    let phone = "0532 123 45 67";
    let cases: [(Value, Value, &[&str]); 11] = [
        (json!({"phone": phone}), json!({}), &["05321234567"]),
        (json!({"phone": phone, "email": "a@example.com"}), json!({}), &["05321234567", "a@example.com"]),
        (json!({"phone": phone}), json!({"phone": "05421112233"}), &["05321234567"]),
        (json!({"phone": ""}), json!({"phone": "+90 542 111 22 33"}), &["05421112233"]),
        (json!({"phone": "0212 123 45 67"}), json!({"phone": "05421112233"}), &["05421112233"]),
        (json!({"phone": "0212 123 45 67"}), json!({"phone": "x"}), &[]),
        (json!({}), json!({"phone": phone, "email": "a@example.com"}), &["05321234567"]),
        (json!({"email": "no address"}), json!({}), &[]),
        (json!({"email": ""}), json!({"phone": null}), &[]),
        (json!({"phone": 5_321_234_567_u64, "email": 7}), json!({}), &[]),
        (json!(null), json!("x"), &[]),
    ];
    for (billing, shipping, expected) in cases {
        let order = json!({"billing": billing, "shipping": shipping});
        let Wish::Link { recipients, .. } = wish(&order) else { panic!("{order} wants no link") };
        assert_eq!(recipients.iter().map(Recipient::as_str).collect::<Vec<_>>(), expected, "{order}");
    }
}

#[test]
fn the_time_of_a_change_is_utc_though_it_does_not_say_so() {
    for (written, expected) in [
        (json!("2026-11-29T15:25:31"), Some(1_795_965_931_000)),
        (json!("1970-01-01T00:00:01"), Some(1000)),
        (json!("1970-01-01T00:00:00"), None),
        (json!("2026-11-29T15:25:31Z"), None),
        (json!("2026-11-29T15:25:31+03:00"), None),
        (json!("0000-00-00T00:00:00"), None),
        (json!(""), None),
        (json!(null), None),
        (json!(1_795_965_931_u64), None),
    ] {
        assert_eq!(news_of(&order(&json!({"date_modified_gmt": written}))).modified_at, expected, "{written}");
    }
}

#[test]
fn an_order_is_known_by_its_id_and_by_its_number_to_people() {
    let longest = "12345678901234567890";
    for (more, id, number) in [
        (json!({}), "11", "1001"),
        (json!({"id": 1, "number": "R-1/7"}), "1", "R-1/7"),
        (json!({"id": "11"}), "11", "1001"),
        (json!({"id": longest}), longest, "1001"),
        (json!({"number": 1002}), "11", "1002"),
        (json!({"number": null}), "11", "11"),
        (json!({"number": ""}), "11", "11"),
        (json!({"number": "№ 7"}), "11", "11"),
        (json!({"number": "x".repeat(65)}), "11", "11"),
    ] {
        let news = news_of(&order(&more));
        assert_eq!((news.order_id.as_str(), news.number), (id, Some(reference(number))), "{more}");
    }
    for id in [json!(null), json!(""), json!("11a"), json!("1 1"), json!(-1), json!(1.5), json!(format!("{longest}1"))]
    {
        assert_eq!(read("order.updated", &order(&json!({"id": id}))), Reading::Unreadable("no-id"), "{id}");
    }
}

#[test]
fn an_order_that_was_deleted_is_one_that_says_no_more_than_its_id() {
    let gone = News { order_id: "13".to_owned(), number: None, modified_at: None, wish: Wish::Close(Why::Cancelled) };
    assert_eq!(read("order.deleted", r#"{"id":13}"#), Reading::News(Box::new(gone)));
    // In the bin it is still what it was.
    let Reading::News(news) = read("order.deleted", &order(&json!({"status": "trash"}))) else { panic!("no news") };
    assert_eq!((news.wish, news.modified_at), (Wish::Close(Why::Cancelled), Some(1_795_965_931_000)));
    for topic in ["order.updated", "order.created"] {
        assert_eq!(read(topic, r#"{"id":13}"#), Reading::Unreadable("no-status"), "{topic}");
    }
    assert_eq!(read("order.deleted", r#"{"id":13,"x":1}"#), Reading::Unreadable("no-status"));
}

#[test]
fn what_is_no_order_is_not_ours_or_cannot_be_read() {
    for topic in ["", "order", "orders.created", "product.updated", "coupon.created", "Order.created", "action.order"] {
        assert_eq!(read(topic, &order(&json!({}))), Reading::NotOurs("other-topic"), "{topic}");
    }
    for (body, why) in [
        ("", "no-json"),
        ("webhook_id=1", "no-json"),
        ("[]", "no-object"),
        ("7", "no-object"),
        ("{}", "no-id"),
        (r#"{"order":{"id":11}}"#, "api-version-is-not-v3"),
        (r#"{"id":11}"#, "no-status"),
        (r#"{"id":11,"status":7}"#, "no-status"),
    ] {
        assert_eq!(read("order.updated", body), Reading::Unreadable(why), "{body}");
    }
    // An order with a member of that name is read.
    assert_eq!(wish(&json!({"order": {"id": 1}})), link(money(158_000)));
}

#[test]
fn of_a_member_that_is_there_twice_the_last_counts() {
    let twice = order(&json!({})).replace("\"total\":", "\"total\":\"1.00\",\"total\":");
    assert_eq!(news_of(&twice).wish, link(money(158_000)));
    let closed = order(&json!({})).replace("\"status\":\"on-hold\"", "\"status\":\"on-hold\",\"status\":\"failed\"");
    assert_eq!(news_of(&closed).wish, Wish::Close(Why::Cancelled));
}

#[test]
fn what_was_paid_covers_what_costs_no_more_in_the_same_currency() {
    for (paid, cost, covers) in [
        (money(100), money(100), true),
        (money(101), money(100), true),
        (money(99), money(100), false),
        (money(100), money_in(100, Currency::Eur), false),
        (money_in(1000, Currency::Usd), money(100), false),
    ] {
        assert_eq!(paid.covers(cost), covers, "{paid:?} {cost:?}");
    }
}

#[test]
fn the_words_for_why_an_order_has_no_link_are_constant() {
    for (why, word, needs_person) in [
        (Why::Draft, "draft", false),
        (Why::OtherMethod, "other-method", false),
        (Why::NothingToPay, "nothing-to-pay", false),
        (Why::Paid, "paid", false),
        (Why::Cancelled, "cancelled", false),
        (Why::OtherStatus, "other-status", false),
        (Why::Test, "test", false),
        (Why::Amount, "amount", true),
        (Why::Currency, "currency", true),
    ] {
        assert_eq!((why.as_str(), why.needs_person()), (word, needs_person));
    }
}
