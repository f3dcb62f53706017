//! A payment of a link, and how its notification fares.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{form::Fields, link::LinkState};

/// What a payer does, for [`crate::Sandbox::pay`] and `POST /sandbox/links/<id>/pay`. By default: pays the price of the
/// link once, by card, without instalments. Everything else is there to try a merchant out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pay {
    /// `payment_amount` in minor units, any amount. The link's price by default.
    pub amount: Option<u64>,
    /// `total_amount`. The amount with the interest of the instalments by default.
    pub total_amount: Option<u64>,
    /// 1 to the link's `max_installment`; 1 by default.
    pub installments: Option<u8>,
    /// The link's by default.
    pub currency: Option<String>,
    /// Whether it is a test payment.
    pub test_mode: bool,
    /// The sandbox's merchant by default.
    pub merchant_id: Option<String>,
    /// `success` by default.
    pub status: Option<String>,
    /// A new one by default.
    pub merchant_oid: Option<String>,
    /// Names of fields that the notification goes without.
    pub leave_out: Vec<String>,
    /// Pays a link that is sold out, expired or deleted, too: two payers at once can do that.
    pub even_if_inactive: bool,
}

/// Why a link cannot be paid so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayError {
    /// The sandbox made no link of this id.
    NoSuchLink,
    /// Sold out, expired or deleted.
    Inactive(LinkState),
    /// More instalments than the link has, or none.
    Installments,
    /// Another payment has this `merchant_oid`.
    MerchantOidTaken,
}

impl fmt::Display for PayError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoSuchLink => "The sandbox made no link of this id.",
            Self::Inactive(LinkState::Deleted) => "The link was deleted.",
            Self::Inactive(LinkState::Expired) => "The link has expired.",
            Self::Inactive(_) => "The link is sold out.",
            Self::Installments => "installments is 1 to the link's max_installment.",
            Self::MerchantOidTaken => "Another payment has this merchant_oid.",
        })
    }
}

impl std::error::Error for PayError {}

/// What PayTR's panel says of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// When the answer was there, Unix time in milliseconds.
    pub at: u64,
    /// The HTTP status, if there was an answer.
    pub http_status: Option<u16>,
    /// The start of the answer's body, or why there was none.
    pub text: String,
}

/// A payment.
#[derive(Clone)]
pub struct Payment {
    /// PayTR's number of it.
    pub merchant_oid: String,
    /// Unix time in milliseconds.
    pub at: u64,
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
