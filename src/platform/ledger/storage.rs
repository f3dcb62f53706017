//! What one object keeps, in its SQLite: the entries of the messages that it has taken, and, if it is a link's, the link's
//! record and its payments.
//!
//! Every statement is synchronous: what is written in one turn is one commit, and durable before anything that happens
//! after it can leave the object (the platform's output gate).
//!
//! A table's name carries the version of its schema: a row with a version would be one more written row for each
//! recipient. [`Storage::open`] brings older tables up to date.

use super::failure;
use crate::ledger::{Entry, State, link_expires_at};
use crate::link::Link;
use crate::platform::clock::to_platform_time;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use worker::{Result, SqlStorage, SqlStorageValue};

/// Version 1: sends alone, `state` and `reason` in words of the ledger's own.
const ENTRIES_V1: &str = "entries";
const ENTRIES: &str = "CREATE TABLE entries_v2 (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    may_have_gone_out INTEGER NOT NULL,
    record TEXT
) WITHOUT ROWID";
/// What version 1 said, as the sends themselves record it now. `record` is empty while PayTR is being asked.
const ENTRIES_FROM_V1: &str = "INSERT INTO entries_v2 (key, fingerprint, started_at, may_have_gone_out, record)
    SELECT key, fingerprint, started_at, may_have_gone_out, CASE
        WHEN state = 'sending' THEN NULL
        WHEN state = 'sent' THEN '{\"succeeded\":null}'
        WHEN state IN ('error', 'failed') THEN json_object('rejected', json_object('status', state, 'reason', reason))
        ELSE json_object('unknown', state)
    END FROM entries";
const LINK: &str = "CREATE TABLE link_v2 (id INTEGER PRIMARY KEY CHECK (id = 1), record TEXT NOT NULL);
CREATE TABLE payments_v2 (
    merchant_oid TEXT PRIMARY KEY,
    received_at INTEGER NOT NULL,
    event_type TEXT NOT NULL,
    event_id TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID";

/// Which tables there are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tables {
    pub entries: bool,
    pub link: bool,
}

/// A payment, and how far its event is.
#[derive(Debug, Clone, Deserialize)]
pub struct PaymentRow {
    pub merchant_oid: String,
    pub received_at: u64,
    pub event_type: String,
    pub event_id: String,
    /// The event's body, the same for every try.
    pub body: String,
    /// `pending`, `delivered` or `dead`
    pub state: String,
    pub attempts: u32,
    /// When the event is to be tried next, Unix milliseconds.
    pub next_at: Option<u64>,
}

/// What there is of a link when a payment comes.
pub struct BeforePayment {
    pub link: Option<Link>,
    /// Whether this very payment was stored before.
    pub is_stored: bool,
    /// Whether a payment was good.
    pub is_paid: bool,
}

/// What a link's object has to do, and how long it is kept; all times in Unix milliseconds.
pub struct LinkStatus {
    pub link: Option<Link>,
    next_event_at: Option<u64>,
    last_payment_at: Option<u64>,
}

impl LinkStatus {
    /// When the next event or the deletion of a paid link is due.
    pub fn due_at(&self) -> Option<u64> {
        let closing = self.link.as_ref().and_then(|link| link.closing).and_then(|closing| closing.due_at);
        self.next_event_at.into_iter().chain(closing).min()
    }

    /// When everything is deleted.
    pub fn expires_at(&self) -> u64 {
        link_expires_at(self.link.as_ref(), self.last_payment_at)
    }
}

pub struct Storage {
    sql: SqlStorage,
    tables: Cell<Option<Tables>>,
}

impl Storage {
    pub fn new(sql: SqlStorage) -> Self {
        Self { sql, tables: Cell::new(None) }
    }

    /// Looks once which tables there are, and brings those of an older version up to date.
    pub fn open(&self) -> Result<Tables> {
        #[derive(Deserialize)]
        struct Row {
            name: String,
        }
        if let Some(tables) = self.tables.get() {
            return Ok(tables);
        }
        let names: Vec<Row> = self.rows("SELECT name FROM sqlite_master WHERE type = 'table'", vec![])?;
        let has = |table: &str| names.iter().any(|row| row.name == table);
        let mut tables = Tables { entries: has("entries_v2"), link: has("link_v2") };
        if has(ENTRIES_V1) {
            self.execute(ENTRIES, vec![])?;
            self.execute(ENTRIES_FROM_V1, vec![])?;
            self.execute("DROP TABLE entries", vec![])?;
            tables.entries = true;
        }
        self.tables.set(Some(tables));
        Ok(tables)
    }

    /// Makes the table of entries, if there is none; whether there was none.
    pub fn create_entries(&self) -> Result<bool> {
        let tables = self.open()?;
        if tables.entries {
            return Ok(false);
        }
        self.execute(ENTRIES, vec![])?;
        self.tables.set(Some(Tables { entries: true, ..tables }));
        Ok(true)
    }

    /// Makes the tables of a link, if there are none.
    pub fn create_link(&self) -> Result<()> {
        let tables = self.open()?;
        if !tables.link {
            self.execute(LINK, vec![])?;
            self.tables.set(Some(Tables { link: true, ..tables }));
        }
        Ok(())
    }

    /// To be called when everything was deleted.
    pub fn forget_tables(&self) {
        self.tables.set(None);
    }

    pub fn entry(&self, key: &str) -> Result<Option<Entry>> {
        #[derive(Deserialize)]
        struct Row {
            fingerprint: String,
            started_at: u64,
            may_have_gone_out: u8,
            record: Option<String>,
        }
        let select = "SELECT fingerprint, started_at, may_have_gone_out, record FROM entries_v2 WHERE key = ?";
        let row = self.row::<Row>(select, vec![key.into()])?;
        Ok(row.map(|Row { fingerprint, started_at, may_have_gone_out, record }| Entry {
            fingerprint,
            started_at,
            may_have_gone_out: may_have_gone_out != 0,
            state: record.map_or(State::Pending, State::Ended),
        }))
    }

    /// Starting times of the sends that may have gone out and began after `since`, newest first, at most `count`; all
    /// times in Unix milliseconds.
    pub fn sends(&self, since: u64, count: u32) -> Result<Vec<u64>> {
        #[derive(Deserialize)]
        struct Row {
            started_at: u64,
        }
        let select = "SELECT started_at FROM entries_v2 WHERE may_have_gone_out AND started_at > ?
            ORDER BY started_at DESC LIMIT ?";
        let rows: Vec<Row> = self.rows(select, vec![number(since), number(count.into())])?;
        Ok(rows.into_iter().map(|row| row.started_at).collect())
    }

    /// Inserts an entry that is pending. One plain statement for this and one for the end are prepared for less than one
    /// that does both.
    pub fn insert_entry(&self, key: &str, entry: &Entry) -> Result<()> {
        let insert = "INSERT INTO entries_v2 (key, fingerprint, started_at, may_have_gone_out) VALUES (?, ?, ?, ?)";
        let values = vec![
            key.into(),
            entry.fingerprint.as_str().into(),
            number(entry.started_at),
            // A bound boolean is not true to SQLite.
            number(entry.may_have_gone_out.into()),
        ];
        self.execute(insert, values)
    }

    /// Records how an entry ended.
    pub fn update_entry(&self, key: &str, entry: &Entry) -> Result<()> {
        let record = match &entry.state {
            State::Pending => None,
            State::Ended(record) => Some(record.as_str()),
        };
        let update = "UPDATE entries_v2 SET may_have_gone_out = ?, record = ? WHERE key = ?";
        self.execute(update, vec![number(entry.may_have_gone_out.into()), record.into(), key.into()])
    }

    /// Deletes the entries that began before `time`, Unix milliseconds.
    pub fn delete_entries_before(&self, time: u64) -> Result<()> {
        self.execute("DELETE FROM entries_v2 WHERE started_at < ?", vec![number(time)])
    }

    /// When the oldest entry began, Unix milliseconds.
    pub fn oldest_entry(&self) -> Result<Option<u64>> {
        #[derive(Deserialize)]
        struct Row {
            started_at: Option<u64>,
        }
        let row: Row = self.one("SELECT min(started_at) AS started_at FROM entries_v2", vec![])?;
        Ok(row.started_at)
    }

    pub fn link(&self) -> Result<Option<Link>> {
        #[derive(Deserialize)]
        struct Row {
            record: String,
        }
        if !self.open()?.link {
            return Ok(None);
        }
        let row: Option<Row> = self.row("SELECT record FROM link_v2", vec![])?;
        parse_link(row.map(|row| row.record))
    }

    pub fn put_link(&self, link: &Link) -> Result<()> {
        let upsert = "INSERT INTO link_v2 (id, record) VALUES (1, ?)
            ON CONFLICT (id) DO UPDATE SET record = excluded.record";
        self.execute(upsert, vec![serde_json::to_string(link)?.into()])
    }

    /// All payments, oldest first.
    pub fn payments(&self) -> Result<Vec<PaymentRow>> {
        if !self.open()?.link {
            return Ok(Vec::new());
        }
        self.rows("SELECT * FROM payments_v2 ORDER BY received_at, merchant_oid", vec![])
    }

    /// What there is when this payment comes.
    pub fn before_payment(&self, merchant_oid: &str) -> Result<BeforePayment> {
        #[derive(Deserialize)]
        struct Row {
            record: Option<String>,
            is_stored: u8,
            is_paid: u8,
        }
        let select = "SELECT (SELECT record FROM link_v2) AS record,
            EXISTS (SELECT 1 FROM payments_v2 WHERE merchant_oid = ?) AS is_stored,
            EXISTS (SELECT 1 FROM payments_v2 WHERE event_type = 'link.paid') AS is_paid";
        let Row { record, is_stored, is_paid } = self.one(select, vec![merchant_oid.into()])?;
        Ok(BeforePayment { link: parse_link(record)?, is_stored: is_stored != 0, is_paid: is_paid != 0 })
    }

    pub fn insert_payment(&self, payment: &PaymentRow) -> Result<()> {
        let insert = "INSERT INTO payments_v2
            (merchant_oid, received_at, event_type, event_id, body, state, attempts, next_at, changed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let values = vec![
            payment.merchant_oid.as_str().into(),
            number(payment.received_at),
            payment.event_type.as_str().into(),
            payment.event_id.as_str().into(),
            payment.body.as_str().into(),
            payment.state.as_str().into(),
            number(payment.attempts.into()),
            payment.next_at.map(number).into(),
            number(payment.received_at),
        ];
        self.execute(insert, values)
    }

    /// The events whose time has come, the longest waiting first.
    pub fn due_events(&self, now: u64, count: u32) -> Result<Vec<PaymentRow>> {
        let select = "SELECT * FROM payments_v2 WHERE next_at <= ? ORDER BY next_at LIMIT ?";
        self.rows(select, vec![number(now), number(count.into())])
    }

    /// Records a try of an event, unless the event was replayed meanwhile.
    pub fn put_try(&self, before: &PaymentRow, state: &str, next_at: Option<u64>, now: u64) -> Result<()> {
        let update = "UPDATE payments_v2 SET state = ?, attempts = attempts + 1, next_at = ?, changed_at = ?
            WHERE merchant_oid = ? AND attempts = ? AND next_at IS ?";
        let values = vec![
            state.into(),
            next_at.map(number).into(),
            number(now),
            before.merchant_oid.as_str().into(),
            number(before.attempts.into()),
            before.next_at.map(number).into(),
        ];
        self.execute(update, values)
    }

    /// Makes every event due, as if it had never been tried.
    pub fn replay_events(&self, now: u64) -> Result<()> {
        let update = "UPDATE payments_v2 SET state = 'pending', attempts = 0, next_at = ?, changed_at = ?";
        self.execute(update, vec![number(now), number(now)])
    }

    /// What a link's object has to do, and how long it is kept.
    pub fn link_status(&self) -> Result<LinkStatus> {
        #[derive(Deserialize)]
        struct Row {
            record: Option<String>,
            next_event_at: Option<u64>,
            last_payment_at: Option<u64>,
        }
        let select = "SELECT (SELECT record FROM link_v2) AS record,
            min(next_at) AS next_event_at, max(changed_at) AS last_payment_at FROM payments_v2";
        let Row { record, next_event_at, last_payment_at } = self.one(select, vec![])?;
        Ok(LinkStatus { link: parse_link(record)?, next_event_at, last_payment_at })
    }

    /// The row of a statement that always has one.
    fn one<T: DeserializeOwned>(&self, select: &str, values: Vec<SqlStorageValue>) -> Result<T> {
        self.row(select, values)?.ok_or_else(|| failure("the storage gave no row"))
    }

    fn row<T: DeserializeOwned>(&self, select: &str, values: Vec<SqlStorageValue>) -> Result<Option<T>> {
        Ok(self.rows(select, values)?.into_iter().next())
    }

    fn rows<T: DeserializeOwned>(&self, select: &str, values: Vec<SqlStorageValue>) -> Result<Vec<T>> {
        self.sql.exec(select, values)?.to_array()
    }

    fn execute(&self, statement: &str, values: Vec<SqlStorageValue>) -> Result<()> {
        self.sql.exec(statement, values).map(drop)
    }
}

fn parse_link(record: Option<String>) -> Result<Option<Link>> {
    Ok(record.map(|record| serde_json::from_str(&record)).transpose()?)
}

/// SQLite's integers travel as floating-point numbers.
fn number(value: u64) -> SqlStorageValue {
    SqlStorageValue::Float(to_platform_time(value))
}
