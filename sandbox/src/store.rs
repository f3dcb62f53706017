//! The sandbox's memory: what came in, and which links misbehave.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::broadcast;

use crate::{misbehaviour::Misbehaviour, received::Received};

/// How many changes a slow reader of the outbox may fall behind before it has to read the list again.
const BACKLOG: usize = 256;

/// Everything the sandbox remembers.
pub(crate) struct Store {
    memory: Mutex<Memory>,
    changes: broadcast::Sender<Change>,
}

#[derive(Default)]
struct Memory {
    received: Vec<Received>,
    count: u64,
    misbehaviours: HashMap<String, Misbehaviour>,
}

/// What an open outbox is told.
#[derive(Clone)]
pub(crate) enum Change {
    /// A message came in. Boxed, as the other case is empty.
    Arrived(Box<Received>),
    /// All messages are gone.
    Cleared,
}

impl Store {
    pub(crate) fn new() -> Self {
        Self { memory: Mutex::default(), changes: broadcast::Sender::new(BACKLOG) }
    }

    /// Remembers one message under the next number and tells the open outboxes.
    pub(crate) fn record(&self, mut received: Received) {
        let mut memory = self.memory();
        memory.count = memory.count.saturating_add(1);
        received.number = memory.count;
        memory.received.push(received.clone());
        // Told under the lock, so that the outboxes hear of changes in their order. Nobody listening is no error.
        let _ = self.changes.send(Change::Arrived(Box::new(received)));
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.memory().received.clone()
    }

    /// How many messages there are, and the newest of them, newest first.
    pub(crate) fn newest(&self, most: usize) -> (usize, Vec<Received>) {
        let memory = self.memory();
        (memory.received.len(), memory.received.iter().rev().take(most).cloned().collect())
    }

    pub(crate) fn clear(&self) {
        let mut memory = self.memory();
        memory.received.clear();
        let _ = self.changes.send(Change::Cleared);
    }

    pub(crate) fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    pub(crate) fn misbehave(&self, link_id: &str, misbehaviour: Misbehaviour) {
        self.memory().misbehaviours.insert(link_id.to_owned(), misbehaviour);
    }

    pub(crate) fn behave(&self, link_id: &str) {
        self.memory().misbehaviours.remove(link_id);
    }

    /// What a link was told to do; without that, what its id asks for.
    pub(crate) fn misbehaviour(&self, link_id: &str) -> Option<Misbehaviour> {
        self.memory().misbehaviours.get(link_id).cloned().or_else(|| Misbehaviour::by_link_id(link_id))
    }

    /// A panic under the lock leaves the memory whole: every change is one push or insert.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Store").finish_non_exhaustive()
    }
}
