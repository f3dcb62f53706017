//! What is kept too long goes, and an object that keeps nothing goes with it.
//!
//! In scope: the alarm, on storage that is made older while workerd is down. Not in scope: how long anything is kept
//! (`tests/pure`).

use crate::support::aging::Aging;
use crate::support::services::Service;
use crate::support::signed::Signed;
use crate::support::suite::{Suite, wait_until};
use crate::support::{message, people};
use std::sync::Arc;

crate::tests![an_entry_goes_after_a_week_and_an_empty_ledger_with_it];

const SERVICE: &str = "retention";

async fn an_entry_goes_after_a_week_and_an_empty_ledger_with_it(suite: Arc<Suite>) {
    let aging = Aging::new(Service::new(SERVICE, &suite.sandbox.base_url()));
    let (phone, other_phone) = (people::phone(), people::phone());
    let lonely = Signed::new(message::sms(&people::link_id(), &phone));
    let older = Signed::new(message::sms(&people::link_id(), &other_phone));
    let newer = Signed::new(message::sms(&people::link_id(), &other_phone));

    let workerd = aging.start();
    aging.assert_first(&workerd, &lonely).await;
    aging.assert_first(&workerd, &older).await;
    workerd.kill();
    aging.age(4.0);

    let workerd = aging.start();
    aging.assert_replayed(&workerd, &lonely).await;
    aging.assert_first(&workerd, &newer).await;
    assert_eq!(aging.count(), r#"{"entries":[1,2],"alarms":2}"#);
    workerd.kill();
    aging.age(4.0);

    let workerd = aging.start();
    let cleared = r#"{"entries":[1,null],"alarms":1}"#;
    wait_until("the alarms have gone off", || aging.count() == cleared).await;
    aging.assert_replayed(&workerd, &newer).await;
    aging.assert_first(&workerd, &lonely).await;
    aging.assert_first(&workerd, &older).await;
    workerd.kill();
}
