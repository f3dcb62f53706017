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
