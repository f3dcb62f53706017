//! What is due, by kind and time. A task is a wake-up: whether there is still anything to do says the row of its subject.

use super::{Storage, number};
use worker::Result;

/// `kind` is the name of a file in `partition/work`; `subject` is what it is about, as that file writes it.
pub const TABLE: &str = "CREATE TABLE tasks (
    kind TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (kind, due_at, subject)
) WITHOUT ROWID";

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Task {
    /// Unix milliseconds
    pub due_at: u64,
    pub subject: String,
}

impl Storage {
    /// Adds a task, unless the same one is there.
    pub fn add_task(&self, kind: &str, due_at: u64, subject: &str) -> Result<()> {
        let insert = "INSERT OR IGNORE INTO tasks (kind, due_at, subject) VALUES (?, ?, ?)";
        self.execute(insert, vec![kind.into(), number(due_at), subject.into()])
    }

    /// Deletes a task that was worked on.
    pub fn delete_task(&self, kind: &str, task: &Task) -> Result<()> {
        let delete = "DELETE FROM tasks WHERE kind = ? AND due_at = ? AND subject = ?";
        self.execute(delete, vec![kind.into(), number(task.due_at), task.subject.as_str().into()])
    }

    /// The tasks of a kind that are due, the longest waiting first: SQLite reads a range of the key in the key's order, and
    /// asked for that order it would parse the statement anew each time (see [`super`]).
    pub fn due_tasks(&self, kind: &str, now: u64, count: u32) -> Result<Vec<Task>> {
        let select = format!("SELECT due_at, subject FROM tasks WHERE kind = ? AND due_at <= ? LIMIT {count}");
        self.rows(&select, vec![kind.into(), number(now)], |row| {
            Ok(Task { due_at: row.number()?, subject: row.text()? })
        })
    }

    /// When the next task of each of these kinds is due, Unix milliseconds, in their order.
    pub fn next_tasks(&self, kinds: &[&str]) -> Result<Vec<Option<u64>>> {
        // A kind is the name of a file, and each is looked up by itself in the order of the key.
        let next = |kind: &&str| format!("(SELECT min(due_at) FROM tasks WHERE kind = '{kind}')");
        let select = format!("SELECT {}", kinds.iter().map(next).collect::<Vec<_>>().join(", "));
        let row = self.row(&select, vec![], |row| kinds.iter().map(|_| row.optional_number()).collect())?;
        Ok(row.unwrap_or_default())
    }
}
