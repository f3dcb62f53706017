//! The form that PayTR gets.

use super::token::{Merchant, Token};
use crate::message::SendLink;

/// More than any form is long, so that it is written into one allocation.
const TYPICAL_FORM_BYTES: usize = 384;

/// The body of a send, `application/x-www-form-urlencoded`: the fields of PayTR's tables, each character outside RFC
/// 3986's unreserved set percent-encoded. What was signed and what is written here are the same texts.
#[must_use]
pub fn form(merchant: &Merchant, message: &SendLink, debug_on: bool, token: &Token) -> String {
    let SendLink { id, recipient, .. } = message;
    let fields = [
        ("merchant_id", merchant.id()),
        ("id", id.as_str()),
        (recipient.field(), recipient.as_str()),
        ("debug_on", if debug_on { "1" } else { "0" }),
        ("paytr_token", token.as_str()),
    ];
    let mut form = String::with_capacity(TYPICAL_FORM_BYTES);
    for (name, value) in fields {
        if !form.is_empty() {
            form.push('&');
        }
        form.push_str(name);
        form.push('=');
        percent_encode(&mut form, value);
    }
    form
}

fn percent_encode(form: &mut String, value: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let hex = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or_default().into();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            form.push(byte.into());
        } else {
            form.extend(['%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
}
