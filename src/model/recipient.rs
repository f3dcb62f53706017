//! Who receives the link: a Turkish mobile number or an e-mail address.
//!
//! In scope: the grammars, and finding a recipient again in somebody else's text. Not in scope: whether the number or
//! the address exists.

use super::characters::{is_dash, is_invisible};
use crate::packed;
use std::fmt;

/// The longest `email` that PayTR takes, in characters (Link API, "E-posta ile gönderim", field table).
pub const MAX_EMAIL_CHARS: usize = 100;

/// The longest part in front of the `@`, in characters (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL_PART_CHARS: usize = 64;
/// `5` and the nine digits behind it.
const NATIONAL_DIGITS: usize = 10;
/// The code of numbers that cost their caller extra. It begins like the country code.
const PREMIUM: &str = "900";
const SUBSCRIBER_DIGITS: usize = 9;
/// What nothing that is one number exceeds: `0090`, a trunk zero, [`NATIONAL_DIGITS`], and some too many.
const MAX_PHONE_DIGITS: usize = 19;

/// A mobile number in PayTR's form: `05` and nine digits.
#[derive(Clone, PartialEq, Eq)]
pub struct CellPhone(String);

packed!(struct CellPhone(_));

impl CellPhone {
    /// Parses a number as people and forms write it: `05…`, `5…`, or after `+90`, `0090` or `90`, and there with or
    /// without the trunk zero. White space, dashes, `.`, `(`, `)`, `/` and what nobody sees are dropped wherever they
    /// stand. Nothing else is, and nothing is guessed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(written: &str) -> Result<Self, &'static str> {
        let mut kept = written.chars().filter(|&character| !is_separator(character)).peekable();
        if kept.peek().is_none() {
            return Err("is empty; give a Turkish mobile number such as 05xxxxxxxxx");
        }
        let has_plus = kept.next_if_eq(&'+').is_some();
        let mut digits = String::new();
        for character in kept {
            if !character.is_ascii_digit() {
                return Err(why_no_digit(character));
            }
            if digits.len() >= MAX_PHONE_DIGITS {
                return Err("is more than one number; give one");
            }
            digits.push(character);
        }
        let national = without_prefix(&digits, has_plus)?;
        why_not_mobile(national).map_or_else(|| Ok(Self(format!("0{national}"))), Err)
    }

    /// `05#########`
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || is_dash(character)
        || is_invisible(character)
        || matches!(character, '.' | '(' | ')' | '/')
}

fn why_no_digit(character: char) -> &'static str {
    match character {
        '+' => "has a + that does not stand in front; give one number",
        _ if character.is_alphabetic() => "has a letter in it; give the number alone",
        _ if character.is_numeric() => "has digits of another script; write them as 0 to 9",
        _ if character.is_control() => "has a control character in it",
        _ => "has a character that no phone number has; give one number, in digits from 0 to 9",
    }
}

/// The digits from the `5` of a mobile number on, if it is one.
fn without_prefix(digits: &str, has_plus: bool) -> Result<&str, &'static str> {
    let international = if has_plus { Some(digits) } else { digits.strip_prefix("00") };
    let after_code = match international {
        Some("") => None,
        Some(rest) if rest.starts_with('0') => {
            return Err("has a 0 where the country code belongs; write it as +905xxxxxxxxx or 05xxxxxxxxx");
        }
        Some(rest) => Some(rest.strip_prefix("90").ok_or("is not from Turkey; behind + or 00 only 90 is taken")?),
        None if digits.len() == NATIONAL_DIGITS && digits.starts_with(PREMIUM) => None,
        None => digits.strip_prefix("90"),
    };
    let without_zeros = after_code.unwrap_or_default().trim_start_matches('0');
    if without_zeros.starts_with("90") && !is_premium(without_zeros) {
        return Err("has the country code twice");
    }
    let national = after_code.unwrap_or(digits);
    Ok(national.strip_prefix('0').unwrap_or(national))
}

/// Whether it is, or is nearest to, a number that costs its caller extra, and not a country code before another number.
fn is_premium(national: &str) -> bool {
    national
        .strip_prefix(PREMIUM)
        .is_some_and(|rest| national.len() == NATIONAL_DIGITS || !rest.trim_start_matches('0').starts_with('5'))
}

fn why_not_mobile(national: &str) -> Option<&'static str> {
    const ONE_SHORT: usize = NATIONAL_DIGITS - 1;
    const ONE_TOO_MANY: usize = NATIONAL_DIGITS + 1;
    let why = match (national.as_bytes(), national.len()) {
        ([b'5', ..], NATIONAL_DIGITS) => return None,
        ([b'5', ..], ONE_SHORT) => "is one digit short; write it as 05xxxxxxxxx",
        ([b'5', ..], ONE_TOO_MANY) => "has one digit too many; write it as 05xxxxxxxxx",
        ([b'5', ..], ..NATIONAL_DIGITS) | ([], _) => "has too few digits; write it as 05xxxxxxxxx",
        ([b'5', ..], _) => "has too many digits; write it as 05xxxxxxxxx",
        ([b'2'..=b'4', ..], NATIONAL_DIGITS) => "is a land line; give a mobile number, 05xxxxxxxxx",
        ([b'8' | b'9', ..], NATIONAL_DIGITS) => "is a service number; give a mobile number, 05xxxxxxxxx",
        _ => "is not a Turkish mobile number, which begins with 05; write it as 05xxxxxxxxx",
    };
    Some(why)
}

/// One e-mail address.
///
/// The grammar is the one of `<input type=email>` (HTML Standard, "valid e-mail address"), narrower where no mail server
/// delivers: dots in front of the `@` stand between other characters, that part has 64 characters at most, and the
/// domain has a dot and ends in a name. `&` and `=`, which nobody's address needs and form bodies are attacked with, are
/// not in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

packed!(struct Email(_));

impl Email {
    /// Parses an address. White space and what nobody sees are dropped around it, and nothing is inside it.
    ///
    /// # Errors
    /// What to change. For a letter outside ASCII that is never another spelling: the address that it would make may be
    /// somebody else's.
    pub fn parse(written: &str) -> Result<Self, &'static str> {
        let address = written.trim_matches(|character: char| character.is_whitespace() || is_invisible(character));
        match why_not_address(address) {
            None => Ok(Self(address.to_owned())),
            Some(why) => Err(why),
        }
    }

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn why_not_address(address: &str) -> Option<&'static str> {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let why = if address.is_empty() {
        "is empty; give one e-mail address"
    } else if domain.contains('@') {
        "has more than one @; give one e-mail address"
    } else if address.contains(char::is_whitespace) {
        "has white space inside it; give one e-mail address without"
    } else if address.contains(is_invisible) {
        "has an invisible character inside it; have the address typed anew"
    } else if local.contains(is_turkish) {
        "has a Turkish letter before the @, where PayTR takes none; ask the customer for the right spelling"
    } else if domain.contains(is_turkish) {
        "has a Turkish letter in its domain, which is most often a slip of the keyboard; ask the customer for the right \
         spelling"
    } else if !address.is_ascii() {
        "has a character that is not ASCII, and PayTR takes none; ask the customer for the right spelling"
    } else if address.len() > MAX_EMAIL_CHARS {
        "is over 100 characters, the most that PayTR takes"
    } else if local.len() > MAX_LOCAL_PART_CHARS {
        "has over 64 characters before the @"
    } else if local.starts_with('.') || local.ends_with('.') || address.contains("..") {
        "has a dot too many: two in a row, or one at either end of what stands before the @"
    } else if domain
        .rsplit('.')
        .next()
        .is_some_and(|top| !top.is_empty() && top.bytes().all(|byte| byte.is_ascii_digit()))
    {
        "has an IP address or a number where its domain belongs"
    } else if !(is_local_part(local) && is_domain(domain)) {
        "is not one e-mail address of the form name@example.com"
    } else {
        return None;
    };
    Some(why)
}

/// A letter of the Turkish alphabet outside ASCII, those with a circumflex too, or the mark of one that stands apart from
/// its letter, as macOS writes it.
const fn is_turkish(character: char) -> bool {
    matches!(
        character,
        'ç' | 'Ç'
            | 'ğ'
            | 'Ğ'
            | 'ı'
            | 'İ'
            | 'ö'
            | 'Ö'
            | 'ş'
            | 'Ş'
            | 'ü'
            | 'Ü'
            | 'â'
            | 'Â'
            | 'î'
            | 'Î'
            | 'û'
            | 'Û'
            | '\u{302}'
            | '\u{306}'..='\u{308}' | '\u{327}'
    )
}

/// Where the link goes: the channel and the address on it.
#[derive(Clone, PartialEq, Eq)]
pub enum Recipient {
    /// By SMS.
    CellPhone(CellPhone),
    /// By e-mail.
    Email(Email),
}

packed!(enum Recipient {
    0 CellPhone(value),
    1 Email(value),
});

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

/// Whether a text from outside holds a recipient: one of these, however grouped; anything with an `@`; or what has the shape
/// of a Turkish mobile number, with its `0` or country code, or without them if no recipient could be read.
#[must_use]
pub fn looks_like_personal_data(text: &str, recipients: &[&Recipient]) -> bool {
    let needles = recipients.iter().map(|recipient| recipient.redaction_needle());
    text.contains('@') || holds_ungrouped(text, needles) || holds_number(text.as_bytes(), recipients.is_empty())
}

/// Whether a text holds one of these, in whatever case and however either is grouped.
#[must_use]
pub fn holds_ungrouped<'a>(text: &str, needles: impl IntoIterator<Item = &'a str>) -> bool {
    let text = ungroup(text);
    let holds = |needle: Vec<u8>| !needle.is_empty() && text.windows(needle.len()).any(|window| window == needle);
    needles.into_iter().map(ungroup).any(holds)
}

/// The letters and digits alone, in lower case.
#[must_use]
pub fn ungroup(text: &str) -> Vec<u8> {
    text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect()
}

/// Whether a number begins anywhere but inside a longer number or hexadecimal.
fn holds_number(text: &[u8], with_bare: bool) -> bool {
    let starts = (0..text.len()).filter_map(|start| text.split_at_checked(start));
    starts
        .filter(|(before, _)| !before.last().is_some_and(u8::is_ascii_hexdigit))
        .any(|(_, rest)| begins_number(rest, with_bare))
}

/// `[0090|90][0]5## ### ## ##`, with anything but letters and digits between the groups, and no further digit behind it.
fn begins_number(text: &[u8], with_bare: bool) -> bool {
    const GROUPS: [usize; 4] = [3, 3, 2, 2];
    let after_code = text.strip_prefix(b"0090").or_else(|| text.strip_prefix(b"90")).map(skip_separators);
    let rest = after_code.unwrap_or(text);
    let after_zero = rest.strip_prefix(b"0").map(skip_separators);
    let mut rest = after_zero.unwrap_or(rest);
    if !rest.starts_with(b"5") || !(with_bare || after_code.is_some() || after_zero.is_some()) {
        return false;
    }
    for length in GROUPS {
        match skip_separators(rest).split_at_checked(length) {
            Some((group, behind)) if group.iter().all(u8::is_ascii_digit) => rest = behind,
            _ => return false,
        }
    }
    !rest.first().is_some_and(u8::is_ascii_hexdigit)
}

fn skip_separators(text: &[u8]) -> &[u8] {
    let count = text.iter().take_while(|byte| !byte.is_ascii_alphanumeric()).count();
    text.get(count..).unwrap_or_default()
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
