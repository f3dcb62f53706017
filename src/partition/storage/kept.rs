//! What is kept for a while of conversations with shops, such as the token of an API: encrypted, and no loss when it is gone.

use super::{Storage, failure, number};
use crate::ledger::{decrypt, encrypt};
use crate::paytr::Merchant;
use worker::Result;

/// `name` says whose it is, as a keyed hash; `value` is encrypted.
pub const TABLE: &str = "CREATE TABLE kept (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID";

impl Storage {
    /// What is kept under this name, if its time is not over. What cannot be read is asked for anew, like what is not there.
    pub fn kept(&self, merchant: &Merchant, name: &str, now: u64) -> Result<Option<String>> {
        let select = "SELECT value FROM kept WHERE name = ? AND expires_at > ?";
        let value = self.row(select, vec![name.into(), number(now)], super::Columns::text)?;
        Ok(value.and_then(|value| decrypt(merchant, &value)).and_then(|value| String::from_utf8(value).ok()))
    }

    /// Keeps a value until this time, in place of the one there is.
    pub fn keep(&self, merchant: &Merchant, name: &str, value: &str, expires_at: u64) -> Result<()> {
        let value = encrypt(merchant, value.as_bytes()).ok_or_else(|| failure("nothing can be encrypted"))?;
        let put = "INSERT INTO kept (name, value, expires_at) VALUES (?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at";
        self.execute(put, vec![name.into(), value.into(), number(expires_at)])
    }

    /// Forgets what is kept under this name.
    pub fn forget(&self, name: &str) -> Result<()> {
        self.execute("DELETE FROM kept WHERE name = ?", vec![name.into()])
    }

    /// Deletes what nobody can use any more: at most as many rows as there ever were storefronts.
    pub fn sweep_kept(&self, now: u64) -> Result<()> {
        self.execute("DELETE FROM kept WHERE expires_at <= ?", vec![number(now)])
    }
}
