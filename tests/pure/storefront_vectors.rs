//! Deliveries as shops sent them, and changed: each is signed right, and what the relay makes of it is what the
//! platform's `cases.json` in `tests/vectors` says, to which `npm run explain` is held as well.

use crate::shop::{SECRET, merged, storefront};
use paytr_link_relay::mac::MacKey;
use paytr_link_relay::model::Reference;
use paytr_link_relay::storefront::{Delivery, Money, Platform, Reading, Why, Wish};
use serde_json::{Map, Value, json};

const WOOCOMMERCE_CASES: &str = include_str!("../vectors/woocommerce/cases.json");
const SHOPIFY_CASES: &str = include_str!("../vectors/shopify/cases.json");
const VECTORS: &str = include_str!("../vectors/storefronts.json");
const SHOPIFY_SECRET: &str = "0123456789abcdef0123456789abcdef";
const OTHER_SECRET: &str = "another secret of 24 characters";
/// A platform's headers of a delivery's topic and signature.
const WOOCOMMERCE_HEADERS: [&str; 2] = ["x-wc-webhook-topic", "x-wc-webhook-signature"];
const SHOPIFY_HEADERS: [&str; 2] = ["x-shopify-topic", "x-shopify-hmac-sha256"];
const DELIVERIES: [(&str, &str); 9] = [
    ("order.created.on-hold", include_str!("../vectors/woocommerce/order.created.on-hold.http")),
    ("order.created.pending", include_str!("../vectors/woocommerce/order.created.pending.http")),
    ("order.created.checkout-block", include_str!("../vectors/woocommerce/order.created.checkout-block.http")),
    ("order.updated.amount-changed", include_str!("../vectors/woocommerce/order.updated.amount-changed.http")),
    ("order.updated.cancelled", include_str!("../vectors/woocommerce/order.updated.cancelled.http")),
    ("order.updated.processing", include_str!("../vectors/woocommerce/order.updated.processing.http")),
    ("order.deleted", include_str!("../vectors/woocommerce/order.deleted.http")),
    ("ping", include_str!("../vectors/woocommerce/ping.http")),
    ("orders.create", include_str!("../vectors/shopify/orders.create.http")),
];

/// A delivery's headers, by their names in lower case, and its body.
pub fn delivery(name: &str) -> (Vec<(String, String)>, &'static str) {
    let text = DELIVERIES.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no {name}")).1;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    (headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect(), body)
}

fn value_of(headers: &[(String, String)], name: &str) -> Option<String> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

/// What the relay makes of what came with these headers to a shop that has this setting.
pub fn read(platform: Platform, headers: &[(&str, &str)], body: &str, pay_by_link: &Value) -> Reading {
    let header = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let storefront = storefront(&json!({"platform": platform.as_str(), "pay_by_link": pay_by_link}));
    platform.read(&Delivery { header: &header, body: body.as_bytes() }, &storefront)
}

pub fn is_signed(platform: Platform, body: &str, signature: Option<&str>, secrets: &[&str]) -> bool {
    let keys: Vec<MacKey> = secrets.iter().map(|secret| platform.webhook_key(secret).unwrap()).collect();
    let [_, signed] = if platform == Platform::Shopify { SHOPIFY_HEADERS } else { WOOCOMMERCE_HEADERS };
    let header = |name: &str| if name == signed { signature.map(str::to_owned) } else { None };
    platform.is_signed(&Delivery { header: &header, body: body.as_bytes() }, &keys)
}

/// What is published under this name.
pub fn vector(name: &str, member: &str) -> String {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    vectors[name][member].as_str().unwrap_or_else(|| panic!("no {member} in {name}")).to_owned()
}

#[test]
fn a_delivery_is_signed_by_one_of_the_secrets_over_its_very_body() {
    for (platform, name, header) in [
        (Platform::WooCommerce, "woocommerce", "X-WC-Webhook-Signature"),
        (Platform::Shopify, "shopify", "X-Shopify-Hmac-SHA256"),
    ] {
        let [secret, body, signature] = ["secret", "body", header].map(|member| vector(name, member));
        let is_signed =
            |body: &str, signature: Option<&str>, secrets: &[&str]| is_signed(platform, body, signature, secrets);
        for secrets in [&[secret.as_str()][..], &[OTHER_SECRET, &secret], &[&secret, OTHER_SECRET], &[&secret, &secret]]
        {
            assert!(is_signed(&body, Some(&signature), secrets), "{name} {secrets:?}");
        }
        assert!(!is_signed(&body, Some(&signature), &[OTHER_SECRET]), "{name}");
        assert!(!is_signed(&body, Some(&signature), &[]), "{name}");
        for altered in [body.replace("1580", "1581"), format!("{body}\n"), body[1..].to_owned(), String::new()] {
            assert!(!is_signed(&altered, Some(&signature), &[&secret]), "{altered}");
        }
        let (unpadded, hexadecimal, blank) =
            (signature.trim_end_matches('='), "ab".repeat(32), format!(" {signature}"));
        for header in ["", "=", unpadded, &hexadecimal, &signature[..40], &blank].map(Some).into_iter().chain([None]) {
            assert!(!is_signed(&body, header, &[&secret]), "{name} {header:?}");
        }
    }
}

#[test]
fn every_delivery_of_a_shop_is_signed_right_but_the_ping_which_is_known_as_one() {
    for (name, _) in DELIVERIES {
        let (headers, body) = delivery(name);
        let (platform, secret) =
            if name == "orders.create" { (Platform::Shopify, SHOPIFY_SECRET) } else { (Platform::WooCommerce, SECRET) };
        let came = Delivery { header: &|name| value_of(&headers, name), body: body.as_bytes() };
        let keys = [platform.webhook_key(secret).unwrap()];
        let (is_signed, is_ping) = (platform.is_signed(&came, &keys), platform.is_ping(&came));
        assert_eq!((is_signed, is_ping), (name != "ping", name == "ping"), "{name}");
    }
}

#[test]
fn every_case_is_read_as_it_says() {
    for (platform, cases, over, [topic_header, _], usual, pay_by_link) in [
        (Platform::WooCommerce, WOOCOMMERCE_CASES, 60, WOOCOMMERCE_HEADERS, "order.created.on-hold", "bacs"),
        (Platform::Shopify, SHOPIFY_CASES, 100, SHOPIFY_HEADERS, "orders.create", "Havale / EFT"),
    ] {
        let cases: Vec<Map<String, Value>> = serde_json::from_str(cases).unwrap();
        assert!(cases.len() > over, "{}", cases.len());
        for case in cases {
            let (headers, body) = delivery(case.get("delivery").map_or(usual, |name| name.as_str().unwrap()));
            let topic = match case.get("topic") {
                Some(topic) => topic.as_str().map(str::to_owned),
                None => value_of(&headers, topic_header),
            };
            let headers: Vec<(&str, &str)> = topic.iter().map(|topic| (topic_header, topic.as_str())).collect();
            let changed = case.get("order").map(|more| merged(serde_json::from_str(body).unwrap(), more).to_string());
            let given = case.get("body").map(|body| body.as_str().unwrap().to_owned());
            let body = given.or(changed).unwrap_or_else(|| body.to_owned());
            let reading = read(platform, &headers, &body, case.get("pay_by_link").unwrap_or(&json!([pay_by_link])));
            let mut expected = case.clone();
            expected.retain(|name, _| ["says", "why", "number", "price", "currency"].contains(&name.as_str()));
            assert_eq!(said(&reading), Value::Object(expected), "{}", Value::Object(case));
        }
    }
}

/// A reading as the cases write it.
fn said(reading: &Reading) -> Value {
    let news = match reading {
        Reading::NotOurs(why) => return json!({"says": "not-ours", "why": why}),
        Reading::Unreadable(why) => return json!({"says": "unreadable", "why": why}),
        Reading::News(news) => news,
    };
    // Of an order that was deleted the relay knows the number, or takes the id.
    let number = news.number.as_ref().map_or(news.order_id.as_str(), Reference::as_str);
    let no_link = |says: &str, why: Why| json!({"says": says, "why": why.as_str(), "number": number});
    match &news.wish {
        Wish::Link { money: Money { price, currency }, .. } => {
            json!({"says": "link", "price": price.minor_units(), "currency": currency.as_str(), "number": number})
        }
        Wish::Nothing(why) => no_link("nothing", *why),
        Wish::Close(why) => no_link("close", *why),
    }
}
