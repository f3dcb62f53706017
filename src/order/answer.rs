//! What the ledger's answers to an order's messages mean for the order.

use crate::ledger::{Refusal, Unavailable};
use crate::link::SendReport;
use crate::message::{Success, send_type};
use crate::model::Recipient;
use crate::storefront::Sent;

/// When something is asked again that the ledger could not take, in milliseconds.
const LATER_MS: u64 = 5_000;
/// What stands for PayTR's words where the relay does not ask it: see docs/woocommerce.md.
const NO_ORIGIN: &str = "RELAY_ORIGIN";

/// What became of asking for a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateAnswer {
    /// It was made.
    Created {
        /// Its address
        url: String,
        /// What became of its sends
        sent: Vec<Sent>,
        /// When a send that was limited may be made, Unix milliseconds
        retry_at: Option<u64>,
    },
    /// PayTR refused; with its words.
    Refused(Option<String>),
    /// Nobody knows.
    Unknown,
    /// PayTR was not asked, and never is for this one; the next number may be at this time, Unix milliseconds.
    NotAsked {
        /// Unix milliseconds
        retry_at: u64,
    },
    /// It is to be asked again, at this time, Unix milliseconds.
    Later(u64),
}

/// What became of asking to delete a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeleteAnswer {
    /// It is deleted, or there is none.
    Deleted,
    /// PayTR refused, or nobody knows: deleting twice does no harm.
    Failed,
    /// It is to be asked again, at this time, Unix milliseconds.
    Later(u64),
}

impl CreateAnswer {
    /// What the ledger's answer means, given at `now`, Unix milliseconds. `people` are those that the link is sent to.
    /// `is_recorded` is whether the ledger has the link: a create that finds no place is not recorded, one whose sends find
    /// none is.
    #[must_use]
    pub fn read(content: Result<Success, Refusal>, people: &[Recipient], is_recorded: bool, now: u64) -> Self {
        match content {
            Ok(Success::Create(created)) => {
                let seconds =
                    created.sends.iter().filter(|send| !send.is_final()).filter_map(|send| send.retry_after).max();
                let retry_at = seconds.map(|seconds| now.saturating_add(seconds.saturating_mul(1000)));
                let sent = created.sends.iter().map(|send| sent(send, people)).collect();
                match created.link.url {
                    Some(url) => Self::Created { url, sent, retry_at },
                    None => Self::Unknown,
                }
            }
            Err(Refusal::Rejected(rejection)) => Self::Refused(rejection.reason),
            Err(Refusal::Unavailable(Unavailable::Busy)) if !is_recorded => {
                Self::NotAsked { retry_at: now.saturating_add(LATER_MS) }
            }
            Err(refusal) => match later(&refusal, now) {
                Some(at) => Self::Later(at),
                None if refusal == Refusal::ExpiryPassed => Self::NotAsked { retry_at: now },
                None if refusal == Refusal::CallbackUnreachable => Self::Refused(Some(NO_ORIGIN.to_owned())),
                None => Self::Unknown,
            },
            Ok(_) => Self::Unknown,
        }
    }
}

impl DeleteAnswer {
    /// What the ledger's answer means, given at `now`, Unix milliseconds.
    #[must_use]
    pub fn read(content: &Result<Success, Refusal>, now: u64) -> Self {
        match content {
            // One link was asked for, so it is deleted, or PayTR refused.
            Ok(_) | Err(Refusal::LinkNotFound) => Self::Deleted,
            Err(refusal) => later(refusal, now).map_or(Self::Failed, Self::Later),
        }
    }
}

/// When a message is to be asked again that the ledger did not take.
fn later(refusal: &Refusal, now: u64) -> Option<u64> {
    match refusal {
        Refusal::InProgress(seconds) | Refusal::RecipientLimit(seconds) => {
            Some(now.saturating_add(seconds.saturating_mul(1000)))
        }
        Refusal::Unavailable(_) => Some(now.saturating_add(LATER_MS)),
        _ => None,
    }
}

fn sent(report: &SendReport, people: &[Recipient]) -> Sent {
    let is_his = |recipient: &&Recipient| send_type(recipient) == report.message_type;
    let to = people.iter().find(is_his).map(Recipient::masked).unwrap_or_default();
    Sent { to, outcome: report.outcome }
}
