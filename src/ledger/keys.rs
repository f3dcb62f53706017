//! Keys under which the ledger keeps things, made so that the storage shows neither recipients nor ids in clear.
//!
//! All are HMACs under `PAYTR_MERCHANT_KEY`. The webhook secrets would not do: they rotate, and with them every key
//! would change and every message be forgotten.

use crate::model::CallbackId;
use crate::operation::{Create, Keeper, MessageType};
use crate::paytr::Merchant;

/// The name of the object that keeps an operation.
///
/// Upper and lower case of an address are one recipient: mail goes to the same mailbox, and who could choose the case
/// could pass the limits by it. A link's object is named after its `callback_id`, so that PayTR's callback finds it.
#[must_use]
pub fn object_name(merchant: &Merchant, webhook_id: &str, keeper: &Keeper<'_>) -> String {
    match keeper {
        Keeper::Recipient(recipient) => {
            merchant.keyed_hash_base64(&["recipient", recipient.field(), &recipient.as_str().to_ascii_lowercase()])
        }
        Keeper::NewLink => new_callback_id(merchant, webhook_id).as_str().to_owned(),
        Keeper::Link(callback_id) => callback_id.as_str().to_owned(),
        Keeper::Message => merchant.keyed_hash_base64(&["message-object", webhook_id]),
    }
}

/// The link that an operation is kept with.
#[must_use]
pub fn callback_id(merchant: &Merchant, webhook_id: &str, keeper: &Keeper<'_>) -> Option<CallbackId> {
    match keeper {
        Keeper::Recipient(_) | Keeper::Message => None,
        Keeper::NewLink => Some(new_callback_id(merchant, webhook_id)),
        Keeper::Link(callback_id) => Some((*callback_id).clone()),
    }
}

fn new_callback_id(merchant: &Merchant, webhook_id: &str) -> CallbackId {
    CallbackId::from_hash(&merchant.keyed_hash(&["callback-id", Create::TYPE, webhook_id]))
}

/// The keys of one message in its object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryKeys {
    /// Stands for the `webhook-id`, in which a shop may have written a phone number.
    pub entry: String,
    /// Stands for all that the message says.
    pub fingerprint: String,
}

impl EntryKeys {
    /// The keys of a message with this [`fingerprint`](crate::operation::PaytrOperation::fingerprint).
    #[must_use]
    pub fn new(merchant: &Merchant, webhook_id: &str, fingerprint: &[String]) -> Self {
        let said: Vec<&str> = ["message"].into_iter().chain(fingerprint.iter().map(String::as_str)).collect();
        Self {
            entry: merchant.keyed_hash_base64(&["webhook-id", webhook_id]),
            fingerprint: merchant.keyed_hash_base64(&said),
        }
    }
}
