//! A line of the log as a data point of Workers Analytics Engine: what can be counted and averaged, and nothing that names
//! a message or a customer.
//!
//! The places of blobs and doubles are what queries refer to (docs/observe.md), so new ones go to the end.

use super::log_line::LogLine;

/// A data point.
#[derive(Debug, Clone, PartialEq)]
pub struct DataPoint {
    /// `index1`, the outcome: each is sampled by itself, so that the many that are sent do not crowd out the few that fail.
    pub index: &'static str,
    /// `blob1` to `blob7`: outcome, code, type, PayTR's status, reason, the type of a payment's event, its currency; empty where
    /// there is none.
    pub blobs: [&'static str; 7],
    /// `double1` to `double7`: HTTP status, milliseconds in all, milliseconds in PayTR, number of the secret, 1 for a
    /// replay, PayTR's HTTP status, and what a payment collected in minor units; 0 where there is none.
    pub doubles: [f64; 7],
}

impl From<&LogLine<'_>> for DataPoint {
    fn from(line: &LogLine<'_>) -> Self {
        let text = Option::unwrap_or_default;
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX).into();
        Self {
            index: line.outcome,
            blobs: [
                line.outcome,
                line.code,
                text(line.message_type),
                text(line.paytr_status),
                text(line.reason),
                text(line.event_type),
                text(line.currency),
            ],
            doubles: [
                line.status.into(),
                number(line.total_ms),
                number(line.paytr_ms.unwrap_or_default()),
                line.secret.map_or(0.0, |secret| u32::try_from(secret).unwrap_or(u32::MAX).into()),
                line.replayed.into(),
                line.paytr_http_status.unwrap_or_default().into(),
                number(line.total_amount.unwrap_or_default()),
            ],
        }
    }
}
