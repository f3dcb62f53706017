//! WooCommerce's deliveries: secrets with entities, pings, and what an order wants, member by member, but for what
//! `tests/vectors/woocommerce/cases.json` says of it, which is in `storefront_vectors`.

use crate::shop::{WHYS, merged, money, money_in, reference};
use crate::storefront_vectors::{is_signed, read as read_delivery, vector};
use crate::support::hmac_base64;
use paytr_link_relay::model::{Currency, Recipient};
use paytr_link_relay::storefront::{Delivery, Money, News, Platform, Reading, Why, Wish, minor_units};
use serde_json::{Value, json};

const PLATFORM: Platform = Platform::WooCommerce;

#[test]
fn a_secret_counts_as_it_was_typed_though_wordpress_stored_it_with_entities() {
    let [stored, key, body, right, wrong] =
        ["secret_as_stored", "key", "body", "X-WC-Webhook-Signature", "wrong_if_not_decoded"]
            .map(|member| vector("woocommerce_entities", member));
    for secret in [&stored, &key] {
        assert!(is_signed(PLATFORM, &body, Some(&right), &[secret]), "{secret}");
        assert!(!is_signed(PLATFORM, &body, Some(&wrong), &[secret]), "{secret}");
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
        assert!(is_signed(PLATFORM, "{}", Some(&signature), &[stored]), "{stored}");
    }
}

#[test]
fn a_ping_is_a_form_with_the_webhooks_number_alone_and_shopify_has_none() {
    let is_ping =
        |platform: Platform, body: &str| platform.is_ping(&Delivery { header: &|_| None, body: body.as_bytes() });
    for body in ["webhook_id=1", "webhook_id=0", "webhook_id=12345678901234567890"] {
        assert!(is_ping(PLATFORM, body), "{body}");
        assert!(!is_ping(Platform::Shopify, body), "{body}");
    }
    for body in
        ["", "webhook_id=", "webhook_id=x", "webhook_id=1&x=2", "webhook_id=123456789012345678901", "id=1", "{}"]
    {
        assert!(!is_ping(PLATFORM, body) && !is_ping(Platform::Shopify, body), "{body}");
    }
}

/// An order with these members more, or others.
fn order(more: &Value) -> String {
    let order = json!({
        "id": 11, "number": "1001", "status": "on-hold", "currency": "TRY", "total": "1580.00",
        "payment_method": "bacs", "date_modified_gmt": "2026-11-29T15:25:31", "date_paid_gmt": null,
        "billing": {}, "shipping": {},
    });
    merged(order, more).to_string()
}

fn read(topic: &str, body: &str) -> Reading {
    read_delivery(PLATFORM, &[("x-wc-webhook-topic", topic)], body, &json!(["bacs", "cheque"]))
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
    let of = |statuses: &'static [&'static str], why| statuses.iter().map(move |status| (*status, why));
    let statuses = of(&["on-hold", "pending"], None)
        .chain(of(&["processing", "completed"], Some(Why::Paid)))
        .chain(of(&["cancelled", "refunded", "failed", "trash"], Some(Why::Cancelled)))
        .chain(of(&["partial-refund", "ON-HOLD", ""], Some(Why::OtherStatus)));
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
    ] {
        assert_eq!(minor_units(text), expected, "{text}");
    }
    let too_much = ["184467440737095516.16", "184467440737095517", "99999999999999999999999"];
    let no_numbers =
        ["1580.001", "1580.0001", "1580.", ".5", "", ".", "-1", "-0.01", "+1", "1e3", "1,580.00", "1580,00"];
    let odd = ["1.580.00", " 1580", "1580 ", "1580.00 TL", "NaN", "١٥٨٠", "1580.٥٠"];
    for text in [&too_much[..], &no_numbers, &odd].concat() {
        assert_eq!(minor_units(text), None, "{text}");
    }
}

#[test]
fn an_amount_and_a_currency_that_paytr_takes_not_are_no_link() {
    for total in [json!("100000000"), json!(-1), json!("x"), json!(true), json!(["1"])] {
        assert_eq!(wish(&json!({"total": total})), Wish::Nothing(Why::Amount), "{total}");
    }
    assert_eq!(wish(&json!({"total": 0})), Wish::Nothing(Why::NothingToPay));
    for (currency, expected) in [("USD", Currency::Usd), ("GBP", Currency::Gbp), ("RUB", Currency::Rub)] {
        assert_eq!(wish(&json!({"currency": currency})), link(money_in(158_000, expected)), "{currency}");
    }
    for currency in [json!("JPY"), json!(""), json!(949)] {
        assert_eq!(wish(&json!({"currency": currency})), Wish::Nothing(Why::Currency), "{currency}");
    }
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
    let modified_at = |written: &Value| news_of(&order(&json!({"date_modified_gmt": written}))).modified_at;
    assert_eq!(modified_at(&json!("2026-11-29T15:25:31")), Some(1_795_965_931_000));
    assert_eq!(modified_at(&json!("1970-01-01T00:00:01")), Some(1000));
    let texts = ["1970-01-01T00:00:00", "2026-11-29T15:25:31Z", "2026-11-29T15:25:31+03:00", "0000-00-00T00:00:00", ""];
    for none in texts.map(Value::from).into_iter().chain([json!(null), json!(1_795_965_931_u64)]) {
        assert_eq!(modified_at(&none), None, "{none}");
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
        (json!({"number": ""}), "11", "11"),
        (json!({"number": "№ 7"}), "11", "11"),
        (json!({"number": "x".repeat(65)}), "11", "11"),
    ] {
        let news = news_of(&order(&more));
        assert_eq!((news.order_id.as_str(), news.number), (id, Some(reference(number))), "{more}");
    }
    for id in [json!(""), json!("11a"), json!("1 1"), json!(1.5), json!(format!("{longest}1"))] {
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
fn what_is_no_order_is_not_ours() {
    for topic in ["", "order", "orders.created", "coupon.created", "Order.created", "action.order"] {
        assert_eq!(read(topic, &order(&json!({}))), Reading::NotOurs("other-topic"), "{topic}");
    }
    assert_eq!(read("order.updated", r#"{"id":11,"status":7}"#), Reading::Unreadable("no-status"));
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
    for (why, word) in WHYS {
        assert_eq!((why.as_str(), why.needs_person()), (word, ["amount", "currency"].contains(&word)));
    }
}
