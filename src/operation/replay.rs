//! `event.replay`: send a link's events to the shop again, now.

use super::get::MISSING_CALLBACK_ID;
use super::{Fields, LinkOperation, MessageType, Operation, Plan};
use crate::link::LinkView;
use crate::model::CallbackId;
use crate::problem::Problem;
use crate::response::Response;
use crate::telemetry::LogLine;
use serde::{Deserialize, Serialize};

/// `{"callback_id"}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    callback_id: CallbackId,
}

impl MessageType for Replay {
    const TYPE: &'static str = "event.replay";
    const FIELDS: &'static [&'static str] = &["callback_id"];

    fn parse(fields: &mut Fields) -> Option<Self> {
        let callback_id = fields.required("callback_id", MISSING_CALLBACK_ID, CallbackId::parse_json)?;
        Some(Self { callback_id })
    }
}

impl Operation for Replay {
    fn plan(&self) -> Plan<'_> {
        Plan::Read(&self.callback_id, self)
    }

    fn describe(&self, line: &mut LogLine<'_>) {
        line.callback_id = Some(self.callback_id.as_str().to_owned());
    }
}

impl LinkOperation for Replay {
    fn replays_events(&self) -> bool {
        true
    }

    fn respond(&self, view: &LinkView) -> Response {
        if view.link.as_ref().is_none_or(|link| !link.may_exist()) && view.payments.is_empty() {
            return Problem::LinkNotFound.into();
        }
        Response::success("replayed", &Body { outcome: "replayed", events: view.payments.len() })
    }
}

#[derive(Serialize)]
struct Body {
    outcome: &'static str,
    events: usize,
}
