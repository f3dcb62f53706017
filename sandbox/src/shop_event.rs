//! An event that the shop was told of, as the sandbox keeps it.

use serde_json::Value;

/// One `webhook-id` is one event, however often it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopEvent {
    /// The same over retries and replays.
    pub webhook_id: String,
    /// When it came first, Unix time in milliseconds.
    pub at: u64,
    /// How often it came.
    pub deliveries: u32,
    /// As it came last.
    pub body: Value,
}
