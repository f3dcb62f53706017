//! How often workerd is killed, and when.

use super::aging::Aging;
use super::client::{client, request};
use super::workerd::Workerd;
use std::collections::hash_map::RandomState;
use std::env;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// The variable that says how many rounds there are.
const ROUNDS: &str = "CRASH_ROUNDS";
const DEFAULT_ROUNDS: usize = 5;
/// So many that kills at all stages are certain.
pub const MANY_ROUNDS: usize = 50;

pub fn rounds() -> usize {
    env::var(ROUNDS).map_or(DEFAULT_ROUNDS, |rounds| rounds.parse().expect(ROUNDS))
}

/// Starts workerd, and lets the isolate start too, so that a kill meets a message, and not that.
pub async fn start(aging: &Aging, service: &str) -> Workerd {
    let workerd = aging.start();
    let health = request(&client(), &workerd.url(service), "GET", "/health", &[], Vec::new()).await.unwrap();
    assert_eq!(health.status, 200);
    workerd
}

/// A moment before `latest`.
pub fn any_moment(latest: Duration) -> Duration {
    Duration::from_micros(random() % u64::try_from(latest.as_micros()).unwrap())
}

/// Any number. Which one does not decide what has to hold.
pub fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
