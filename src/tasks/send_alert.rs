//! Telling a person.
//!
//! In scope: when an alert is sent, and what follows from a try.

use super::After;

/// How long after one another alerts of a kind are sent, in milliseconds.
pub const INTERVAL_MS: u64 = 10 * 60_000;
/// How often one is tried. There is no use in an alert of yesterday, and the log has it too.
pub const MAX_TRIES: u32 = 6;

/// When an alert is sent that comes at `now`; `last_try_at` is when the last one of the kind was tried. Unix milliseconds.
#[must_use]
pub fn due_at(last_try_at: Option<u64>, now: u64) -> u64 {
    last_try_at.map_or(now, |last| last.saturating_add(INTERVAL_MS).max(now))
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It was taken.
    Sent,
    /// It is tried again.
    Later,
    /// It is given up.
    Dead,
}

/// What became of try number `tries`, counted from 1.
#[must_use]
pub const fn after_try(tries: u32, is_taken: bool) -> Tried {
    if is_taken {
        Tried::Sent
    } else if tries < MAX_TRIES {
        Tried::Later
    } else {
        Tried::Dead
    }
}

/// What follows from a try at `now`, Unix milliseconds, when so many alerts of the kind wait.
#[must_use]
pub fn next(waiting: u64, now: u64) -> After {
    if waiting == 0 { After::Done } else { After::Again(now.saturating_add(INTERVAL_MS)) }
}
