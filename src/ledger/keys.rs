//! The keys under which messages are kept, made so that the storage shows neither recipients nor ids in clear.
//!
//! All are HMACs under `PAYTR_MERCHANT_KEY`. The webhook secrets would not do: they rotate, and with them every key
//! would change and every message be forgotten.

use super::partition::Partition;
use crate::model::{CallbackId, Recipient};
use crate::paytr::Merchant;
use base64::{Engine, engine::general_purpose::STANDARD};

/// Whose a message is.
#[derive(Debug, Clone, Copy)]
pub enum Keeper<'a> {
    /// The recipient's: how often this person was written to counts.
    Recipient(&'a Recipient),
    /// The link's that this message creates.
    NewLink,
    /// The link's.
    Link(&'a CallbackId),
    /// Nobody's but its own.
    Message,
}

/// Where a message is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The partition.
    pub partition: Partition,
    /// The row there.
    pub slot: Slot,
    /// The link that the message is kept with.
    pub callback_id: Option<CallbackId>,
}

/// The row of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// The link's own row: of the message that creates it.
    Link(CallbackId),
    /// A row among the messages.
    Message {
        /// Whose it is.
        owner: String,
        /// Stands for the `webhook-id`, in which a shop may have written a phone number.
        key: String,
    },
}

impl Slot {
    /// A text of its own for each row.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Link(callback_id) => callback_id.as_str().to_owned(),
            Self::Message { owner, key } => format!("{owner} {key}"),
        }
    }
}

impl Address {
    /// Where a message is kept. `namespace` names this very relay; see [`new_callback_id`].
    ///
    /// Upper and lower case of an address are one recipient: mail goes to the same mailbox, and who could choose the case
    /// could pass the limits by it.
    #[must_use]
    pub fn of(merchant: &Merchant, namespace: &str, webhook_id: &str, keeper: Keeper<'_>) -> Self {
        let message_of =
            |owner: String| Slot::Message { owner, key: merchant.keyed_hash_base64(&["webhook-id", webhook_id]) };
        let hashed = |parts: &[&str]| {
            let hash = merchant.keyed_hash(parts);
            let slot = message_of(STANDARD.encode(hash));
            Self { partition: Partition::of_hash(&hash), slot, callback_id: None }
        };
        match keeper {
            Keeper::Recipient(recipient) => {
                hashed(&["recipient", recipient.field(), &recipient.as_str().to_ascii_lowercase()])
            }
            Keeper::Message => hashed(&["message", webhook_id]),
            Keeper::NewLink => {
                let callback_id = new_callback_id(merchant, namespace, webhook_id);
                Self {
                    partition: Partition::of_link(&callback_id),
                    slot: Slot::Link(callback_id.clone()),
                    callback_id: Some(callback_id),
                }
            }
            Keeper::Link(callback_id) => Self {
                partition: Partition::of_link(callback_id),
                slot: message_of(callback_id.as_str().to_owned()),
                callback_id: Some(callback_id.clone()),
            },
        }
    }
}

/// The `callback_id` of the link that a message creates: the same message always finds the same link, and nobody else can
/// name it. `namespace` keeps two relays of one merchant apart, such as a test relay and the real one: PayTR signs the
/// notifications of both with the same key.
#[must_use]
pub fn new_callback_id(merchant: &Merchant, namespace: &str, webhook_id: &str) -> CallbackId {
    CallbackId::from_hash(&merchant.keyed_hash(&["callback-id", namespace, webhook_id]))
}
