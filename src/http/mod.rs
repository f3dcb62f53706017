//! HTTP, as values: what a request's headers say, every error, and a response before it is the platform's.

pub mod answer;
pub mod cors;
pub mod media_type;
pub mod problem;
pub mod response;
