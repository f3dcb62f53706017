//! `lang`

use super::text;
use crate::json::JsonValue;
use crate::packed;

/// The language of the payment page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lang {
    /// Turkish
    #[default]
    Tr,
    /// English
    En,
}

packed!(enum Lang {
    0 Tr,
    1 En,
});

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
