//! Events for the shop, each with its state and with the payment that it tells of.

use super::{Columns, Storage, blob, failure, number};
use crate::message::{ListedEvent, Page};
use crate::model::{CallbackId, Moment, Reference};
use crate::packed::unpack;
use crate::payment::{EventId, EventState, EventType, PaymentDetails};
use worker::Result;
use worker::wasm_bindgen::JsValue;

/// `body` is the same for every try. `details`, packed, are the payment's. `next_at` is when a pending event is tried next;
/// a pending event without it waits for a replay.
pub const TABLE: &str = "CREATE TABLE events (
    id TEXT PRIMARY KEY,
    callback_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    event_type TEXT NOT NULL,
    body TEXT NOT NULL,
    details BLOB NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER
) WITHOUT ROWID";

/// For a link's payments in the order in which they came.
pub const INDEX_OF_LINK: &str = "CREATE INDEX events_of_link ON events (callback_id, created_at)";

/// For lists and counts.
pub const INDEX_BY_STATE: &str = "CREATE INDEX events_by_state ON events (state, created_at)";

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

/// An event that is to be inserted.
pub struct NewEvent<'a> {
    pub callback_id: &'a CallbackId,
    /// Unix milliseconds
    pub created_at: u64,
    pub kind: EventType,
    pub body: &'a str,
    pub details: &'a PaymentDetails,
    /// When it is due, Unix milliseconds; `None` if it waits for a replay.
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

    /// Inserts an event with its payment.
    pub fn insert_event(&self, id: &EventId, event: &NewEvent<'_>) -> Result<()> {
        let insert =
            "INSERT INTO events (id, callback_id, created_at, event_type, body, details, state, attempts, next_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)";
        let values = vec![
            id.as_str().into(),
            event.callback_id.as_str().into(),
            number(event.created_at),
            event.kind.as_str().into(),
            event.body.into(),
            blob(event.details),
            EventState::Pending.as_str().into(),
            event.next_at.map_or(JsValue::NULL, number),
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

    /// Makes all events due now that were given up, and were created then or later. Returns their number.
    pub fn replay_dead_events(&self, task: &str, created_after: u64, now: u64) -> Result<u64> {
        // A payment that is told again is kept as if it had come now.
        let links = "UPDATE links SET last_payment_at = ?1 WHERE callback_id IN
            (SELECT callback_id FROM events WHERE state = 'dead' AND created_at >= ?2)";
        self.execute(links, vec![number(now), number(created_after)])?;
        let tasks = "INSERT OR IGNORE INTO tasks (kind, due_at, subject)
            SELECT ?1, ?2, id FROM events WHERE state = 'dead' AND created_at >= ?3";
        self.execute(tasks, vec![task.into(), number(now), number(created_after)])?;
        let count = "SELECT count(*) FROM events WHERE state = 'dead' AND created_at >= ?";
        let count = self.row(count, vec![number(created_after)], Columns::number)?;
        let update = "UPDATE events SET state = 'pending', attempts = 0, next_at = ?1
            WHERE state = 'dead' AND created_at >= ?2";
        self.execute(update, vec![number(now), number(created_after)])?;
        Ok(count.unwrap_or_default())
    }

    /// The newest events of a page, at most `count`.
    pub fn list_events(&self, state: Option<EventState>, page: &Page, count: u64) -> Result<Vec<ListedEvent>> {
        // Each state is a range of the index of its own.
        let of_state = |state: EventState| {
            format!(
                "SELECT * FROM (SELECT id, created_at FROM events WHERE state = '{}' AND created_at >= ?1
                AND (created_at, id) < (?2, ?3) ORDER BY created_at DESC, id DESC LIMIT ?4)",
                state.as_str()
            )
        };
        let states = state.map_or(EventState::ALL.to_vec(), |state| vec![state]);
        let newest = states.into_iter().map(of_state).collect::<Vec<_>>().join(" UNION ALL ");
        let select = format!(
            "SELECT id, event_type, events.state, attempts, next_at, events.created_at, reference, events.callback_id, details
            FROM ({newest} ORDER BY created_at DESC, id DESC LIMIT ?4) AS newest CROSS JOIN events USING (id)
            LEFT JOIN links ON links.callback_id = events.callback_id
            ORDER BY newest.created_at DESC, id DESC"
        );
        let end = page.end();
        let since = page.created_after.map_or(0, Moment::unix_ms);
        let values = vec![number(since), number(end.created_at), end.id.into(), number(count)];
        self.rows(&select, values, |row| {
            let unreadable = || failure("the record of an event cannot be read");
            let (webhook_id, event_type, state) = (row.text()?, row.text()?, row.text()?);
            Ok(ListedEvent {
                webhook_id,
                event_type: EventType::from_name(&event_type).ok_or_else(unreadable)?,
                state: EventState::from_name(&state).ok_or_else(unreadable)?,
                attempts: u32::try_from(row.number()?).unwrap_or(u32::MAX),
                next_at: row.optional_number()?.map(Moment::from_unix_ms),
                created_at: Moment::from_unix_ms(row.number()?),
                reference: row.optional_text()?.as_deref().and_then(Reference::from_text),
                callback_id: row.text()?,
                merchant_oid: unpack::<PaymentDetails>(&row.bytes()?).ok_or_else(unreadable)?.merchant_oid,
            })
        })
    }

    /// How many events wait for a try, when the oldest of them was created, and how many were given up.
    pub fn count_events(&self) -> Result<(u64, Option<u64>, u64)> {
        let select = "SELECT count(*), min(created_at), (SELECT count(*) FROM events WHERE state = 'dead')
            FROM events WHERE state = 'pending' AND next_at IS NOT NULL";
        let row = self.row(select, vec![], |row| Ok((row.number()?, row.optional_number()?, row.number()?)))?;
        Ok(row.unwrap_or_default())
    }

    /// How many links were paid since, Unix milliseconds.
    pub fn count_paid_links(&self, since: u64) -> Result<u64> {
        let select = "SELECT count(DISTINCT callback_id) FROM events
            WHERE state IN ('pending', 'delivered', 'dead') AND created_at >= ? AND event_type = 'link.paid'";
        Ok(self.row(select, vec![number(since)], Columns::number)?.unwrap_or_default())
    }
}
