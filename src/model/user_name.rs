//! `user_name`: the payer, on a flex link's page.

use super::one_line::one_line;
use super::text;
use crate::json::JsonValue;
use crate::packed;
use std::fmt;

/// The most characters of a payer's name. PayTR names no bound; this is the one of a link's name.
pub const MAX_USER_NAME_CHARS: usize = 200;

/// A payer's name: one line of 1 to 200 Unicode scalar values that has something to read. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct UserName(String);

packed!(struct UserName(_));

impl UserName {
    /// Parses a name. What is blank around it is dropped.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        const FORM: &str = "must be 1 to 200 characters, without line ends and other control characters";
        let name = text(value).ok_or("must be text")?;
        if name.chars().any(char::is_control) {
            return Err(FORM);
        }
        let name = one_line(name)?;
        let length = name.chars().take(MAX_USER_NAME_CHARS.saturating_add(1)).count();
        if !(1..=MAX_USER_NAME_CHARS).contains(&length) {
            return Err(FORM);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name, without what was blank around it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserName([redacted])")
    }
}
