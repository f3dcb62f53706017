//! A Shopify delivery: its topic in the first byte, the body after it; and the answers of its API, as the same bytes. What the
//! order's state machine makes of news is the target `order`'s.
#![no_main]

use base64::{Engine, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use paytr_link_relay::mac::MacKey;
use paytr_link_relay::packed::{pack, unpack};
use paytr_link_relay::storefront::{
    Conversation, Delivery, Job, News, Platform, Reading, ShopAnswer, Storefront, Trouble, Turn, Wish,
    parse_storefronts,
};
use serde_json::Value;
use std::sync::LazyLock;

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const API_KEY: &str = "0123abcd:shpss_fedcba9876543210";
const TOPICS: [&str; 6] = ["orders/create", "orders/updated", "orders/cancelled", "orders/paid", "orders/edited", ""];

static SHOP: LazyLock<Storefront> = LazyLock::new(|| {
    let setting = format!(
        r#"[{{"name":"shop","platform":"shopify","url":"https://shop.myshopify.com","webhook_secret":"{SECRET}",
            "api_key":"{API_KEY}","pay_by_link":["Havale"]}}]"#
    );
    parse_storefronts(&setting).unwrap().remove(0)
});
static KEY: LazyLock<MacKey> = LazyLock::new(|| MacKey::new(SECRET.as_bytes()).unwrap());
static OTHER_KEY: LazyLock<MacKey> = LazyLock::new(|| MacKey::new(b"another secret of 24 characters").unwrap());

fuzz_target!(|input: &[u8]| {
    let [topic, body @ ..] = input else { return };
    let topic = TOPICS[usize::from(*topic) % TOPICS.len()];
    let signature = STANDARD.encode(KEY.sign(&[body]));
    let header = |name: &str| match name {
        "x-shopify-topic" => Some(topic.to_owned()),
        "x-shopify-hmac-sha256" => Some(signature.clone()),
        _ => None,
    };
    let delivery = Delivery { header: &header, body };
    assert!(Platform::Shopify.is_signed(&delivery, &[OTHER_KEY.clone(), KEY.clone()]));
    assert!(!Platform::Shopify.is_signed(&delivery, std::slice::from_ref(&*OTHER_KEY)));
    check_answers(body);
    let news = match Platform::Shopify.read(&delivery, &SHOP) {
        Reading::News(news) => *news,
        Reading::NotOurs(why) => return assert!(why == "other-topic" && !TOPICS[..4].contains(&topic)),
        Reading::Unreadable(why) => return assert!(!why.is_empty() && TOPICS[..4].contains(&topic)),
    };
    assert!(TOPICS[..4].contains(&topic));
    assert!((1..=20).contains(&news.order_id.len()) && news.order_id.bytes().all(|byte| byte.is_ascii_digit()));
    assert!(news.number.is_some());
    assert!(unpack::<News>(&pack(&news)).as_ref() == Some(&news));
    if let Ok(order) = serde_json::from_slice::<Value>(body) {
        check_wish(&news, &order);
    }
});

/// What others read in the order says the same.
fn check_wish(news: &News, order: &Value) {
    let Wish::Link { money, recipients } = &news.wish else { return };
    assert!(["pending", "partially_paid"].contains(&order["financial_status"].as_str().unwrap()));
    assert!(order["payment_gateway_names"].as_array().unwrap().iter().any(|name| name == "Havale"));
    assert!(order["cancelled_at"].is_null() && order["test"] != true);
    let currency =
        if order["presentment_currency"].is_null() { &order["currency"] } else { &order["presentment_currency"] };
    assert_eq!(money.currency.as_str(), currency.as_str().unwrap().replace("TRY", "TL"));
    if order["presentment_currency"].is_null() || order["presentment_currency"] == order["currency"] {
        let total =
            [&order["total_outstanding"], &order["current_total_price"]].into_iter().find(|total| !total.is_null());
        let total = total.unwrap();
        let amount: f64 = total.as_str().map_or_else(|| total.to_string(), str::to_owned).parse().unwrap();
        assert!((money.price.minor_units() as f64 / 100.0 - amount).abs() < 0.001, "{total}");
    }
    assert!(recipients.len() <= 2);
    for recipient in recipients {
        assert!(!format!("{recipient:?}").contains(recipient.as_str()));
    }
}

/// Whatever the API answers, the conversation goes on or ends, and every request goes to the shop alone.
fn check_answers(body: &[u8]) {
    let job = Job::Trouble(Trouble::Unknown);
    for kept in [None, Some("shpat_0")] {
        for status in [200, 401, 404, 500] {
            let answers = [ShopAnswer { status, retry_after: None, body: body.to_vec() }];
            let conversation = Conversation {
                storefront: &SHOP,
                api_key: API_KEY,
                order_id: "11",
                job: &job,
                mark: "0f1e2d3c4b5a",
                kept,
                answers: &answers,
            };
            match Platform::Shopify.converse(&conversation) {
                Turn::Ask(request) => {
                    assert!(kept.is_some() && status == 200);
                    assert!(request.url.starts_with("https://shop.myshopify.com/admin/"));
                }
                Turn::Keep(kept_now) => {
                    assert!(kept.is_none() && kept_now.value.bytes().all(|byte| byte.is_ascii_graphic()));
                }
                Turn::Renew(why) => assert!(kept.is_some() && status == 401 && !why.is_empty()),
                Turn::Done => assert!(kept.is_some() && status == 200),
                Turn::Failed(why) | Turn::GiveUp(why) => assert!(!why.is_empty()),
            }
        }
    }
}
