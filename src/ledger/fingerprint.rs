//! What tells a retry from another message under the same `webhook-id`.
//!
//! A fingerprint is a list of what a message says, written out by each message type: never the serialised form of a struct,
//! which changes with the code. It has what PayTR is posted, and what the relay does beside that. An optional member that is
//! left out, and a flag that is off, is not in the list; so a new optional member leaves the fingerprints of messages without
//! it as they were. `tests/pure/ledger_fingerprint.rs` holds them.

use crate::paytr::Merchant;

/// The way in which the list is written. Another one would turn retries of recorded messages into other messages.
const VERSION: &str = "fingerprint-1";

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    parts: Vec<String>,
}

impl Fingerprint {
    /// A message of this type that says nothing yet.
    #[must_use]
    pub fn of(message_type: &str) -> Self {
        Self { parts: vec![VERSION.to_owned(), message_type.to_owned()] }
    }

    /// Adds a member. The order counts.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.parts.push(format!("{name}={value}"));
        self
    }

    /// Adds a flag, unless it is off.
    #[must_use]
    pub fn with_flag(self, name: &str, on: Option<bool>) -> Self {
        if on == Some(true) { self.with(name, "1") } else { self }
    }

    /// The form in which it is kept: a keyed hash, which shows nothing of the message.
    #[must_use]
    pub fn hash(&self, merchant: &Merchant) -> String {
        let parts: Vec<&str> = self.parts.iter().map(String::as_str).collect();
        merchant.keyed_hash_base64(&parts)
    }
}
