//! What is kept too long goes.
//!
//! In scope: the sweep, on storage that is made older while workerd is down. Not in scope: how long anything is kept
//! (`tests/pure`).

use crate::support::prelude::*;

crate::tests![
    a_message_goes_after_a_week,
    a_link_goes_thirty_days_after_its_last_payment_with_all_that_belongs_to_it,
    a_link_that_expires_in_decades_goes_after_four_hundred_days,
    a_payment_of_a_link_that_is_not_known_goes_after_thirty_days,
];

const SERVICE: &str = "retention";

async fn a_message_goes_after_a_week(suite: Arc<Suite>) {
    let aging = Aging::new(Service::new(SERVICE, &suite.sandbox.base_url()));
    let (phone, other_phone) = (people::phone(), people::phone());
    let lonely = Signed::new(message::sms(&people::link_id(), &phone));
    let older = Signed::new(message::sms(&people::link_id(), &other_phone));
    let newer = Signed::new(message::sms(&people::link_id(), &other_phone));

    let workerd = aging.start();
    aging.assert_first(&workerd, &lonely).await;
    aging.assert_first(&workerd, &older).await;
    let workerd = aging.restart(&workerd, 4.0);
    aging.assert_replayed(&workerd, &lonely).await;
    aging.assert_first(&workerd, &newer).await;
    assert_eq!(aging.rows("messages"), 3);
    let workerd = aging.restart(&workerd, 4.0);
    aging.ask_all(&workerd).await;
    wait_until("the partitions have swept", || aging.rows("messages") == 1).await;
    aging.assert_replayed(&workerd, &newer).await;
    aging.assert_first(&workerd, &lonely).await;
    aging.assert_first(&workerd, &older).await;
}

async fn a_link_goes_thirty_days_after_its_last_payment_with_all_that_belongs_to_it(suite: Arc<Suite>) {
    let aging = with_events(&suite);
    let workerd = aging.start();
    let link = workerd.link(SERVICE, &product()).await;
    pay(&suite, &workerd, &link.callback_id).await;
    let workerd = aging.restart(&workerd, 29.0);
    assert_eq!(workerd.record(SERVICE, &link).await["state"], "paid");
    workerd.kill();
    sweep_after(&aging, 1.1, "links").await;
    assert_eq!(aging.rows("events"), 0);
}

async fn a_link_that_expires_in_decades_goes_after_four_hundred_days(suite: Arc<Suite>) {
    let aging = with_events(&suite);
    let workerd = aging.start();
    let link = workerd.link(SERVICE, &and(product(), &json!({"expiry_date": "2099-12-31 23:59:59"}))).await;
    let workerd = aging.restart(&workerd, 399.0);
    assert_eq!(workerd.record(SERVICE, &link).await["state"], "open");
    workerd.kill();
    sweep_after(&aging, 1.1, "links").await;
}

async fn a_payment_of_a_link_that_is_not_known_goes_after_thirty_days(suite: Arc<Suite>) {
    let aging = with_events(&suite);
    let workerd = aging.start();
    pay(&suite, &workerd, &format!("{:064x}", u64::from(std::process::id()))).await;
    let workerd = aging.restart(&workerd, 29.0);
    // Swept: the other partitions' clocks are the same.
    assert_eq!(aging.rows("events"), 1);
    workerd.kill();
    sweep_after(&aging, 1.1, "events").await;
}

fn with_events(suite: &Suite) -> Aging {
    Aging::new(Service::with_events(SERVICE, &suite.sandbox.base_url(), &suite.shop.events_url()))
}

async fn pay(suite: &Suite, workerd: &Workerd, callback_id: &str) {
    workerd.pay(SERVICE, callback_id).await;
    suite.shop.wait_for(callback_id, 1).await;
}

/// So many days later a table is empty.
async fn sweep_after(aging: &Aging, days: f64, table: &str) {
    aging.age(days);
    let workerd = aging.start();
    aging.ask_all(&workerd).await;
    wait_until("the partitions have swept", || aging.rows(table) == 0).await;
}
