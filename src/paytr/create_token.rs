//! What the token of a create call signs.
//!
//! In scope: the fields of each kind of link, in PayTR's order (Link API, "Link oluşturma", `paytr_token`; for flex the
//! Turkish page alone). Not in scope: the form, which has more fields than are signed.

use super::token::{Merchant, Token};
use crate::model::count::Count;
use crate::model::currency::Currency;
use crate::model::installments::MaxInstallment;
use crate::model::lang::Lang;
use crate::model::link_name::LinkName;
use crate::model::link_type::LinkType;
use crate::model::price::Price;
use crate::model::recipient::Email;

/// The signed fields of a link that is to be created.
#[derive(Debug, Clone, Copy)]
pub struct SignedLink<'a> {
    /// `name`
    pub name: &'a LinkName,
    /// `price`
    pub price: Price,
    /// `currency`
    pub currency: Currency,
    /// `max_installment`
    pub max_installment: MaxInstallment,
    /// `lang`
    pub lang: Lang,
    /// `link_type`, and the field that is signed for links of this type alone
    pub kind: SignedKind<'a>,
}

/// The kind of link, with what is signed for it alone.
#[derive(Debug, Clone, Copy)]
pub enum SignedKind<'a> {
    /// `min_count` is signed.
    Product {
        /// `min_count`
        min_count: Count,
    },
    /// `email` is signed.
    Collection {
        /// The payer's address, as it is posted.
        email: &'a Email,
    },
    /// Neither is.
    Flex,
}

impl SignedKind<'_> {
    /// `link_type`
    #[must_use]
    pub const fn link_type(&self) -> LinkType {
        match self {
            Self::Product { .. } => LinkType::Product,
            Self::Collection { .. } => LinkType::Collection,
            Self::Flex => LinkType::Flex,
        }
    }
}

impl Merchant {
    /// `base64(HMAC-SHA256(merchant_key, name + price + currency + max_installment + link_type + lang + last +
    /// merchant_salt))`, where `last` is `min_count` of a product link, `email` of a collection link, and nothing of a
    /// flex link.
    #[must_use]
    pub fn create_token(&self, link: &SignedLink<'_>) -> Token {
        let min_count;
        let last = match link.kind {
            SignedKind::Product { min_count: count } => {
                min_count = count.get().to_string();
                &min_count
            }
            SignedKind::Collection { email } => email.as_str(),
            SignedKind::Flex => "",
        };
        self.sign(&[
            link.name.as_str(),
            &link.price.minor_units().to_string(),
            link.currency.as_str(),
            &link.max_installment.get().to_string(),
            link.kind.link_type().as_str(),
            link.lang.as_str(),
            last,
        ])
    }
}
