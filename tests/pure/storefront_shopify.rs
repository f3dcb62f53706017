//! Shopify's deliveries: how they are signed, and what the relay makes of an order, which `tests/vectors/shopify/cases.json`
//! says, to which `npm run explain` is held as well.

use paytr_link_relay::mac::MacKey;
use paytr_link_relay::model::{Recipient, Reference};
use paytr_link_relay::storefront::{
    Delivery, Money, News, Platform, Reading, Storefront, Why, Wish, parse_storefronts,
};
use serde_json::{Map, Value, json};

const PLATFORM: Platform = Platform::Shopify;
const CASES: &str = include_str!("../vectors/shopify/cases.json");
const VECTORS: &str = include_str!("../vectors/storefronts.json");
const DELIVERY: &str = include_str!("../vectors/shopify/orders.create.http");
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const TOPIC: &str = "x-shopify-topic";

fn storefront(pay_by_link: &Value) -> Storefront {
    let setting = json!([{
        "name": "shop", "platform": "shopify", "url": "https://shop.myshopify.com", "webhook_secret": SECRET,
        "pay_by_link": pay_by_link,
    }]);
    parse_storefronts(&setting.to_string()).unwrap().remove(0)
}

/// The usual delivery's headers, by their names in lower case, and its body.
fn delivery() -> (Vec<(String, String)>, &'static str) {
    let (head, body) = DELIVERY.split_once("\r\n\r\n").unwrap();
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    (headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect(), body)
}

/// The usual order with these members in place of its own.
fn order(more: &Value) -> String {
    let mut order: Map<String, Value> = serde_json::from_str(delivery().1).unwrap();
    order.extend(more.as_object().unwrap().clone());
    Value::Object(order).to_string()
}

fn read_with(headers: &[(&str, &str)], body: &str, pay_by_link: &Value) -> Reading {
    let header = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    PLATFORM.read(&Delivery { header: &header, body: body.as_bytes() }, &storefront(pay_by_link))
}

fn news_of(more: &Value) -> News {
    match read_with(&[(TOPIC, "orders/updated")], &order(more), &json!(["Havale / EFT"])) {
        Reading::News(news) => *news,
        other => panic!("{more}: {other:?}"),
    }
}

fn is_signed(body: &str, signature: Option<&str>, secrets: &[&str]) -> bool {
    let keys: Vec<MacKey> = secrets.iter().map(|secret| PLATFORM.webhook_key(secret).unwrap()).collect();
    let header = |name: &str| if name == "x-shopify-hmac-sha256" { signature.map(str::to_owned) } else { None };
    PLATFORM.is_signed(&Delivery { header: &header, body: body.as_bytes() }, &keys)
}

#[test]
fn a_delivery_is_signed_by_one_of_the_secrets_over_its_very_body() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let vector = |member: &str| vectors["shopify"][member].as_str().unwrap().to_owned();
    let (headers, came) = delivery();
    let signed = headers.iter().find(|(name, _)| name == "x-shopify-hmac-sha256").unwrap().1.clone();
    let other = "another secret of 24 characters";
    for (secret, body, signature) in [
        (vector("secret"), vector("body"), vector("X-Shopify-Hmac-SHA256")),
        (SECRET.to_owned(), came.to_owned(), signed),
    ] {
        for secrets in [&[secret.as_str()][..], &[other, &secret], &[&secret, other], &[&secret, &secret]] {
            assert!(is_signed(&body, Some(&signature), secrets));
        }
        assert!(!is_signed(&body, Some(&signature), &[other]));
        assert!(!is_signed(&body, Some(&signature), &[]));
        for altered in [body.replace("1580", "1581"), format!("{body}\n"), body[1..].to_owned(), String::new()] {
            assert!(!is_signed(&altered, Some(&signature), &[&secret]), "{altered}");
        }
        let (unpadded, hexadecimal, blank) =
            (signature.trim_end_matches('='), "ab".repeat(32), format!(" {signature}"));
        for header in
            [None, Some(""), Some("="), Some(unpadded), Some(&hexadecimal), Some(&signature[..40]), Some(&blank)]
        {
            assert!(!is_signed(&body, header, &[&secret]), "{header:?}");
        }
    }
}

#[test]
fn nothing_is_a_ping() {
    for body in ["", "{}", "webhook_id=1"] {
        assert!(!PLATFORM.is_ping(&Delivery { header: &|_| None, body: body.as_bytes() }), "{body}");
    }
}

#[test]
fn every_case_is_read_as_it_says() {
    let cases: Vec<Map<String, Value>> = serde_json::from_str(CASES).unwrap();
    assert!(cases.len() > 100, "{}", cases.len());
    for case in cases {
        let topic = case.get("topic").map_or(Some("orders/create"), Value::as_str);
        let headers: Vec<(&str, &str)> = topic.map(|topic| (TOPIC, topic)).into_iter().collect();
        let given = case.get("body").map(|body| body.as_str().unwrap().to_owned());
        let body = given.unwrap_or_else(|| order(case.get("order").unwrap_or(&json!({}))));
        let reading = read_with(&headers, &body, case.get("pay_by_link").unwrap_or(&json!(["Havale / EFT"])));
        let mut expected = case.clone();
        expected.retain(|name, _| ["says", "why", "number", "price", "currency"].contains(&name.as_str()));
        assert_eq!(said(&reading), Value::Object(expected), "{}", Value::Object(case));
    }
}

/// A reading as the cases write it.
fn said(reading: &Reading) -> Value {
    let news = match reading {
        Reading::NotOurs(why) => return json!({"says": "not-ours", "why": why}),
        Reading::Unreadable(why) => return json!({"says": "unreadable", "why": why}),
        Reading::News(news) => news,
    };
    let number = news.number.as_ref().map(Reference::as_str);
    let no_link = |says: &str, why: Why| json!({"says": says, "why": why.as_str(), "number": number});
    match &news.wish {
        Wish::Link { money: Money { price, currency }, .. } => {
            json!({"says": "link", "price": price.minor_units(), "currency": currency.as_str(), "number": number})
        }
        Wish::Nothing(why) => no_link("nothing", *why),
        Wish::Close(why) => no_link("close", *why),
    }
}

#[test]
fn a_test_is_told_by_its_header_too() {
    for (value, is_test) in [("true", true), ("True", true), ("false", false), ("", false), ("1", false)] {
        let headers = [(TOPIC, "orders/create"), ("x-shopify-test", value)];
        let Reading::News(news) = read_with(&headers, &order(&json!({})), &json!(["Havale / EFT"])) else {
            panic!("no news")
        };
        assert_eq!(news.wish == Wish::Nothing(Why::Test), is_test, "{value}");
    }
}

#[test]
fn an_order_is_known_by_its_whole_id_though_no_floating_point_number_holds_it() {
    for id in ["812345678901234567", "9007199254740993", "18446744073709551615", "1", "99999999999999999999"] {
        for written in [id.to_owned(), format!("\"{id}\"")] {
            let body = order(&json!({})).replace("\"id\":812345678901234567,", &format!("\"id\":{written},"));
            let reading = read_with(&[(TOPIC, "orders/create")], &body, &json!(["Havale / EFT"]));
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
    for (written, expected) in [
        (json!("2026-11-29T18:25:31+03:00"), Some(1_795_965_931_000)),
        (json!("2026-11-29T10:25:31-05:00"), Some(1_795_965_931_000)),
        (json!("2026-11-29T15:25:31Z"), Some(1_795_965_931_000)),
        (json!("2026-11-29T15:25:31.999Z"), Some(1_795_965_931_000)),
        (json!("2026-11-29T15:25:31"), None),
        (json!("1970-01-01T00:00:00Z"), None),
        (json!(""), None),
        (json!(null), None),
        (json!(1_795_965_931_u64), None),
    ] {
        assert_eq!(news_of(&json!({"updated_at": written})).modified_at, expected, "{written}");
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
        let mut members = nobody.clone();
        members.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let Wish::Link { recipients, .. } = news_of(&members).wish else { panic!("{more} wants no link") };
        assert_eq!(recipients.iter().map(Recipient::as_str).collect::<Vec<_>>(), expected, "{more}");
    }
}
