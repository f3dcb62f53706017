//! What is asked? The body's bytes to a typed [`Message`].
//!
//! In scope: the JSON, its shape, and every field's grammar; after [`Message::parse`] there is no second check. Not in
//! scope: who asks (`webhook`) and whether it was asked before (`ledger`).

use crate::json::Node;
use crate::recipient::{CellPhone, Email, Recipient};
use serde::Serialize;

/// The longest body, in bytes.
pub const MAX_BODY_BYTES: usize = 16 * 1024;
/// The longest `data.id`, in characters.
pub const MAX_LINK_ID_CHARS: usize = 64;
/// The message types there are.
pub const TYPES: [&str; 3] = ["link.send_sms", "link.send_email", "relay.ping"];

const MAX_QUOTED_NAME_CHARS: usize = 40;

/// What PayTR's create call named the link: `[A-Za-z0-9_-]{1,64}`, case matters.
///
/// The grammar is strict because nothing separates the fields of a token: an `id` that could hold a merchant number or
/// an address would make one token good for two requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkId(String);

impl LinkId {
    fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        ((1..=MAX_LINK_ID_CHARS).contains(&text.len()) && text.bytes().all(allowed)).then(|| Self(text.to_owned()))
    }

    /// The id as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a body asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// `link.send_sms` or `link.send_email`
    SendLink(SendLink),
    /// `relay.ping`: an answer that the request is signed right, and nothing else.
    Ping,
}

/// A payment link to be sent to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendLink {
    /// `data.id`
    pub id: LinkId,
    /// `data.cell_phone` or `data.email`, as `type` says
    pub recipient: Recipient,
    /// `data.debug_on`; `None` leaves it to the setting
    pub debug_on: Option<bool>,
}

/// One field that has to be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvalidField {
    /// Where it stands (RFC 6901), such as `/data/cell_phone`.
    pub pointer: String,
    /// What to change. Never holds the value.
    pub detail: &'static str,
}

/// Why a body is no message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unacceptable {
    /// Not UTF-8, not JSON, a key twice, or not of the envelope's shape; the text says which.
    Malformed(&'static str),
    /// `type` is none of [`TYPES`].
    UnknownType,
    /// Fields with values that are not allowed, or with unknown names.
    Fields(Vec<InvalidField>),
}

impl Message {
    /// Parses a body: `{"type": …, "timestamp": …, "data": {…}}`.
    ///
    /// # Errors
    /// What to change; of fields all that are wrong, not just the first.
    pub fn parse(body: &[u8]) -> Result<Self, Unacceptable> {
        let envelope = Node::parse(body).map_err(Unacceptable::Malformed)?;
        let Node::Object(members) = envelope else {
            return Err(Unacceptable::Malformed("The body is not a JSON object."));
        };

        let mut invalid = Invalid::default();
        let (mut message_type, mut data) = (None, None);
        for (name, value) in members {
            match name.as_str() {
                "type" => message_type = Some(value),
                "data" => data = Some(value),
                "timestamp" if value.is_scalar() => {}
                "timestamp" => invalid.push("/timestamp", "must be text or a number; it is optional and not used"),
                _ => invalid.push_unknown("", &name),
            }
        }
        let Some(Node::Text(message_type)) = message_type else {
            return Err(Unacceptable::Malformed("The member \"type\" must be there, as text."));
        };
        let (recipient_field, parse_recipient): (&str, FieldParser<Recipient>) = match message_type.as_str() {
            "link.send_sms" => ("cell_phone", parse_cell_phone),
            "link.send_email" => ("email", parse_email),
            "relay.ping" => return parse_ping(data, invalid),
            _ => return Err(Unacceptable::UnknownType),
        };
        let Some(Node::Object(data)) = data else {
            return Err(Unacceptable::Malformed("The member \"data\" must be there, as an object."));
        };

        let (mut id, mut recipient, mut debug_on) = (None, None, None);
        for (name, value) in data {
            match name.as_str() {
                "id" => id = Some(value),
                "debug_on" => debug_on = Some(value),
                name if name == recipient_field => recipient = Some(value),
                _ => invalid.push_unknown("/data", &name),
            }
        }
        let id = invalid.unless(parse_id(id), "id");
        let recipient = invalid.unless(parse_recipient(recipient), recipient_field);
        let debug_on = invalid.unless(parse_debug_on(debug_on.as_ref()), "debug_on");
        match (id, recipient, debug_on) {
            (Some(id), Some(recipient), Some(debug_on)) if invalid.0.is_empty() => {
                Ok(Self::SendLink(SendLink { id, recipient, debug_on }))
            }
            _ => Err(Unacceptable::Fields(invalid.0)),
        }
    }
}

/// A ping says nothing, so `data` may be left out.
fn parse_ping(data: Option<Node>, mut invalid: Invalid) -> Result<Message, Unacceptable> {
    let members = match data {
        None | Some(Node::Null) => Vec::new(),
        Some(Node::Object(members)) => members,
        Some(_) => return Err(Unacceptable::Malformed("The member \"data\" must be an object; a ping needs none.")),
    };
    for (name, _) in &members {
        invalid.push_unknown("/data", name);
    }
    if invalid.0.is_empty() { Ok(Message::Ping) } else { Err(Unacceptable::Fields(invalid.0)) }
}

type FieldParser<T> = fn(Option<Node>) -> Result<T, &'static str>;

fn parse_id(value: Option<Node>) -> Result<LinkId, &'static str> {
    let text = match value {
        Some(Node::Text(text)) => text,
        Some(Node::Integer(number)) => number.to_string(),
        Some(_) => return Err("must be text, or an integer from 0 to 18446744073709551615"),
        None => return Err("is missing; give the id that PayTR's create call returned"),
    };
    LinkId::parse(&text).ok_or("must be 1 to 64 letters, digits, _ or -")
}

fn parse_cell_phone(value: Option<Node>) -> Result<Recipient, &'static str> {
    match value {
        Some(Node::Text(text)) => CellPhone::parse(&text).map(Recipient::CellPhone),
        Some(Node::Integer(_) | Node::OtherScalar | Node::Null) => {
            Err("must be text; a JSON number loses its leading zero")
        }
        Some(_) => Err("must be text"),
        None => Err("is missing; give a Turkish mobile number such as 05xxxxxxxxx"),
    }
}

fn parse_email(value: Option<Node>) -> Result<Recipient, &'static str> {
    match value {
        Some(Node::Text(text)) => Email::parse(&text).map(Recipient::Email),
        Some(_) => Err("must be text"),
        None => Err("is missing; give one e-mail address"),
    }
}

fn parse_debug_on(value: Option<&Node>) -> Result<Option<bool>, &'static str> {
    match value {
        None | Some(Node::Null) => Ok(None),
        Some(Node::Integer(0)) => Ok(Some(false)),
        Some(Node::Integer(1)) => Ok(Some(true)),
        Some(_) => Err("must be 0 or 1, as a number"),
    }
}

#[derive(Default)]
struct Invalid(Vec<InvalidField>);

impl Invalid {
    fn push(&mut self, pointer: &str, detail: &'static str) {
        self.0.push(InvalidField { pointer: pointer.to_owned(), detail });
    }

    /// Quotes a name only if it looks like one: a number or an address that strayed into a key is not repeated.
    fn push_unknown(&mut self, parent: &str, name: &str) {
        let quotable = (1..=MAX_QUOTED_NAME_CHARS).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'-');
        if quotable {
            self.push(&format!("{parent}/{name}"), "is not a field of this message");
        } else {
            self.push(parent, "has a field of an unknown name");
        }
    }

    /// The parsed value, unless it is invalid, which is noted.
    fn unless<T>(&mut self, parsed: Result<T, &'static str>, field: &str) -> Option<T> {
        parsed.map_err(|detail| self.push(&format!("/data/{field}"), detail)).ok()
    }
}
