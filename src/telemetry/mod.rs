//! What an operator sees: one line of the log per message, and one data point.

mod log_line;
mod metrics;

pub use log_line::{CALLBACK, LogLine, RequestInfo, request_id};
pub use metrics::DataPoint;
