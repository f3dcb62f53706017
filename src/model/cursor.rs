//! `cursor`: where a list goes on.

use super::text;
use crate::json::JsonValue;
use crate::packed;

/// The last entry that was shown: the next page begins behind it, however many new ones there are by then.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When it was created, Unix milliseconds
    pub created_at: u64,
    /// What tells it from others of that millisecond
    pub id: String,
}

packed!(struct Cursor { created_at, id });

impl Cursor {
    /// Parses the cursor of an earlier answer.
    ///
    /// # Errors
    /// What to change.
    pub fn parse(value: &JsonValue) -> Result<Self, &'static str> {
        text(value).and_then(Self::read).ok_or("must be the cursor of an earlier answer, as text")
    }

    fn read(text: &str) -> Option<Self> {
        let (created_at, id) = text.split_once('-')?;
        let is_id = (1..=80).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        Some(Self { created_at: created_at.parse().ok().filter(|_| is_id)?, id: id.to_owned() })
    }

    /// The text that [`Cursor::parse`] takes.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}-{}", self.created_at, self.id)
    }
}
