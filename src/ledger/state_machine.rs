//! The state machine of one message, whatever it asks for.
//!
//! ```text
//! absent → Pending → Ended
//! ```
//!
//! In scope: what to do with a request, given what is recorded. Not in scope: storage, clocks, PayTR, and what an end
//! says, which is the operation's own. `Ended` is final: no decision leads out of it, so PayTR is never asked again for
//! an id while its entry is kept.

use super::limits::seconds_to_wait;
use crate::model::SendLimit;
use crate::operation::End;

/// What the ledger holds of one `webhook-id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// A keyed hash of the message, to tell a retry from another message under the same id.
    pub fingerprint: String,
    /// When PayTR was asked, Unix milliseconds.
    pub started_at: u64,
    /// How far it got.
    pub state: State,
    /// Whether limits count it: all but what PayTR rejected.
    pub may_have_gone_out: bool,
}

/// How far it got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Recorded before PayTR is asked.
    Pending,
    /// Recorded after PayTR answered, or did not: the operation's own text.
    Ended(String),
}

/// A request, and all that the decision on it depends on.
#[derive(Debug, Clone, Copy)]
pub struct DecisionInput<'a> {
    /// The entry of the request's `webhook-id`.
    pub entry: Option<&'a Entry>,
    /// The request's fingerprint.
    pub fingerprint: &'a str,
    /// Whether this very object is at work on that entry. An entry that is `Pending` without it was left behind by a
    /// crash.
    pub in_flight: bool,
    /// Starting times of this recipient's sends that may have gone out, newest first, Unix milliseconds.
    pub sends: &'a [u64],
    /// `SEND_LIMITS`
    pub limits: &'a [SendLimit],
    /// `PAYTR_TIMEOUT_MS`
    pub timeout_ms: u32,
    /// Unix milliseconds.
    pub now: u64,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Record `Pending`, then ask PayTR, then record how it ended.
    Submit,
    /// Answer with what is recorded.
    Replay(String),
    /// Record that a crash left the outcome unknown, and answer so.
    MarkUnknown,
    /// Answer that the message is being processed; after so many seconds that is over.
    InProgress(u64),
    /// Answer that the id stands for another message.
    KeyConflict,
    /// Answer that the recipient has had enough messages for so many seconds.
    RateLimited(u64),
}

/// Decides on a request.
#[must_use]
pub fn decide(input: &DecisionInput<'_>) -> Decision {
    let &DecisionInput { entry, fingerprint, in_flight, sends, limits, timeout_ms, now } = input;
    match entry {
        None => seconds_to_wait(limits, sends, now).map_or(Decision::Submit, Decision::RateLimited),
        Some(entry) if entry.fingerprint != fingerprint => Decision::KeyConflict,
        Some(entry) if in_flight => {
            let age = now.saturating_sub(entry.started_at);
            let left = u64::from(timeout_ms).saturating_sub(age);
            Decision::InProgress(left.div_ceil(1000).max(1))
        }
        Some(Entry { state: State::Ended(end), .. }) => Decision::Replay(end.clone()),
        Some(_) => Decision::MarkUnknown,
    }
}

impl Entry {
    /// The entry that is recorded before PayTR is asked.
    #[must_use]
    pub fn pending(fingerprint: String, now: u64) -> Self {
        Self { fingerprint, started_at: now, state: State::Pending, may_have_gone_out: true }
    }

    /// Records how it ended. The first end stands: one that comes late, after the entry was marked unknown, changes
    /// nothing, because a caller may have been told.
    pub fn end(&mut self, end: End) {
        if self.state == State::Pending {
            self.may_have_gone_out = end.may_have_gone_out;
            self.state = State::Ended(end.record);
        }
    }
}
