//! The rules of `create`.
//!
//! A field of another kind of link is refused, which PayTR may not do: nobody means to send it.

use std::ops::RangeInclusive;

use reqwest::Url;

use super::{Refusal, email, flag, merchant, optional, required, token};
use crate::{
    clock,
    form::Fields,
    link::{Callback, LinkType, Terms},
    loopback,
    merchant::Merchant,
    token::Signed,
};

const NAME: RangeInclusive<usize> = 4..=200;
const INSTALLMENTS: RangeInclusive<u8> = 1..=12;
const FREE_INSTALLMENTS: RangeInclusive<u8> = 2..=12;
const CURRENCIES: [&str; 5] = ["TL", "EUR", "USD", "GBP", "RUB"];
const LANGUAGES: [&str; 2] = ["tr", "en"];
/// More digits than any price has.
const AMOUNT_DIGITS: usize = 12;
const CALLBACK_LINK_MAX: usize = 400;
const CALLBACK_ID_MAX: usize = 64;

/// Decides as PayTR would. `now` is Unix time in milliseconds.
pub(crate) fn judge(own: &Merchant, fields: &Fields, now: u64) -> Result<Terms, Refusal> {
    merchant(own, fields)?;
    let name = required(fields, "name")?;
    if !NAME.contains(&name.chars().count()) {
        return refused("name", "A name has 4 to 200 characters.");
    }
    let price_text = required(fields, "price")?;
    let price = amount("price", price_text)?;
    let currency = one_of("currency", "currency is TL, EUR, USD, GBP or RUB; not TRY.", fields, &CURRENCIES)?;
    let max_installment = required(fields, "max_installment")?;
    let lang = one_of("lang", "lang is tr or en.", fields, &LANGUAGES)?;
    let link_type = link_type(fields)?;
    let by_type = ByType::read(link_type, price, fields)?;
    let expiry_date = optional(fields, "expiry_date")?;
    let pft = optional(fields, "pft")?;
    let terms = Terms {
        name: name.to_owned(),
        price,
        currency: currency.to_owned(),
        max_installment: small("max_installment", "max_installment is 1 to 12.", max_installment, &INSTALLMENTS)?,
        free_installments: pft.map_or(Ok(1), |pft| small("pft", "pft is 2 to 12.", pft, &FREE_INSTALLMENTS))?,
        link_type,
        lang: lang.to_owned(),
        min_count: by_type.min_count,
        max_count: by_type.max_count,
        email: by_type.email.map(str::to_owned),
        flex_max_price: by_type.flex_max_price,
        user_name: by_type.user_name.map(str::to_owned),
        expiry_date: expiry_date.map(str::to_owned),
        expires_at: expiry_date.map(|date| expiry(date, now)).transpose()?,
        callback: callback(fields)?,
        qr: optional(fields, "get_qr")?.map_or(Ok(false), |qr| flag("get_qr", "get_qr is 0 or 1.", qr))?,
    };
    if let Some(debug_on) = optional(fields, "debug_on")? {
        flag("debug_on", "debug_on is 0 or 1.", debug_on)?;
    }
    let signed = [name, price_text, currency, max_installment, link_type.name(), lang];
    token(&Signed::create(own, &signed, by_type.signed), fields)?;
    Ok(terms)
}

/// What only one kind of link has.
#[derive(Default)]
struct ByType<'a> {
    min_count: Option<u64>,
    max_count: Option<u64>,
    email: Option<&'a str>,
    flex_max_price: Option<u64>,
    user_name: Option<&'a str>,
    /// The field that is signed last, if any.
    signed: Option<&'a str>,
}

impl<'a> ByType<'a> {
    fn read(link_type: LinkType, price: u64, fields: &'a Fields) -> Result<Self, Refusal> {
        const OWN: [(&str, LinkType, &str); 5] = [
            ("min_count", LinkType::Product, "Only a product link has min_count."),
            ("max_count", LinkType::Product, "Only a product link has max_count."),
            ("email", LinkType::Collection, "Only a collection link has email."),
            ("flex_max_price", LinkType::Flex, "Only a flex link has flex_max_price."),
            ("user_name", LinkType::Flex, "Only a flex link has user_name."),
        ];
        for (name, own, hint) in OWN {
            if own != link_type && optional(fields, name)?.is_some() {
                return refused(name, hint);
            }
        }
        match link_type {
            LinkType::Product => {
                let min_count = required(fields, "min_count")?;
                let max_count = optional(fields, "max_count")?;
                Ok(Self {
                    min_count: Some(count("min_count", min_count)?),
                    max_count: max_count.map(|max_count| count("max_count", max_count)).transpose()?,
                    signed: Some(min_count),
                    ..Self::default()
                })
            }
            LinkType::Collection => {
                let address = required(fields, "email")?;
                email(address)?;
                Ok(Self { email: Some(address), signed: Some(address), ..Self::default() })
            }
            LinkType::Flex => {
                let most = amount("flex_max_price", required(fields, "flex_max_price")?)?;
                if most < price {
                    return refused("flex_max_price", "flex_max_price is at least price.");
                }
                let user_name = optional(fields, "user_name")?;
                Ok(Self { flex_max_price: Some(most), user_name, ..Self::default() })
            }
        }
    }
}

fn refused<T>(name: &'static str, hint: &'static str) -> Result<T, Refusal> {
    Err(Refusal::Field { name, hint })
}

fn link_type(fields: &Fields) -> Result<LinkType, Refusal> {
    match required(fields, "link_type")? {
        "product" => Ok(LinkType::Product),
        "collection" => Ok(LinkType::Collection),
        "flex" => Ok(LinkType::Flex),
        _ => refused("link_type", "link_type is product, collection or flex."),
    }
}

fn one_of<'a>(name: &'static str, hint: &'static str, fields: &'a Fields, all: &[&str]) -> Result<&'a str, Refusal> {
    let value = required(fields, name)?;
    if all.contains(&value) { Ok(value) } else { refused(name, hint) }
}

/// A whole number without sign, point and leading zeros.
fn whole(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| digits)
}

fn amount(name: &'static str, text: &str) -> Result<u64, Refusal> {
    whole(text)
        .filter(|_| text.len() <= AMOUNT_DIGITS)
        .ok_or(Refusal::Field { name, hint: "An amount is a whole number in minor units: 14.45 TL is 1445." })
}

fn count(name: &'static str, text: &str) -> Result<u64, Refusal> {
    whole(text).ok_or(Refusal::Field { name, hint: "A count is a whole number from 1." })
}

fn small(name: &'static str, hint: &'static str, text: &str, range: &RangeInclusive<u8>) -> Result<u8, Refusal> {
    let number = whole(text).and_then(|number| u8::try_from(number).ok());
    number.filter(|number| range.contains(number)).ok_or(Refusal::Field { name, hint })
}

fn expiry(date: &str, now: u64) -> Result<u64, Refusal> {
    let name = "expiry_date";
    match clock::from_istanbul(date) {
        None => refused(name, "expiry_date is YYYY-MM-DD HH:MM:SS, in Istanbul time."),
        Some(expiry) if expiry <= now => refused(name, "expiry_date has passed; it is in Istanbul time (+03:00)."),
        Some(expiry) => Ok(expiry),
    }
}

fn callback(fields: &Fields) -> Result<Option<Callback>, Refusal> {
    match (optional(fields, "callback_link")?, optional(fields, "callback_id")?) {
        (None, None) => Ok(None),
        (None, Some(_)) => refused("callback_link", "callback_id and callback_link need each other."),
        (Some(_), None) => refused("callback_id", "callback_id and callback_link need each other."),
        (Some(url), Some(id)) => {
            callback_link(url)?;
            if id.len() > CALLBACK_ID_MAX || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return refused("callback_id", "callback_id is letters and digits, 64 at most.");
            }
            Ok(Some(Callback { url: url.to_owned(), id: id.to_owned() }))
        }
    }
}

/// PayTR takes neither localhost nor a port. The sandbox takes both on this machine, as nobody could be notified here
/// otherwise, and keeps PayTR's rule for all other hosts.
fn callback_link(text: &str) -> Result<(), Refusal> {
    let name = "callback_link";
    if text.len() > CALLBACK_LINK_MAX {
        return refused(name, "callback_link has 400 characters at most.");
    }
    let Some(url) = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")) else {
        return refused(name, "callback_link is an address that starts with https:// or http://.");
    };
    let is_here = url.host_str().is_some_and(loopback::is_loopback);
    if url.port().is_some() && !is_here {
        return refused(name, "PayTR takes no port in callback_link; the sandbox does on this machine only.");
    }
    Ok(())
}
