//! The state machine of one message.
//!
//! ```text
//! absent → Sending → Ended(Sent | Rejected | Unknown)
//! ```
//!
//! In scope: what to do with a request, given what is recorded. Not in scope: storage, clocks, PayTR. `Ended` is final:
//! no decision leads out of it, so an id that was once sent is never sent again while its entry is kept.

use super::limits::{Limit, seconds_to_wait};
use crate::outcome::Outcome;

/// What the ledger holds of one `webhook-id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// A keyed hash of the message, to tell a retry from another message under the same id.
    pub fingerprint: String,
    /// When the send began, Unix milliseconds.
    pub started_at: u64,
    /// How far it got.
    pub state: State,
}

/// How far a send got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Recorded before PayTR is asked.
    Sending,
    /// Recorded after PayTR answered, or did not.
    Ended(Outcome),
}

/// A request, and all that the decision on it depends on.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// The entry of the request's `webhook-id`.
    pub entry: Option<&'a Entry>,
    /// The request's fingerprint.
    pub fingerprint: &'a str,
    /// Whether this very object is waiting for PayTR's answer to that entry. An entry that is `Sending` without it
    /// was left behind by a crash.
    pub in_flight: bool,
    /// Starting times of this recipient's sends that may have gone out, newest first, Unix milliseconds.
    pub sends: &'a [u64],
    /// `SEND_LIMITS`
    pub limits: &'a [Limit],
    /// `PAYTR_TIMEOUT_MS`
    pub timeout_ms: u32,
    /// Unix milliseconds.
    pub now: u64,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Record `Sending`, then ask PayTR, then record how it ended.
    Send,
    /// Answer with what is recorded.
    Replay(Outcome),
    /// Record that a crash left the outcome unknown, and answer so.
    GiveUp,
    /// Answer that the message is being sent; after so many seconds that is over.
    InProgress(u64),
    /// Answer that the id stands for another message.
    Reused,
    /// Answer that the recipient has had enough messages for so many seconds.
    Limited(u64),
}

/// Decides on a request.
#[must_use]
pub fn decide(situation: &Situation<'_>) -> Decision {
    let &Situation { entry, fingerprint, in_flight, sends, limits, timeout_ms, now } = situation;
    match entry {
        None => seconds_to_wait(limits, sends, now).map_or(Decision::Send, Decision::Limited),
        Some(entry) if entry.fingerprint != fingerprint => Decision::Reused,
        Some(Entry { state: State::Ended(outcome), .. }) => Decision::Replay(outcome.clone()),
        Some(entry) if in_flight => {
            let age = now.saturating_sub(entry.started_at);
            let left = u64::from(timeout_ms).saturating_sub(age);
            Decision::InProgress(left.div_ceil(1000).max(1))
        }
        Some(_) => Decision::GiveUp,
    }
}

impl Entry {
    /// The entry that is recorded before PayTR is asked.
    #[must_use]
    pub fn sending(fingerprint: String, now: u64) -> Self {
        Self { fingerprint, started_at: now, state: State::Sending }
    }

    /// Records how a send ended. The first end stands: one that comes late, after the entry was given up, changes
    /// nothing, because a caller may have been told.
    pub fn end(&mut self, outcome: Outcome) {
        if self.state == State::Sending {
            self.state = State::Ended(outcome);
        }
    }

    /// Whether the customer may have had a message: all but what PayTR rejected. These are what limits count.
    #[must_use]
    pub const fn may_have_gone_out(&self) -> bool {
        !matches!(self.state, State::Ended(Outcome::Rejected(_)))
    }
}
