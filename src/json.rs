//! JSON from outside, read strictly.
//!
//! In scope: one value, whole, in UTF-8; a key twice is an error, which `serde_json::Value` would let pass. Not in
//! scope: what the value means. Values are deserialised by hand because serde's derived code, and the error texts it
//! brings along, would make up a tenth of the Worker.

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
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let parsed = Reader { flaw: &flaw }.deserialize(&mut deserializer).and_then(|node| {
            deserializer.end()?;
            Ok(node)
        });
        match (parsed, flaw.get()) {
            (Ok(_), Some(flaw)) => Err(flaw),
            (Ok(node), None) => Ok(node),
            (Err(error), _) if error.is_eof() => Err("The body is not JSON: it ends too early."),
            (Err(_), _) => Err("The body is not JSON, or is nested over 127 deep, or has half a surrogate pair."),
        }
    }

    /// Neither array nor object.
    #[must_use]
    pub const fn is_scalar(&self) -> bool {
        !matches!(self, Self::Array(_) | Self::Object(_))
    }
}

/// Reads a value, and notes what is wrong with it though it is JSON.
#[derive(Clone, Copy)]
struct Reader<'a> {
    flaw: &'a Cell<Option<&'static str>>,
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
            if object.len() >= MAX_MEMBERS {
                self.flaw.set(Some("The body has an object with over 32 members."));
            } else if object.iter().any(|(known, _)| *known == name) {
                self.flaw.set(Some("The body has an object with a key twice."));
            } else {
                object.push((name, value));
            }
        }
        Ok(JsonValue::Object(object))
    }
}
