//! A PayTR Link API to develop and test against.
//!
//! In scope: `create`, `delete` and the two sends with PayTR's checks and words; payments and their notifications; ways to
//! misbehave on demand; the outbox, a page that shows what customers would have received, and a payment page for each
//! link; an inbox for the shop's events. Beside it, each at an address of its own, shops whose webhooks the relay takes
//! ([`woocommerce`], [`shopify`]). Everything is kept in memory; what PayTR would know, with a [`Journal`], on disk too.
//!
//! Not in scope: anything that leaves the machine. Where PayTR refuses localhost and ports in `callback_link`, the
//! sandbox takes them, and notifies nobody else. It shares no code with the relay on purpose: a mistake in one must not
//! be hidden by the same mistake in the other.

mod clock;
mod connections;
mod event_secrets;
mod form;
mod guard;
mod journal;
mod link;
mod link_api;
mod links;
mod loopback;
mod merchant;
mod misbehaviour;
mod notification;
mod notifier;
mod outbox;
mod pages;
mod pay;
mod payment;
mod perform;
mod qr;
mod received;
mod rules;
mod sandbox;
mod shared;
mod shop_event;
mod shop_events;
pub mod shopify;
mod store;
mod token;
pub mod woocommerce;

pub use event_secrets::EventSecrets;
pub use journal::Journal;
pub use link::{Callback, Link, LinkState, LinkType, Terms};
pub use merchant::Merchant;
pub use misbehaviour::{KNOWN, KNOWN_CREATES, Known, Misbehaviour};
pub use notification::Notification;
pub use notifier::Schedule;
pub use pay::{Pay, PayError};
pub use payment::{Attempt, NotificationState, Payment};
pub use received::{Answer, Channel, Received};
pub use sandbox::{Options, Sandbox};
pub use shop_event::ShopEvent;
