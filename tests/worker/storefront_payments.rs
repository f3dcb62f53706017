//! Payments of a shop's orders: what the order comes to, what the shop is told, and what a person is left with.

use crate::support::prelude::*;
use crate::support::storefront::STOREFRONT_ALONE;
use paytr_sandbox::Link;

crate::tests![
    a_paid_order_is_processing_with_its_number_and_a_note_and_its_echoes_do_nothing,
    a_payment_that_comes_when_the_order_is_no_longer_to_be_paid_is_noted_and_leaves_its_status,
    a_payment_that_does_not_cover_the_order_by_now_is_noted_and_leaves_its_status,
    an_order_that_is_pending_or_costs_less_by_now_is_paid_too,
    a_payment_that_is_for_review_is_noted_with_its_reasons_and_leaves_the_status,
    a_review_does_not_keep_a_later_payment_from_counting,
    an_order_that_was_paid_gets_no_further_link_and_a_note_if_it_costs_more,
    event_and_link_get_name_the_storefront,
    without_events_orders_are_marked_as_paid,
    a_notification_that_paytr_repeats_is_written_back_once,
];

const A_WHILE: Duration = Duration::from_millis(700);

async fn wait_for_status(shop: &WooCommerce, placed: &Placed, status: &str) {
    wait_until(&format!("order {} is {status}", placed.number), || placed.status(shop) == status).await;
}

/// What the relay knows of a link.
async fn state(suite: &Suite, link: &Link) -> String {
    let callback_id = link.terms.callback.clone().unwrap().id;
    let record = suite.post(STOREFRONT, &about("link.get", &callback_id)).await.json();
    record["state"].as_str().unwrap_or_default().to_owned()
}

async fn a_paid_order_is_processing_with_its_number_and_a_note_and_its_echoes_do_nothing(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let (placed, link) = suite.linked(shop).await;
    let payment = suite.pay_order(&link).await;
    wait_for_status(shop, &placed, "processing").await;
    let note = placed.wait_for_note(shop, 2).await;
    assert!(note.contains("1.580,00 TL ödeme linkiyle ödendi") && note.contains(&payment.merchant_oid), "{note}");
    let order = placed.now(shop);
    assert_eq!(order.transaction_id, payment.merchant_oid);
    assert!(order.paid_at.is_some());
    shop.idle().await;
    let (asked, calls) = (shop.calls(placed.id).len(), suite.sandbox.received_for(&link.id).len());
    placed.save_unchanged(shop).await;
    assert_eq!(shop.calls(placed.id).len(), asked, "an echo made the relay ask the shop");
    assert_eq!(suite.sandbox.received_for(&link.id).len(), calls, "an echo made the relay ask PayTR");
    assert_eq!((placed.links(&suite.sandbox).len(), placed.notes(shop).len()), (1, 2));
    let writes: Vec<_> = shop.calls(placed.id).into_iter().filter(|call| call.method != "GET").collect();
    let bodies: Vec<_> = writes.iter().filter(|call| call.method == "PUT").map(|call| call.body.clone()).collect();
    assert_eq!(bodies, [json!({"status": "processing", "transaction_id": payment.merchant_oid})]);
    assert_eq!(writes.len(), 3, "{writes:?}");
}

async fn a_payment_that_comes_when_the_order_is_no_longer_to_be_paid_is_noted_and_leaves_its_status(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    // What was paid while the deletion was on its way is told by PayTR after it, or before.
    for (status, is_told_before) in
        [("cancelled", false), ("processing", false), ("completed", true), ("refunded", true)]
    {
        let (placed, link) = suite.linked(shop).await;
        if is_told_before {
            // The shop's own news is lost: the relay finds out when it looks.
            shop.edit_silently(placed.id, status);
        } else {
            shop.set_status(placed.id, status);
            placed.wait_until_deleted(&suite.sandbox).await;
            while state(&suite, &link).await != "deleted" {
                sleep(Duration::from_millis(20)).await;
            }
        }
        suite.pay(&link.id, Pay { even_if_inactive: true, ..Pay::default() }).await;
        let note = placed.wait_for_note(shop, 2).await;
        let words = if is_told_before { format!("zaten “{status}”") } else { "link silinmişti".to_owned() };
        assert!(note.contains(&words), "{status}: {note}");
        sleep(A_WHILE).await;
        assert_eq!((placed.status(shop).as_str(), placed.now(shop).transaction_id.as_str()), (status, ""));
    }
}

async fn a_payment_that_does_not_cover_the_order_by_now_is_noted_and_leaves_its_status(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let (placed, link) = suite.linked(shop).await;
    shop.edit_total_silently(placed.id, "3160.00");
    let payment = suite.pay_order(&link).await;
    let note = placed.wait_for_note(shop, 2).await;
    assert!(note.contains("şimdi 3.160,00 TL") && note.contains(&payment.merchant_oid), "{note}");
    assert_eq!(placed.status(shop), "on-hold");
}

async fn an_order_that_is_pending_or_costs_less_by_now_is_paid_too(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    for (status, total) in [("pending", "1580.00"), ("on-hold", "1000.00")] {
        let placed = Placed::with(shop, |basket| status.clone_into(&mut basket.status));
        let link = placed.wait_until_linked(&suite).await;
        placed.wait_for_note(shop, 1).await;
        shop.edit_total_silently(placed.id, total);
        suite.pay_order(&link).await;
        wait_for_status(shop, &placed, "processing").await;
    }
}

async fn a_payment_that_is_for_review_is_noted_with_its_reasons_and_leaves_the_status(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let pay = Pay::default;
    for (paid, words) in [
        (Pay { test_mode: true, ..pay() }, "test ödemesi"),
        (Pay { status: Some("failed".into()), ..pay() }, "ödeme başarısız"),
    ] {
        let (placed, link) = suite.linked(shop).await;
        let payment = suite.pay(&link.id, paid).await;
        let note = placed.wait_for_note(shop, 2).await;
        assert!(note.contains(words) && note.contains(&payment.merchant_oid), "{words}: {note}");
        assert_eq!((placed.status(shop).as_str(), placed.now(shop).transaction_id.as_str()), ("on-hold", ""));
    }
}

async fn a_review_does_not_keep_a_later_payment_from_counting(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let (placed, link) = suite.linked(shop).await;
    suite.pay(&link.id, Pay { status: Some("failed".into()), ..Pay::default() }).await;
    placed.wait_for_note(shop, 2).await;
    suite.pay(&link.id, Pay { even_if_inactive: true, ..Pay::default() }).await;
    wait_for_status(shop, &placed, "processing").await;
}

async fn an_order_that_was_paid_gets_no_further_link_and_a_note_if_it_costs_more(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let (placed, link) = suite.linked(shop).await;
    suite.pay_order(&link).await;
    placed.wait_for_note(shop, 2).await;
    // Staff puts more into the order, and asks for the rest.
    shop.edit_total_silently(placed.id, "3160.00");
    shop.set_unpaid(placed.id);
    let note = placed.wait_for_note(shop, 3).await;
    assert!(note.contains("1.580,00 TL ödenmişti"), "{note}");
    sleep(A_WHILE).await;
    assert_eq!(placed.links(&suite.sandbox).len(), 1);
    assert_eq!(placed.sent(&suite.sandbox, Channel::Sms).len(), 1);
}

async fn event_and_link_get_name_the_storefront(suite: Arc<Suite>) {
    let (placed, link) = suite.linked(&suite.stores.shop).await;
    suite.pay_order(&link).await;
    let callback_id = link.terms.callback.clone().unwrap().id;
    let event = suite.shop.wait_for(&callback_id, 1).await.remove(0).json();
    let named = |json: &serde_json::Value| (json["storefront"].clone(), json["reference"].clone());
    assert_eq!(event["type"], "link.paid");
    assert_eq!(named(&event["data"]), (json!("shop"), json!(placed.number)));
    let record = suite.post(STOREFRONT, &about("link.get", &callback_id)).await;
    assert_eq!(named(&record.json()), (json!("shop"), json!(placed.number)), "{}", record.text());
    assert_eq!((record.json()["state"].clone(), record.json()["sends"].as_array().unwrap().len()), (json!("paid"), 2));
}

async fn without_events_orders_are_marked_as_paid(suite: Arc<Suite>) {
    let shop = &suite.stores.alone;
    let health = suite.request(STOREFRONT_ALONE, "GET", "/health", &[], Vec::new()).await;
    assert_eq!((health.status, health.json()["events"].clone()), (200, json!("off")));
    let (placed, link) = suite.linked(shop).await;
    suite.pay_order(&link).await;
    wait_for_status(shop, &placed, "processing").await;
    placed.wait_for_note(shop, 2).await;
    assert_eq!(suite.shop.events(&link.terms.callback.unwrap().id).len(), 0);
}

async fn a_notification_that_paytr_repeats_is_written_back_once(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let (placed, link) = suite.linked(shop).await;
    let payment = suite.pay_order(&link).await;
    wait_for_status(shop, &placed, "processing").await;
    placed.wait_for_note(shop, 2).await;
    for _ in 0..3 {
        assert!(suite.sandbox.notify_again(&payment.merchant_oid));
        suite.sandbox.notified(&payment.merchant_oid).await.unwrap();
        suite.seen.expect(200, "repeated");
    }
    sleep(A_WHILE).await;
    assert_eq!(placed.notes(shop).len(), 2);
    assert_ne!(suite.sandbox.link(&link.id).unwrap().state(0), LinkState::Deleted);
}
