//! Alerts that wait to be sent, one row for each kind.

use super::{Storage, number};
use crate::alert::{Alert, AlertKind};
use worker::Result;
use worker::wasm_bindgen::JsValue;

/// `about` is the newest one's. `waiting` of this kind came since the last one was sent, which was tried at `tried_at` for the
/// last time, and `tries` times in vain since it was sent.
pub const TABLE: &str = "CREATE TABLE alerts (
    kind TEXT PRIMARY KEY,
    about TEXT NOT NULL,
    waiting INTEGER NOT NULL,
    tried_at INTEGER,
    tries INTEGER NOT NULL
) WITHOUT ROWID";

/// What waits of a kind.
pub struct WaitingAlert {
    pub alert: Alert,
    /// How many came since the last one was sent
    pub waiting: u64,
    /// When one was last tried, Unix milliseconds
    pub tried_at: Option<u64>,
    /// How often it was tried in vain
    pub tries: u32,
}

impl Storage {
    /// Adds an alert. Returns what waits of its kind now.
    pub fn add_alert(&self, alert: &Alert) -> Result<Option<WaitingAlert>> {
        let put = "INSERT INTO alerts (kind, about, waiting, tries) VALUES (?, ?, 1, 0)
            ON CONFLICT (kind) DO UPDATE SET about = excluded.about, waiting = waiting + 1";
        self.execute(put, vec![alert.kind.as_str().into(), alert.about.as_str().into()])?;
        self.alert(alert.kind)
    }

    /// What waits of a kind.
    pub fn alert(&self, kind: AlertKind) -> Result<Option<WaitingAlert>> {
        let select = "SELECT about, waiting, tried_at, tries FROM alerts WHERE kind = ?";
        self.row(select, vec![kind.as_str().into()], |row| {
            Ok(WaitingAlert {
                alert: Alert { kind, about: row.text()? },
                waiting: row.number()?,
                tried_at: row.optional_number()?,
                tries: u32::try_from(row.number()?).unwrap_or(u32::MAX),
            })
        })
    }

    /// Records a try, after which so many of those that waited are done with. Returns how many wait now.
    pub fn put_alert_try(&self, kind: AlertKind, done: u64, tries: u32, tried_at: Option<u64>) -> Result<u64> {
        let update = "UPDATE alerts SET waiting = max(0, waiting - ?), tries = ?, tried_at = ? WHERE kind = ?";
        let tried_at = tried_at.map_or(JsValue::NULL, number);
        self.execute(update, vec![number(done), number(tries.into()), tried_at, kind.as_str().into()])?;
        Ok(self.alert(kind)?.map_or(0, |waiting| waiting.waiting))
    }
}
