//! A Cloudflare Worker that sends PayTR payment links by SMS and e-mail for storefronts that must not hold PayTR's
//! keys, each message at most once.
//!
//! The way of a request reads top to bottom in `door`: [`webhook::verify`], [`message::Message::parse`], the recipient's
//! [`ledger`], [`paytr`], the [`answer::Answer`]. `door`, `platform`, `paytr::send` and the ledger's object and store
//! touch the platform and exist on wasm32 alone. Everything else is pure: bytes, settings and the time come in, plain
//! values go out.

pub mod answer;
pub mod characters;
pub mod content;
pub mod cors;
pub mod json;
pub mod ledger;
pub mod log;
pub mod mac;
pub mod message;
pub mod metrics;
pub mod origin;
pub mod outcome;
pub mod paytr;
pub mod problem;
pub mod recipient;
pub mod settings;
pub mod webhook;

#[cfg(target_arch = "wasm32")]
mod door;
#[cfg(target_arch = "wasm32")]
mod platform;
