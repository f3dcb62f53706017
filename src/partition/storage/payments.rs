//! Payments, by link and time.

use super::{Columns, Storage, blob, failure, number};
use crate::ledger::payment_expires_at;
use crate::link_view::{EventView, PaymentView};
use crate::model::CallbackId;
use crate::packed::unpack;
use crate::payment::{EventId, EventState, EventType, PaymentDetails};
use worker::{Error, Result};

/// `details` is packed. A link's payments stand together in the order in which they came, so its newest are found without an
/// index.
pub const TABLE: &str = "CREATE TABLE payments (
    callback_id TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    details BLOB NOT NULL,
    PRIMARY KEY (callback_id, received_at, event_id)
) WITHOUT ROWID";

/// The most payments of one answer.
pub const PAGE: usize = 100;

/// Some of a link's payments, oldest first, and what asks for those before them.
pub struct Page {
    pub payments: Vec<PaymentView>,
    pub cursor: Option<String>,
}

impl Storage {
    /// Inserts a payment, whose event is inserted beside it.
    pub fn insert_payment(
        &self,
        callback_id: &CallbackId,
        received_at: u64,
        event_id: &EventId,
        details: &PaymentDetails,
    ) -> Result<()> {
        let insert = "INSERT INTO payments (callback_id, received_at, event_id, details) VALUES (?, ?, ?, ?)";
        self.execute(
            insert,
            vec![callback_id.as_str().into(), number(received_at), event_id.as_str().into(), blob(details)],
        )
    }

    /// What was stored of a payment.
    pub fn payment(&self, callback_id: &CallbackId, event_id: &str) -> Result<Option<PaymentDetails>> {
        let select = "SELECT details FROM payments WHERE callback_id = ? AND event_id = ?";
        self.row(select, vec![callback_id.as_str().into(), event_id.into()], |row| {
            unpack(&row.bytes()?).ok_or_else(unreadable)
        })
    }

    /// The newest payments of a link, or the newest before a cursor.
    pub fn page_of_payments(&self, callback_id: &CallbackId, cursor: Option<&str>) -> Result<Page> {
        let (time, event_id) = cursor.and_then(read_cursor).unwrap_or((u64::MAX, ""));
        let select = "SELECT p.received_at, p.event_id, p.received_at, e.event_type, p.details, e.state, e.attempts
            FROM payments p JOIN events e ON e.id = p.event_id
            WHERE p.callback_id = ? AND (p.received_at, p.event_id) < (?, ?)
            ORDER BY p.received_at DESC, p.event_id DESC LIMIT ?";
        let limit = u64::try_from(PAGE).unwrap_or(u64::MAX).saturating_add(1);
        let values = vec![callback_id.as_str().into(), number(time), event_id.into(), number(limit)];
        let mut rows = self.rows(select, values, |row| Ok((row.number()?, read_payment(row)?)))?;
        let is_more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let cursor =
            rows.last().filter(|_| is_more).map(|(time, payment)| write_cursor(*time, &payment.event.webhook_id));
        let payments = rows.into_iter().rev().map(|(_, payment)| payment).collect();
        Ok(Page { payments, cursor })
    }

    /// The events of a link's payments: of the newest, or of all since a time, Unix milliseconds.
    pub fn events_of(&self, callback_id: &CallbackId, since: Option<u64>) -> Result<Vec<String>> {
        let select = "SELECT event_id FROM payments WHERE callback_id = ? AND received_at >= ?
            ORDER BY received_at DESC, event_id DESC LIMIT ?";
        // Less than none is no limit.
        let limit = if since.is_some() { u64::from(u32::MAX) } else { u64::try_from(PAGE).unwrap_or_default() };
        let values = vec![callback_id.as_str().into(), number(since.unwrap_or_default()), number(limit)];
        self.rows(select, values, Columns::text)
    }

    /// Deletes all payments of a link, and their events.
    pub fn delete_payments_of(&self, callback_id: &str) -> Result<()> {
        let events = "DELETE FROM events WHERE id IN (SELECT event_id FROM payments WHERE callback_id = ?)";
        self.execute(events, vec![callback_id.into()])?;
        self.execute("DELETE FROM payments WHERE callback_id = ?", vec![callback_id.into()])
    }

    /// Looks at the payments after this one, deletes those whose time is over with their events, and returns the last one that
    /// was looked at; `None` at the end of the table. A link's own are deleted with it.
    pub fn sweep_payments(
        &self,
        after: &(String, u64, String),
        now: u64,
        count: u32,
    ) -> Result<Option<(String, u64, String)>> {
        let select = "SELECT callback_id, received_at, event_id,
            EXISTS (SELECT 1 FROM links l WHERE l.callback_id = p.callback_id) AS has_link FROM payments p
            WHERE (callback_id, received_at, event_id) > (?, ?, ?) ORDER BY callback_id, received_at, event_id LIMIT ?";
        let (callback_id, received_at, event_id) = after;
        let values =
            vec![callback_id.as_str().into(), number(*received_at), event_id.as_str().into(), number(count.into())];
        let rows = self.rows(select, values, |row| Ok(((row.text()?, row.number()?, row.text()?), row.flag()?)))?;
        let last = rows.last().map(|(key, _)| key.clone());
        for ((callback_id, received_at, event_id), has_link) in rows {
            if payment_expires_at(received_at, has_link) <= now {
                self.execute("DELETE FROM events WHERE id = ?", vec![event_id.as_str().into()])?;
                let delete = "DELETE FROM payments WHERE callback_id = ? AND received_at = ? AND event_id = ?";
                self.execute(delete, vec![callback_id.into(), number(received_at), event_id.into()])?;
            }
        }
        Ok(last)
    }
}

/// Reads `event_id`, `received_at`, `event_type`, `details`, `state` and `attempts`.
fn read_payment(row: &mut Columns) -> Result<PaymentView> {
    let (webhook_id, received_at) = (row.text()?, row.number()?);
    let event_type = EventType::from_name(&row.text()?).ok_or_else(unreadable)?;
    let details: PaymentDetails = unpack(&row.bytes()?).ok_or_else(unreadable)?;
    let state = EventState::from_name(&row.text()?).ok_or_else(unreadable)?;
    let attempts = u32::try_from(row.number()?).unwrap_or(u32::MAX);
    Ok(PaymentView::new(event_type, details, received_at, EventView { webhook_id, state, attempts }))
}

fn write_cursor(received_at: u64, event_id: &str) -> String {
    format!("{received_at}-{event_id}")
}

/// A cursor that is none asks for the newest.
fn read_cursor(cursor: &str) -> Option<(u64, &str)> {
    let (time, event_id) = cursor.split_once('-')?;
    Some((time.parse().ok()?, event_id))
}

fn unreadable() -> Error {
    failure("the record of a payment cannot be read")
}
