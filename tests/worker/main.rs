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

mod aftermath;
mod bodies;
mod channels;
mod cors;
mod crash;
mod departures;
mod field;
mod forms;
mod ledger;
mod limits;
mod log;
mod media;
mod metrics;
mod misbehaviours;
mod parallel;
mod ping;
mod retention;
mod rotation;
mod routes;
mod settings;
mod signatures;
mod sizes;
mod traps;

use libtest_mimic::{Arguments, Trial, run};
use std::process::ExitCode;
use std::sync::Arc;
use support::suite::Suite;

/// Trials that mostly wait for PayTR, so more of them than there are processors.
const DEFAULT_THREADS: usize = 8;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = arguments.test_threads.or(Some(DEFAULT_THREADS));
    // Started and owned here: workerd ends with this function, however the trials end.
    let suite = (!arguments.list).then(|| Arc::new(Suite::start()));
    let conclusion = run(&arguments, trials(suite.as_ref()));
    if arguments.list {
        return conclusion.exit_code();
    }
    // What the trials above left behind can only be judged after all of them.
    arguments.test_threads = Some(1);
    let judged = run(&arguments, aftermath::trials(suite.as_ref()));
    drop(suite);
    if conclusion.has_failed() { conclusion.exit_code() } else { judged.exit_code() }
}

fn trials(suite: Option<&Arc<Suite>>) -> Vec<Trial> {
    let mut trials = [
        bodies::trials,
        channels::trials,
        cors::trials,
        departures::trials,
        field::trials,
        forms::trials,
        ledger::trials,
        limits::trials,
        log::trials,
        media::trials,
        metrics::trials,
        misbehaviours::trials,
        parallel::trials,
        ping::trials,
        retention::trials,
        rotation::trials,
        routes::trials,
        settings::trials,
        signatures::trials,
        sizes::trials,
        traps::trials,
    ]
    .into_iter()
    .flat_map(|trials| trials(suite))
    .collect::<Vec<_>>();
    // Longest, so first.
    trials.splice(0..0, crash::trials(suite));
    if suite.is_none() {
        trials.extend(aftermath::trials(None));
    }
    trials
}
