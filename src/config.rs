//! Settings: the environment's texts to one typed value, or the names of those that are wrong.
//!
//! In scope: every setting's written form and default. Not in scope: where the texts come from. A setting is never
//! guessed: one that does not parse is named, and nothing is sent.

use crate::json::JsonValue;
use crate::mac::MacKey;
use crate::model::{SendLimit, origin};
use crate::paytr::Merchant;
use crate::standard_webhooks;
use crate::storefront::{Storefront, parse_storefronts};
use serde::Serialize;
use std::fmt;

/// The longest `PAYTR_TIMEOUT_MS`.
pub const MAX_TIMEOUT_MS: u32 = 120_000;
/// The shortest `PAYTR_MERCHANT_KEY` and `PAYTR_MERCHANT_SALT`, in characters: PayTR issues both with 16.
pub const MIN_MERCHANT_SECRET_CHARS: usize = 16;
/// The longest window of `SEND_LIMITS`, in seconds: 31 days.
pub const MAX_LIMIT_SECONDS: u32 = 31 * 24 * 60 * 60;
/// The largest count of `SEND_LIMITS`.
pub const MAX_LIMIT_COUNT: u32 = 1000;

/// The longest `ALERT_URL`, in characters: those of workflows carry a signature.
pub const MAX_ALERT_URL_CHARS: usize = 1000;
/// The longest `EVENTS_URL`, in characters.
pub const MAX_EVENTS_URL_CHARS: usize = 400;

/// The places that Cloudflare takes as a hint of where an object is to be.
pub const LOCATIONS: [&str; 9] = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"];

const DEFAULT_LOCATION: &str = "eeur";
const DEFAULT_BASE_URL: &str = "https://www.paytr.com";
const DEFAULT_TIMEOUT_MS: u32 = 20_000;
const DEFAULT_SEND_LIMITS: [SendLimit; 2] =
    [SendLimit { count: 1, seconds: 60 }, SendLimit { count: 5, seconds: 86_400 }];

/// All settings, parsed, but for `ALLOWED_ORIGINS`: see [`allowed_origins`].
#[derive(Debug, Clone)]
pub struct Config {
    /// `PAYTR_MERCHANT_ID`, `PAYTR_MERCHANT_KEY`, `PAYTR_MERCHANT_SALT`
    pub merchant: Merchant,
    /// `WEBHOOK_SECRETS`, the current one first
    pub webhook_secrets: Vec<MacKey>,
    /// `PAYTR_BASE_URL`, without a slash at the end
    pub base_url: String,
    /// `PAYTR_TIMEOUT_MS`, milliseconds
    pub timeout_ms: u32,
    /// `PAYTR_DEBUG_ON`
    pub debug_on: bool,
    /// `SEND_LIMITS`
    pub send_limits: Vec<SendLimit>,
    /// `EVENTS_URL`; `None` while payments are not reported
    pub events_url: Option<String>,
    /// `EVENTS_SECRETS`: each signs every event; there may be none while payments are not reported
    pub events_secrets: Vec<MacKey>,
    /// `RELAY_ORIGIN`, without a slash at the end; `None` if it is left to the request
    pub relay_origin: Option<String>,
    /// `LEDGER_LOCATION`
    pub ledger_location: String,
    /// `STOREFRONTS`
    pub storefronts: Vec<Storefront>,
    /// `ALERT_URL`; `None` if nobody is told
    pub alert_url: Option<AlertUrl>,
}

/// `ALERT_URL`. Who knows it can write to whoever reads the alerts, so it is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct AlertUrl(String);

/// A setting that is wrong, and what to change. Never holds the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvalidSetting {
    /// The setting's name.
    pub name: &'static str,
    /// What is wrong with it, to be read after the name.
    pub detail: &'static str,
}

impl Config {
    /// Parses the settings. `lookup` gives a setting's text by its name: a JSON value as its JSON text, `None` when unset.
    ///
    /// # Errors
    /// Every setting that is wrong.
    pub fn parse(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<InvalidSetting>> {
        let mut bad = Vec::new();
        let mut read = Reader { lookup: &lookup, bad: &mut bad };
        let merchant_id = read.required("PAYTR_MERCHANT_ID", parse_merchant_id);
        let merchant_key = read.required("PAYTR_MERCHANT_KEY", parse_merchant_secret);
        let merchant_salt = read.required("PAYTR_MERCHANT_SALT", parse_merchant_secret);
        let webhook_secrets = read.required("WEBHOOK_SECRETS", standard_webhooks::parse_secrets);
        let base_url = read.optional("PAYTR_BASE_URL", parse_base_url, || DEFAULT_BASE_URL.to_owned());
        let timeout_ms = read.optional("PAYTR_TIMEOUT_MS", parse_timeout, || DEFAULT_TIMEOUT_MS);
        let debug_on = read.optional("PAYTR_DEBUG_ON", parse_debug_on, || false);
        read.optional("ALLOWED_ORIGINS", parse_allowed_origins, Vec::new);
        let send_limits = read.optional("SEND_LIMITS", parse_send_limits, || DEFAULT_SEND_LIMITS.to_vec());

        let events_url = read.or_empty("EVENTS_URL", parse_events_url);
        let alert_url = read.or_empty("ALERT_URL", AlertUrl::parse);
        let relay_origin = read.or_empty("RELAY_ORIGIN", parse_relay_origin);
        let ledger_location = read.optional("LEDGER_LOCATION", parse_location, || DEFAULT_LOCATION.to_owned());
        let events_secrets = match events_url {
            Some(None) => {
                read.or_empty("EVENTS_SECRETS", standard_webhooks::parse_secrets).map(Option::unwrap_or_default)
            }
            _ => read.required("EVENTS_SECRETS", standard_webhooks::parse_secrets),
        };
        read.keep_apart("EVENTS_SECRETS", "WEBHOOK_SECRETS");
        let storefronts = read.or_empty("STOREFRONTS", parse_storefronts).map(Option::unwrap_or_default);
        for other in ["WEBHOOK_SECRETS", "EVENTS_SECRETS"] {
            read.keep_out("STOREFRONTS", other);
        }

        let merchant =
            merchant_id.zip(merchant_key).zip(merchant_salt).and_then(|((id, key), salt)| Merchant::new(id, key, salt));
        match (
            merchant,
            webhook_secrets,
            base_url,
            timeout_ms,
            debug_on,
            send_limits,
            events_url,
            events_secrets,
            relay_origin,
            ledger_location,
            storefronts,
            alert_url,
        ) {
            (
                Some(merchant),
                Some(webhook_secrets),
                Some(base_url),
                Some(timeout_ms),
                Some(debug_on),
                Some(send_limits),
                Some(events_url),
                Some(events_secrets),
                Some(relay_origin),
                Some(ledger_location),
                Some(storefronts),
                Some(alert_url),
            ) if bad.is_empty() => Ok(Self {
                merchant,
                webhook_secrets,
                base_url,
                timeout_ms,
                debug_on,
                send_limits,
                events_url,
                events_secrets,
                relay_origin,
                ledger_location,
                storefronts,
                alert_url,
            }),
            _ => Err(bad),
        }
    }
}

impl Config {
    /// The storefront of this name.
    #[must_use]
    pub fn storefront(&self, name: &str) -> Option<&Storefront> {
        self.storefronts.iter().find(|storefront| storefront.name == name)
    }
}

/// `ALLOWED_ORIGINS` by itself, so that a page can read that another setting is wrong. None if it is wrong itself.
#[must_use]
pub fn allowed_origins(lookup: impl Fn(&str) -> Option<String>) -> Vec<String> {
    lookup("ALLOWED_ORIGINS").and_then(|text| parse_allowed_origins(&text).ok()).unwrap_or_default()
}

type Parser<T> = fn(&str) -> Result<T, &'static str>;

struct Reader<'a, F> {
    lookup: &'a F,
    bad: &'a mut Vec<InvalidSetting>,
}

impl<F: Fn(&str) -> Option<String>> Reader<'_, F> {
    fn required<T>(&mut self, name: &'static str, parse: Parser<T>) -> Option<T> {
        match (self.lookup)(name) {
            None => self.push(name, "is not set"),
            Some(text) => self.parsed(name, &text, parse),
        }
    }

    fn optional<T>(&mut self, name: &'static str, parse: Parser<T>, default: fn() -> T) -> Option<T> {
        match (self.lookup)(name) {
            None => Some(default()),
            Some(text) => self.parsed(name, &text, parse),
        }
    }

    /// A setting that may be empty, which says as much as that it is not set. The outer `None` is one that is wrong.
    #[expect(clippy::option_option, reason = "wrong, empty and given are three things")]
    fn or_empty<T>(&mut self, name: &'static str, parse: Parser<T>) -> Option<Option<T>> {
        match (self.lookup)(name) {
            Some(text) if !text.is_empty() => self.parsed(name, &text, parse).map(Some),
            _ => Some(None),
        }
    }

    /// Notes it if a secret stands in both settings: who may sign messages must not be able to sign events.
    fn keep_apart(&mut self, name: &'static str, other: &str) {
        let (Some(secrets), Some(others)) = ((self.lookup)(name), (self.lookup)(other)) else { return };
        let is_shared = |secret| others.split_ascii_whitespace().any(|other| other == secret);
        if secrets.split_ascii_whitespace().any(is_shared) {
            self.push::<()>(name, "holds a secret that is among WEBHOOK_SECRETS too; make one of its own");
        }
    }

    /// Notes it if a secret of another setting stands anywhere in this one: a shop's staff can read what its webhooks are
    /// signed with.
    fn keep_out(&mut self, name: &'static str, other: &str) {
        let (Some(text), Some(secrets)) = ((self.lookup)(name), (self.lookup)(other)) else { return };
        if secrets.split_ascii_whitespace().any(|secret| text.contains(secret)) {
            self.push::<()>(
                name,
                "holds a secret that is among WEBHOOK_SECRETS or EVENTS_SECRETS too; make one of its own",
            );
        }
    }

    fn parsed<T>(&mut self, name: &'static str, text: &str, parse: Parser<T>) -> Option<T> {
        if text.is_empty() {
            return self.push(name, "is empty");
        }
        match parse(text) {
            Ok(value) => Some(value),
            Err(detail) => self.push(name, detail),
        }
    }

    fn push<T>(&mut self, name: &'static str, detail: &'static str) -> Option<T> {
        self.bad.push(InvalidSetting { name, detail });
        None
    }
}

fn parse_merchant_id(text: &str) -> Result<String, &'static str> {
    if text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(text.to_owned())
    } else {
        Err("must be the merchant number (Mağaza No): at most 32 digits or letters, nothing else")
    }
}

fn parse_merchant_secret(text: &str) -> Result<String, &'static str> {
    if text.contains(['"', '\'']) || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Err("must be PayTR's text alone, without blanks, quotes or line ends around it")
    } else if text.len() < MIN_MERCHANT_SECRET_CHARS {
        Err("is too short; PayTR's keys and salts have 16 characters")
    } else {
        Ok(text.to_owned())
    }
}

fn parse_base_url(text: &str) -> Result<String, &'static str> {
    let url = text.strip_suffix('/').unwrap_or(text);
    if origin::is_secure_origin(url) {
        Ok(url.to_owned())
    } else {
        Err("must be https:// and a host, in lower case and without a path; http:// only on a loopback host")
    }
}

impl AlertUrl {
    fn parse(text: &str) -> Result<Self, &'static str> {
        if is_secure_url(text, ":443", MAX_ALERT_URL_CHARS) {
            Ok(Self(text.to_owned()))
        } else {
            Err(
                "must be https://, a host in lower case and a path, as the service that takes alerts shows it, at most 1000 \
                 characters; http:// only on a loopback host; empty turns alerts off",
            )
        }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AlertUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AlertUrl")
    }
}

/// An origin that secrets may travel to and a path, without a fragment. `port` may stand behind the origin.
fn is_secure_url(text: &str, port: &str, max_chars: usize) -> bool {
    let path_at = text.match_indices('/').nth(2).map(|(at, _)| at);
    let (origin, path) = path_at.and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""));
    let origin = origin.strip_suffix(port).unwrap_or(origin);
    let is_path = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    text.len() <= max_chars && !path.is_empty() && is_path && origin::is_secure_origin(origin)
}

fn parse_events_url(text: &str) -> Result<String, &'static str> {
    if is_secure_url(text, "", MAX_EVENTS_URL_CHARS) {
        Ok(text.to_owned())
    } else {
        Err(
            "must be https://, a host in lower case and a path, such as https://shop.example/paytr-events, at most 400 \
             characters; http:// only on a loopback host; empty turns events off",
        )
    }
}

fn parse_relay_origin(text: &str) -> Result<String, &'static str> {
    let url = text.strip_suffix('/').unwrap_or(text);
    if origin::is_public_origin(url) || origin::callback_origin(url).is_some_and(|known| known == url) {
        Ok(url.to_owned())
    } else {
        Err("must be https:// and the relay's own public host, in lower case, without port and path; empty takes the \
             address of each request")
    }
}

fn parse_location(text: &str) -> Result<String, &'static str> {
    if LOCATIONS.contains(&text) {
        Ok(text.to_owned())
    } else {
        Err("must be one of wnam, enam, sam, weur, eeur, apac, oc, afr, me: where Cloudflare is to keep the ledger")
    }
}

fn parse_timeout(text: &str) -> Result<u32, &'static str> {
    let timeout_ms = match JsonValue::parse(text.as_bytes()) {
        Ok(JsonValue::Integer(number)) => u32::try_from(number).ok(),
        _ => None,
    };
    timeout_ms
        .filter(|timeout_ms| (1..=MAX_TIMEOUT_MS).contains(timeout_ms))
        .ok_or("must be milliseconds, a whole number from 1 to 120000")
}

fn parse_debug_on(text: &str) -> Result<bool, &'static str> {
    match text {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err("must be 0 or 1"),
    }
}

fn parse_allowed_origins(text: &str) -> Result<Vec<String>, &'static str> {
    let Ok(JsonValue::Array(items)) = JsonValue::parse(text.as_bytes()) else {
        return Err("must be a JSON list of texts, such as [\"https://shop.example\"]");
    };
    let parse_origin = |item| match item {
        JsonValue::Text(origin) if origin::is_secure_origin(&origin) => Some(origin),
        _ => None,
    };
    items.into_iter().map(parse_origin).collect::<Option<_>>().ok_or(
        "must hold origins as a browser writes them: https:// and a host in lower case, a port only if it is not 443, \
         nothing after it; http:// only on a loopback host",
    )
}

fn parse_send_limits(text: &str) -> Result<Vec<SendLimit>, &'static str> {
    let Ok(JsonValue::Array(items)) = JsonValue::parse(text.as_bytes()) else {
        return Err("must be a JSON list of limits, such as [{\"count\": 1, \"seconds\": 60}]");
    };
    items.into_iter().map(parse_limit).collect::<Option<_>>().ok_or(
        "must hold limits of a count from 1 to 1000 and seconds from 1 to 2678400, which are 31 days, and nothing else",
    )
}

fn parse_limit(item: JsonValue) -> Option<SendLimit> {
    let JsonValue::Object(members) = item else { return None };
    let (mut count, mut seconds) = (None, None);
    for (name, value) in members {
        match (name.as_str(), value) {
            ("count", JsonValue::Integer(number)) => count = u32::try_from(number).ok(),
            ("seconds", JsonValue::Integer(number)) => seconds = u32::try_from(number).ok(),
            _ => return None,
        }
    }
    let count = count.filter(|count| (1..=MAX_LIMIT_COUNT).contains(count))?;
    let seconds = seconds.filter(|seconds| (1..=MAX_LIMIT_SECONDS).contains(seconds))?;
    Some(SendLimit { count, seconds })
}
