//! What `edge` and `partition` have of Workers in common: the clock, the settings, the log, bodies, and what is fetched.
//!
//! What is hot is done with the platform's own types, which `worker` re-exports: building a `worker::Request` or
//! `worker::Response` costs a third of a request's CPU (docs/benchmarks.md).

pub mod body;
pub mod clock;
pub mod environment;
pub mod log;
pub mod paytr;
pub mod post;
pub mod shop;
