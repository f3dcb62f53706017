//! What can be asked of the relay: one file per message type, and the list of them all.
//!
//! A message type says in its own file which fields it has, who carries it out, what its answer is and what the log may
//! say. Not in scope: who asks (`standard_webhooks`), whether it was asked before (`ledger`), what PayTR is posted (`paytr`),
//! and the object that carries it out (`partition`).

mod ask_ledger;
mod body;
mod envelope;
mod fields;
mod handling;
mod send;

pub use ask_ledger::{AskLedger, Counts, Listed, ListedEvent, ListedLink, Page, Part, Query};
pub use envelope::{Answer, Envelope, Notice};
pub use fields::Fields;
pub use handling::{AnswerContext, AskPaytr, CallContext, Handling, Payments, ReadLink, Settled};
pub use send::{SendLink, report_send, send_type};

use crate::http::problem::{InvalidField, Problem};
use crate::json::JsonValue;
use crate::model::Recipient;
use crate::model::recipient::looks_like_personal_data;
use crate::packed;
use crate::telemetry::LogLine;
use serde::Serialize;

/// The longest body of a message, in bytes.
pub const MAX_BODY_BYTES: usize = 16 * 1024;

macro_rules! messages {
    ($($number:literal $module:ident::$name:ident),+ $(,)?) => {
        $(pub mod $module;
        pub use $module::$name;)+

        /// A message, parsed. Its encoded form goes to the partition that keeps it, and is not parsed again.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Message {
            $(#[doc = concat!("`", stringify!($module), "`")] $name($name)),+
        }

        /// What was asked for and done.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Success {
            $(#[doc = concat!("The answer to `", stringify!($module), "`")] $name(<$name as MessageType>::Answer)),+
        }

        packed!(enum Message { $($number $name(value)),+ });
        packed!(enum Success { $($number $name(value)),+ });

        /// The message types there are.
        pub const TYPES: &[&str] = &[$($name::TYPE),+];

        impl Message {
            fn parse_data(message_type: &str, data: Option<JsonValue>, invalid: Vec<InvalidField>) -> Result<Self, Problem> {
                match message_type {
                    $($name::TYPE => fields::parse(data, invalid).map(Self::$name),)+
                    _ => Err(Problem::UnknownType(TYPES)),
                }
            }

            /// The value of `type`.
            #[must_use]
            pub const fn message_type(&self) -> &'static str {
                match self { $(Self::$name(_) => $name::TYPE),+ }
            }

            /// Who carries it out.
            #[must_use]
            pub fn handling(&self) -> Handling<'_> {
                match self { $(Self::$name(message) => message.handling()),+ }
            }

            /// Whom it is sent to.
            #[must_use]
            pub fn recipients(&self) -> Vec<&Recipient> {
                match self { $(Self::$name(message) => message.recipients()),+ }
            }

            fn describe_type(&self, line: &mut LogLine<'_>) {
                match self { $(Self::$name(message) => message.describe(line)),+ }
            }
        }

        impl Success {
            /// What happened, in one word: the body's `outcome`.
            #[must_use]
            pub const fn outcome(&self) -> &'static str {
                match self { $(Self::$name(_) => $name::OUTCOME),+ }
            }

            /// PayTR's `status`, if it was asked.
            #[must_use]
            pub fn paytr_status(&self) -> Option<&'static str> {
                match self { $(Self::$name(answer) => $name::paytr_status(answer)),+ }
            }

            /// The body of the HTTP answer, JSON.
            #[must_use]
            pub fn body(&self) -> String {
                match self { $(Self::$name(answer) => body::write($name::OUTCOME, answer)),+ }
            }
        }
    };
}

messages![
    0 send_sms::SendSms,
    1 send_email::SendEmail,
    2 create::Create,
    3 delete::Delete,
    4 get::Get,
    5 replay::Replay,
    6 ping::Ping,
    7 list_links::ListLinks,
    8 list_events::ListEvents,
    9 status::Status,
];

/// A message type.
pub trait MessageType: Sized {
    /// The value of `type`.
    const TYPE: &'static str;
    /// The members of `data`. Others are refused by name.
    const FIELDS: &'static [&'static str];
    /// Whether `data` may be left out.
    const DATA_IS_OPTIONAL: bool = false;
    /// What happened, in one word.
    const OUTCOME: &'static str;
    /// What the caller is told beside [`MessageType::OUTCOME`].
    type Answer: Serialize;

    /// Parses `data`, noting every field that is wrong; `None` if any is.
    fn parse(fields: &mut Fields) -> Option<Self>;

    /// Who carries it out.
    fn handling(&self) -> Handling<'_>;

    /// Whom it is sent to, for the log to strike out.
    fn recipients(&self) -> Vec<&Recipient> {
        Vec::new()
    }

    /// Adds what the log may say of it.
    fn describe(&self, _line: &mut LogLine<'_>) {}

    /// PayTR's `status`, if it was asked.
    fn paytr_status(_answer: &Self::Answer) -> Option<&'static str> {
        None
    }
}

impl Message {
    /// Parses a body: `{"type": …, "timestamp": …, "data": {…}}`.
    ///
    /// # Errors
    /// What to change; of fields all that are wrong, not just the first.
    pub fn parse(body: &[u8]) -> Result<Self, Problem> {
        let envelope = JsonValue::parse(body).map_err(Problem::MalformedBody)?;
        let JsonValue::Object(members) = envelope else {
            return Err(Problem::MalformedBody("The body is not a JSON object."));
        };
        let mut invalid = Vec::new();
        let (mut message_type, mut data) = (None, None);
        for (name, value) in members {
            match name.as_str() {
                "type" => message_type = Some(value),
                "data" => data = Some(value),
                "timestamp" if value.is_scalar() => {}
                "timestamp" => invalid
                    .push(InvalidField::new("/timestamp", "must be text or a number; it is optional and not used")),
                _ => invalid.push(fields::unknown("", &name)),
            }
        }
        let Some(JsonValue::Text(message_type)) = message_type else {
            return Err(Problem::MalformedBody("The member \"type\" must be there, as text."));
        };
        Self::parse_data(&message_type, data, invalid)
    }

    /// Adds to a line of the log what it may say of this message.
    pub fn describe(&self, line: &mut LogLine<'_>) {
        line.message_type = Some(self.message_type());
        self.describe_type(line);
        // A shop may give a number or an address where a link's id belongs.
        if line.link_id.as_ref().is_some_and(|id| looks_like_personal_data(id, &self.recipients())) {
            line.link_id = Some("[redacted]".to_owned());
        }
    }
}
