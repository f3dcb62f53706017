//! Standard Webhooks 1.0.0, as a sender.

pub mod sign;
