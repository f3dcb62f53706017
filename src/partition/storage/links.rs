//! Links that the relay created, each with the message that creates it.

use super::{Columns, Storage, blob, bytes, failure, number};
use crate::ledger::{Recorded, State, link_expires_at};
use crate::link::{Link, SendReport};
use crate::model::CallbackId;
use crate::packed::unpack;
use crate::paytr::{Cause, CreatedLink, Outcome};
use worker::Result;

/// `terms`, `creation` and `sends` are packed. `creation` is empty while PayTR is being asked.
pub const TABLE: &str = "CREATE TABLE links (
    callback_id TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    terms BLOB NOT NULL,
    creation BLOB,
    sends BLOB,
    deleted_at INTEGER,
    paid_at INTEGER,
    last_payment_at INTEGER,
    closing_tries INTEGER
) WITHOUT ROWID";

/// The columns that [`read`] takes.
const COLUMNS: &str =
    "fingerprint, created_at, terms, creation, sends, deleted_at, paid_at, last_payment_at, closing_tries";

/// A link as it is kept, with the message that creates it.
pub struct KeptLink {
    pub link: Link,
    pub recorded: Recorded,
}

impl Storage {
    /// A link. What of it cannot be read is an error, never as if there were none.
    pub fn link(&self, callback_id: &CallbackId) -> Result<Option<KeptLink>> {
        let select = format!("SELECT {COLUMNS} FROM links WHERE callback_id = ?");
        self.row(&select, vec![callback_id.as_str().into()], read)
    }

    /// Inserts a link of which PayTR is about to be asked.
    pub fn insert_link(&self, callback_id: &CallbackId, fingerprint: &str, link: &Link) -> Result<()> {
        let insert = "INSERT INTO links (callback_id, fingerprint, created_at, terms) VALUES (?, ?, ?, ?)";
        let values = vec![callback_id.as_str().into(), fingerprint.into(), number(link.created_at), blob(&link.terms)];
        self.execute(insert, values)
    }

    /// Records what became of the create call, unless something is recorded already. Returns whether it was recorded.
    pub fn end_creation(&self, callback_id: &CallbackId, record: &[u8]) -> Result<bool> {
        let update = "UPDATE links SET creation = ? WHERE callback_id = ? AND creation IS NULL";
        self.writes(update, vec![bytes(record), callback_id.as_str().into()])
    }

    /// Records how the sends ended that the create asked for.
    pub fn put_sends(&self, callback_id: &CallbackId, sends: &[SendReport]) -> Result<()> {
        let update = "UPDATE links SET sends = ? WHERE callback_id = ?";
        self.execute(update, vec![blob(&sends.to_vec()), callback_id.as_str().into()])
    }

    /// Records that a message deleted a link, unless one did before.
    pub fn put_deletion(&self, callback_id: &CallbackId, now: u64) -> Result<()> {
        let update = "UPDATE links SET deleted_at = ? WHERE callback_id = ? AND deleted_at IS NULL";
        self.execute(update, vec![number(now), callback_id.as_str().into()])
    }

    /// Records that something became of a payment; `is_paid` that the link was paid as it was to be; `is_closing` that it
    /// has to be closed.
    pub fn put_payment_time(&self, callback_id: &CallbackId, now: u64, is_paid: bool, is_closing: bool) -> Result<()> {
        let update =
            "UPDATE links SET last_payment_at = ?1, paid_at = CASE WHEN ?2 THEN coalesce(paid_at, ?1) ELSE paid_at END,
            closing_tries = CASE WHEN ?3 THEN coalesce(closing_tries, 0) ELSE closing_tries END WHERE callback_id = ?4";
        let flags = [is_paid, is_closing].map(|flag| number(flag.into()));
        let [is_paid, is_closing] = flags;
        self.execute(update, vec![number(now), is_paid, is_closing, callback_id.as_str().into()])
    }

    /// Counts an attempt to close a link. Returns how many there were.
    pub fn count_closing(&self, callback_id: &CallbackId) -> Result<u32> {
        let update = "UPDATE links SET closing_tries = coalesce(closing_tries, 0) + 1 WHERE callback_id = ?
            RETURNING closing_tries";
        let tries = self.row(update, vec![callback_id.as_str().into()], Columns::number)?;
        Ok(tries.and_then(|tries| u32::try_from(tries).ok()).unwrap_or(1))
    }

    /// Looks at the links after this one, deletes those whose time is over with all that belongs to them, and returns the last
    /// one that was looked at; `None` at the end of the table. A link that cannot be read stays.
    pub fn sweep_links(&self, after: &str, now: u64, count: u32) -> Result<Option<String>> {
        let select =
            format!("SELECT callback_id, {COLUMNS} FROM links WHERE callback_id > ? ORDER BY callback_id LIMIT ?");
        let rows =
            self.rows(&select, vec![after.into(), number(count.into())], |row| Ok((row.text()?, read(row).ok())))?;
        let last = rows.last().map(|(callback_id, _)| callback_id.clone());
        for (callback_id, kept) in rows {
            if kept.is_some_and(|kept| link_expires_at(&kept.link) <= now) {
                self.delete_payments_of(&callback_id)?;
                self.execute("DELETE FROM links WHERE callback_id = ?", vec![callback_id.into()])?;
            }
        }
        Ok(last)
    }
}

/// Reads [`COLUMNS`].
fn read(row: &mut Columns) -> Result<KeptLink> {
    let unreadable = || failure("the record of a link cannot be read");
    let (fingerprint, created_at) = (row.text()?, row.number()?);
    let terms = unpack(&row.bytes()?).ok_or_else(unreadable)?;
    let (creation, sends) = (row.optional_bytes()?, row.optional_bytes()?);
    let link = Link {
        terms,
        created_at,
        creation: creation.as_deref().map(read_creation),
        sends: sends.map_or(Ok(Vec::new()), |sends| unpack(&sends).ok_or_else(unreadable))?,
        deleted_at: row.optional_number()?,
        paid_at: row.optional_number()?,
        last_payment_at: row.optional_number()?,
        closing_tries: row.optional_number()?.map(|tries| u32::try_from(tries).unwrap_or(u32::MAX)),
    };
    let state = creation.map_or(State::Pending, State::Ended);
    Ok(KeptLink { link, recorded: Recorded { fingerprint, started_at: created_at, state } })
}

/// A record that cannot be read says that nobody knows.
fn read_creation(record: &[u8]) -> Outcome<CreatedLink> {
    unpack(record).unwrap_or(Outcome::Unknown(Cause::RecordUnreadable))
}
