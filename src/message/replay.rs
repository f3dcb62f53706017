//! `event.replay`: send events to the shop again, now: a link's, or all that were given up.

use super::ask_ledger::{AskLedger, Part, Query};
use super::get::MISSING_CALLBACK_ID;
use super::{Fields, Handling, MessageType, Payments, ReadLink, Success};
use crate::json::JsonValue;
use crate::ledger::Refusal;
use crate::link::Link;
use crate::link_view::LinkView;
use crate::model::{CallbackId, Moment};
use crate::packed;
use crate::payment::EventState;
use crate::telemetry::LogLine;
use serde::Serialize;

/// `{"callback_id", "created_after"?}` or `{"state": "dead", "created_after"?}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replay {
    /// Those of a link
    OfLink(ReplayOfLink),
    /// Those that were given up
    Dead(ReplayDead),
}

packed!(enum Replay {
    0 OfLink(value),
    1 Dead(value),
});

/// The events of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayOfLink {
    callback_id: CallbackId,
    created_after: Option<Moment>,
}

packed!(struct ReplayOfLink { callback_id, created_after });

/// The events that were given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayDead {
    created_after: Option<Moment>,
}

packed!(struct ReplayDead { created_after });

/// The answer to `event.replay`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replayed {
    events: u64,
}

packed!(struct Replayed { events });

impl MessageType for Replay {
    const TYPE: &'static str = "event.replay";
    const FIELDS: &'static [&'static str] = &["callback_id", "state", "created_after"];
    const OUTCOME: &'static str = "replayed";
    type Answer = Replayed;

    fn parse(fields: &mut Fields) -> Option<Self> {
        let is_dead = fields.optional("state", parse_dead);
        let created_after = fields.optional("created_after", Moment::parse);
        if is_dead?.is_some() {
            fields.refuse_present("callback_id", "must not stand beside state: it is the events of a link, or all of a state");
            return Some(Self::Dead(ReplayDead { created_after: created_after? }));
        }
        let callback_id = fields.required("callback_id", MISSING_CALLBACK_ID, CallbackId::parse_json);
        Some(Self::OfLink(ReplayOfLink { callback_id: callback_id?, created_after: created_after? }))
    }

    fn handling(&self) -> Handling<'_> {
        match self {
            Self::OfLink(replay) => Handling::Read(replay),
            Self::Dead(replay) => Handling::AskLedger(replay),
        }
    }

    fn describe(&self, line: &mut LogLine<'_>) {
        if let Self::OfLink(replay) = self {
            line.callback_id = Some(replay.callback_id.as_str().to_owned());
        }
    }
}

fn parse_dead(value: &JsonValue) -> Result<(), &'static str> {
    match EventState::parse(value) {
        Ok(EventState::Dead) => Ok(()),
        _ => Err("must be dead, as text: what is pending is sent by itself"),
    }
}

impl ReadLink for ReplayOfLink {
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

impl AskLedger for ReplayDead {
    fn query(&self, _: u64) -> Query {
        Query::ReplayDead { created_after: self.created_after }
    }

    fn answer(&self, parts: Vec<Part>) -> Option<Success> {
        let mut events: u64 = 0;
        for part in parts {
            let Part::Replayed(replayed) = part else { return None };
            events = events.saturating_add(replayed);
        }
        Some(Success::Replay(Replayed { events }))
    }
}
