//! WooCommerce's deliveries as a shop sent them, and changed: each is signed right, and what the relay makes of it is what
//! `tests/vectors/woocommerce/cases.json` says, to which `npm run explain` is held as well.

use paytr_link_relay::model::Reference;
use paytr_link_relay::storefront::{Delivery, Money, Platform, Reading, Storefront, Why, Wish, parse_storefronts};
use serde_json::{Map, Value, json};

const CASES: &str = include_str!("../vectors/woocommerce/cases.json");
const SECRET: &str = "wcS3cret0123456789abcdefWXYZ";
/// What a case is about that names no other one.
const USUAL: &str = "order.created.on-hold";
const DELIVERIES: [(&str, &str); 8] = [
    ("order.created.on-hold", include_str!("../vectors/woocommerce/order.created.on-hold.http")),
    ("order.created.pending", include_str!("../vectors/woocommerce/order.created.pending.http")),
    ("order.created.checkout-block", include_str!("../vectors/woocommerce/order.created.checkout-block.http")),
    ("order.updated.amount-changed", include_str!("../vectors/woocommerce/order.updated.amount-changed.http")),
    ("order.updated.cancelled", include_str!("../vectors/woocommerce/order.updated.cancelled.http")),
    ("order.updated.processing", include_str!("../vectors/woocommerce/order.updated.processing.http")),
    ("order.deleted", include_str!("../vectors/woocommerce/order.deleted.http")),
    ("ping", include_str!("../vectors/woocommerce/ping.http")),
];

/// A delivery's headers and body.
fn delivery(name: &str) -> (Vec<(String, String)>, &'static str) {
    let text = DELIVERIES.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no {name}")).1;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    (headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect(), body)
}

fn storefront(pay_by_link: &Value) -> Storefront {
    let setting = json!([{
        "name": "shop", "platform": "woocommerce", "url": "https://shop.example", "webhook_secret": SECRET,
        "pay_by_link": pay_by_link,
    }]);
    parse_storefronts(&setting.to_string()).unwrap().remove(0)
}

#[test]
fn every_delivery_of_a_shop_is_signed_right_but_the_ping_which_is_known_as_one() {
    let storefront = storefront(&json!(["bacs"]));
    for (name, _) in DELIVERIES {
        let (headers, body) = delivery(name);
        let header = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        let came = Delivery { header: &header, body: body.as_bytes() };
        let (is_signed, is_ping) =
            (Platform::WooCommerce.is_signed(&came, &storefront.webhook_keys), Platform::WooCommerce.is_ping(&came));
        assert_eq!((is_signed, is_ping), (name != "ping", name == "ping"), "{name}");
    }
}

#[test]
fn every_case_is_read_as_it_says() {
    let cases: Vec<Map<String, Value>> = serde_json::from_str(CASES).unwrap();
    assert!(cases.len() > 60, "{}", cases.len());
    for case in cases {
        let (headers, body) = delivery(case.get("delivery").map_or(USUAL, |name| name.as_str().unwrap()));
        let topic = match case.get("topic") {
            Some(topic) => topic.as_str().map(str::to_owned),
            None => headers.into_iter().find(|(name, _)| name == "x-wc-webhook-topic").map(|(_, value)| value),
        };
        let changed = case.get("order").map(|members| {
            let mut order: Map<String, Value> = serde_json::from_str(body).unwrap();
            order.extend(members.as_object().unwrap().clone());
            Value::Object(order).to_string()
        });
        let given = case.get("body").map(|body| body.as_str().unwrap().to_owned());
        let body = given.or(changed).unwrap_or_else(|| body.to_owned());
        let header = |name: &str| if name == "x-wc-webhook-topic" { topic.clone() } else { None };
        let storefront = storefront(case.get("pay_by_link").unwrap_or(&json!(["bacs"])));
        let reading = Platform::WooCommerce.read(&Delivery { header: &header, body: body.as_bytes() }, &storefront);
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
