//! PayTR's Link API: tokens, forms, replies, and the hash of its callback.
//!
//! In scope: what is posted and what an answer says. Not in scope: whether a call is allowed and whether it was made
//! before; that is `ledger`'s.
//!
//! Facts about PayTR come from its Link API pages and official samples.

mod callback;
mod create_token;
mod form;
mod outcome;
mod redact;
mod reply;
mod seal;
mod spelling;
mod token;

pub use callback::{MAX_MERCHANT_OID_CHARS, MAX_NOTICE_BYTES, Notification, Unsigned};
pub use create_token::{SignedKind, SignedLink};
pub use form::urlencode;
pub use outcome::{Cause, Outcome, RejectedStatus, Rejection};
pub use redact::Private;
pub use reply::{MAX_QR_CHARS, MAX_REPLY_BYTES, Reply, ReplyStatus, read_reply, unread};
pub use token::{Merchant, Token};

/// A call of PayTR's, ready to be posted.
pub struct Call {
    /// Behind `PAYTR_BASE_URL`.
    pub path: &'static str,
    /// The body, `application/x-www-form-urlencoded`.
    pub form: String,
    /// What was sent and no text of PayTR's may carry any further: the token, and who it is about.
    pub private: Vec<String>,
}
