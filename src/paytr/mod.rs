//! PayTR's Link API: one file for each call with its path, fields, token and the reading of its reply; the notification of a
//! payment; and what they share.
//!
//! In scope: what is posted and what an answer says. Not in scope: whether a call is allowed and whether it was made
//! before; that is `ledger`'s.
//!
//! Facts about PayTR come from its Link API pages and official samples.

pub mod create;
pub mod delete;
pub mod send;

mod call;
mod form;
mod merchant;
mod notification;
mod outcome;
mod redact;
mod reply;
mod spelling;

pub use call::{Call, write_flag};
pub use create::{CreatedLink, NewLink};
pub use form::urlencode;
pub use merchant::{Merchant, Token};
pub use notification::{
    MAX_MERCHANT_OID_CHARS, MAX_NOTIFICATION_BYTES, Notification, TotalAmount, Unsigned, UnsignedText,
};
pub use outcome::{Cause, Outcome, RejectedStatus, Rejection};
pub use redact::Private;
pub use reply::{MAX_QR_CHARS, MAX_REPLY_BYTES, Reply, ReplyStatus, read_reply, unread};
