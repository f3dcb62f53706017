//! The relay against others: its verifier against the three published Standard Webhooks libraries, and its HMAC against
//! Wycheproof's and RFC 4231's vectors.
//!
//! Not in scope: the Worker's HTTP, which the test target `worker` attacks, and single rules, which `pure` states.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics is a test that fails"
)]

mod case;
mod classes;
mod hmac;
mod judges;
mod random;
mod table;
mod verifiers;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let tests = [verifiers::tests(), hmac::tests()].into_iter().flatten().collect::<Vec<Trial>>();
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}
