//! `event.replay`: send a link's events to the shop again, now.

use super::get::MISSING_CALLBACK_ID;
use super::{Fields, Handling, MessageType, Payments, ReadLink, Success};
use crate::ledger::Refusal;
use crate::link::Link;
use crate::link_view::LinkView;
use crate::model::{CallbackId, Moment};
use crate::telemetry::LogLine;
use crate::packed;
use serde::Serialize;

/// `{"callback_id", "created_after"?}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    callback_id: CallbackId,
    created_after: Option<Moment>,
}

packed!(struct Replay { callback_id, created_after });

/// The answer to `event.replay`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replayed {
    events: u64,
}

packed!(struct Replayed { events });

impl MessageType for Replay {
    const TYPE: &'static str = "event.replay";
    const FIELDS: &'static [&'static str] = &["callback_id", "created_after"];
    const OUTCOME: &'static str = "replayed";
    type Answer = Replayed;

    fn parse(fields: &mut Fields) -> Option<Self> {
        let callback_id = fields.required("callback_id", MISSING_CALLBACK_ID, CallbackId::parse_json);
        let created_after = fields.optional("created_after", Moment::parse);
        Some(Self { callback_id: callback_id?, created_after: created_after? })
    }

    fn handling(&self) -> Handling<'_> {
        Handling::Read(self)
    }

    fn describe(&self, line: &mut LogLine<'_>) {
        line.callback_id = Some(self.callback_id.as_str().to_owned());
    }
}

impl ReadLink for Replay {
    fn callback_id(&self) -> &CallbackId {
        &self.callback_id
    }

    fn payments(&self) -> Payments<'_> {
        Payments::Replayed(self.created_after.map(Moment::unix_ms))
    }

    fn answer(&self, view: LinkView) -> Result<Success, Refusal> {
        if view.link.as_ref().is_none_or(|link| !Link::may_exist(link)) && view.replayed == 0 {
            return Err(Refusal::LinkNotFound);
        }
        Ok(Success::Replay(Replayed { events: view.replayed }))
    }
}
