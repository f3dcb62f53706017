//! `link_type`

use super::text;
use crate::json::JsonValue;
use crate::packed;

/// What kind of link it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LinkType {
    /// A product or service at a fixed price, of which `max_count` pieces are sold.
    #[default]
    Product,
    /// A debt of one payer's. The payer can change the amount, and can pay again.
    Collection,
    /// An amount of the payer's choice between two bounds. It can be paid again.
    Flex,
}

packed!(enum LinkType {
    0 Product,
    1 Collection,
    2 Flex,
});

impl LinkType {
    /// Parses a kind of link.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        match text(value) {
            Some("product") => Ok(Self::Product),
            Some("collection") => Ok(Self::Collection),
            Some("flex") => Ok(Self::Flex),
            _ => Err("must be product, collection or flex, as text"),
        }
    }

    /// PayTR's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Collection => "collection",
            Self::Flex => "flex",
        }
    }
}
