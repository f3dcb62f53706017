//! Deleting what was kept long enough.
//!
//! In scope: when the tables are looked through. What goes is `ledger::retention`'s.

/// How long after one another the tables are looked through, in milliseconds.
pub const INTERVAL_MS: u64 = 24 * 60 * 60 * 1000;
/// How many rows are looked at in one go: requests are let in between two.
pub const BATCH_ROWS: u32 = 500;
