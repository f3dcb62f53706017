//! A Cloudflare Worker that creates, sends and tracks PayTR payment links for a shop. PayTR's merchant key and salt never
//! leave it; it asks PayTR for each thing at most once and tells the shop of each payment at least once.
//!
//! A message takes this way: [`standard_webhooks::verify`], [`message::Message::parse`], a partition with the [`ledger`]'s
//! decision, [`paytr`], a typed [`message::Answer`], [`http::answer`]. Everything but `edge`, `partition` and `platform` is
//! pure: bytes, settings and the time come in, plain values go out.

pub mod alert;
pub mod config;
pub mod http;
pub mod json;
pub mod ledger;
pub mod link;
pub mod link_view;
pub mod mac;
pub mod message;
pub mod model;
pub mod order;
pub mod packed;
pub mod payment;
pub mod paytr;
pub mod standard_webhooks;
pub mod storefront;
pub mod tasks;
pub mod telemetry;

mod edge;
mod partition;
mod platform;
