//! Names under which the ledger keeps things, made so that the storage shows neither recipients nor ids in clear.
//!
//! All are HMACs under `PAYTR_MERCHANT_KEY`. The webhook secrets would not do: they rotate, and with them every name
//! would change and every message be forgotten.

use crate::message::SendLink;
use crate::paytr::Merchant;

/// The name of the object that keeps this recipient's ledger. Upper and lower case are one recipient: mail goes to the
/// same mailbox, and who could choose the case could pass the limits by it.
#[must_use]
pub fn object_name(merchant: &Merchant, message: &SendLink) -> String {
    merchant.pseudonym(&["recipient", message.recipient.field(), &message.recipient.as_str().to_ascii_lowercase()])
}

/// The names of one message in its object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// Stands for the `webhook-id`, in which a shop may have written a phone number.
    pub key: String,
    /// Stands for all that the message says.
    pub fingerprint: String,
}

impl Names {
    /// Names a message.
    #[must_use]
    pub fn new(merchant: &Merchant, webhook_id: &str, message: &SendLink) -> Self {
        let SendLink { id, recipient, debug_on } = message;
        let debug_on = match debug_on {
            None => "",
            Some(false) => "0",
            Some(true) => "1",
        };
        Self {
            key: merchant.pseudonym(&["webhook-id", webhook_id]),
            fingerprint: merchant.pseudonym(&["message", recipient.field(), recipient.as_str(), id.as_str(), debug_on]),
        }
    }
}
