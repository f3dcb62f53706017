//! The built Worker in workerd, against the sandbox, over real HTTP.
//!
//! In scope: everything a caller, PayTR and whoever reads logs or storage can see of the relay. Not in scope: the pure
//! modules by themselves (`tests/pure`), and `wrangler`. The Worker is taken as it lies in `build/`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "a test may fail this way, and runs on a host, which has clocks"
)]

mod support;

mod alerts;
mod bodies;
mod callback;
mod client_disconnects;
mod cors;
mod crash_create;
mod crash_events;
mod crash_orders;
mod crash_send;
mod create;
mod delete;
mod events;
mod field;
mod forms;
mod global_invariants;
mod ledger;
mod limits;
mod lists;
mod log;
mod media;
mod metrics;
mod misbehaviours;
mod origins;
mod parallel;
mod payments;
mod ping;
mod places;
mod retention;
mod rotation;
mod routes;
mod settings;
mod signatures;
mod sizes;
mod storefront_hook;
mod storefront_orders;
mod storefront_payments;
mod storefront_shop_api;
mod storefront_shopify;
mod storefront_storage;
mod time_limits;
mod traps;

use libtest_mimic::{Arguments, Trial, run};
use std::process::ExitCode;
use std::sync::Arc;
use support::suite::Suite;

/// Tests that mostly wait for PayTR, so more of them than there are processors.
const DEFAULT_THREADS: usize = 8;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = arguments.test_threads.or(Some(DEFAULT_THREADS));
    // Started and owned here: workerd ends with this function, however the tests end.
    let suite = (!arguments.list).then(|| Arc::new(Suite::start()));
    let conclusion = run(&arguments, tests(suite.as_ref()));
    if arguments.list {
        return conclusion.exit_code();
    }
    // What the tests above left behind can only be judged after all of them.
    arguments.test_threads = Some(1);
    let judged = run(&arguments, global_invariants::tests(suite.as_ref()));
    drop(suite);
    if conclusion.has_failed() { conclusion.exit_code() } else { judged.exit_code() }
}

/// The tests of these modules.
macro_rules! tests_of {
    ($suite:expr, $($module:ident)+) => { [$($module::tests($suite)),+].into_iter().flatten().collect::<Vec<_>>() };
}

fn tests(suite: Option<&Arc<Suite>>) -> Vec<Trial> {
    // The longest first.
    let mut tests = tests_of!(suite,
        crash_send crash_create crash_events crash_orders
        alerts bodies callback client_disconnects cors create delete events field forms ledger limits
        lists log media metrics misbehaviours origins parallel payments ping places retention rotation
        routes settings signatures sizes storefront_hook storefront_orders storefront_payments storefront_shop_api
        storefront_shopify storefront_storage time_limits traps
    );
    if suite.is_none() {
        tests.extend(global_invariants::tests(None));
    }
    tests
}
