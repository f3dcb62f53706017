//! Orders of a shop, until they are paid: which link each has, whom it is sent to, and what the shop sees of it.
//!
//! In scope: a whole shop, with webhooks that come as WooCommerce sends them, and its echoes of what is written back. Not in
//! scope: payments (`storefront_payments`), and a shop whose API fails (`storefront_shop_api`).

use crate::support::prelude::*;
use crate::support::secrets::SHOP_SECRET;
use crate::support::storefront::ALONE_LIMIT_SECONDS;
use paytr_sandbox::woocommerce::{Basket, Topic};

crate::tests![
    an_order_gets_a_link_that_is_sent_and_noted,
    twenty_deliveries_at_once_make_one_link_one_message_of_each_kind_and_one_note,
    a_changed_amount_replaces_the_link_there_and_back,
    two_amounts_in_one_second_leave_one_open_link_over_the_second,
    older_news_changes_nothing,
    an_order_that_is_no_longer_to_be_paid_has_its_link_deleted_and_a_new_one_if_it_comes_back,
    a_storefronts_own_settings_count,
    whom_a_link_is_sent_to,
    an_order_that_no_link_can_be_made_over_is_noted,
    what_paytr_refuses_is_noted_and_asked_again_only_when_the_order_changes,
    an_unknown_create_is_followed_by_the_next_number_after_a_minute,
    creates_that_stay_unknown_end_with_a_note,
    a_send_that_paytr_refuses_is_noted_and_not_repeated,
    a_send_that_is_limited_is_made_later_unless_the_order_is_cancelled_meanwhile,
    a_shop_without_an_api_key_gets_links_and_is_never_asked,
];

/// Long enough for what must not happen.
const A_WHILE: Duration = Duration::from_millis(700);
/// A bit more than the pause after an unknown create.
const A_MINUTE_DAYS: f64 = 61.0 / 86_400.0;
const AGING: &str = "storefront-aging";

async fn an_order_gets_a_link_that_is_sent_and_noted(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let (placed, link) = suite.linked(shop).await;
    assert_eq!(link.terms.name, placed.link_name());
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
    placed.save_unchanged(shop).await;
    assert_eq!((placed.links(&suite.sandbox).len(), placed.notes(shop).len()), (1, 1));
    assert_eq!(placed.status(shop), "on-hold");
    assert!(shop.notes(placed.id).iter().all(|note| !note.customer_note), "a note went to the customer");
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
    placed.wait_until_linked(&suite).await;
    placed.wait_for_note(shop, 1).await;
    sleep(A_WHILE).await;
    assert_eq!((placed.links(&suite.sandbox).len(), placed.notes(shop).len()), (1, 1));
    for channel in [Channel::Sms, Channel::Email] {
        assert_eq!(placed.sent(&suite.sandbox, channel).len(), 1, "{channel:?}");
    }
}

async fn a_changed_amount_replaces_the_link_there_and_back(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let (placed, _) = suite.linked(shop).await;
    for (count, total, price, words) in
        [(2, "3160.00", 316_000, "3.160,00 TL"), (3, "1580.00", 158_000, "1.580,00 TL"), (4, "0.5", 50, "0,50 TL")]
    {
        shop.edit_total(placed.id, total);
        let link = placed.wait_for_link(&suite.sandbox, count, price).await;
        placed.wait_until_sent(&suite.sandbox, &link.id).await;
        let note = placed.wait_for_note(shop, count).await;
        assert!(note.contains("yenilendi") && note.contains(&link_path(&link)) && note.contains(words), "{note}");
        assert_eq!(open(&suite, &placed), [price], "of {count} links");
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
    assert_eq!(open(&suite, &placed), [3000]);
}

/// What the open links of an order are over.
fn open(suite: &Suite, placed: &Placed) -> Vec<u64> {
    let links = placed.links(&suite.sandbox).into_iter().filter(|link| link.state(0) == LinkState::Open);
    links.map(|link| link.terms.price).collect()
}

async fn older_news_changes_nothing(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let (placed, _) = suite.linked(shop).await;
    let older = shop.delivery(placed.id, Topic::Updated, SHOP_SECRET).unwrap();
    // The platform's times are whole seconds.
    sleep(Duration::from_millis(1100)).await;
    shop.edit_total(placed.id, "99.00");
    placed.wait_for_link(&suite.sandbox, 2, 9900).await;
    assert_taken(&suite.deliver("shop", &older).await, "ignored", Some("older"), "older");
    sleep(A_WHILE).await;
    placed.wait_for_link(&suite.sandbox, 2, 9900).await;
}

async fn an_order_that_is_no_longer_to_be_paid_has_its_link_deleted_and_a_new_one_if_it_comes_back(suite: Arc<Suite>) {
    type End = fn(&WooCommerce, u64);
    let shop = &suite.stores.shop;
    let ends: [(&str, End); 3] = [
        ("cancelled", |shop, id| shop.set_status(id, "cancelled")),
        ("nothing to pay", |shop, id| shop.edit_total(id, "0.00")),
        ("in the bin", |shop, id| shop.bin(id)),
    ];
    for (case, end) in ends {
        let (placed, _) = suite.linked(shop).await;
        end(shop, placed.id);
        placed.wait_until_deleted(&suite.sandbox).await;
        shop.idle().await;
        assert_eq!((placed.links(&suite.sandbox).len(), placed.notes(shop).len()), (1, 1), "{case}");
        if case == "cancelled" {
            shop.set_status(placed.id, "on-hold");
            let link = placed.wait_for_link(&suite.sandbox, 2, ORDER_PRICE).await;
            placed.wait_until_sent(&suite.sandbox, &link.id).await;
        }
    }
}

async fn a_storefronts_own_settings_count(suite: Arc<Suite>) {
    let shop = &suite.stores.english;
    let before = u64::try_from(now()).unwrap();
    let placed = Placed::new(shop);
    let link = placed.wait_for_link(&suite.sandbox, 1, ORDER_PRICE).await;
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

async fn whom_a_link_is_sent_to(suite: Arc<Suite>) {
    type Edit = fn(&mut Basket);
    let shop = &suite.stores.shop;
    let cases: [(&str, Edit, usize, usize); 4] = [
        ("the delivery's where the bill has none", |b| b.shipping_phone = std::mem::take(&mut b.phone), 1, 1),
        ("a landline", |b| "0212 555 44 33".clone_into(&mut b.phone), 0, 1),
        ("no good address", |b| "musteri@".clone_into(&mut b.email), 1, 0),
        ("nobody", |b| (b.phone, b.email) = (String::new(), String::new()), 0, 0),
    ];
    for (case, edit, sms, emails) in cases {
        let placed = Placed::with(shop, edit);
        placed.wait_for_link(&suite.sandbox, 1, ORDER_PRICE).await;
        let note = placed.wait_for_note(shop, 1).await;
        assert_eq!(placed.sent(&suite.sandbox, Channel::Sms).len(), sms, "{case}");
        assert_eq!(placed.sent(&suite.sandbox, Channel::Email).len(), emails, "{case}");
        assert_eq!(note.contains("müşteriye siz gönderin"), sms + emails == 0, "{case}: {note}");
    }
}

async fn an_order_that_no_link_can_be_made_over_is_noted(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    for (total, currency, words) in [("10.00", "CHF", "para birimini"), ("10.005", "TRY", "tutarı")] {
        let costs = |basket: &mut Basket| (basket.total, basket.currency) = (total.to_owned(), currency.to_owned());
        let placed = Placed::with(shop, costs);
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
    let placed = Placed::nobody();
    let name = placed.link_name();
    let reason = "Magaza linkle odeme icin yetkili degil".to_owned();
    suite.sandbox.misbehave(&name, Misbehaviour::Rejected { status: "error".to_owned(), reason: reason.clone() });
    let placed = placed.order(shop, |_| ());
    let note = placed.wait_for_note(shop, 1).await;
    assert!(note.contains(&reason), "{note}");
    placed.save_unchanged(shop).await;
    assert_eq!((suite.creates_of(&name).len(), placed.notes(shop).len()), (1, 1));
    suite.sandbox.behave(&name);
    shop.edit_total(placed.id, "1581.00");
    let link = placed.wait_for_link(&suite.sandbox, 1, 158_100).await;
    placed.wait_until_sent(&suite.sandbox, &link.id).await;
}

async fn an_unknown_create_is_followed_by_the_next_number_after_a_minute(suite: Arc<Suite>) {
    let shop = woocommerce().await;
    let aging = relay_of(&suite, AGING, &shop);
    let placed = Placed::nobody();
    let name = placed.link_name();
    suite.sandbox.misbehave(&name, Misbehaviour::HtmlPage);
    let workerd = aging.start();
    connect(&shop, &workerd, AGING, "shop").await;
    let placed = placed.order(&shop, |_| ());
    wait_until("PayTR is asked", || suite.creates_of(&name).len() == 1).await;
    placed.save_unchanged(&shop).await;
    assert_eq!(suite.creates_of(&name).len(), 1, "asked before the minute was over");
    assert!(placed.sent(&suite.sandbox, Channel::Sms).is_empty(), "sent a link that nobody has");
    workerd.kill();
    aging.age(A_MINUTE_DAYS);
    suite.sandbox.behave(&name);
    let _workerd = aging.start();
    // The first was made, though nobody knows it.
    let link = placed.wait_for_link(&suite.sandbox, 2, ORDER_PRICE).await;
    placed.wait_until_sent(&suite.sandbox, &link.id).await;
    let note = placed.wait_for_note(&shop, 1).await;
    assert!(note.contains(&link_path(&link)) && note.contains("oluşturuldu"), "{note}");
}

async fn creates_that_stay_unknown_end_with_a_note(suite: Arc<Suite>) {
    let shop = woocommerce().await;
    let aging = relay_of(&suite, AGING, &shop);
    let placed = Placed::nobody();
    let name = placed.link_name();
    suite.sandbox.misbehave(&name, Misbehaviour::ServerError);
    let mut workerd = aging.start();
    connect(&shop, &workerd, AGING, "shop").await;
    let placed = placed.order(&shop, |_| ());
    for tries in 1..=4 {
        let count = || (suite.creates_of(&name).len(), placed.notes(&shop).len());
        let expected = (tries.min(3), usize::from(tries >= 3));
        wait_until("PayTR is asked", || count() >= expected).await;
        sleep(A_WHILE).await;
        assert_eq!(count(), expected, "creates and notes, after {tries} tries");
        workerd = aging.restart(&workerd, A_MINUTE_DAYS);
    }
    let note = placed.wait_for_note(&shop, 1).await;
    assert!(note.contains("ödeme linki oluşturulamadı"), "{note}");
}

async fn a_send_that_paytr_refuses_is_noted_and_not_repeated(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    for (misbehaviour, words) in [
        (Misbehaviour::Rejected { status: "error".to_owned(), reason: "x".to_owned() }, "PayTR göndermedi"),
        (Misbehaviour::ServerError, "bilinmiyor"),
    ] {
        let placed = Placed::nobody();
        suite.sandbox.misbehave(&placed.phone, misbehaviour);
        let placed = placed.order(shop, |_| ());
        let note = placed.wait_for_note(shop, 1).await;
        assert!(note.contains(words) && note.contains("@c***.com: gönderildi"), "{note}");
        placed.save_unchanged(shop).await;
        assert_eq!(placed.sent(&suite.sandbox, Channel::Sms).len(), 1, "{words}");
    }
}

async fn a_send_that_is_limited_is_made_later_unless_the_order_is_cancelled_meanwhile(suite: Arc<Suite>) {
    let shop = &suite.stores.alone;
    for is_cancelled in [false, true] {
        let first = Placed::new(shop);
        first.wait_until_linked(&suite).await;
        let begun = Instant::now();
        // The same customer orders again at once.
        let second = Placed { number: Placed::nobody().number, ..first }.order(shop, |_| ());
        let link = second.wait_for_link(&suite.sandbox, 1, ORDER_PRICE).await;
        let note = second.wait_for_note(shop, 1).await;
        assert!(note.contains("sırası gelince gönderilecek"), "{note}");
        let sends = || {
            let calls = suite.sandbox.received_for(&link.id).into_iter();
            calls.filter(|call| matches!(call.channel, Channel::Sms | Channel::Email)).count()
        };
        assert_eq!(sends(), 0, "sent in spite of the limit");
        if is_cancelled {
            shop.set_status(second.id, "cancelled");
            second.wait_until_deleted(&suite.sandbox).await;
            sleep(Duration::from_secs(ALONE_LIMIT_SECONDS + 1)).await;
            assert_eq!(sends(), 0, "sent though it was cancelled");
            continue;
        }
        second.wait_until_sent(&suite.sandbox, &link.id).await;
        assert!(begun.elapsed() > Duration::from_secs(ALONE_LIMIT_SECONDS - 1));
        sleep(A_WHILE).await;
        assert_eq!((second.links(&suite.sandbox).len(), second.notes(shop).len()), (1, 1));
    }
}

async fn a_shop_without_an_api_key_gets_links_and_is_never_asked(suite: Arc<Suite>) {
    let shop = &suite.stores.keyless;
    let placed = Placed::new(shop);
    let link = placed.wait_until_linked(&suite).await;
    let payment = suite.pay_order(&link).await;
    let callback_id = link.terms.callback.unwrap().id;
    let event = suite.shop.wait_for(&callback_id, 1).await.remove(0).json();
    assert_eq!(event["data"]["payment"]["merchant_oid"], payment.merchant_oid);
    sleep(A_WHILE).await;
    assert_eq!(shop.calls(placed.id), []);
    assert_eq!(placed.status(shop), "on-hold");
}
