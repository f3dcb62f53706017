//! An event that the shop was told of, as the sandbox keeps it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One `webhook-id` is one event, however often it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopEvent {
    /// The same over retries and replays.
    pub webhook_id: String,
    /// When it came first, Unix time in milliseconds.
    pub at: u64,
    /// How often it came.
    pub deliveries: u32,
    /// The headers as they came last, in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as it came last, every byte of it.
    pub text: String,
    /// The same, read.
    pub body: Value,
}
