//! PayTR's notice of a payment (Link API, "Callback").
//!
//! In scope: the form, its fields, and PayTR's hash over four of them. Not in scope: whether the payment is as the shop
//! wants it; that is `events::verdict`'s.
//!
//! The signed text is `callback_id + merchant_oid + merchant_salt + status + total_amount`, and nothing separates its
//! parts. So their grammars do: `callback_id` has a fixed length, see [`CallbackId`], the salt stands in the middle,
//! `status` has no digits and `total_amount` nothing else. A notice can be read in one way only, and one that was
//! signed for something else is not a notice.

use super::token::Merchant;
use crate::mac::{TAG_LENGTH, Tag};
use crate::model::callback_id::CallbackId;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// The longest notice, in bytes.
pub const MAX_NOTICE_BYTES: usize = 16 * 1024;
/// The most characters of a `merchant_oid`. PayTR documents no grammar.
pub const MAX_MERCHANT_OID_CHARS: usize = 64;

const MAX_STATUS_CHARS: usize = 32;
/// The most digits of an amount: every JSON reader keeps such a number exactly.
const MAX_AMOUNT_DIGITS: usize = 15;
/// The most characters of an unsigned text that is passed on.
const MAX_UNSIGNED_CHARS: usize = 32;

/// A notice whose hash is PayTR's. It can only be had by [`Notification::verify`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Which link was paid; signed.
    pub callback_id: CallbackId,
    /// PayTR's name of this one payment, 1 to 64 visible ASCII characters; signed.
    pub merchant_oid: String,
    /// `success`, or another word; signed.
    pub status: String,
    /// What was collected from the payer, in minor units, instalment interest included; signed.
    pub total_amount: u64,
    /// What the hash does not cover.
    pub unsigned: Unsigned,
}

/// What PayTR says without proof. A field that is absent or odd is `None`: the shop's payment must not hang on it.
/// As JSON it has the members that have a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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

impl Notification {
    /// Reads a notice, an urlencoded form, and checks its hash, in constant time. Fields of other names may be there.
    ///
    /// # Errors
    /// What is wrong, to be read after `PAYTR notification failed: `. Constant words, never a value.
    pub fn verify(form: &[u8], merchant: &Merchant) -> Result<Self, &'static str> {
        if form.len() > MAX_NOTICE_BYTES {
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
        let amount = parse_amount(&total_amount).ok_or("the field total_amount is not 1 to 15 digits")?;

        let tag = parse_hash(&hash).ok_or(BAD_HASH)?;
        if !merchant.signed_callback([&callback_id, &merchant_oid, &status, &total_amount], &tag) {
            return Err(BAD_HASH);
        }
        Ok(Self {
            callback_id: parsed_id,
            merchant_oid: merchant_oid.into_owned(),
            status: status.into_owned(),
            total_amount: amount,
            unsigned: Unsigned {
                payment_amount: fields.take("payment_amount").and_then(|amount| parse_amount(&amount)),
                currency: fields.take_visible("currency"),
                payment_type: fields.take_visible("payment_type"),
                test_mode: fields.take("test_mode").and_then(|flag| match flag.as_ref() {
                    "0" => Some(false),
                    "1" => Some(true),
                    _ => None,
                }),
                merchant_id: fields.take_visible("merchant_id"),
            },
        })
    }
}

impl fmt::Debug for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notification").field("callback_id", &self.callback_id).finish_non_exhaustive()
    }
}

const BAD_HASH: &str = "bad hash";

struct Fields<'a>(BTreeMap<Cow<'a, str>, Cow<'a, str>>);

impl<'a> Fields<'a> {
    /// The fields by their names. Of a field that comes twice nobody knows which one was signed.
    fn read(form: &'a [u8]) -> Result<Self, &'static str> {
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(form) {
            if fields.contains_key(&name) {
                return Err(twice(&name));
            }
            fields.insert(name, value);
        }
        Ok(Self(fields))
    }

    fn take(&mut self, name: &str) -> Option<Cow<'a, str>> {
        self.0.remove(name)
    }

    fn take_visible(&mut self, name: &str) -> Option<String> {
        self.take(name).filter(|value| is_visible(value, MAX_UNSIGNED_CHARS)).map(Cow::into_owned)
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

/// The canonical base64 of 32 bytes: the engine refuses other alphabets, absent padding and stray last bits.
fn parse_hash(text: &str) -> Option<Tag> {
    let mut tag = [0; TAG_LENGTH];
    let length = STANDARD.decode_slice(text, &mut tag).ok()?;
    (length == TAG_LENGTH).then_some(tag)
}
