//! Which order of which shop.

use crate::packed;

/// Which order it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderKey {
    /// The storefront's name
    pub storefront: String,
    /// The platform's id of the order
    pub order_id: String,
}

packed!(struct OrderKey { storefront, order_id });

impl OrderKey {
    /// The text of its tasks.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} {}", self.storefront, self.order_id)
    }

    /// Reads that text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (storefront, order_id) = text.split_once(' ')?;
        Some(Self { storefront: storefront.to_owned(), order_id: order_id.to_owned() })
    }

    /// The `webhook-id` of the message that makes a link: with points, which no caller may write.
    #[must_use]
    pub fn create_id(&self, number: u32) -> String {
        format!("storefront.{}.{}.{number}", self.storefront, self.order_id)
    }

    /// The `webhook-id` of a message that deletes a link: each try is a message of its own.
    #[must_use]
    pub fn delete_id(&self, number: u32, tries: u32) -> String {
        format!("{}.delete.{tries}", self.create_id(number))
    }
}
