//! The sandbox as a relay, a browser and whoever runs it meet it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may fail this way"
)]

mod creates;
mod misbehaviours;
mod outbox;
mod payments;
mod program;
mod restart;
mod sends;
mod shop_events;
mod support;
