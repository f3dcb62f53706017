//! The values that a payment link is made of: parsed once, typed for good.
//!
//! In scope: each field's grammar, from its JSON value to a type, in the words of a field error: a phrase that is read
//! after the field's name and never holds the value. Not in scope: which message has which field, what is required and
//! what is the default; that is each message's own.
//!
//! The rules are those of PayTR's Link API page "Link oluşturma" (field table), where no other source is named.

pub mod callback_id;
pub mod count;
pub mod currency;
pub mod expiry_date;
pub mod installments;
pub mod lang;
pub mod link_name;
pub mod link_type;
pub mod price;
pub mod reference;

use crate::json::Node;
use std::ops::RangeInclusive;

/// The integer, if the value is one and lies in `range`.
fn integer_within(value: &Node, range: RangeInclusive<u64>) -> Option<u64> {
    match value {
        Node::Integer(number) if range.contains(number) => Some(*number),
        _ => None,
    }
}

/// The text, if the value is one.
fn text(value: &Node) -> Option<&str> {
    match value {
        Node::Text(text) => Some(text),
        _ => None,
    }
}
