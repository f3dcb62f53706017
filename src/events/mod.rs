//! From a payment to the shop's event.
//!
//! In scope: what a payment is worth (`verdict`), what the shop is told (`event`), and when it is told again
//! (`schedule`). All pure. Not in scope: PayTR's notice itself, which is `paytr`'s, and the signature, which is
//! `standard_webhooks`'.

pub mod event;
pub mod schedule;
pub mod verdict;
