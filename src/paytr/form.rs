//! The forms that PayTR gets.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// More than the form of a send is long, so that it is written into one allocation.
const TYPICAL_FORM_BYTES: usize = 384;

/// Writes a form: each character outside RFC 3986's unreserved set is percent-encoded, a blank too.
#[must_use]
pub fn urlencode(fields: &[(&str, &str)]) -> String {
    let mut form = String::with_capacity(TYPICAL_FORM_BYTES);
    for (name, value) in fields {
        if !form.is_empty() {
            form.push('&');
        }
        form.extend(utf8_percent_encode(name, RESERVED));
        form.push('=');
        form.extend(utf8_percent_encode(value, RESERVED));
    }
    form
}
