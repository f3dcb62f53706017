//! The call that creates a link: `POST /odeme/api/link/create` (Link API, "Link oluşturma").
//!
//! In scope: the fields of each kind of link, what of them the token covers, and the reading of the reply. Not in scope:
//! which fields a shop may give; that is `message::create`'s.

use super::call::{Call, write_flag};
use super::form::urlencode;
use super::merchant::{Merchant, Token};
use super::redact::Private;
use super::reply::{MAX_REPLY_BYTES, Reply};
use crate::model::{
    Count, Currency, Email, ExpiryDate, Lang, LinkId, LinkName, LinkType, MaxInstallment, Pft, Price, UserName, origin,
};
use crate::packed;

/// The longest address of a link, in characters.
const MAX_URL_CHARS: usize = 400;
/// The longest reply that holds a QR code, in bytes.
const MAX_QR_REPLY_BYTES: usize = 256 * 1024;

/// A link to be created, as PayTR knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// `name`
    pub name: LinkName,
    /// `price`
    pub price: Price,
    /// `currency`
    pub currency: Currency,
    /// `max_installment`
    pub max_installment: MaxInstallment,
    /// `lang`
    pub lang: Lang,
    /// `link_type`, with the fields of this type alone
    pub kind: Kind,
    /// `expiry_date`
    pub expiry_date: Option<ExpiryDate>,
    /// `pft`
    pub pft: Option<Pft>,
    /// `get_qr`
    pub get_qr: Option<bool>,
}

packed!(struct NewLink { name, price, currency, max_installment, lang, kind, expiry_date, pft, get_qr });

/// The kind of link, with what only links of this kind have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `product`
    Product {
        /// `min_count`; signed
        min_count: Count,
        /// `max_count`; `None` is no limit
        max_count: Option<Count>,
    },
    /// `collection`
    Collection {
        /// `email`, the payer's; signed
        email: Email,
    },
    /// `flex`
    Flex {
        /// `flex_max_price`
        flex_max_price: Price,
        /// `user_name`
        user_name: Option<UserName>,
    },
}

packed!(enum Kind {
    0 Product { min_count, max_count },
    1 Collection { email },
    2 Flex { flex_max_price, user_name },
});

/// What PayTR returned for a link that it created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedLink {
    /// PayTR's name of the link
    pub id: LinkId,
    /// Its address
    pub url: String,
    /// A PNG in base64, if it was asked for
    pub base64_qr: Option<String>,
}

packed!(struct CreatedLink { id, url, base64_qr });

/// Where PayTR posts its notifications of a link's payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// `callback_link`
    pub link: String,
    /// `callback_id`
    pub id: String,
}

impl Kind {
    /// `link_type`
    #[must_use]
    pub const fn link_type(&self) -> LinkType {
        match self {
            Self::Product { .. } => LinkType::Product,
            Self::Collection { .. } => LinkType::Collection,
            Self::Flex { .. } => LinkType::Flex,
        }
    }
}

impl NewLink {
    /// `base64(HMAC-SHA256(merchant_key, name + price + currency + max_installment + link_type + lang + last +
    /// merchant_salt))`, where `last` is `min_count` of a product link, `email` of a collection link, and nothing of a
    /// flex link (for flex the Turkish page alone).
    #[must_use]
    pub fn token(&self, merchant: &Merchant) -> Token {
        let last = match &self.kind {
            Kind::Product { min_count, .. } => min_count.get().to_string(),
            Kind::Collection { email } => email.as_str().to_owned(),
            Kind::Flex { .. } => String::new(),
        };
        merchant.sign(&[
            self.name.as_str(),
            &self.price.minor_units().to_string(),
            self.currency.as_str(),
            &self.max_installment.get().to_string(),
            self.kind.link_type().as_str(),
            self.lang.as_str(),
            &last,
        ])
    }

    /// The fields of this link that PayTR gets, each with its value as it is posted: what the shop wants, without
    /// callback, token and merchant.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("name", self.name.as_str().to_owned()),
            ("price", self.price.minor_units().to_string()),
            ("currency", self.currency.as_str().to_owned()),
            ("max_installment", self.max_installment.get().to_string()),
            ("link_type", self.kind.link_type().as_str().to_owned()),
            ("lang", self.lang.as_str().to_owned()),
        ];
        match &self.kind {
            Kind::Product { min_count, max_count } => {
                fields.push(("min_count", min_count.get().to_string()));
                fields.extend(max_count.map(|count| ("max_count", count.get().to_string())));
            }
            Kind::Collection { email } => fields.push(("email", email.as_str().to_owned())),
            Kind::Flex { flex_max_price, user_name } => {
                fields.push(("flex_max_price", flex_max_price.minor_units().to_string()));
                fields.extend(user_name.as_ref().map(|name| ("user_name", name.as_str().to_owned())));
            }
        }
        fields.extend(self.expiry_date.as_ref().map(|date| ("expiry_date", date.to_paytr().to_owned())));
        fields.extend(self.get_qr.map(|on| ("get_qr", write_flag(on).to_owned())));
        fields.extend(self.pft.map(|pft| ("pft", pft.get().to_string())));
        fields
    }

    /// The call that creates this link.
    #[must_use]
    pub fn call(&self, merchant: &Merchant, callback: Option<&Callback>, debug_on: bool) -> Call {
        let token = self.token(merchant);
        let fields = self.fields();
        let mut form = vec![("merchant_id", merchant.id())];
        form.extend(fields.iter().map(|(name, value)| (*name, value.as_str())));
        if let Some(Callback { link, id }) = callback {
            form.extend([("callback_link", link.as_str()), ("callback_id", id.as_str())]);
        }
        form.extend([("debug_on", write_flag(debug_on)), ("paytr_token", token.as_str())]);
        let mut private = self.personal_data();
        private.push(Private::Secret(token.as_str().to_owned()));
        let max_reply_bytes = if self.get_qr == Some(true) { MAX_QR_REPLY_BYTES } else { MAX_REPLY_BYTES };
        Call { path: "/odeme/api/link/create", form: urlencode(&form), private, max_reply_bytes }
    }

    /// Personal data in this link, struck out of every PayTR text before it is stored or returned.
    fn personal_data(&self) -> Vec<Private> {
        let mut personal = vec![Private::Text(self.name.as_str().to_owned())];
        match &self.kind {
            Kind::Product { .. } => {}
            Kind::Collection { email } => personal.push(Private::Recipient(email.as_str().to_owned())),
            Kind::Flex { user_name, .. } => {
                personal.extend(user_name.as_ref().map(|name| Private::Name(name.as_str().to_owned())));
            }
        }
        personal
    }
}

/// What PayTR returned, if it can be believed: an id, and an https address (http on a loopback host, where the sandbox
/// is).
#[must_use]
pub fn read(reply: &Reply) -> Option<CreatedLink> {
    let id = reply.text_or_number("id").as_deref().and_then(LinkId::parse)?;
    let url = reply.text("link").filter(|url| is_link_url(url))?.to_owned();
    let base64_qr = reply.png("base64_qr");
    Some(CreatedLink { id, url, base64_qr })
}

fn is_link_url(url: &str) -> bool {
    let scheme_end = url.find("://").map_or(0, |at| at.saturating_add(3));
    let path =
        url.get(scheme_end..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| at.saturating_add(scheme_end));
    url.len() <= MAX_URL_CHARS
        && url.bytes().all(|byte| byte.is_ascii_graphic())
        && url.get(..path).is_some_and(origin::is_secure_origin)
}
