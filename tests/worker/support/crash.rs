//! How often workerd is killed, and when.

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

/// A moment before `latest`.
pub fn any_moment(latest: Duration) -> Duration {
    Duration::from_micros(random() % u64::try_from(latest.as_micros()).unwrap())
}

/// Any number. Which one does not decide what has to hold.
pub fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
