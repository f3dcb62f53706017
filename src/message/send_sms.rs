//! `link.send_sms`: send a link by SMS.

use super::send::Sent;
use super::{Fields, Handling, MessageType, SendLink};
use crate::json::JsonValue;
use crate::model::{CellPhone, Recipient};
use crate::telemetry::LogLine;
use crate::packed;

/// `{"id", "cell_phone", "debug_on"?}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendSms(pub SendLink);

packed!(struct SendSms(_));

impl MessageType for SendSms {
    const TYPE: &'static str = "link.send_sms";
    const FIELDS: &'static [&'static str] = &["id", "cell_phone", "debug_on"];
    const OUTCOME: &'static str = "sent";
    type Answer = Sent;

    fn parse(fields: &mut Fields) -> Option<Self> {
        SendLink::parse(fields, "cell_phone", MISSING, parse_cell_phone).map(Self)
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

const MISSING: &str = "is missing; give a Turkish mobile number such as 05xxxxxxxxx";

pub(super) fn parse_cell_phone(value: &JsonValue) -> Result<Recipient, &'static str> {
    match value {
        JsonValue::Text(text) => CellPhone::parse(text).map(Recipient::CellPhone),
        other if other.is_scalar() => Err("must be text; a JSON number loses its leading zero"),
        _ => Err("must be text"),
    }
}
