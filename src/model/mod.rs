//! Values from outside, parsed once and typed for good.
//!
//! In scope: each field's grammar, from its JSON value to a type, in the words of a field error: a phrase that is read
//! after the field's name and never holds the value. Not in scope: which message has which field, what is required and
//! what is the default; that is each message's own.
//!
//! The rules are those of PayTR's Link API page "Link oluşturma" (field table), where no other source is named.

pub mod callback_id;
pub mod characters;
pub mod count;
pub mod currency;
pub mod cursor;
pub mod expiry_date;
pub mod installments;
pub mod lang;
pub mod link_id;
pub mod link_name;
pub mod link_type;
pub mod moment;
pub mod order_key;
pub mod origin;
pub mod price;
pub mod recipient;
pub mod reference;
pub mod send_limit;
pub mod user_name;

mod one_line;

pub use callback_id::CallbackId;
pub use count::Count;
pub use currency::Currency;
pub use cursor::Cursor;
pub use expiry_date::ExpiryDate;
pub use installments::{MaxInstallment, Pft};
pub use lang::Lang;
pub use link_id::LinkId;
pub use link_name::LinkName;
pub use link_type::LinkType;
pub use moment::Moment;
pub use order_key::OrderKey;
pub use price::Price;
pub use recipient::{CellPhone, Email, Recipient};
pub use reference::Reference;
pub use send_limit::SendLimit;
pub use user_name::UserName;

use crate::json::JsonValue;
use std::ops::RangeInclusive;

/// The integer, if the value is one and lies in `range`.
fn integer_within(value: &JsonValue, range: RangeInclusive<u64>) -> Option<u64> {
    match value {
        JsonValue::Integer(number) if range.contains(number) => Some(*number),
        _ => None,
    }
}

/// The text, if the value is one.
fn text(value: &JsonValue) -> Option<&str> {
    match value {
        JsonValue::Text(text) => Some(text),
        _ => None,
    }
}
