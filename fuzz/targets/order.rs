//! A WooCommerce delivery: its topic in the first byte, an order that is known before in the second, the body after them;
//! and what the order's state machine makes of it.
#![no_main]

use base64::{Engine, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use paytr_link_relay::mac::MacKey;
use paytr_link_relay::order::{CreateAnswer, Ignored, Order, Step, Taken};
use paytr_link_relay::packed::{pack, unpack};
use paytr_link_relay::storefront::{Delivery, News, Platform, Reading, Storefront, Wish, parse_storefronts};
use paytr_link_relay_fuzz::NOW_MS;
use serde_json::Value;
use std::sync::LazyLock;

const SECRET: &str = "wcS3cret0123456789abcdefWXYZ";
const TOPICS: [&str; 8] = [
    "order.created",
    "order.updated",
    "order.deleted",
    "order.restored",
    "product.updated",
    "order",
    "",
    "action.woocommerce_x",
];

static SHOP: LazyLock<Storefront> = LazyLock::new(|| {
    let setting = format!(
        r#"[{{"name":"shop","platform":"woocommerce","url":"https://shop.example","webhook_secret":"{SECRET}","pay_by_link":["bacs"]}}]"#
    );
    parse_storefronts(&setting).unwrap().remove(0)
});
static KEY: LazyLock<MacKey> = LazyLock::new(|| MacKey::new(SECRET.as_bytes()).unwrap());
static OTHER_KEY: LazyLock<MacKey> = LazyLock::new(|| MacKey::new(b"another secret of 24 characters").unwrap());

fn read(topic: &str, body: &[u8], signature: &str) -> (bool, bool, Reading) {
    let header = |name: &str| match name {
        "x-wc-webhook-topic" => Some(topic.to_owned()),
        "x-wc-webhook-signature" => Some(signature.to_owned()),
        _ => None,
    };
    let delivery = Delivery { header: &header, body };
    let platform = Platform::WooCommerce;
    let is_signed = platform.is_signed(&delivery, &[OTHER_KEY.clone(), KEY.clone()]);
    let is_signed_otherwise = platform.is_signed(&delivery, std::slice::from_ref(&*OTHER_KEY));
    (is_signed, is_signed_otherwise, platform.read(&delivery, &SHOP))
}

fn take(known: Option<Order>, news: News, now: u64) -> Taken {
    Order::take_news(known, news, "https://relay.example".to_owned(), "request".to_owned(), now)
}

/// An order whose link is open.
fn known() -> Order {
    let body =
        br#"{"id":11,"number":"1001","status":"on-hold","payment_method":"bacs","currency":"TRY","total":"15.80",
        "date_modified_gmt":"2026-11-29T15:25:31","billing":{"phone":"05321234567","email":"a@example.com"}}"#;
    let (_, _, Reading::News(news)) = read("order.created", body, "") else { panic!("no news") };
    let Taken::Order(order) = take(None, *news, NOW_MS) else { panic!("no order") };
    let mut order = *order;
    let name = SHOP.link_name(&order.number).unwrap();
    order.plan(&SHOP, name, NOW_MS);
    let url = "https://www.paytr.com/link/NB2Zlz3".to_owned();
    order.take_creation(1, CreateAnswer::Created { url, sent: Vec::new(), retry_at: None }, NOW_MS);
    order
}

fuzz_target!(|input: &[u8]| {
    let [topic, knows, body @ ..] = input else { return };
    let topic = TOPICS[usize::from(*topic) % TOPICS.len()];
    let signature = STANDARD.encode(KEY.sign(&[body]));
    let (is_signed, is_signed_otherwise, reading) = read(topic, body, &signature);
    assert!(is_signed && !is_signed_otherwise);
    let news = match reading {
        Reading::News(news) => *news,
        Reading::NotOurs(why) => return assert!(why == "other-topic" && !topic.starts_with("order.")),
        Reading::Unreadable(why) => return assert!(!why.is_empty() && topic.starts_with("order.")),
    };
    assert!(topic.starts_with("order."));
    assert!((1..=20).contains(&news.order_id.len()) && news.order_id.bytes().all(|byte| byte.is_ascii_digit()));
    assert!(news.number.is_some() || topic == "order.deleted");
    assert!(unpack::<News>(&pack(&news)).as_ref() == Some(&news));
    if let Ok(order) = serde_json::from_slice::<Value>(body) {
        check_wish(&news, &order);
    }
    check_machine(news, knows % 2 == 1);
});

/// What others read in the order says the same.
fn check_wish(news: &News, order: &Value) {
    let Wish::Link { money, recipients } = &news.wish else { return };
    assert!(["on-hold", "pending"].contains(&order["status"].as_str().unwrap()));
    assert!(order["payment_method"] == "bacs" && order["date_paid_gmt"].is_null());
    let total = order["total"].as_str().map_or_else(|| order["total"].to_string(), str::to_owned);
    let euros: f64 = total.parse().unwrap();
    assert!((1..=9_999_999_999).contains(&money.price.minor_units()));
    assert!((money.price.minor_units() as f64 / 100.0 - euros).abs() < 0.001, "{total}");
    let currency = order["currency"].as_str().unwrap().replace("TRY", "TL");
    assert_eq!(money.currency.as_str(), currency);
    assert!(recipients.len() <= 2);
    for recipient in recipients {
        assert!(!format!("{recipient:?}").contains(recipient.as_str()));
    }
}

/// What the machine makes of it can be stored, says nothing twice, and comes to rest.
fn check_machine(news: News, is_known: bool) {
    let before = is_known.then(known);
    let mut order = match take(before.clone(), news.clone(), NOW_MS + 1) {
        Taken::Order(order) => *order,
        Taken::Ignored(Ignored::Unwanted(_)) => return assert!(!is_known && !matches!(news.wish, Wish::Link { .. })),
        Taken::Ignored(_) => return assert!(is_known),
    };
    let packed: Order = unpack(&pack(&order)).unwrap();
    assert!(Order { people: order.people.clone(), ..packed } == order);
    assert!(matches!(take(Some(order.clone()), news, NOW_MS + 1), Taken::Ignored(Ignored::Unchanged)));
    for _ in 0..8 {
        match order.next_step(NOW_MS + 1) {
            Step::Nothing => break,
            Step::At(at) => return assert!(at > NOW_MS + 1),
            Step::Forget => order.forget_people(),
            Step::Plan => {
                let name = SHOP.link_name(&order.number).unwrap();
                order.plan(&SHOP, name, NOW_MS + 1);
            }
            Step::Create => {
                let number = order.link.as_ref().unwrap().number;
                order.take_creation(number, CreateAnswer::Refused(None), NOW_MS + 1);
            }
            Step::Delete => {
                let number = order.link.as_ref().unwrap().number;
                assert_eq!(order.begin_closing(), 1);
                order.take_deletion(number, paytr_link_relay::order::DeleteAnswer::Deleted, NOW_MS + 1);
            }
        }
    }
    assert_eq!(order.next_step(NOW_MS + 1), Step::Nothing);
    assert!(order.people.is_empty());
}
