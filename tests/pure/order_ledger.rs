//! The ledger between an order's machine and PayTR, as `order_world` has it: what becomes of a link that is asked for, of its
//! sends, and of its deletion.

use crate::order_world::MINUTE_MS;
use paytr_link_relay::link::SendOutcome;
use paytr_link_relay::model::Recipient;
use paytr_link_relay::order::{CreateAnswer, OrderLink};
use paytr_link_relay::storefront::Sent;
use std::collections::BTreeMap;

/// What happens when a link is asked for that the ledger does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Making {
    Made,
    Refused,
    /// Nobody knows; whether it was made all the same.
    Unknown(bool),
    /// No place was free, and nothing is recorded.
    Busy,
}

/// What happens to a send that is still to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    Sent,
    Unknown,
    /// It may be made after so many minutes.
    Limited(u8),
}

/// What happens when a link is to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleting {
    Deleted,
    Refused,
    /// Nobody knows; whether it was deleted all the same.
    Unknown(bool),
}

/// What becomes of an answer on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Arrives,
    /// The ledger did it, and the object that asked is gone.
    Lost,
    /// The ledger does not say how it ended.
    Later,
}

/// A link as the ledger and PayTR have it.
#[derive(Debug)]
pub struct Kept {
    pub asked: OrderLink,
    pub people: Vec<Recipient>,
    pub creation: Making,
    pub is_at_paytr: bool,
    pub is_deleted: bool,
    pub is_paid: bool,
    pub sends: BTreeMap<String, SendOutcome>,
    pub deletions: BTreeMap<u32, Deleting>,
}

impl Kept {
    /// Whether somebody may pay it, or has just paid it.
    pub fn is_payable(&self) -> bool {
        self.creation == Making::Made && !self.is_paid
    }

    /// Makes the sends that were not made.
    pub fn send(&mut self, sending: Sending, now: u64) -> CreateAnswer {
        let is_over = self.is_paid || self.is_deleted;
        let mut sent = Vec::new();
        let mut retry_at = None;
        for person in &self.people {
            let outcome = match (self.sends.get(person.as_str()), sending) {
                (Some(outcome), _) => *outcome,
                (None, _) if is_over => SendOutcome::Obsolete,
                (None, Sending::Limited(minutes)) => {
                    retry_at = Some(now + MINUTE_MS * u64::from(minutes));
                    SendOutcome::Limited
                }
                (None, sending) => {
                    let outcome = if sending == Sending::Sent { SendOutcome::Sent } else { SendOutcome::Unknown };
                    let first = self.sends.insert(person.as_str().to_owned(), outcome);
                    assert_eq!(first, None, "a message is sent twice");
                    outcome
                }
            };
            sent.push(Sent { to: person.masked(), outcome });
        }
        CreateAnswer::Created { url: "https://www.paytr.com/link/NB2Zlz3".to_owned(), sent, retry_at }
    }
}
