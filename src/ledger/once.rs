//! The state machine of one message that asks PayTR, whatever it asks for.
//!
//! ```text
//! absent → Pending → Ended
//! ```
//!
//! In scope: what to do with a request, given what is recorded. Not in scope: storage, clocks, PayTR, and what a record
//! says, which is the message's own. `Ended` is final: no decision leads out of it, and the storage writes a record only
//! where there is none. So PayTR is never asked again for a message while it is kept.

use super::send_limits::seconds_to_wait;
use crate::model::SendLimit;

/// What the ledger holds of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Tells a retry from another message under the same `webhook-id`; see [`Fingerprint`](super::Fingerprint).
    pub fingerprint: String,
    /// When PayTR was asked, Unix milliseconds.
    pub started_at: u64,
    /// How far it got.
    pub state: State,
}

impl Recorded {
    /// How it ended, if it did.
    #[must_use]
    pub fn into_record(self) -> Option<Vec<u8>> {
        match self.state {
            State::Ended(record) => Some(record),
            State::Pending => None,
        }
    }
}

/// How far a message got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Recorded before PayTR is asked.
    Pending,
    /// Recorded after PayTR answered, or did not: the message's own form.
    Ended(Vec<u8>),
}

/// A request, and all that the decision on it depends on.
#[derive(Debug, Clone, Copy)]
pub struct DecisionInput<'a> {
    /// What is recorded.
    pub recorded: Option<&'a Recorded>,
    /// The request's fingerprint.
    pub fingerprint: &'a str,
    /// Whether the partition is at work on this very message. One that is `Pending` without it was left behind by a
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
    /// Record `Pending`, then ask PayTR, then record what it answered.
    Ask,
    /// Answer with what is recorded.
    Replay(Vec<u8>),
    /// Record that a crash left the outcome unknown, and answer so.
    MarkUnknown,
    /// Answer that the message is being carried out, for so many seconds at most.
    InProgress(u64),
    /// Answer that the id stands for another message.
    WebhookIdReused,
    /// Answer that the recipient has had enough messages for so many seconds.
    RecipientLimit(u64),
}

/// Decides on a request.
#[must_use]
pub fn decide(input: &DecisionInput<'_>) -> Decision {
    let &DecisionInput { recorded, fingerprint, in_flight, sends, limits, timeout_ms, now } = input;
    match recorded {
        None => seconds_to_wait(limits, sends, now).map_or(Decision::Ask, Decision::RecipientLimit),
        Some(recorded) if recorded.fingerprint != fingerprint => Decision::WebhookIdReused,
        Some(recorded) if in_flight => {
            let age = now.saturating_sub(recorded.started_at);
            let left = u64::from(timeout_ms).saturating_sub(age);
            Decision::InProgress(left.div_ceil(1000).max(1))
        }
        Some(Recorded { state: State::Ended(record), .. }) => Decision::Replay(record.clone()),
        Some(_) => Decision::MarkUnknown,
    }
}
