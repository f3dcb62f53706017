//! `name`: what the customer reads on the payment page.

use super::one_line::one_line;
use super::text;
use crate::json::JsonValue;
use crate::packed;
use std::fmt;

/// The fewest characters of a name.
pub const MIN_NAME_CHARS: usize = 4;
/// The most characters of a name.
pub const MAX_NAME_CHARS: usize = 200;

/// A link's name: one line of 4 to 200 Unicode scalar values that has something to read. A shop may write its customer's
/// name into it, so it cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkName(String);

packed!(struct LinkName(_));

impl LinkName {
    /// Parses a name. What is blank around it is dropped, and nothing else is changed: what is left is signed and shown.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        let name = one_line(text(value).ok_or("must be text")?)?;
        // A text that is far too long is not counted to its end.
        match name.chars().take(MAX_NAME_CHARS.saturating_add(1)).count() {
            ..MIN_NAME_CHARS => Err("is shorter than 4 characters, the least that PayTR takes"),
            MIN_NAME_CHARS..=MAX_NAME_CHARS => Ok(Self(name.to_owned())),
            _ => Err("is over 200 characters, the most that PayTR takes"),
        }
    }

    /// The name, without what was blank around it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LinkName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkName([redacted])")
    }
}
