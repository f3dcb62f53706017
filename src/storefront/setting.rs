//! `STOREFRONTS`: which shops' webhooks are taken, and what is done for their orders.
//!
//! In scope: the setting's written form. Each member that is wrong is named; a shop is never half taken.

use super::Platform;
use crate::json::JsonValue;
use crate::mac::MacKey;
use crate::model::{Lang, LinkName, Recipient, Reference, origin};
use crate::packed;
use std::fmt;

/// The most shops of one relay.
const MAX_STOREFRONTS: usize = 32;
const MAX_NAME_CHARS: usize = 32;
const MAX_URL_CHARS: usize = 300;
const MIN_SECRET_CHARS: usize = 24;
const MAX_SECRET_CHARS: usize = 256;
/// A secret and the one that takes its place.
const MAX_SECRETS: usize = 2;
const MAX_METHODS: usize = 20;
const MAX_METHOD_CHARS: usize = 100;
/// The longest `expires_after_hours`: a year.
const MAX_HOURS: u64 = 8760;
const DEFAULT_HOURS: u64 = 72;
/// What stands for the order's number in `link_name`.
const NUMBER: &str = "{number}";
/// The longest number of an order, for which `link_name` has to leave room.
const LONGEST_NUMBER: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A shop.
#[derive(Debug, Clone)]
pub struct Storefront {
    /// `name`: the last part of its hook's path
    pub name: String,
    /// `platform`
    pub platform: Platform,
    /// `url`, without a slash at the end
    pub url: String,
    /// `webhook_secret`, as keys
    pub webhook_keys: Vec<MacKey>,
    /// `api_key`; without it nothing is written back
    pub api_key: Option<ApiKey>,
    /// `pay_by_link`: the platform's ids of payment methods
    pub pay_by_link: Vec<String>,
    /// `send`
    pub send: Ways,
    /// `expires_after_hours`
    pub expires_after_hours: u64,
    /// `link_name`
    link_name: String,
    /// `lang`
    pub lang: Lang,
}

/// What the shop's API is asked with. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

/// By which ways a link is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// `sms`
    pub sms: bool,
    /// `email`
    pub email: bool,
}

packed!(struct Ways { sms, email });

impl Storefront {
    /// The name of an order's link. `None` only if the setting's check lets through what it must not.
    #[must_use]
    pub fn link_name(&self, number: &Reference) -> Option<LinkName> {
        name_of(&self.link_name, number.as_str()).ok()
    }
}

impl Ways {
    /// Those of an order's recipients that are written to, and the ways for which there is none.
    #[must_use]
    pub fn choose(self, recipients: Vec<Recipient>) -> (Vec<Recipient>, Self) {
        let mut missing = self;
        let mut chosen = Vec::new();
        for recipient in recipients {
            let (is_chosen, is_missing) = match recipient {
                Recipient::CellPhone(_) => (self.sms, &mut missing.sms),
                Recipient::Email(_) => (self.email, &mut missing.email),
            };
            if is_chosen {
                *is_missing = false;
                chosen.push(recipient);
            }
        }
        (chosen, missing)
    }
}

impl ApiKey {
    /// The key as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([redacted])")
    }
}

/// Parses the setting.
///
/// # Errors
/// What to change, never what was given.
pub fn parse_storefronts(text: &str) -> Result<Vec<Storefront>, &'static str> {
    let Ok(JsonValue::Array(items)) = JsonValue::parse(text.as_bytes()) else {
        return Err("must be a JSON list of shops, such as [{\"name\": \"shop\", \"platform\": \"woocommerce\", …}]");
    };
    if items.len() > MAX_STOREFRONTS {
        return Err("must hold at most 32 shops");
    }
    let mut storefronts: Vec<Storefront> = Vec::with_capacity(items.len());
    for item in items {
        let storefront = parse_storefront(item)?;
        if storefronts.iter().any(|known| known.name == storefront.name) {
            return Err("has two shops with the same name");
        }
        storefronts.push(storefront);
    }
    Ok(storefronts)
}

fn parse_storefront(item: JsonValue) -> Result<Storefront, &'static str> {
    let JsonValue::Object(members) = item else { return Err("must hold JSON objects alone, one for each shop") };
    let mut members = Taken(members);
    let name =
        members.text("name").filter(|name| is_name(name)).ok_or("has a shop whose name is not 1 to 32 of a-z 0-9 -")?;
    let platform = members.text("platform").and_then(|name| Platform::from_name(&name));
    let platform = platform.ok_or("has a shop whose platform is none that the relay knows, such as woocommerce")?;
    let url = members.text("url").and_then(|url| parse_url(&url)).ok_or(
        "has a shop whose url is not https:// and the shop's host in lower case, with WordPress' own folder if it has one; \
         http:// only on a loopback host",
    )?;
    let webhook_keys = parse_secrets(members.take("webhook_secret"), platform)?;
    let api_key = match members.take("api_key") {
        None => None,
        Some(JsonValue::Text(key)) => {
            platform.check_api(&url, &key)?;
            Some(ApiKey(key))
        }
        Some(_) => return Err("has a shop whose api_key is not text"),
    };
    let pay_by_link = members.texts("pay_by_link", MAX_METHODS).filter(|methods| methods.iter().all(|m| is_method(m)));
    let pay_by_link = pay_by_link.ok_or(
        "has a shop whose pay_by_link is not a list of 1 to 20 payment methods, each by the platform's own id such as bacs",
    )?;
    let send = match members.take("send") {
        None => Ways { sms: true, email: true },
        Some(ways) => parse_ways(ways).ok_or("has a shop whose send is not a list of sms, email or both")?,
    };
    let expires_after_hours = match members.take("expires_after_hours") {
        None => DEFAULT_HOURS,
        Some(JsonValue::Integer(hours)) if (1..=MAX_HOURS).contains(&hours) => hours,
        Some(_) => return Err("has a shop whose expires_after_hours is not a whole number from 1 to 8760"),
    };
    let lang = match members.take("lang") {
        None => Lang::default(),
        Some(lang) => Lang::parse(&lang).map_err(|_| "has a shop whose lang is neither tr nor en")?,
    };
    let link_name = match members.take("link_name") {
        None => default_link_name(lang).to_owned(),
        Some(JsonValue::Text(name)) if is_link_name(&name) => name,
        Some(_) => {
            return Err(
                "has a shop whose link_name is not text that, with the order's number for {number}, has 4 to 200 \
                        characters on one line",
            );
        }
    };
    if !members.0.is_empty() {
        return Err(
            "has a shop with a member that is none of name, platform, url, webhook_secret, api_key, pay_by_link, send, \
             expires_after_hours, link_name, lang",
        );
    }
    Ok(Storefront {
        name,
        platform,
        url,
        webhook_keys,
        api_key,
        pay_by_link,
        send,
        expires_after_hours,
        link_name,
        lang,
    })
}

/// The members of a shop that are not yet taken.
struct Taken(Vec<(String, JsonValue)>);

impl Taken {
    fn take(&mut self, name: &str) -> Option<JsonValue> {
        let place = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(place).1)
    }

    fn text(&mut self, name: &str) -> Option<String> {
        self.take(name).and_then(into_text)
    }

    /// A list of 1 to `most` texts.
    fn texts(&mut self, name: &str, most: usize) -> Option<Vec<String>> {
        let JsonValue::Array(items) = self.take(name)? else { return None };
        let texts: Vec<String> = items.into_iter().map(into_text).collect::<Option<_>>()?;
        (1..=most).contains(&texts.len()).then_some(texts)
    }
}

fn into_text(value: JsonValue) -> Option<String> {
    match value {
        JsonValue::Text(text) => Some(text),
        _ => None,
    }
}

/// Whether it is a storefront's name.
fn is_name(name: &str) -> bool {
    (1..=MAX_NAME_CHARS).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn parse_url(text: &str) -> Option<String> {
    let url = text.strip_suffix('/').unwrap_or(text);
    let path_at = url.match_indices('/').nth(2).map_or(url.len(), |(at, _)| at);
    let (origin, path) = url.split_at_checked(path_at)?;
    let is_path = |path: &str| {
        path.split('/').skip(1).all(|part| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
            !part.is_empty() && part != "." && part != ".." && part.bytes().all(is_plain)
        })
    };
    (url.len() <= MAX_URL_CHARS && origin::is_secure_origin(origin) && is_path(path)).then(|| url.to_owned())
}

fn parse_secrets(value: Option<JsonValue>, platform: Platform) -> Result<Vec<MacKey>, &'static str> {
    const WRONG: &str = "has a shop whose webhook_secret is not text of 24 to 256 characters without blanks, or a list of \
                         two while it changes";
    let secrets = match value {
        Some(JsonValue::Text(secret)) => vec![secret],
        Some(JsonValue::Array(items)) if (1..=MAX_SECRETS).contains(&items.len()) => {
            items.into_iter().map(into_text).collect::<Option<_>>().ok_or(WRONG)?
        }
        _ => return Err(WRONG),
    };
    let is_secret = |secret: &str| {
        (MIN_SECRET_CHARS..=MAX_SECRET_CHARS).contains(&secret.len())
            && secret.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let key = |secret: String| if is_secret(&secret) { platform.webhook_key(&secret) } else { None };
    secrets.into_iter().map(key).collect::<Option<_>>().ok_or(WRONG)
}

fn is_method(method: &str) -> bool {
    (1..=MAX_METHOD_CHARS).contains(&method.chars().count()) && method.trim() == method
}

fn parse_ways(value: JsonValue) -> Option<Ways> {
    let JsonValue::Array(items) = value else { return None };
    let (mut sms, mut email) = (false, false);
    for item in items {
        match into_text(item)?.as_str() {
            "sms" if !sms => sms = true,
            "email" if !email => email = true,
            _ => return None,
        }
    }
    (sms || email).then_some(Ways { sms, email })
}

const fn default_link_name(lang: Lang) -> &'static str {
    match lang {
        Lang::Tr => "Sipariş {number}",
        Lang::En => "Order {number}",
    }
}

fn is_link_name(name: &str) -> bool {
    ["1", LONGEST_NUMBER].into_iter().all(|number| name_of(name, number).is_ok())
}

fn name_of(template: &str, number: &str) -> Result<LinkName, &'static str> {
    LinkName::parse(&JsonValue::Text(template.replace(NUMBER, number)))
}
