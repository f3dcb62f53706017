//! Events for the shop, each with its state.

use super::{Columns, Storage, failure, number};
use crate::model::CallbackId;
use crate::payment::{EventId, EventState, EventType};
use worker::Result;
use worker::wasm_bindgen::JsValue;

/// `body` is the same for every try. `next_at` is when a pending event is tried next.
pub const TABLE: &str = "CREATE TABLE events (
    id TEXT PRIMARY KEY,
    callback_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER
) WITHOUT ROWID";

/// An event, and how far it is.
pub struct Event {
    pub id: String,
    pub callback_id: CallbackId,
    pub kind: EventType,
    pub body: String,
    pub attempts: u32,
    /// When it is tried next, Unix milliseconds; `None` if the shop has it or it was given up.
    pub next_at: Option<u64>,
}

/// What there is of a payment when a notification comes.
pub struct Before {
    /// Whether this very notification was stored before.
    pub is_repeat: bool,
    /// Whether another one of the same payment was.
    pub is_changed: bool,
}

impl Storage {
    /// What was stored of the payment that this event is of.
    pub fn before(&self, id: &EventId) -> Result<Before> {
        // The digits after the prefix are hexadecimal, so all come before a `g`.
        let select = "SELECT id FROM events WHERE id >= ?1 AND id < ?1 || 'g'";
        let ids = self.rows(select, vec![id.payment_prefix().into()], Columns::text)?;
        let is_repeat = ids.iter().any(|stored| stored == id.as_str());
        Ok(Before { is_repeat, is_changed: !ids.is_empty() && !is_repeat })
    }

    /// Inserts an event that is due at this time, Unix milliseconds; `None` if it waits for a replay.
    pub fn insert_event(
        &self,
        id: &EventId,
        callback_id: &CallbackId,
        event_type: EventType,
        body: &str,
        next_at: Option<u64>,
    ) -> Result<()> {
        let insert = "INSERT INTO events (id, callback_id, event_type, body, state, attempts, next_at) VALUES (?, ?, ?, ?, ?, 0, ?)";
        let values = vec![
            id.as_str().into(),
            callback_id.as_str().into(),
            event_type.as_str().into(),
            body.into(),
            EventState::Pending.as_str().into(),
            next_at.map(number).into(),
        ];
        self.execute(insert, values)
    }

    /// An event.
    pub fn event(&self, id: &str) -> Result<Option<Event>> {
        let select = "SELECT callback_id, event_type, body, attempts, next_at FROM events WHERE id = ?";
        self.row(select, vec![id.into()], |row| {
            let unreadable = || failure("the record of an event cannot be read");
            Ok(Event {
                id: id.to_owned(),
                callback_id: CallbackId::parse(&row.text()?).ok_or_else(unreadable)?,
                kind: EventType::from_name(&row.text()?).ok_or_else(unreadable)?,
                body: row.text()?,
                attempts: u32::try_from(row.number()?).unwrap_or(u32::MAX),
                next_at: row.optional_number()?,
            })
        })
    }

    /// Records a try of an event, unless the event was replayed meanwhile. Returns whether it was recorded.
    pub fn put_try(&self, before: &Event, state: EventState, next_at: Option<u64>) -> Result<bool> {
        let update = "UPDATE events SET state = ?, attempts = attempts + 1, next_at = ?
            WHERE id = ? AND attempts = ? AND next_at IS ?";
        let values = vec![
            state.as_str().into(),
            next_at.map_or(JsValue::NULL, number),
            before.id.as_str().into(),
            number(before.attempts.into()),
            before.next_at.map_or(JsValue::NULL, number),
        ];
        self.writes(update, values)
    }

    /// Makes an event due now, as if it had never been tried.
    pub fn replay_event(&self, id: &str, now: u64) -> Result<()> {
        let update = "UPDATE events SET state = 'pending', attempts = 0, next_at = ? WHERE id = ?";
        self.execute(update, vec![number(now), id.into()])
    }
}
