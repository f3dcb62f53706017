//! Reading back what the relay itself wrote: JSON from the storage and from another object, as typed values.
//!
//! serde's derived code, made for `serde_json`'s own reader, is two to five kilobytes of wasm for each type, most of it for
//! forms that are never written. This reads a [`JsonValue`] first, which serves all types, and takes a struct from an object
//! alone, a text from a text alone.

use crate::json::JsonValue;
use serde::de::value::{Error, MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

/// Reads a value.
///
/// # Errors
/// If the text holds something else.
pub fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    T::deserialize(JsonValue::parse(text.as_bytes()).map_err(Error::custom)?)
}

impl IntoDeserializer<'_, Error> for JsonValue {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Reads one form of value by one method of the visitor.
macro_rules! only {
    ($($method:ident: $variant:ident => $visit:ident),+ $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self {
                Self::$variant(value) => visitor.$visit(value),
                _ => Err(unexpected()),
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for JsonValue {
    type Error = Error;

    only! {
        deserialize_bool: Bool => visit_bool,
        deserialize_u8: Integer => visit_u64,
        deserialize_u16: Integer => visit_u64,
        deserialize_u32: Integer => visit_u64,
        deserialize_u64: Integer => visit_u64,
        deserialize_str: Text => visit_string,
        deserialize_string: Text => visit_string,
        deserialize_identifier: Text => visit_string,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_string(visitor)
    }

    /// What is not known is left out.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Null => visitor.visit_unit(),
            _ => Err(unexpected()),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Null => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter())),
            _ => Err(unexpected()),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Object(members) => visitor.visit_map(MapDeserializer::new(members.into_iter())),
            _ => Err(unexpected()),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    /// A variant without a value is its name; another one is an object with one member.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Text(name) => visitor.visit_enum(name.into_deserializer()),
            Self::Object(members) => {
                visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(members.into_iter())))
            }
            _ => Err(unexpected()),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 f32 f64 char bytes byte_buf unit_struct tuple_struct
    }
}

fn unexpected() -> Error {
    Error::custom("another form of value")
}
