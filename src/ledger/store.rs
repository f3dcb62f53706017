//! The entries of one recipient, in the object's SQLite.
//!
//! Every statement is synchronous: what is written here is durable before anything that happens after it in the same
//! turn can leave the object (the platform's output gate).

use super::machine::{Entry, State};
use crate::outcome::{Cause, Outcome, RejectedStatus, Rejection};
use crate::platform::{from_platform_time, to_platform_time};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use worker_sys::types::SqlStorage;

type Result<T> = std::result::Result<T, JsValue>;

const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS entries (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    may_have_gone_out INTEGER NOT NULL,
    reason TEXT
) WITHOUT ROWID";
const REJECTED: [RejectedStatus; 2] = [RejectedStatus::Error, RejectedStatus::Failed];

pub struct Store(SqlStorage);

impl Store {
    pub fn new(sql: SqlStorage) -> Self {
        Self(sql)
    }

    /// Makes the table; whether there was none.
    pub fn create(&self) -> Result<bool> {
        Ok(self.0.exec(SCHEMA, Array::new())?.rows_written() > 0.0)
    }

    pub fn entry(&self, key: &str) -> Result<Option<Entry>> {
        let select = "SELECT fingerprint, started_at, state, reason FROM entries WHERE key = ?";
        self.rows(select, &[key.into()])?.first().map(parse_entry).transpose()
    }

    /// Starting times of the sends that may have gone out and began after `since`, newest first, at most `count`; all
    /// times in Unix milliseconds.
    pub fn sends(&self, since: u64, count: u32) -> Result<Vec<u64>> {
        let select = "SELECT started_at FROM entries WHERE may_have_gone_out AND started_at > ?
            ORDER BY started_at DESC LIMIT ?";
        self.rows(select, &[to_platform_time(since).into(), count.into()])?
            .iter()
            .map(|row| time(&row.get(0)))
            .collect()
    }

    pub fn put(&self, key: &str, entry: &Entry) -> Result<()> {
        let (state, reason) = match &entry.state {
            State::Sending => ("sending", None),
            State::Ended(Outcome::Sent) => ("sent", None),
            State::Ended(Outcome::Rejected(rejection)) => (rejection.status.as_str(), rejection.reason.as_deref()),
            State::Ended(Outcome::Unknown(cause)) => (cause.as_str(), None),
        };
        let values = [
            key.into(),
            entry.fingerprint.as_str().into(),
            to_platform_time(entry.started_at).into(),
            state.into(),
            u32::from(entry.may_have_gone_out()).into(),
            reason.map_or(JsValue::NULL, JsValue::from),
        ];
        let upsert = "INSERT INTO entries (key, fingerprint, started_at, state, may_have_gone_out, reason)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET state = excluded.state,
            may_have_gone_out = excluded.may_have_gone_out, reason = excluded.reason";
        self.execute(upsert, &values)
    }

    /// Deletes the entries that began before `time`, Unix milliseconds.
    pub fn delete_before(&self, time: u64) -> Result<()> {
        self.execute("DELETE FROM entries WHERE started_at < ?", &[to_platform_time(time).into()])
    }

    /// When the oldest entry began, Unix milliseconds.
    pub fn oldest(&self) -> Result<Option<u64>> {
        let select = "SELECT started_at FROM entries ORDER BY started_at LIMIT 1";
        self.rows(select, &[])?.first().map(|row| time(&row.get(0))).transpose()
    }

    fn execute(&self, statement: &str, values: &[JsValue]) -> Result<()> {
        self.0.exec(statement, values.iter().collect()).map(drop)
    }

    fn rows(&self, select: &str, values: &[JsValue]) -> Result<Vec<Array>> {
        let cursor = self.0.exec(select, values.iter().collect())?;
        Ok(Array::from(&cursor.raw()).iter().map(JsCast::unchecked_into).collect())
    }
}

fn parse_entry(row: &Array) -> Result<Entry> {
    let text = |column| row.get(column).as_string();
    let (Some(fingerprint), Some(state)) = (text(0), text(2)) else { return Err(foreign()) };
    let rejected = || REJECTED.into_iter().find(|status| status.as_str() == state);
    let unknown = || Cause::ALL.into_iter().find(|cause| cause.as_str() == state);
    let state = match state.as_str() {
        "sending" => State::Sending,
        "sent" => State::Ended(Outcome::Sent),
        _ => match (rejected(), unknown()) {
            (Some(status), _) => State::Ended(Outcome::Rejected(Rejection { status, reason: text(3) })),
            (None, Some(cause)) => State::Ended(Outcome::Unknown(cause)),
            (None, None) => return Err(foreign()),
        },
    };
    Ok(Entry { fingerprint, started_at: time(&row.get(1))?, state })
}

/// SQLite's integers travel as floating-point numbers.
fn time(value: &JsValue) -> Result<u64> {
    value.as_f64().map(from_platform_time).ok_or_else(foreign)
}

fn foreign() -> JsValue {
    JsValue::from_str("the ledger holds a row that it did not write")
}
