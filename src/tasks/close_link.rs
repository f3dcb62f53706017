//! Deleting a link at PayTR that was paid and is to be paid once: PayTR lets collection and flex links be paid again.
//!
//! In scope: whether a link has to be closed, what an attempt came to, and when the next one is made.

use super::After;
use crate::link::Link;
use crate::model::{LinkId, LinkType};
use crate::paytr::{Cause, Outcome, ReplyStatus};

/// How long after one another the attempts are made, in milliseconds; after the last it is given up.
pub const DELAYS_MS: [u64; 4] = [5_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000];

/// What is to be done for a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Ask PayTR to delete the link of this id.
    Delete(&'a LinkId),
    /// Wait: the create call's answer is still to come.
    Wait,
    /// Nothing can be done: nobody knows the link's id.
    GiveUp,
    /// Nothing has to be done: a message deleted the link.
    Nothing,
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// PayTR was asked, and answered.
    Answered(ReplyStatus),
    /// PayTR was asked, and nobody knows what it did.
    Unknown(Cause),
    /// PayTR was not asked: the create call's answer is still to come.
    NotCreatedYet,
    /// PayTR was not asked, and never can be.
    IdUnknown,
}

/// What is logged of an attempt, and what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// `deleted`; `rejected` or `unknown`, and it is tried again; `dead` if it was given up
    pub outcome: &'static str,
    /// Why it is not deleted
    pub reason: Option<&'static str>,
    /// What follows
    pub after: After,
}

/// Whether a link that was paid has to be closed. PayTR closes a product link by itself.
#[must_use]
pub fn has_to_be_closed(link: &Link) -> bool {
    link.terms.paid_once
        && link.terms.link_type != LinkType::Product
        && link.closing_tries.is_none()
        && link.deleted_at.is_none()
}

/// What is to be done for a link now.
#[must_use]
pub const fn step(link: &Link) -> Step<'_> {
    match (link.deleted_at, &link.creation) {
        (Some(_), _) => Step::Nothing,
        (None, Some(Outcome::Succeeded(created))) => Step::Delete(&created.id),
        (None, None) => Step::Wait,
        (None, Some(_)) => Step::GiveUp,
    }
}

/// What follows from attempt number `attempts`, counted from 1, which ended at `now`, Unix milliseconds. A refusal is tried
/// again like no answer: PayTR has no word for "was deleted before" that could be told from others.
#[must_use]
pub fn after_attempt(attempts: u32, attempt: Attempt, now: u64) -> Closed {
    let (word, reason) = match attempt {
        Attempt::Answered(ReplyStatus::Success) => {
            return Closed { outcome: "deleted", reason: None, after: After::Done };
        }
        Attempt::IdUnknown => {
            return Closed { outcome: "dead", reason: Some("link-id-unknown"), after: After::Done };
        }
        Attempt::Answered(ReplyStatus::Rejected(_)) => ("rejected", None),
        Attempt::Unknown(cause) => ("unknown", Some(cause.as_str())),
        Attempt::NotCreatedYet => ("unknown", Some("not-created-yet")),
    };
    let delay = attempts.checked_sub(1).and_then(|made| DELAYS_MS.get(usize::try_from(made).ok()?));
    let (outcome, after) = match delay {
        Some(delay) => (word, After::Again(now.saturating_add(*delay))),
        None => ("dead", After::Done),
    };
    Closed { outcome, reason, after }
}
