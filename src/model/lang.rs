//! `lang`

use super::text;
use crate::json::JsonValue;
use serde::{Deserialize, Serialize};

/// The language of the payment page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Turkish
    #[default]
    Tr,
    /// English
    En,
}

impl Lang {
    /// Parses a language.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        match text(value) {
            Some("tr") => Ok(Self::Tr),
            Some("en") => Ok(Self::En),
            _ => Err("must be tr or en, as text"),
        }
    }

    /// PayTR's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tr => "tr",
            Self::En => "en",
        }
    }
}
