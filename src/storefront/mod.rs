//! Shops whose own webhooks make links: one file per platform, and the list of them all.
//!
//! A delivery takes this way: [`Platform::read`] turns it into [`News`] of an order with a [`Wish`], a pure function of the
//! order as it came. What follows from that is `order`'s. What the shop is to see of it comes back as a [`Job`], which the
//! platform's file turns into requests. Not in scope: the posting, which is `partition`'s.

mod job;
mod note;
mod setting;
mod shop_api;
mod wish;

pub use job::{Job, LinkNote, Review, Sent, Trouble};
pub use setting::{ApiKey, Storefront, Ways, parse_storefronts};
pub use shop_api::{Conversation, Kept, ShopAnswer, ShopRequest, Turn};
pub use wish::{Members, Money, News, Why, Wish, minor_units};

use crate::mac::MacKey;
use base64::{Engine, engine::general_purpose::STANDARD};

/// The longest body of a delivery, in bytes.
pub const MAX_DELIVERY_BYTES: usize = 512 * 1024;

/// A delivery as it came.
pub struct Delivery<'a> {
    /// A header by its name in lower case.
    pub header: &'a dyn Fn(&str) -> Option<String>,
    /// The raw body.
    pub body: &'a [u8],
}

/// What a signed delivery says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// News of an order.
    News(Box<News>),
    /// Nothing that concerns the relay; a constant word for the log says what it is.
    NotOurs(&'static str),
    /// It is ours, and cannot be read; a constant word for the log says why.
    Unreadable(&'static str),
}

/// Whether this header is the base64 of an HMAC of the raw body under one of these keys.
fn has_mac(delivery: &Delivery<'_>, header: &str, keys: &[MacKey]) -> bool {
    let header = (delivery.header)(header).unwrap_or_default();
    let Some(tag) = STANDARD.decode(header).ok().and_then(|tag| tag.try_into().ok()) else { return false };
    keys.iter().fold(false, |found, key| found | key.verify_any(&[delivery.body], &[tag]))
}

macro_rules! platforms {
    ($($module:ident::$name:ident),+ $(,)?) => {
        $(mod $module;)+

        /// A shop platform.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Platform {
            $(#[doc = concat!("`", stringify!($module), "`")] $name),+
        }

        impl Platform {
            /// The platform of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $(stringify!($module) => Some(Self::$name),)+ _ => None }
            }

            /// Its name in `STOREFRONTS`: the file's.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($module)),+ }
            }

            /// The key that a webhook secret stands for.
            #[must_use]
            pub fn webhook_key(self, secret: &str) -> Option<MacKey> {
                match self { $(Self::$name => $module::webhook_key(secret)),+ }
            }

            /// Whether the shop's API can be asked with this `api_key` at this `url`.
            ///
            /// # Errors
            /// What they must be.
            pub fn check_api(self, url: &str, api_key: &str) -> Result<(), &'static str> {
                match self { $(Self::$name => $module::check_api(url, api_key)),+ }
            }

            /// Whether it is what the platform sends, unsigned, to see whether somebody is there.
            #[must_use]
            pub fn is_ping(self, delivery: &Delivery<'_>) -> bool {
                match self { $(Self::$name => $module::is_ping(delivery)),+ }
            }

            /// Whether one of these keys signed it. Every key is tried, each in constant time.
            #[must_use]
            pub fn is_signed(self, delivery: &Delivery<'_>, keys: &[MacKey]) -> bool {
                match self { $(Self::$name => $module::is_signed(delivery, keys)),+ }
            }

            /// Reads a delivery whose signature is good.
            #[must_use]
            pub fn read(self, delivery: &Delivery<'_>, storefront: &Storefront) -> Reading {
                match self { $(Self::$name => $module::read(delivery, storefront)),+ }
            }

            /// What the shop is asked next, or that it has what it is to have.
            #[must_use]
            pub fn converse(self, conversation: &Conversation<'_>) -> Turn {
                match self { $(Self::$name => $module::converse(conversation)),+ }
            }
        }
    };
}

platforms![woocommerce::WooCommerce, shopify::Shopify];
