//! Who receives the link: a Turkish mobile number or an e-mail address.
//!
//! In scope: the grammars, and finding a recipient again in somebody else's text. Not in scope: whether the number or
//! the address exists.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest `email` that PayTR takes, in characters (Link API, "E-posta ile gönderim", field table).
pub const MAX_EMAIL_CHARS: usize = 100;

const MAX_WRITTEN_PHONE_CHARS: usize = 32;
const SUBSCRIBER_DIGITS: usize = 9;

/// A mobile number in PayTR's form: `05` and nine digits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CellPhone(String);

impl CellPhone {
    /// Parses a number as people write it: blanks, `-`, `.`, `(` and `)` anywhere, and `05…`, `5…`, `+90…`, `0090…` or
    /// `90…` in front.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(written: &str) -> Result<Self, &'static str> {
        if written.is_empty() {
            return Err("is empty; give a Turkish mobile number such as 05xxxxxxxxx");
        }
        if !written.is_ascii() {
            return Err("has a character that is not ASCII; write the digits as 0 to 9");
        }
        if written.len() > MAX_WRITTEN_PHONE_CHARS {
            return Err("is too long for a phone number");
        }
        let mut digits: String =
            written.chars().filter(|character| !matches!(character, ' ' | '-' | '.' | '(' | ')')).collect();
        // 0090 stands before 0, which it begins with.
        for prefix in ["+90", "0090", "90", "0"] {
            if let Some(national) = digits.strip_prefix(prefix) {
                digits = national.to_owned();
                break;
            }
        }
        match digits.strip_prefix('5') {
            Some(rest) if rest.len() == SUBSCRIBER_DIGITS && rest.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(Self(format!("0{digits}")))
            }
            _ => Err("is not a Turkish mobile number; write it as 05xxxxxxxxx"),
        }
    }

    /// `05#########`
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One e-mail address.
///
/// The grammar is the one of `<input type=email>` (HTML Standard, "valid e-mail address") with a dot required in the
/// domain, and without `&` and `=`, which nobody's address needs and form bodies are attacked with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Parses an address. Nothing is trimmed or folded.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(written: &str) -> Result<Self, &'static str> {
        if written.is_empty() {
            return Err("is empty; give one e-mail address");
        }
        if !written.is_ascii() {
            return Err("has a character that is not ASCII; PayTR takes none, write the domain in its xn-- form");
        }
        if written.len() > MAX_EMAIL_CHARS {
            return Err("is over 100 characters, the most that PayTR takes");
        }
        let well_formed =
            written.split_once('@').is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain));
        if well_formed {
            Ok(Self(written.to_owned()))
        } else {
            Err("is not one e-mail address of the form name@example.com")
        }
    }

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the link goes: the channel and the address on it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// By SMS.
    CellPhone(CellPhone),
    /// By e-mail.
    Email(Email),
}

impl Recipient {
    /// The text that PayTR gets, the same in the token and in the form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::CellPhone(cell_phone) => cell_phone.as_str(),
            Self::Email(email) => email.as_str(),
        }
    }

    /// PayTR's name of the field.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::CellPhone(_) => "cell_phone",
            Self::Email(_) => "email",
        }
    }

    /// Enough for a shop to tell two customers apart in a log, and too little to reach either: `05*******67`,
    /// `m***@e***.com`.
    #[must_use]
    pub fn masked(&self) -> String {
        match self {
            Self::CellPhone(CellPhone(number)) => {
                format!("05*******{}", number.get(SUBSCRIBER_DIGITS..).unwrap_or_default())
            }
            Self::Email(Email(address)) => {
                let (local, domain) = address.split_once('@').unwrap_or_default();
                let (name, top) = domain.rsplit_once('.').unwrap_or_default();
                let first = |text: &str| text.chars().next().unwrap_or('*');
                format!("{}***@{}***.{top}", first(local), first(name))
            }
        }
    }

    /// The part by which the recipient is known however the rest is written: a number without its leading zero, so
    /// that +90 and 0090 forms hold it too, and an address as it is.
    #[must_use]
    pub fn redaction_needle(&self) -> &str {
        match self {
            Self::CellPhone(cell_phone) => cell_phone.as_str().trim_start_matches('0'),
            Self::Email(email) => email.as_str(),
        }
    }
}

/// Whether a text from outside looks as if it held an address or a Turkish mobile number, however the number is grouped.
/// A time in milliseconds, which many shops build their ids of, is not taken for one.
#[must_use]
pub fn looks_like_personal_data(text: &str) -> bool {
    let mut digits_since_five = 0_usize;
    text.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()).any(|piece| {
        let is_time = is_milliseconds(piece);
        piece.iter().any(|byte| {
            digits_since_five = match byte {
                _ if is_time || byte.is_ascii_alphabetic() => 0,
                b'5' if digits_since_five == 0 => 1,
                b'0'..=b'9' if digits_since_five > 0 => digits_since_five.saturating_add(1),
                _ => digits_since_five,
            };
            *byte == b'@' || digits_since_five > SUBSCRIBER_DIGITS
        })
    })
}

/// A time from 2023 to 2033 in which no number begins with `05`.
fn is_milliseconds(digits: &[u8]) -> bool {
    const LENGTH: usize = 13;
    digits.len() == LENGTH
        && matches!(digits, [b'1', b'7'..=b'9', ..])
        && !digits.windows(2).any(|pair| matches!(pair, b"05"))
}

macro_rules! redacted_debug {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    )+};
}
redacted_debug!(CellPhone, Email, Recipient);

fn is_local_part(local: &str) -> bool {
    !local.is_empty() && local.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".!#$%'*+/?^_`{|}~-".contains(&byte))
}

fn is_domain(domain: &str) -> bool {
    domain.contains('.') && domain.split('.').all(is_domain_label)
}

/// 1 to 63 letters, digits and inner hyphens (RFC 1034, section 3.5).
fn is_domain_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}
