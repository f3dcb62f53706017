//! `currency`

use super::text;
use crate::json::JsonValue;
use crate::packed;
use serde::Serialize;

/// A currency, under PayTR's name for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum Currency {
    /// Turkish lira, which PayTR calls `TL` and ISO 4217 calls `TRY`.
    #[default]
    #[serde(rename = "TL")]
    Tl,
    /// Euro
    #[serde(rename = "EUR")]
    Eur,
    /// US dollar
    #[serde(rename = "USD")]
    Usd,
    /// Pound sterling
    #[serde(rename = "GBP")]
    Gbp,
    /// Russian rouble
    #[serde(rename = "RUB")]
    Rub,
}

packed!(enum Currency {
    0 Tl,
    1 Eur,
    2 Usd,
    3 Gbp,
    4 Rub,
});

impl Currency {
    /// Parses a currency.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        text(value).and_then(Self::from_name).ok_or("must be TL, EUR, USD, GBP or RUB, as text in capitals")
    }

    /// The currency of this name. `TRY` is `TL`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "TL" | "TRY" => Some(Self::Tl),
            "EUR" => Some(Self::Eur),
            "USD" => Some(Self::Usd),
            "GBP" => Some(Self::Gbp),
            "RUB" => Some(Self::Rub),
            _ => None,
        }
    }

    /// PayTR's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tl => "TL",
            Self::Eur => "EUR",
            Self::Usd => "USD",
            Self::Gbp => "GBP",
            Self::Rub => "RUB",
        }
    }
}
