//! The members of a message's `data`, taken one by one; what is left over or wrong is noted.

use super::MessageType;
use crate::http::problem::{InvalidField, Problem};
use crate::json::JsonValue;

const MAX_QUOTED_NAME_CHARS: usize = 40;

/// The members of an object of the message.
pub struct Fields {
    /// Where the object stands (RFC 6901).
    pointer: String,
    members: Vec<(String, JsonValue)>,
    invalid: Vec<InvalidField>,
}

/// Parses `data` as a message type's. `invalid` is what is wrong with the message already. For each type a function of its own:
/// else all are one, and a first request waits until all of it is compiled.
#[inline(never)]
pub(super) fn parse<T: MessageType>(data: Option<JsonValue>, invalid: Vec<InvalidField>) -> Result<T, Problem> {
    let mut fields = Fields::of_data(data, T::DATA_IS_OPTIONAL, T::FIELDS, invalid)?;
    match T::parse(&mut fields) {
        Some(parsed) if fields.invalid.is_empty() => Ok(parsed),
        _ => Err(Problem::InvalidField(fields.invalid)),
    }
}

impl Fields {
    fn of_data(
        data: Option<JsonValue>,
        is_optional: bool,
        known: &[&str],
        invalid: Vec<InvalidField>,
    ) -> Result<Self, Problem> {
        let members = match data {
            Some(JsonValue::Object(members)) => members,
            None | Some(JsonValue::Null) if is_optional => Vec::new(),
            Some(_) if is_optional => {
                return Err(Problem::MalformedBody("The member \"data\" must be an object; a ping needs none."));
            }
            _ => return Err(Problem::MalformedBody("The member \"data\" must be there, as an object.")),
        };
        Ok(Self::new("/data", members, known, invalid))
    }

    fn new(pointer: &str, members: Vec<(String, JsonValue)>, known: &[&str], mut invalid: Vec<InvalidField>) -> Self {
        let unknown_members = members.iter().filter(|(name, _)| !known.contains(&name.as_str()));
        invalid.extend(unknown_members.map(|(name, _)| unknown(pointer, name)));
        Self { pointer: pointer.to_owned(), members, invalid }
    }

    /// A field that must be there. `missing` says what to give.
    pub fn required<T>(
        &mut self,
        name: &str,
        missing: &'static str,
        parse: impl FnOnce(&JsonValue) -> Result<T, &'static str>,
    ) -> Option<T> {
        let value = self.take_written(name);
        let parsed = value.as_ref().map_or(Err(missing), parse);
        self.noted(name, parsed)
    }

    /// A field that may be left out. The outer `None` is a field that is wrong.
    pub fn optional<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&JsonValue) -> Result<T, &'static str>,
    ) -> Option<Option<T>> {
        let parsed = self.take(name).as_ref().map(parse).transpose();
        self.noted(name, parsed)
    }

    /// An object that may be left out, with these members.
    pub fn object<T>(
        &mut self,
        name: &str,
        known: &[&str],
        parse: impl FnOnce(&mut Fields) -> Option<T>,
    ) -> Option<Option<T>> {
        let members = match self.take(name) {
            None => return Some(None),
            Some(JsonValue::Object(members)) => members,
            Some(_) => return self.noted(name, Err("must be an object")),
        };
        let mut inner = Fields::new(&self.pointer_to(name), members, known, Vec::new());
        let parsed = parse(&mut inner);
        self.invalid.extend(inner.invalid);
        parsed.map(Some)
    }

    /// Refuses a field if it is there.
    pub fn refuse_present(&mut self, name: &str, detail: &'static str) {
        if self.take(name).is_some() {
            self.refuse(name, detail);
        }
    }

    /// Takes a field whose `null` says something.
    pub fn take_null(&mut self, name: &str) -> bool {
        let place = self.members.iter().position(|(known, value)| known == name && *value == JsonValue::Null);
        place.map(|place| self.members.remove(place)).is_some()
    }

    /// Notes what is wrong with a field.
    pub fn refuse(&mut self, name: &str, detail: &'static str) {
        let pointer = self.pointer_to(name);
        self.invalid.push(InvalidField { pointer, detail });
    }

    /// Notes what is wrong with the object as a whole.
    pub fn refuse_all(&mut self, detail: &'static str) {
        self.invalid.push(InvalidField { pointer: self.pointer.clone(), detail });
    }

    /// A field, unless it is absent; `null` is absence too.
    fn take(&mut self, name: &str) -> Option<JsonValue> {
        self.take_written(name).filter(|value| *value != JsonValue::Null)
    }

    fn take_written(&mut self, name: &str) -> Option<JsonValue> {
        let place = self.members.iter().position(|(known, _)| known == name)?;
        Some(self.members.remove(place).1)
    }

    fn noted<T>(&mut self, name: &str, parsed: Result<T, &'static str>) -> Option<T> {
        parsed.map_err(|detail| self.refuse(name, detail)).ok()
    }

    fn pointer_to(&self, name: &str) -> String {
        format!("{}/{name}", self.pointer)
    }
}

/// Quotes a name only if it looks like one: a number or an address that strayed into a key is not repeated.
pub(super) fn unknown(parent: &str, name: &str) -> InvalidField {
    let quotable = (1..=MAX_QUOTED_NAME_CHARS).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'-');
    if quotable {
        InvalidField { pointer: format!("{parent}/{name}"), detail: "is not a field of this message" }
    } else {
        InvalidField { pointer: parent.to_owned(), detail: "has a field of an unknown name" }
    }
}

/// `true` or `false`.
pub(super) fn parse_bool(value: &JsonValue) -> Result<bool, &'static str> {
    match value {
        JsonValue::Bool(flag) => Ok(*flag),
        _ => Err("must be true or false, without quotes"),
    }
}

/// `0` or `1`.
pub(super) fn parse_flag(value: &JsonValue) -> Result<bool, &'static str> {
    match value {
        JsonValue::Integer(0) => Ok(false),
        JsonValue::Integer(1) => Ok(true),
        _ => Err("must be 0 or 1, as a number"),
    }
}
