//! Messages that ask PayTR, but for those that create a link: these stand in the link's own row.

use super::{Columns, Storage, bytes, number};
use crate::ledger::{Recorded, State};
use worker::Result;

/// `owner` and `key` as [`Slot::Message`](crate::ledger::Slot) has them. All that one owner has stands together, so what
/// limits look at needs no index. `record` is empty while PayTR is being asked.
pub const TABLE: &str = "CREATE TABLE messages (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    may_have_gone_out INTEGER NOT NULL,
    record BLOB,
    PRIMARY KEY (owner, key)
) WITHOUT ROWID";

impl Storage {
    /// What is recorded of a message.
    pub fn message(&self, owner: &str, key: &str) -> Result<Option<Recorded>> {
        let select = "SELECT fingerprint, started_at, record FROM messages WHERE owner = ? AND key = ?";
        self.row(select, vec![owner.into(), key.into()], read)
    }

    /// What is recorded of a message, and the starting times of its owner's messages that may have gone out and began after
    /// `since`, newest first, at most `count`; all times in Unix milliseconds. One statement, and no order in it, because
    /// each costs: see [`super`].
    pub fn message_and_sends(
        &self,
        owner: &str,
        key: &str,
        since: u64,
        count: u32,
    ) -> Result<(Option<Recorded>, Vec<u64>)> {
        let select =
            "SELECT key = ?2, may_have_gone_out AND started_at > ?3, fingerprint, started_at, record FROM messages
            WHERE owner = ?1 AND (key = ?2 OR (may_have_gone_out AND started_at > ?3))";
        let (mut message, mut sends) = (None, Vec::new());
        let values = vec![owner.into(), key.into(), number(since)];
        for (is_message, counts, recorded) in
            self.rows(select, values, |row| Ok((row.flag()?, row.flag()?, read(row)?)))?
        {
            if counts {
                let place = sends.partition_point(|known| *known > recorded.started_at);
                sends.insert(place, recorded.started_at);
                sends.truncate(usize::try_from(count).unwrap_or(usize::MAX));
            }
            if is_message {
                message = Some(recorded);
            }
        }
        Ok((message, sends))
    }

    /// Inserts a message of which PayTR is about to be asked.
    pub fn insert_message(&self, owner: &str, key: &str, fingerprint: &str, now: u64) -> Result<()> {
        let insert =
            "INSERT INTO messages (owner, key, fingerprint, started_at, may_have_gone_out) VALUES (?, ?, ?, ?, 1)";
        self.execute(insert, vec![owner.into(), key.into(), fingerprint.into(), number(now)])
    }

    /// Records how a message ended, unless something is recorded already: the first end stands, because a caller may have
    /// been told. Returns whether it was recorded.
    pub fn end_message(&self, owner: &str, key: &str, record: &[u8], may_have_gone_out: bool) -> Result<bool> {
        let update =
            "UPDATE messages SET record = ?, may_have_gone_out = ? WHERE owner = ? AND key = ? AND record IS NULL";
        // A bound boolean is not true to SQLite.
        self.writes(update, vec![bytes(record), number(may_have_gone_out.into()), owner.into(), key.into()])
    }

    /// Looks at the messages after this one, deletes those that began before `time`, Unix milliseconds, and returns the last
    /// one that was looked at; `None` at the end of the table.
    pub fn sweep_messages(&self, after: &(String, String), time: u64, count: u32) -> Result<Option<(String, String)>> {
        let select =
            "SELECT owner, key, started_at FROM messages WHERE (owner, key) > (?, ?) ORDER BY owner, key LIMIT ?";
        let (owner, key) = after;
        let values = vec![owner.as_str().into(), key.as_str().into(), number(count.into())];
        let rows = self.rows(select, values, |row| Ok((row.text()?, row.text()?, row.number()?)))?;
        let last = rows.last().map(|(owner, key, _)| (owner.clone(), key.clone()));
        for (owner, key, _) in rows.into_iter().filter(|(_, _, started_at)| *started_at < time) {
            self.execute("DELETE FROM messages WHERE owner = ? AND key = ?", vec![owner.into(), key.into()])?;
        }
        Ok(last)
    }
}

/// Reads `fingerprint`, `started_at` and `record`.
fn read(row: &mut Columns) -> Result<Recorded> {
    Ok(Recorded {
        fingerprint: row.text()?,
        started_at: row.number()?,
        state: row.optional_bytes()?.map_or(State::Pending, State::Ended),
    })
}
