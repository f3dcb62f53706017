//! JSON from outside.
//!
//! In scope: one value, whole, in UTF-8; a key twice is an error, which `serde_json::Value` would let pass. PayTR's replies
//! are read with more patience. Not in scope: what the value means. Values are deserialised by hand because serde's
//! derived code, and the error texts it brings along, would make up a tenth of the Worker.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::fmt;

/// The most members of one object: what keeps the search for a key given twice short.
const MAX_MEMBERS: usize = 32;

/// A JSON value, as much of it as the texts read here can hold.
/// It may hold anything, so it cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub enum JsonValue {
    /// A string.
    Text(String),
    /// An integer from 0 to 2^64 - 1.
    Integer(u64),
    /// `true` or `false`.
    Bool(bool),
    /// `null`
    Null,
    /// A negative number, a fraction or a number over 64 bits.
    OtherScalar,
    /// An array.
    Array(Vec<JsonValue>),
    /// An object, its members in their order.
    Object(Vec<(String, JsonValue)>),
}

impl JsonValue {
    /// Reads one value that fills `bytes`.
    ///
    /// # Errors
    /// What to change. Never repeats the input.
    pub fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        let text = std::str::from_utf8(bytes).map_err(|_| "The body is not UTF-8.")?;
        if text.starts_with('\u{feff}') {
            return Err("The body begins with a byte order mark; leave it out.");
        }
        let flaw = Cell::new(None);
        match (read(text, Reader { flaw: Some(&flaw) }), flaw.get()) {
            (Ok(_), Some(flaw)) => Err(flaw),
            (Ok(node), None) => Ok(node),
            (Err(error), _) if error.is_eof() => Err("The body is not JSON: it ends too early."),
            (Err(_), _) => Err("The body is not JSON, or is nested over 127 deep, or has half a surrogate pair."),
        }
    }

    /// Reads one value that fills `bytes`, and forgives what leaves its structure in no doubt: byte order marks in front,
    /// bytes that are not UTF-8, control characters, halves of surrogate pairs, many members, and a key twice, whose
    /// members are all there. `None` for what is not JSON all the same.
    #[must_use]
    pub fn parse_leniently(bytes: &[u8]) -> Option<Self> {
        // In valid JSON a control character is a blank between values; in a text one will do.
        let plain: Vec<u8> = bytes.iter().map(|&byte| byte.max(b' ')).collect();
        let text = String::from_utf8_lossy(&plain);
        let text = text.trim_start_matches(['\u{feff}', ' ']);
        read(&without_lone_surrogates(text), Reader { flaw: None }).ok()
    }

    /// Neither array nor object.
    #[must_use]
    pub const fn is_scalar(&self) -> bool {
        !matches!(self, Self::Array(_) | Self::Object(_))
    }
}

/// Reads a value. A number that no floating-point number holds is one all the same.
fn read(text: &str, reader: Reader<'_>) -> Result<JsonValue, serde_json::Error> {
    read_exactly(text, reader).or_else(|_| read_exactly(&with_short_numbers(text), reader))
}

fn read_exactly(text: &str, reader: Reader<'_>) -> Result<JsonValue, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let node = reader.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(node)
}

/// JSON in which no number is too large to be read. The large ones become other numbers that are as little of an integer of
/// 64 bits; everything else stays as it is, and so does what is wrong.
fn with_short_numbers(json: &str) -> String {
    /// More digits than an integer of 64 bits has.
    const MOST_DIGITS: usize = 21;
    let mut short = String::with_capacity(json.len());
    let (mut is_text, mut is_escaped, mut is_exponent, mut digits) = (false, false, false, 0_usize);
    for character in json.chars() {
        if is_text {
            is_text = is_escaped || character != '"';
            is_escaped = character == '\\' && !is_escaped;
        } else {
            digits = if character.is_ascii_digit() { digits.saturating_add(1) } else { 0 };
            is_exponent = matches!(character, 'e' | 'E') || is_exponent && matches!(character, '0'..='9' | '+' | '-');
            if digits > if is_exponent { 1 } else { MOST_DIGITS } {
                continue;
            }
            is_text = character == '"';
        }
        short.push(character);
    }
    short
}

/// JSON in which each `\u` escape of half a surrogate pair stands for U+FFFD.
fn without_lone_surrogates(json: &str) -> String {
    let mut whole = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((before, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        whole.push_str(before);
        let length = match (surrogate(escape), escape.get(ESCAPE_LENGTH..).and_then(surrogate)) {
            (Some(Surrogate::High), Some(Surrogate::Low)) => PAIR_LENGTH,
            (Some(_), _) => {
                whole.push_str("\\ufffd");
                rest = escape.get(ESCAPE_LENGTH..).unwrap_or_default();
                continue;
            }
            // The backslash, and what it escapes.
            (None, _) => escape.char_indices().nth(2).map_or(escape.len(), |(end, _)| end),
        };
        let (pair, behind) = escape.split_at_checked(length).unwrap_or((escape, ""));
        whole.push_str(pair);
        rest = behind;
    }
    whole.push_str(rest);
    whole
}

/// The length of `\u` and its four digits.
const ESCAPE_LENGTH: usize = 6;
/// The length of two of them.
const PAIR_LENGTH: usize = 12;

enum Surrogate {
    High,
    Low,
}

fn surrogate(escape: &str) -> Option<Surrogate> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some(Surrogate::High),
        0xdc00..=0xdfff => Some(Surrogate::Low),
        _ => None,
    }
}

/// Reads a value.
#[derive(Clone, Copy)]
struct Reader<'a> {
    /// Where it is noted what is wrong with it though it is JSON, if that matters.
    flaw: Option<&'a Cell<Option<&'static str>>>,
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = JsonValue;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<JsonValue, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = JsonValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<JsonValue, E> {
        Ok(JsonValue::Text(text.to_owned()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<JsonValue, E> {
        Ok(JsonValue::Integer(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<JsonValue, E> {
        Ok(JsonValue::OtherScalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<JsonValue, E> {
        Ok(JsonValue::OtherScalar)
    }

    fn visit_bool<E>(self, value: bool) -> Result<JsonValue, E> {
        Ok(JsonValue::Bool(value))
    }

    fn visit_unit<E>(self) -> Result<JsonValue, E> {
        Ok(JsonValue::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<JsonValue, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            array.push(item);
        }
        Ok(JsonValue::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<JsonValue, A::Error> {
        let mut object: Vec<(String, JsonValue)> = Vec::new();
        while let Some(key) = members.next_key_seed(self)? {
            let value = members.next_value_seed(self)?;
            // The format sees to it that a key is text.
            let JsonValue::Text(name) = key else { continue };
            match self.flaw {
                Some(flaw) if object.len() >= MAX_MEMBERS => {
                    flaw.set(Some("The body has an object with over 32 members."));
                }
                Some(flaw) if object.iter().any(|(known, _)| *known == name) => {
                    flaw.set(Some("The body has an object with a key twice."));
                }
                _ => object.push((name, value)),
            }
        }
        Ok(JsonValue::Object(object))
    }
}
