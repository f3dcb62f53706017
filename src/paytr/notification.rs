//! PayTR's notification of a payment (Link API, "Callback").
//!
//! In scope: the form, its fields, and PayTR's hash over four of them. Not in scope: whether the payment is as the shop
//! wants it; that is `payment::assessment`'s.
//!
//! The signed text is `callback_id + merchant_oid + merchant_salt + status + total_amount`, and nothing separates its
//! parts. So their grammars do: `callback_id` has a fixed length, see [`CallbackId`], the salt stands in the middle,
//! `status` has no digits and `total_amount` begins with one. A notification can be read in one way only, and one that was
//! signed for something else is not a notification.

use super::merchant::Merchant;
use crate::mac::{TAG_LENGTH, Tag};
use crate::model::callback_id::CallbackId;
use crate::model::characters::is_invisible;
use crate::packed;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use std::borrow::Cow;
use std::fmt;

/// The longest notification, in bytes.
pub const MAX_NOTIFICATION_BYTES: usize = 16 * 1024;
/// The most characters of a `merchant_oid`. PayTR documents no grammar.
pub const MAX_MERCHANT_OID_CHARS: usize = 64;

const MAX_STATUS_CHARS: usize = 32;
const MAX_TOTAL_AMOUNT_CHARS: usize = 32;
/// The most digits of an amount: every JSON reader keeps such a number exactly.
const MAX_AMOUNT_DIGITS: usize = 15;
/// The most characters of an unsigned text that is passed on.
const MAX_UNSIGNED_CHARS: usize = 32;
/// The most characters that are passed on of a text that could not be read.
const MAX_UNREADABLE_CHARS: usize = 64;
/// The fields that are read. Of any other field it does not matter how often it comes.
const READ_FIELDS: [&str; 10] = [
    "hash",
    "callback_id",
    "merchant_oid",
    "status",
    "total_amount",
    "payment_amount",
    "currency",
    "payment_type",
    "test_mode",
    "merchant_id",
];

/// A notification whose hash is PayTR's. It can only be had by [`Notification::verify`].
#[derive(Clone, PartialEq, Eq)]
pub struct Notification {
    /// Which link was paid; signed.
    pub callback_id: CallbackId,
    /// PayTR's name of this one payment, 1 to 64 visible ASCII characters; signed.
    pub merchant_oid: String,
    /// `success`, or another word; signed.
    pub status: String,
    /// What was collected from the payer, in minor units, instalment interest included; signed.
    pub total_amount: TotalAmount,
    /// What the hash does not cover.
    pub unsigned: Unsigned,
    /// The texts of unsigned fields that are there and cannot be read.
    pub unsigned_text: UnsignedText,
}

packed!(struct Notification { callback_id, merchant_oid, status, total_amount, unsigned, unsigned_text });

/// `total_amount`, as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TotalAmount {
    /// 1 to 15 digits: minor units, and the text, since zeros may stand in front.
    MinorUnits(u64, String),
    /// Another text that begins with a digit, such as `158000.00`.
    Unreadable(String),
}

packed!(enum TotalAmount {
    0 MinorUnits(value, second),
    1 Unreadable(value),
});

/// What PayTR says without proof. A field that is absent or unreadable is `None`; see [`UnsignedText`].
/// As JSON it has the members that have a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Unsigned {
    /// What was paid for the order, in minor units, without instalment interest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_amount: Option<u64>,
    /// PayTR's name of the currency, 1 to 32 visible ASCII characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// `card`, or another word of 1 to 32 visible ASCII characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_type: Option<String>,
    /// Whether no money was moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_mode: Option<bool>,
    /// Whose payment it is, 1 to 32 visible ASCII characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_id: Option<String>,
}

packed!(struct Unsigned { payment_amount, currency, payment_type, test_mode, merchant_id });

/// Unsigned fields that are there and cannot be read, as they came, at most 64 characters of each and none that nobody
/// sees. For a person to look at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UnsignedText {
    /// `payment_amount`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_amount: Option<String>,
    /// `currency`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// `payment_type`; nothing is judged by it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_type: Option<String>,
    /// `test_mode`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_mode: Option<String>,
    /// `merchant_id`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_id: Option<String>,
}

packed!(struct UnsignedText { payment_amount, currency, payment_type, test_mode, merchant_id });

impl UnsignedText {
    /// Whether every field could be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a field that a payment is judged by could not be read.
    #[must_use]
    pub fn speaks_against(&self) -> bool {
        *self != Self { payment_type: self.payment_type.clone(), ..Self::default() }
    }
}

impl TotalAmount {
    fn parse(text: &str) -> Option<Self> {
        let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        match parse_amount(text) {
            Some(amount) => Some(Self::MinorUnits(amount, text.to_owned())),
            None if begins && is_visible(text, MAX_TOTAL_AMOUNT_CHARS) => Some(Self::Unreadable(text.to_owned())),
            None => None,
        }
    }

    /// The amount, if it can be read.
    #[must_use]
    pub const fn minor_units(&self) -> Option<u64> {
        match self {
            Self::MinorUnits(amount, _) => Some(*amount),
            Self::Unreadable(_) => None,
        }
    }

    /// The text that PayTR signed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::MinorUnits(_, text) | Self::Unreadable(text) => text,
        }
    }
}

impl Merchant {
    /// Whether `tag` is the hash of a payment's notification: `HMAC-SHA256(merchant_key, callback_id + merchant_oid +
    /// merchant_salt + status + total_amount)` (Link API, "Callback"), compared in constant time.
    #[must_use]
    pub fn signed_callback(&self, [callback_id, merchant_oid, status, total_amount]: [&str; 4], tag: &Tag) -> bool {
        self.is_signed(&[callback_id, merchant_oid], &[status, total_amount], tag)
    }
}

impl Notification {
    /// Reads a notification, an urlencoded form, and checks its hash, in constant time. Fields of other names may be there.
    ///
    /// # Errors
    /// What is wrong, to be read after `PAYTR notification failed: `. Constant words, never a value.
    pub fn verify(form: &[u8], merchant: &Merchant) -> Result<Self, &'static str> {
        if form.len() > MAX_NOTIFICATION_BYTES {
            return Err("the form is over 16384 bytes");
        }
        let mut fields = Fields::read(form)?;
        let hash = fields.take("hash").ok_or("the field hash is missing")?;
        let callback_id = fields.take("callback_id").ok_or("the field callback_id is missing")?;
        let merchant_oid = fields.take("merchant_oid").ok_or("the field merchant_oid is missing")?;
        let status = fields.take("status").ok_or("the field status is missing")?;
        let total_amount = fields.take("total_amount").ok_or("the field total_amount is missing")?;

        let parsed_id = CallbackId::parse(&callback_id).ok_or("the field callback_id is not of this relay")?;
        if !is_visible(&merchant_oid, MAX_MERCHANT_OID_CHARS) {
            return Err("the field merchant_oid is not 1 to 64 visible ASCII characters");
        }
        if !is_status(&status) {
            return Err("the field status is not 1 to 32 letters");
        }
        let amount = TotalAmount::parse(&total_amount).ok_or("the field total_amount is not 1 to 15 digits")?;

        let tag = parse_hash(&hash).ok_or(BAD_HASH)?;
        if !merchant.signed_callback([&callback_id, &merchant_oid, &status, &total_amount], &tag) {
            return Err(BAD_HASH);
        }
        let (unsigned, unsigned_text) = fields.unsigned();
        Ok(Self {
            callback_id: parsed_id,
            merchant_oid: merchant_oid.into_owned(),
            status: status.into_owned(),
            total_amount: amount,
            unsigned,
            unsigned_text,
        })
    }
}

impl fmt::Debug for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notification").field("callback_id", &self.callback_id).finish_non_exhaustive()
    }
}

const BAD_HASH: &str = "bad hash";

struct Fields<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Fields<'a> {
    /// The fields that are read, by their names. Of one that comes twice nobody knows which one was signed.
    fn read(form: &'a [u8]) -> Result<Self, &'static str> {
        let mut fields: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
        for (name, value) in form_urlencoded::parse(form) {
            if !READ_FIELDS.contains(&name.as_ref()) {
                continue;
            }
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(twice(&name));
            }
            fields.push((name, value));
        }
        Ok(Self(fields))
    }

    fn take(&mut self, name: &str) -> Option<Cow<'a, str>> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(at).1)
    }

    /// What is not signed, and what of it cannot be read: nothing that is there may pass as absent.
    fn unsigned(&mut self) -> (Unsigned, UnsignedText) {
        let mut unreadable = UnsignedText::default();
        let visible = |text: &str| is_visible(text, MAX_UNSIGNED_CHARS).then(|| text.to_owned());
        let flag = |text: &str| match text {
            "0" => Some(false),
            "1" => Some(true),
            _ => None,
        };
        let unsigned = Unsigned {
            payment_amount: self.parsed("payment_amount", parse_amount, &mut unreadable.payment_amount),
            currency: self.parsed("currency", visible, &mut unreadable.currency),
            payment_type: self.parsed("payment_type", visible, &mut unreadable.payment_type),
            test_mode: self.parsed("test_mode", flag, &mut unreadable.test_mode),
            merchant_id: self.parsed("merchant_id", visible, &mut unreadable.merchant_id),
        };
        (unsigned, unreadable)
    }

    fn parsed<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Option<T>,
        unreadable: &mut Option<String>,
    ) -> Option<T> {
        let text = self.take(name)?;
        let parsed = parse(&text);
        if parsed.is_none() {
            let is_shown = |character: &char| !character.is_control() && !is_invisible(*character);
            *unreadable = Some(text.chars().filter(is_shown).take(MAX_UNREADABLE_CHARS).collect());
        }
        parsed
    }
}

fn twice(name: &str) -> &'static str {
    match name {
        "hash" => "the field hash came twice",
        "callback_id" => "the field callback_id came twice",
        "merchant_oid" => "the field merchant_oid came twice",
        "status" => "the field status came twice",
        "total_amount" => "the field total_amount came twice",
        _ => "a field came twice",
    }
}

fn is_visible(text: &str, max_chars: usize) -> bool {
    (1..=max_chars).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// No digits: those of `total_amount` follow it in the signed text.
fn is_status(text: &str) -> bool {
    (1..=MAX_STATUS_CHARS).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'-')
}

fn parse_amount(text: &str) -> Option<u64> {
    let is_amount = (1..=MAX_AMOUNT_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_amount { text.parse().ok() } else { None }
}

/// The canonical base64 of 32 bytes: the engine refuses other alphabets, absent padding and stray last bits. A `+` that was
/// posted as it is arrives as a blank, which base64 never means.
fn parse_hash(text: &str) -> Option<Tag> {
    let mut tag = [0; TAG_LENGTH];
    let length = STANDARD.decode_slice(text.replace(' ', "+"), &mut tag).ok()?;
    (length == TAG_LENGTH).then_some(tag)
}
