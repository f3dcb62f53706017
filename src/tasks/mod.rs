//! Due work: what follows from an attempt, and when the next one is made.
//!
//! In scope: one file for each kind of task with its decisions, all pure. Not in scope: the list of what is due and the
//! doing, which are `partition`'s.

pub mod close_link;
pub mod deliver_event;
pub mod send_alert;
pub mod sweep;

/// What follows from a task that was worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Nothing: it is done, or given up.
    Done,
    /// It is due again, Unix milliseconds.
    Again(u64),
}
