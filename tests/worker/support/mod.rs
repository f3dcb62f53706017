//! What the tests share: workerd and its services, the sandbox, a signer, a client, and people to write to.

pub mod aging;
pub mod answer;
pub mod client;
pub mod config;
pub mod crash;
pub mod data_directory;
pub mod invalid_settings;
pub mod leaks;
pub mod lines;
pub mod message;
pub mod notice;
pub mod order;
pub mod patched;
pub mod people;
pub mod raw;
pub mod redirect_target;
pub mod secrets;
pub mod seen;
pub mod services;
pub mod shop;
pub mod signed;
pub mod sms;
pub mod storefront;
pub mod suite;
pub mod token;
pub mod workerd;

use libtest_mimic::Trial;
use std::future::Future;
use std::sync::Arc;
use suite::Suite;

/// The words of nearly every test.
pub mod prelude {
    pub use super::aging::{Aging, LONGEST_GAP_DAYS};
    pub use super::answer::Answer;
    pub use super::invalid_settings::THREE_INVALID;
    pub use super::leaks::{Leaks, WEBHOOK_ID};
    pub use super::lines::ray;
    pub use super::notice::{Notice, merchant_oid};
    pub use super::order::{Link, Order, PRICE, about, and, collection, flex, product};
    pub use super::services::{DEFAULTS, EVENTS, FREE, JSON, Service, TEXT, UNREACHABLE, WITHOUT_LEDGER};
    pub use super::shop::{Event, Reply, Shop};
    pub use super::signed::{Signed, now};
    pub use super::sms::Sms;
    pub use super::storefront::{
        ORDER_PRICE, Placed, STOREFRONT, assert_taken, connect, deliver, link_path, relay_of, woocommerce,
    };
    pub use super::suite::{Suite, wait_until};
    pub use super::workerd::Workerd;
    pub use super::{crash, message, people, raw, secrets};
    pub use paytr_sandbox::woocommerce::{ShopTrouble, WooCommerce};
    pub use paytr_sandbox::{Channel, LinkState, Misbehaviour, Pay, Received, Sandbox};
    pub use serde_json::{Value, json};
    pub use std::collections::{BTreeMap, BTreeSet};
    pub use std::sync::Arc;
    pub use std::time::{Duration, Instant};
    pub use tokio::task::JoinSet;
    pub use tokio::time::sleep;
}

/// A test of a suite that was started; without one, its name for a list.
pub fn test<Run>(suite: Option<&Arc<Suite>>, name: &str, run: fn(Arc<Suite>) -> Run) -> Trial
where
    Run: Future<Output = ()> + 'static,
{
    let suite = suite.cloned();
    Trial::test(name, move || {
        if let Some(suite) = suite {
            suite.runtime.block_on(run(Arc::clone(&suite)));
        }
        Ok(())
    })
}

/// Tests of functions, each named after its function and module.
#[macro_export]
macro_rules! tests {
    ($($name:ident),+ $(,)?) => {
        pub fn tests(suite: Option<&std::sync::Arc<$crate::support::suite::Suite>>) -> Vec<libtest_mimic::Trial> {
            let module = module_path!().rsplit("::").next().unwrap();
            vec![$($crate::support::test(suite, &format!("{module}::{}", stringify!($name)), $name)),+]
        }
    };
}
