//! HTTP headers, as values: what a body is said to be, and what lets a page read an answer.

pub mod cors;
pub mod media_type;
