//! A link's payments, by the time at which they came: each stands in the row of its event.

use super::{Columns, Storage, failure, number};
use crate::ledger::payment_expires_at;
use crate::link_view::{EventView, PaymentView};
use crate::model::CallbackId;
use crate::packed::unpack;
use crate::payment::{EventState, EventType, PaymentDetails};
use worker::{Error, Result};

/// The most payments of one answer.
pub const PAGE: usize = 100;

/// Some of a link's payments, oldest first, and what asks for those before them.
pub struct Page {
    pub payments: Vec<PaymentView>,
    pub cursor: Option<String>,
}

impl Storage {
    /// What was stored of a payment.
    pub fn payment(&self, callback_id: &CallbackId, event_id: &str) -> Result<Option<PaymentDetails>> {
        let select = "SELECT details FROM events WHERE callback_id = ? AND id = ?";
        self.row(select, vec![callback_id.as_str().into(), event_id.into()], |row| {
            unpack(&row.bytes()?).ok_or_else(unreadable)
        })
    }

    /// The newest payments of a link, or the newest before a cursor.
    pub fn page_of_payments(&self, callback_id: &CallbackId, cursor: Option<&str>) -> Result<Page> {
        let (time, event_id) = cursor.and_then(read_cursor).unwrap_or((u64::MAX, ""));
        let select = "SELECT created_at, id, created_at, event_type, details, state, attempts FROM events
            WHERE callback_id = ? AND (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?";
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
        let select = "SELECT id FROM events WHERE callback_id = ? AND created_at >= ?
            ORDER BY created_at DESC, id DESC LIMIT ?";
        // Less than none is no limit.
        let limit = if since.is_some() { u64::from(u32::MAX) } else { u64::try_from(PAGE).unwrap_or_default() };
        let values = vec![callback_id.as_str().into(), number(since.unwrap_or_default()), number(limit)];
        self.rows(select, values, Columns::text)
    }

    /// Deletes all payments of a link, and their events.
    pub fn delete_payments_of(&self, callback_id: &str) -> Result<()> {
        self.execute("DELETE FROM events WHERE callback_id = ?", vec![callback_id.into()])
    }

    /// Looks at the payments after this event, deletes those whose time is over with their events, and returns the last event
    /// that was looked at; `None` at the end of the table. A link's own are deleted with it.
    pub fn sweep_payments(&self, after: &str, now: u64, count: u32) -> Result<Option<String>> {
        let select = "SELECT id, created_at, EXISTS (SELECT 1 FROM links WHERE links.callback_id = events.callback_id)
            FROM events WHERE id > ? ORDER BY id LIMIT ?";
        let values = vec![after.into(), number(count.into())];
        let rows = self.rows(select, values, |row| Ok((row.text()?, row.number()?, row.flag()?)))?;
        let last = rows.last().map(|(id, ..)| id.clone());
        for (id, received_at, has_link) in rows {
            if payment_expires_at(received_at, has_link) <= now {
                self.execute("DELETE FROM events WHERE id = ?", vec![id.into()])?;
            }
        }
        Ok(last)
    }
}

/// Reads `id`, `created_at`, `event_type`, `details`, `state` and `attempts`.
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
