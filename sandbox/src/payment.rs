//! A payment of a link, and how its notification fares.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::form::Fields;

/// What PayTR's panel says of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationState {
    /// "Devam Ediyor": no `OK` yet, PayTR comes again.
    Pending,
    /// "Başarılı": the answer was `OK`.
    Delivered,
    /// "Bildirim Durdu": given up, until somebody starts it again.
    Stopped,
    /// The link has no `callback_link`.
    None,
}

impl NotificationState {
    /// The panel's words.
    #[must_use]
    pub fn in_panel(self) -> &'static str {
        match self {
            Self::Pending => "Devam Ediyor",
            Self::Delivered => "Başarılı",
            Self::Stopped => "Bildirim Durdu",
            Self::None => "Bildirim Yok",
        }
    }
}

/// One try to tell the merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When the answer was there, Unix time in milliseconds.
    pub at: u64,
    /// The HTTP status, if there was an answer.
    pub http_status: Option<u16>,
    /// The start of the answer's body, or why there was none.
    pub text: String,
}

/// A payment.
#[derive(Clone, Serialize, Deserialize)]
pub struct Payment {
    /// PayTR's number of it.
    pub merchant_oid: String,
    /// Unix time in milliseconds.
    pub at: u64,
    /// Pieces; `None` where the link is not sold by the piece.
    pub quantity: Option<u64>,
    /// Without interest, minor units.
    pub payment_amount: u64,
    /// With interest, minor units.
    pub total_amount: u64,
    /// `TL`, …
    pub currency: String,
    /// 1 is none.
    pub installments: u8,
    /// Whether it is a test payment.
    pub test_mode: bool,
    /// Where the notification goes.
    pub callback_url: Option<String>,
    /// The notification as it is posted; empty when there is none.
    pub fields: Fields,
    /// How the notification fares.
    pub notification: NotificationState,
    /// All tries so far.
    pub attempts: Vec<Attempt>,
    /// When the next try is due, Unix time in milliseconds.
    pub next_attempt_at: Option<u64>,
}

impl fmt::Debug for Payment {
    /// Leaves out the fields, which hold the hash.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Payment")
            .field("merchant_oid", &self.merchant_oid)
            .field("total_amount", &self.total_amount)
            .field("notification", &self.notification)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
