//! All that touches Workers: the handlers of requests, the Durable Object, the log, and what is fetched.
//!
//! What is hot is done with the platform's own types, which `worker` re-exports: building a `worker::Request` or
//! `worker::Response` costs a third of a request's CPU (docs/performance.md).

mod body;
mod callback;
mod clock;
mod environment;
mod health;
mod ledger;
mod log;
mod paytr;
mod post;
mod request;
mod response;
mod router;
mod webhook;
