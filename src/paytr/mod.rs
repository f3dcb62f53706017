//! PayTR's Link API: the two calls that send a payment link.
//!
//! In scope: the token, the form, the reply, and the one fetch. Not in scope: whether a send is allowed and whether it
//! was made before; that is `ledger`'s, and every call of `send` here is one real message to a customer.
//!
//! Facts about PayTR come from its Link API pages ("SMS ile gönderim", "E-posta ile gönderim") and official samples.

mod form;
mod reply;
#[cfg(target_arch = "wasm32")]
mod send;
mod token;

pub use form::form;
pub use reply::{MAX_REPLY_BYTES, read_reply, unread};
#[cfg(target_arch = "wasm32")]
pub use send::send;
pub use token::{Merchant, Token};

use crate::recipient::Recipient;

/// The path of the call that sends to this recipient.
#[must_use]
pub const fn path(recipient: &Recipient) -> &'static str {
    match recipient {
        Recipient::CellPhone(_) => "/odeme/api/link/send-sms",
        Recipient::Email(_) => "/odeme/api/link/send-email",
    }
}
