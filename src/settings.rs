//! Settings: the environment's texts to one typed value, or the names of those that are wrong.
//!
//! In scope: every setting's written form and default. Not in scope: where the texts come from. A setting is never
//! guessed: one that does not parse is named, and nothing is sent.

use crate::json::Node;
use crate::ledger::Limit;
use crate::mac::MacKey;
use crate::origin;
use crate::paytr::Merchant;
use crate::webhook;
use serde::Serialize;

/// The longest `PAYTR_TIMEOUT_MS`.
pub const MAX_TIMEOUT_MS: u32 = 120_000;
/// The shortest `PAYTR_MERCHANT_KEY` and `PAYTR_MERCHANT_SALT`, in characters: PayTR issues both with 16.
pub const MIN_MERCHANT_SECRET_CHARS: usize = 16;
/// The longest window of `SEND_LIMITS`, in seconds: 31 days.
pub const MAX_LIMIT_SECONDS: u32 = 31 * 24 * 60 * 60;
/// The largest count of `SEND_LIMITS`.
pub const MAX_LIMIT_COUNT: u32 = 1000;

const DEFAULT_BASE_URL: &str = "https://www.paytr.com";
const DEFAULT_TIMEOUT_MS: u32 = 20_000;
const DEFAULT_SEND_LIMITS: [Limit; 2] = [Limit { count: 1, seconds: 60 }, Limit { count: 5, seconds: 86_400 }];

/// All settings, parsed, but for `ALLOWED_ORIGINS`: see [`allowed_origins`].
#[derive(Debug, Clone)]
pub struct Settings {
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
    pub send_limits: Vec<Limit>,
}

/// A setting that is wrong, and what to change. Never holds the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadSetting {
    /// The setting's name.
    pub name: &'static str,
    /// What is wrong with it, to be read after the name.
    pub detail: &'static str,
}

impl Settings {
    /// Parses the settings. `lookup` gives a setting's text by its name: a JSON value as its JSON text, `None` when unset.
    ///
    /// # Errors
    /// Every setting that is wrong.
    pub fn parse(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<BadSetting>> {
        let mut bad = Vec::new();
        let mut read = Reader { lookup: &lookup, bad: &mut bad };
        let merchant_id = read.required("PAYTR_MERCHANT_ID", parse_merchant_id);
        let merchant_key = read.required("PAYTR_MERCHANT_KEY", parse_merchant_secret);
        let merchant_salt = read.required("PAYTR_MERCHANT_SALT", parse_merchant_secret);
        let webhook_secrets = read.required("WEBHOOK_SECRETS", webhook::parse_secrets);
        let base_url = read.optional("PAYTR_BASE_URL", parse_base_url, || DEFAULT_BASE_URL.to_owned());
        let timeout_ms = read.optional("PAYTR_TIMEOUT_MS", parse_timeout, || DEFAULT_TIMEOUT_MS);
        let debug_on = read.optional("PAYTR_DEBUG_ON", parse_debug_on, || false);
        let allowed_origins = read.optional("ALLOWED_ORIGINS", parse_allowed_origins, Vec::new);
        let send_limits = read.optional("SEND_LIMITS", parse_send_limits, || DEFAULT_SEND_LIMITS.to_vec());

        let merchant =
            merchant_id.zip(merchant_key).zip(merchant_salt).and_then(|((id, key), salt)| Merchant::new(id, key, salt));
        let parsed = (merchant, webhook_secrets, base_url, timeout_ms, debug_on, allowed_origins, send_limits);
        let (
            Some(merchant),
            Some(webhook_secrets),
            Some(base_url),
            Some(timeout_ms),
            Some(debug_on),
            Some(_),
            Some(send_limits),
        ) = parsed
        else {
            return Err(bad);
        };
        Ok(Self { merchant, webhook_secrets, base_url, timeout_ms, debug_on, send_limits })
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
    bad: &'a mut Vec<BadSetting>,
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
        self.bad.push(BadSetting { name, detail });
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

fn parse_timeout(text: &str) -> Result<u32, &'static str> {
    let timeout_ms = match Node::parse(text.as_bytes()) {
        Ok(Node::Integer(number)) => u32::try_from(number).ok(),
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
    let Ok(Node::Array(items)) = Node::parse(text.as_bytes()) else {
        return Err("must be a JSON list of texts, such as [\"https://shop.example\"]");
    };
    let parse_origin = |item| match item {
        Node::Text(origin) if origin::is_secure_origin(&origin) => Some(origin),
        _ => None,
    };
    items.into_iter().map(parse_origin).collect::<Option<_>>().ok_or(
        "must hold origins as a browser writes them: https:// and a host in lower case, a port only if it is not 443, \
         nothing after it; http:// only on a loopback host",
    )
}

fn parse_send_limits(text: &str) -> Result<Vec<Limit>, &'static str> {
    let Ok(Node::Array(items)) = Node::parse(text.as_bytes()) else {
        return Err("must be a JSON list of limits, such as [{\"count\": 1, \"seconds\": 60}]");
    };
    items.into_iter().map(parse_limit).collect::<Option<_>>().ok_or(
        "must hold limits of a count from 1 to 1000 and seconds from 1 to 2678400, which are 31 days, and nothing else",
    )
}

fn parse_limit(item: Node) -> Option<Limit> {
    let Node::Object(members) = item else { return None };
    let (mut count, mut seconds) = (None, None);
    for (name, value) in members {
        match (name.as_str(), value) {
            ("count", Node::Integer(number)) => count = u32::try_from(number).ok(),
            ("seconds", Node::Integer(number)) => seconds = u32::try_from(number).ok(),
            _ => return None,
        }
    }
    let count = count.filter(|count| (1..=MAX_LIMIT_COUNT).contains(count))?;
    let seconds = seconds.filter(|seconds| (1..=MAX_LIMIT_SECONDS).contains(seconds))?;
    Some(Limit { count, seconds })
}
