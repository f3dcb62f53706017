//! Orders of a shop, until they are paid: which link each has, whom it is sent to, and what the shop sees of it.
//!
//! In scope: a whole shop, with webhooks that come as WooCommerce sends them, and its echoes of what is written back. Not in
//! scope: payments (`storefront_payments`), and a shop whose API fails (`storefront_shop_api`).

use crate::support::aging::Aging;
use crate::support::people;
use crate::support::secrets::SHOP_SECRET;
use crate::support::services::Service;
use crate::support::signed::now;
use crate::support::storefront::{
    ALONE_LIMIT_SECONDS, Placed, STOREFRONT, connect, deliver, storefront, woocommerce, writes_back,
};
use crate::support::suite::{Suite, wait_until};
use paytr_sandbox::woocommerce::{Basket, Topic, WooCommerce};
use paytr_sandbox::{Channel, Link, LinkState, Misbehaviour};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::sleep;

crate::tests![
    an_order_gets_a_link_that_is_sent_and_noted,
    an_order_in_each_unpaid_status_gets_a_link,
    twenty_deliveries_at_once_make_one_link_one_message_of_each_kind_and_one_note,
    a_changed_amount_replaces_the_link_there_and_back,
    two_amounts_in_one_second_leave_one_open_link_over_the_second,
    older_news_changes_nothing,
    an_order_that_is_no_longer_to_be_paid_has_its_link_deleted,
    an_order_that_comes_back_from_cancelled_gets_a_new_link,
    a_storefronts_own_settings_count,
    whom_a_link_is_sent_to,
    an_order_that_no_link_can_be_made_over_is_noted,
    what_paytr_refuses_is_noted_and_asked_again_only_when_the_order_changes,
    an_unknown_create_is_followed_by_the_next_number_after_a_minute,
    creates_that_stay_unknown_end_with_a_note,
    a_send_that_paytr_refuses_is_noted_and_not_repeated,
    a_send_that_is_limited_is_made_later,
    a_limited_send_is_not_made_once_the_order_is_cancelled,
    a_shop_without_an_api_key_gets_links_and_is_never_asked,
];

/// Long enough for what must not happen.
const A_WHILE: Duration = Duration::from_millis(700);
/// A bit more than the pause after an unknown create.
const A_MINUTE_DAYS: f64 = 61.0 / 86_400.0;
const AGING: &str = "storefront-aging";

async fn an_order_gets_a_link_that_is_sent_and_noted(suite: Arc<Suite>) {
    let (placed, link) = suite.linked().await;
    let shop = &suite.stores.shop;
    assert_eq!(link.terms.name, format!("Sipariş {}", placed.number));
    assert_eq!((link.terms.currency.as_str(), link.terms.lang.as_str()), ("TL", "tr"));
    let callback = link.terms.callback.clone().unwrap();
    assert!(callback.url.ends_with("/callback"), "{}", callback.url);
    let note = placed.wait_for_note(shop, 1).await;
    let phone = format!("05*******{}: gönderildi.", &placed.phone[9..]);
    for part in
        ["PayTR ödeme linki oluşturuldu: ", &link_path(&link), "1.580,00 TL", &phone, "m***@c***.com: gönderildi."]
    {
        assert!(note.contains(part), "{part}: {note}");
    }
    assert!(!note.contains(&placed.phone) && !note.contains(&placed.email), "{note}");
    // Echoes and saves that change nothing come to nothing.
    for _ in 0..3 {
        shop.touch(placed.id);
        shop.idle().await;
    }
    sleep(A_WHILE).await;
    assert_eq!((placed.links(&suite.sandbox).len(), placed.notes(shop).len()), (1, 1));
    assert_eq!(placed.status(shop), "on-hold");
    assert!(shop.notes(placed.id).iter().all(|note| !note.customer_note), "a note went to the customer");
}

async fn an_order_in_each_unpaid_status_gets_a_link(suite: Arc<Suite>) {
    for (status, method) in [("on-hold", "bacs"), ("pending", "bacs"), ("pending", "kapida-link")] {
        let placed = Placed::with(&suite.stores.shop, |basket| {
            (basket.status, basket.payment_method) = (status.to_owned(), method.to_owned());
        });
        placed.wait_for_link(&suite.sandbox, 1, 158_000).await;
    }
}

async fn twenty_deliveries_at_once_make_one_link_one_message_of_each_kind_and_one_note(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let placed = Placed::new(shop);
    let url = suite.url(STOREFRONT);
    let mut deliveries = JoinSet::new();
    for number in 0..20 {
        let topic = if number % 2 == 0 { Topic::Created } else { Topic::Updated };
        let (url, delivery) = (url.clone(), shop.delivery(placed.id, topic, SHOP_SECRET).unwrap());
        deliveries.spawn(async move { deliver(&url, "shop", &delivery).await.unwrap() });
    }
    for answer in deliveries.join_all().await {
        suite.seen.note(&answer);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let link = placed.wait_for_link(&suite.sandbox, 1, 158_000).await;
    placed.wait_until_sent(&suite.sandbox, &link.id).await;
    placed.wait_for_note(shop, 1).await;
    sleep(A_WHILE).await;
    assert_eq!((placed.links(&suite.sandbox).len(), placed.notes(shop).len()), (1, 1));
    for channel in [Channel::Sms, Channel::Email] {
        assert_eq!(placed.sent(&suite.sandbox, channel).len(), 1, "{channel:?}");
    }
}

async fn a_changed_amount_replaces_the_link_there_and_back(suite: Arc<Suite>) {
    let (placed, _) = suite.linked().await;
    let shop = &suite.stores.shop;
    for (count, total, price, words) in
        [(2, "3160.00", 316_000, "3.160,00 TL"), (3, "1580.00", 158_000, "1.580,00 TL"), (4, "0.5", 50, "0,50 TL")]
    {
        shop.edit_total(placed.id, total);
        let link = placed.wait_for_link(&suite.sandbox, count, price).await;
        placed.wait_until_sent(&suite.sandbox, &link.id).await;
        let note = placed.wait_for_note(shop, count).await;
        assert!(note.contains("yenilendi") && note.contains(&link_path(&link)) && note.contains(words), "{note}");
        let links = placed.links(&suite.sandbox);
        let open = links.iter().filter(|link| link.state(0) == LinkState::Open).count();
        assert_eq!(open, 1, "of {count} links");
    }
}

async fn two_amounts_in_one_second_leave_one_open_link_over_the_second(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let placed = Placed::new(shop);
    wait_until("the first link is asked for", || !placed.links(&suite.sandbox).is_empty()).await;
    shop.edit_total(placed.id, "20.00");
    shop.edit_total(placed.id, "30.00");
    let is_last = || placed.links(&suite.sandbox).last().is_some_and(|link| link.terms.price == 3000);
    wait_until("the last amount has a link", is_last).await;
    shop.idle().await;
    sleep(A_WHILE).await;
    let links = placed.links(&suite.sandbox);
    let open: Vec<u64> =
        links.iter().filter(|link| link.state(0) == LinkState::Open).map(|link| link.terms.price).collect();
    assert_eq!(open, [3000]);
}

async fn older_news_changes_nothing(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let (placed, _) = suite.linked().await;
    let older = shop.delivery(placed.id, Topic::Updated, SHOP_SECRET).unwrap();
    // The platform's times are whole seconds.
    sleep(Duration::from_millis(1100)).await;
    shop.edit_total(placed.id, "99.00");
    placed.wait_for_link(&suite.sandbox, 2, 9900).await;
    let answer = suite.deliver("shop", &older).await;
    assert_eq!((answer.status, answer.json()["reason"].as_str()), (200, Some("older")));
    sleep(A_WHILE).await;
    placed.wait_for_link(&suite.sandbox, 2, 9900).await;
}

async fn an_order_that_is_no_longer_to_be_paid_has_its_link_deleted(suite: Arc<Suite>) {
    type End = fn(&WooCommerce, u64);
    let shop = &suite.stores.shop;
    let ends: [(&str, End); 7] = [
        ("cancelled", |shop, id| shop.set_status(id, "cancelled")),
        ("refunded", |shop, id| shop.set_status(id, "refunded")),
        ("failed", |shop, id| shop.set_status(id, "failed")),
        ("paid otherwise", |shop, id| shop.set_status(id, "processing")),
        ("completed", |shop, id| shop.set_status(id, "completed")),
        ("nothing to pay", |shop, id| shop.edit_total(id, "0.00")),
        ("in the bin", |shop, id| shop.bin(id)),
    ];
    for (case, end) in ends {
        let (placed, _) = suite.linked().await;
        end(shop, placed.id);
        placed.wait_until_deleted(&suite.sandbox).await;
        shop.idle().await;
        assert_eq!((placed.links(&suite.sandbox).len(), placed.notes(shop).len()), (1, 1), "{case}");
    }
}

async fn an_order_that_comes_back_from_cancelled_gets_a_new_link(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let (placed, _) = suite.linked().await;
    shop.set_status(placed.id, "cancelled");
    placed.wait_until_deleted(&suite.sandbox).await;
    shop.set_status(placed.id, "on-hold");
    let link = placed.wait_for_link(&suite.sandbox, 2, 158_000).await;
    placed.wait_until_sent(&suite.sandbox, &link.id).await;
}

async fn a_storefronts_own_settings_count(suite: Arc<Suite>) {
    let shop = &suite.stores.english;
    let before = paytr_now();
    let placed = Placed::new(shop);
    let link = placed.wait_for_link(&suite.sandbox, 1, 158_000).await;
    assert_eq!(link.terms.name, format!("Web order {}", placed.number));
    assert_eq!(link.terms.lang, "en");
    let lasts = link.terms.expires_at.unwrap() / 1000 - before;
    assert!((3595..=3620).contains(&lasts), "{lasts}");
    let note = placed.wait_for_note(shop, 1).await;
    let phone = format!("05*******{}: sent.", &placed.phone[9..]);
    for part in ["PayTR payment link: ", &link_path(&link), "1,580.00 TL", &phone] {
        assert!(note.contains(part), "{part}: {note}");
    }
    assert!(!note.contains('@'), "{note}");
    assert_eq!(placed.sent(&suite.sandbox, Channel::Sms).len(), 1);
    assert_eq!(placed.sent(&suite.sandbox, Channel::Email).len(), 0);
}

/// The end of a link's address.
fn link_path(link: &Link) -> String {
    format!("/link/{} ", link.id)
}

fn paytr_now() -> u64 {
    u64::try_from(now()).unwrap()
}

async fn whom_a_link_is_sent_to(suite: Arc<Suite>) {
    type Edit = fn(&mut Basket);
    let shop = &suite.stores.shop;
    let cases: [(&str, Edit, usize, usize); 6] = [
        ("with +90 and blanks", |b| b.phone = format!("+90 {} {}", &b.phone[1..4], &b.phone[4..]), 1, 1),
        ("the delivery's where the bill has none", |b| b.shipping_phone = std::mem::take(&mut b.phone), 1, 1),
        ("a landline", |b| "0212 555 44 33".clone_into(&mut b.phone), 0, 1),
        ("a foreign number", |b| "+49 151 12345678".clone_into(&mut b.phone), 0, 1),
        ("no good address", |b| "musteri@".clone_into(&mut b.email), 1, 0),
        ("nobody", |b| (b.phone, b.email) = (String::new(), String::new()), 0, 0),
    ];
    for (case, edit, sms, emails) in cases {
        let placed = Placed::with(shop, edit);
        placed.wait_for_link(&suite.sandbox, 1, 158_000).await;
        let note = placed.wait_for_note(shop, 1).await;
        assert_eq!(placed.sent(&suite.sandbox, Channel::Sms).len(), sms, "{case}");
        assert_eq!(placed.sent(&suite.sandbox, Channel::Email).len(), emails, "{case}");
        assert_eq!(note.contains("müşteriye siz gönderin"), sms + emails == 0, "{case}: {note}");
    }
}

async fn an_order_that_no_link_can_be_made_over_is_noted(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    for (total, currency, words) in [
        ("10.00", "CHF", "para birimini"),
        ("10.005", "TRY", "tutarı"),
        ("100000000.00", "TRY", "tutarı"),
        ("on", "TRY", "tutarı"),
        ("-1.00", "TRY", "tutarı"),
    ] {
        let placed = Placed::with(shop, |basket| {
            (basket.total, basket.currency) = (total.to_owned(), currency.to_owned());
        });
        let note = placed.wait_for_note(shop, 1).await;
        assert!(note.contains(words), "{total} {currency}: {note}");
        assert!(placed.links(&suite.sandbox).is_empty(), "{total} {currency}");
        // Once it can be paid, it has a link.
        if currency == "TRY" {
            shop.edit_total(placed.id, "10.00");
            placed.wait_for_link(&suite.sandbox, 1, 1000).await;
        }
    }
}

async fn what_paytr_refuses_is_noted_and_asked_again_only_when_the_order_changes(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let number = format!("R{}", people::next());
    let name = format!("Sipariş {number}");
    let reason = "Magaza linkle odeme icin yetkili degil".to_owned();
    suite.sandbox.misbehave(&name, Misbehaviour::Rejected { status: "error".to_owned(), reason: reason.clone() });
    let placed = Placed::with(shop, |basket| basket.number = Some(number.clone()));
    let placed = Placed { number, ..placed };
    let note = placed.wait_for_note(shop, 1).await;
    assert!(note.contains(&reason), "{note}");
    for _ in 0..3 {
        shop.touch(placed.id);
        shop.idle().await;
    }
    sleep(A_WHILE).await;
    assert_eq!((suite.creates_of(&name).len(), placed.notes(shop).len()), (1, 1));
    suite.sandbox.behave(&name);
    shop.edit_total(placed.id, "1581.00");
    let link = placed.wait_for_link(&suite.sandbox, 1, 158_100).await;
    placed.wait_until_sent(&suite.sandbox, &link.id).await;
}

/// A relay with one shop that a test has to itself.
async fn of_its_own(suite: &Suite) -> (Aging, WooCommerce) {
    let shop = woocommerce().await;
    let storefronts = json!([storefront("shop", &shop.url(), &writes_back())]);
    let service = Service::with_events(AGING, &suite.sandbox.base_url(), &suite.shop.events_url())
        .text("STOREFRONTS", &storefronts.to_string());
    (Aging::new(service), shop)
}

async fn an_unknown_create_is_followed_by_the_next_number_after_a_minute(suite: Arc<Suite>) {
    let (aging, shop) = of_its_own(&suite).await;
    let number = format!("U{}", people::next());
    let name = format!("Sipariş {number}");
    suite.sandbox.misbehave(&name, Misbehaviour::HtmlPage);
    let workerd = aging.start();
    connect(&shop, &workerd, AGING, "shop").await;
    let placed = Placed::with(&shop, |basket| basket.number = Some(number.clone()));
    let placed = Placed { number, ..placed };
    wait_until("PayTR is asked", || suite.creates_of(&name).len() == 1).await;
    shop.touch(placed.id);
    shop.idle().await;
    sleep(A_WHILE).await;
    assert_eq!(suite.creates_of(&name).len(), 1, "asked before the minute was over");
    assert!(placed.sent(&suite.sandbox, Channel::Sms).is_empty(), "sent a link that nobody has");
    workerd.kill();
    aging.age(A_MINUTE_DAYS);
    suite.sandbox.behave(&name);
    let workerd = aging.start();
    // The first was made, though nobody knows it.
    let link = placed.wait_for_link(&suite.sandbox, 2, 158_000).await;
    placed.wait_until_sent(&suite.sandbox, &link.id).await;
    let note = placed.wait_for_note(&shop, 1).await;
    assert!(note.contains(&link_path(&link)) && note.contains("oluşturuldu"), "{note}");
    workerd.kill();
}

async fn creates_that_stay_unknown_end_with_a_note(suite: Arc<Suite>) {
    let (aging, shop) = of_its_own(&suite).await;
    let number = format!("V{}", people::next());
    let name = format!("Sipariş {number}");
    suite.sandbox.misbehave(&name, Misbehaviour::ServerError);
    let workerd = aging.start();
    connect(&shop, &workerd, AGING, "shop").await;
    let placed = Placed::with(&shop, |basket| basket.number = Some(number.clone()));
    let placed = Placed { number, ..placed };
    for tries in 1..3 {
        wait_until("PayTR is asked", || suite.creates_of(&name).len() == tries).await;
        sleep(A_WHILE).await;
        assert_eq!(placed.notes(&shop).len(), 0, "after try {tries}");
        workerd.kill();
        aging.age(A_MINUTE_DAYS);
        let started = aging.start();
        wait_until("PayTR is asked again", || suite.creates_of(&name).len() == tries + 1).await;
        if tries == 2 {
            let note = placed.wait_for_note(&shop, 1).await;
            assert!(note.contains("ödeme linki oluşturulamadı"), "{note}");
        }
        sleep(A_WHILE).await;
        started.kill();
    }
    aging.age(A_MINUTE_DAYS);
    let workerd = aging.start();
    sleep(A_WHILE).await;
    assert_eq!(suite.creates_of(&name).len(), 3, "asked once more");
    workerd.kill();
}

async fn a_send_that_paytr_refuses_is_noted_and_not_repeated(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    for (misbehaviour, words) in [
        (Misbehaviour::Rejected { status: "error".to_owned(), reason: "x".to_owned() }, "PayTR göndermedi"),
        (Misbehaviour::ServerError, "bilinmiyor"),
    ] {
        let phone = people::phone();
        suite.sandbox.misbehave(&phone, misbehaviour);
        let placed = Placed::with(shop, |basket| basket.phone.clone_from(&phone));
        let placed = Placed { phone, ..placed };
        let note = placed.wait_for_note(shop, 1).await;
        assert!(note.contains(words) && note.contains("@c***.com: gönderildi"), "{note}");
        shop.touch(placed.id);
        shop.idle().await;
        sleep(A_WHILE).await;
        assert_eq!(placed.sent(&suite.sandbox, Channel::Sms).len(), 1, "{words}");
    }
}

async fn a_send_that_is_limited_is_made_later(suite: Arc<Suite>) {
    let shop = &suite.stores.alone;
    let first = Placed::new(shop);
    let link = first.wait_for_link(&suite.sandbox, 1, 158_000).await;
    first.wait_until_sent(&suite.sandbox, &link.id).await;
    let begun = Instant::now();
    // The same customer orders again at once.
    let second = Placed::with(shop, |basket| (basket.phone, basket.email) = (first.phone.clone(), first.email.clone()));
    let second = Placed { phone: first.phone.clone(), email: first.email.clone(), ..second };
    let link = second.wait_for_link(&suite.sandbox, 1, 158_000).await;
    let note = second.wait_for_note(shop, 1).await;
    assert!(note.contains("sırası gelince gönderilecek"), "{note}");
    let of_second =
        || second.sent(&suite.sandbox, Channel::Sms).iter().any(|call| call.link_id.as_ref() == Some(&link.id));
    assert!(!of_second(), "sent in spite of the limit");
    second.wait_until_sent(&suite.sandbox, &link.id).await;
    assert!(begun.elapsed() > Duration::from_secs(ALONE_LIMIT_SECONDS - 1));
    sleep(A_WHILE).await;
    assert_eq!(second.links(&suite.sandbox).len(), 1);
    assert_eq!(second.notes(shop).len(), 1);
}

async fn a_limited_send_is_not_made_once_the_order_is_cancelled(suite: Arc<Suite>) {
    let shop = &suite.stores.alone;
    let first = Placed::new(shop);
    let link = first.wait_for_link(&suite.sandbox, 1, 158_000).await;
    first.wait_until_sent(&suite.sandbox, &link.id).await;
    let second = Placed::with(shop, |basket| (basket.phone, basket.email) = (first.phone.clone(), first.email.clone()));
    second.wait_for_note(shop, 1).await;
    shop.set_status(second.id, "cancelled");
    second.wait_until_deleted(&suite.sandbox).await;
    sleep(Duration::from_secs(ALONE_LIMIT_SECONDS + 1)).await;
    let link = second.links(&suite.sandbox).remove(0);
    let sends = suite.sandbox.received_for(&link.id).into_iter();
    assert_eq!(sends.filter(|call| matches!(call.channel, Channel::Sms | Channel::Email)).count(), 0);
}

async fn a_shop_without_an_api_key_gets_links_and_is_never_asked(suite: Arc<Suite>) {
    let shop = &suite.stores.keyless;
    let placed = Placed::new(shop);
    let link = placed.wait_for_link(&suite.sandbox, 1, 158_000).await;
    placed.wait_until_sent(&suite.sandbox, &link.id).await;
    let payment = suite.pay_order(&link).await;
    let callback_id = link.terms.callback.unwrap().id;
    let event = suite.shop.wait_for(&callback_id, 1).await.remove(0).json();
    assert_eq!(event["data"]["payment"]["merchant_oid"], payment.merchant_oid);
    sleep(A_WHILE).await;
    assert_eq!(shop.calls(placed.id), []);
    assert_eq!(placed.status(shop), "on-hold");
}
