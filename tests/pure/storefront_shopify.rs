//! Shopify's deliveries: what the relay makes of an order, but for what `tests/vectors/shopify/cases.json` says of it,
//! which is in `storefront_vectors`.

use crate::shop::merged;
use crate::storefront_vectors::{delivery, read};
use paytr_link_relay::model::Recipient;
use paytr_link_relay::storefront::{News, Platform, Reading, Why, Wish};
use serde_json::{Value, json};

const TOPIC: &str = "x-shopify-topic";

/// The usual order with these members in place of its own.
fn order(more: &Value) -> String {
    merged(serde_json::from_str(delivery("orders.create").1).unwrap(), more).to_string()
}

fn read_with(headers: &[(&str, &str)], body: &str) -> Reading {
    read(Platform::Shopify, headers, body, &json!(["Havale / EFT"]))
}

fn news_of(more: &Value) -> News {
    match read_with(&[(TOPIC, "orders/updated")], &order(more)) {
        Reading::News(news) => *news,
        other => panic!("{more}: {other:?}"),
    }
}

#[test]
fn a_test_is_told_by_its_header_too() {
    for (value, is_test) in [("true", true), ("True", true), ("false", false), ("", false), ("1", false)] {
        let headers = [(TOPIC, "orders/create"), ("x-shopify-test", value)];
        let Reading::News(news) = read_with(&headers, &order(&json!({}))) else { panic!("no news") };
        assert_eq!(news.wish == Wish::Nothing(Why::Test), is_test, "{value}");
    }
}

#[test]
fn an_order_is_known_by_its_whole_id_though_no_floating_point_number_holds_it() {
    for id in ["812345678901234567", "9007199254740993", "18446744073709551615", "1", "99999999999999999999"] {
        for written in [id.to_owned(), format!("\"{id}\"")] {
            let body = order(&json!({})).replace("\"id\":812345678901234567,", &format!("\"id\":{written},"));
            let reading = read_with(&[(TOPIC, "orders/create")], &body);
            match reading {
                Reading::News(news) => assert_eq!(news.order_id, id),
                // As a number it has more than 64 bits.
                other => assert_eq!((other, written.as_str()), (Reading::Unreadable("no-id"), "99999999999999999999")),
            }
        }
    }
}

#[test]
fn the_time_of_a_change_is_read_with_its_offset() {
    for written in
        ["2026-11-29T18:25:31+03:00", "2026-11-29T10:25:31-05:00", "2026-11-29T15:25:31Z", "2026-11-29T15:25:31.999Z"]
    {
        assert_eq!(news_of(&json!({"updated_at": written})).modified_at, Some(1_795_965_931_000), "{written}");
    }
    for none in
        [json!("2026-11-29T15:25:31"), json!("1970-01-01T00:00:00Z"), json!(""), json!(null), json!(1_795_965_931)]
    {
        assert_eq!(news_of(&json!({"updated_at": none})).modified_at, None, "{none}");
    }
}

#[test]
fn of_two_changes_in_one_second_the_one_that_was_triggered_later_is_newer() {
    let at = |triggered: &str| {
        let headers = [(TOPIC, "orders/updated"), ("x-shopify-triggered-at", triggered)];
        let order = order(&json!({"updated_at": "2026-11-29T18:25:31+03:00"}));
        let Reading::News(news) = read_with(&headers, &order) else { panic!("no news") };
        news.modified_at.unwrap() - 1_795_965_931_000
    };
    for (triggered, ms) in [
        ("2026-11-29T15:25:31.118309Z", 118),
        ("2026-11-29T15:25:31.118309456Z", 118),
        ("2026-11-29T18:25:31.500+03:00", 500),
        ("2026-11-29T15:25:31.5Z", 0),
        ("2026-11-29T15:25:31Z", 0),
        ("2026-11-29T15:25:32.000001Z", 999),
        ("2026-11-29T19:25:31Z", 999),
        ("2026-11-29T15:25:30.999Z", 0),
        ("yesterday", 0),
        ("", 0),
    ] {
        assert_eq!(at(triggered), ms, "{triggered}");
    }
}

#[test]
fn the_first_good_number_and_the_first_good_address_are_written_to() {
    let nobody = json!({"phone": null, "email": null, "contact_email": null, "customer": {"phone": null, "email": null},
        "billing_address": {"phone": null}, "shipping_address": {"phone": null}});
    let phone = |number: &str| json!({"phone": number});
    let cases: [(Value, &[&str]); 15] = [
        (json!({}), &[]),
        (json!({"shipping_address": phone("0532 123 45 67")}), &["05321234567"]),
        (json!({"shipping_address": phone("0532 123 45 67"), "phone": "05421112233"}), &["05321234567"]),
        (
            json!({"shipping_address": phone("0212 123 45 67"), "billing_address": phone("+905421112233")}),
            &["05421112233"],
        ),
        (json!({"shipping_address": phone("+49 151 23456789"), "customer": phone("5421112233")}), &["05421112233"]),
        (json!({"customer": phone("x"), "phone": "05421112233"}), &["05421112233"]),
        (json!({"email": "a@example.com"}), &["a@example.com"]),
        (json!({"email": "no address", "contact_email": "b@example.com"}), &["b@example.com"]),
        (json!({"customer": {"email": "c@example.com", "phone": "05421112233"}}), &["05421112233", "c@example.com"]),
        (json!({"email": "", "contact_email": null}), &[]),
        // Plans without personal data leave them out, or all that holds them.
        (json!({"customer": null, "shipping_address": null, "billing_address": null}), &[]),
        (json!({"customer": {}, "shipping_address": {}, "billing_address": {}}), &[]),
        (json!({"phone": 5_321_234_567_u64, "email": 7}), &[]),
        (json!({"shipping_address": "0532 123 45 67", "customer": ["0532 123 45 67"]}), &[]),
        (json!({"shipping_address": phone("0212 123 45 67"), "email": "x"}), &[]),
    ];
    for (more, expected) in cases {
        let Wish::Link { recipients, .. } = news_of(&merged(nobody.clone(), &more)).wish else {
            panic!("{more} wants no link")
        };
        assert_eq!(recipients.iter().map(Recipient::as_str).collect::<Vec<_>>(), expected, "{more}");
    }
}
