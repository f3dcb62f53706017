//! A shop whose API fails: what is to be written back is tried again, is there once in the end, and holds up nobody.

use crate::support::prelude::*;
use crate::support::storefront::tries;

crate::tests![
    every_failure_of_the_shop_is_tried_again_and_the_note_is_there_once,
    an_answer_that_is_lost_writes_nothing_twice,
    a_shop_that_hangs_is_given_up_after_fifteen_seconds_and_holds_up_neither_events_nor_paytr,
    an_order_that_the_shop_does_not_have_is_given_up,
];

const HANGS: &str = "storefront-hangs";

async fn every_failure_of_the_shop_is_tried_again_and_the_note_is_there_once(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let elsewhere = suite.redirect_target.location();
    let cases = [
        (ShopTrouble::KeyRefused, Some(401), "key-refused", true),
        (ShopTrouble::ReadOnlyKey, Some(401), "key-may-not-write", true),
        (ShopTrouble::Password, Some(401), "not-authorized", true),
        (ShopTrouble::Firewall, Some(403), "forbidden", true),
        (ShopTrouble::NoRestApi, Some(404), "no-rest-api", true),
        (ShopTrouble::Redirect(elsewhere), Some(307), "redirected", true),
        (ShopTrouble::CriticalError, Some(500), "refused", false),
        (ShopTrouble::Maintenance(1), Some(503), "refused", false),
        (ShopTrouble::Page, Some(200), "no-json", false),
        (ShopTrouble::Close, None, "connection-lost", false),
    ];
    let begun = cases.into_iter().map(|case| (Placed::troubled(shop, case.0.clone()), case)).collect();
    suite.assert_tried_again(shop, begun, |placed| shop.behave(placed.id)).await;
}

async fn an_answer_that_is_lost_writes_nothing_twice(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let placed = Placed::troubled(shop, ShopTrouble::AnswerLost);
    wait_until("the first note is tried", || !tries(&suite, &placed).is_empty()).await;
    let link = placed.wait_for_link(&suite.sandbox, 1, ORDER_PRICE).await;
    let payment = suite.pay_order(&link).await;
    // The note, then the status, then its note: each is done, and said to have failed.
    wait_until("all is written", || tries(&suite, &placed).iter().any(|line| line["type"] == "order.paid")).await;
    shop.behave(placed.id);
    let is_done = |line: &Value| line["type"] == "order.paid" && line["outcome"] == "delivered";
    wait_until("all is known to be written", || tries(&suite, &placed).iter().any(is_done)).await;
    assert_eq!(placed.status(shop), "processing");
    assert_eq!(placed.now(shop).transaction_id, payment.merchant_oid);
    assert_eq!(placed.notes(shop).len(), 2, "{:?}", placed.notes(shop));
}

async fn a_shop_that_hangs_is_given_up_after_fifteen_seconds_and_holds_up_neither_events_nor_paytr(suite: Arc<Suite>) {
    /// So many that nearly every partition waits for the shop.
    const HANGING: usize = 96;
    const LINKS: usize = 24;
    let shop = woocommerce().await;
    let aging = relay_of(&suite, HANGS, &shop);
    let workerd = aging.start();
    connect(&shop, &workerd, HANGS, "shop").await;
    let hanging: Vec<Placed> = (0..HANGING).map(|_| Placed::troubled(&shop, ShopTrouble::Hang)).collect();
    let are_waiting = || hanging.iter().filter(|placed| !shop.calls(placed.id).is_empty()).count() >= 24;
    wait_until("the shop hangs", are_waiting).await;
    let mut links = Vec::new();
    for _ in 0..LINKS {
        links.push(workerd.link(HANGS, &product()).await);
    }
    for link in &links {
        workerd.pay(HANGS, &link.callback_id).await;
    }
    let paid = Instant::now();
    for link in &links {
        suite.shop.wait_for(&link.callback_id, 1).await;
    }
    assert!(paid.elapsed() < Duration::from_secs(8), "events waited for the shop: {:?}", paid.elapsed());
    let timed_out = || workerd.lines().into_iter().find(|line| line["type"] == "order.link");
    wait_until("the shop is given up", || timed_out().is_some()).await;
    let line = timed_out().unwrap();
    assert_eq!((line["reason"].as_str(), line["outcome"].as_str()), (Some("timed-out"), Some("retried-later")));
    let took = Duration::from_millis(line["total_ms"].as_u64().unwrap());
    assert!((Duration::from_secs(14)..Duration::from_secs(20)).contains(&took), "{took:?}");
    // Each has its link all the same.
    for placed in &hanging {
        placed.wait_for_link(&suite.sandbox, 1, ORDER_PRICE).await;
    }
}

async fn an_order_that_the_shop_does_not_have_is_given_up(suite: Arc<Suite>) {
    let shop = &suite.stores.shop;
    let placed = Placed::troubled(shop, ShopTrouble::Close);
    let lose = || {
        shop.behave(placed.id);
        shop.delete(placed.id);
    };
    suite.assert_given_up(&placed, lose, || shop.calls(placed.id).len()).await;
    let link = placed.links(&suite.sandbox).remove(0);
    assert_eq!(link.state(0), LinkState::Open, "a link that the customer has is not lost with the shop's order");
}
