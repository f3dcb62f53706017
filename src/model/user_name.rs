//! `user_name`: the payer, on a flex link's page.

use super::text;
use crate::json::JsonValue;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The most characters of a payer's name. PayTR names no bound; this is the one of a link's name.
pub const MAX_USER_NAME_CHARS: usize = 200;

/// A payer's name: 1 to 200 Unicode scalar values, no control characters. It cannot be printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserName(String);

impl UserName {
    /// Parses a name.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        let name = text(value).ok_or("must be text")?;
        let length = name.chars().take(MAX_USER_NAME_CHARS.saturating_add(1)).count();
        if !(1..=MAX_USER_NAME_CHARS).contains(&length) || name.chars().any(char::is_control) {
            return Err("must be 1 to 200 characters, without line ends and other control characters");
        }
        Ok(Self(name.to_owned()))
    }

    /// The name as it was given.
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
