//! A PayTR Link API to develop and test against.
//!
//! In scope: the two sends (`send-sms`, `send-email`) with PayTR's checks and words, ways to misbehave on demand, and
//! the outbox, a page that shows what customers would have received. Everything is kept in memory.
//!
//! Not in scope: creating and deleting links, callbacks, and anything that leaves the machine. The sandbox shares no
//! code with the relay on purpose: a mistake in one must not be hidden by the same mistake in the other.

mod connections;
mod form;
mod link_api;
mod merchant;
mod misbehaviour;
mod outbox;
mod received;
mod rules;
mod sandbox;
mod store;
mod token;

pub use merchant::Merchant;
pub use misbehaviour::{KNOWN, Known, Misbehaviour};
pub use received::{Answer, Channel, Received};
pub use sandbox::Sandbox;
