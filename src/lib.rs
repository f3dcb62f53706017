//! A Cloudflare Worker that takes the whole life of a PayTR payment link off a shop's hands: create it, send it by SMS and
//! e-mail, learn that it was paid, delete it. `PayTR`'s merchant key and salt never leave it; it asks `PayTR` for each thing
//! at most once and tells the shop of each payment at least once.
//!
//! A message takes this way: [`standard_webhooks::verify`], [`operation::Message::parse`], the [`ledger`]'s decision,
//! [`paytr`], a [`response::Response`]. Everything but `platform` is pure: bytes, settings and the time come in, plain
//! values go out. `platform` is all that touches Workers: the handlers, the Durable Object, the fetches.

pub mod config;
pub mod events;
pub mod headers;
pub mod json;
pub mod ledger;
pub mod link;
pub mod mac;
pub mod model;
pub mod operation;
pub mod paytr;
pub mod problem;
pub mod response;
pub mod standard_webhooks;
pub mod telemetry;

mod platform;
