//! `link.send_email`: send a link by e-mail.

use super::send::Sent;
use super::{Fields, Handling, MessageType, SendLink};
use crate::json::JsonValue;
use crate::model::{Email, Recipient};
use crate::telemetry::LogLine;
use crate::packed;

/// `{"id", "email", "debug_on"?}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendEmail(pub SendLink);

packed!(struct SendEmail(_));

impl MessageType for SendEmail {
    const TYPE: &'static str = "link.send_email";
    const FIELDS: &'static [&'static str] = &["id", "email", "debug_on"];
    const OUTCOME: &'static str = "sent";
    type Answer = Sent;

    fn parse(fields: &mut Fields) -> Option<Self> {
        SendLink::parse(fields, "email", MISSING, parse_email).map(Self)
    }

    fn handling(&self) -> Handling<'_> {
        Handling::Ask(&self.0)
    }

    fn recipients(&self) -> Vec<&Recipient> {
        vec![&self.0.recipient]
    }

    fn describe(&self, line: &mut LogLine<'_>) {
        self.0.describe(line);
    }

    fn paytr_status(_: &Sent) -> Option<&'static str> {
        Some("success")
    }
}

const MISSING: &str = "is missing; give one e-mail address";

pub(super) fn parse_email(value: &JsonValue) -> Result<Recipient, &'static str> {
    parse_address(value).map(Recipient::Email)
}

pub(super) fn parse_address(value: &JsonValue) -> Result<Email, &'static str> {
    match value {
        JsonValue::Text(text) => Email::parse(text),
        _ => Err("must be text"),
    }
}
