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

fn tests(suite: Option<&Arc<Suite>>) -> Vec<Trial> {
    let mut tests = [
        alerts::tests,
        bodies::tests,
        callback::tests,
        client_disconnects::tests,
        cors::tests,
        create::tests,
        delete::tests,
        events::tests,
        field::tests,
        forms::tests,
        ledger::tests,
        limits::tests,
        lists::tests,
        log::tests,
        media::tests,
        metrics::tests,
        misbehaviours::tests,
        origins::tests,
        parallel::tests,
        payments::tests,
        ping::tests,
        places::tests,
        retention::tests,
        rotation::tests,
        routes::tests,
        settings::tests,
        signatures::tests,
        sizes::tests,
        storefront_hook::tests,
        storefront_orders::tests,
        storefront_payments::tests,
        storefront_shopify::tests,
        storefront_shop_api::tests,
        storefront_storage::tests,
        time_limits::tests,
        traps::tests,
    ]
    .into_iter()
    .flat_map(|tests| tests(suite))
    .collect::<Vec<_>>();
    // Longest, so first.
    tests.splice(
        0..0,
        [crash_send::tests, crash_create::tests, crash_events::tests, crash_orders::tests]
            .into_iter()
            .flat_map(|tests| tests(suite)),
    );
    if suite.is_none() {
        tests.extend(global_invariants::tests(None));
    }
    tests
}
