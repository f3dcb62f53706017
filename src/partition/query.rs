//! What this partition says to a question that all are asked.

use super::Ledger;
use super::alarm::LATE_MS;
use super::work::Kind;
use crate::message::{Counts, Part, Query};
use crate::model::Moment;
use crate::platform::clock;
use worker::Result;

impl Ledger {
    /// Answers from the tables.
    pub(super) fn answer_query(&self, query: Query) -> Result<Part> {
        self.re_arm(LATE_MS)?;
        match query {
            Query::Links { reference, state, page, count } => {
                self.storage.list_links(reference.as_ref(), state, &page, count).map(Part::Links)
            }
            Query::Events { state, page, count } => self.storage.list_events(state, &page, count).map(Part::Events),
            Query::ReplayDead { created_after } => self.replay_dead(created_after).map(Part::Replayed),
            Query::Status { since } => {
                let since = since.unix_ms();
                let (events_pending, oldest_pending_at, events_dead) = self.storage.count_events()?;
                Ok(Part::Status(Counts {
                    links_created: self.storage.count_links(since)?,
                    links_paid: self.storage.count_paid_links(since)?,
                    events_pending,
                    events_dead,
                    oldest_pending_at: oldest_pending_at.map(Moment::from_unix_ms),
                    is_late: self.is_late()?,
                }))
            }
        }
    }

    fn replay_dead(&self, created_after: Option<Moment>) -> Result<u64> {
        let now = clock::now();
        let since = created_after.map_or(0, Moment::unix_ms);
        let mut replayed = 0;
        let count = &mut replayed;
        self.storage.transaction(|| {
            *count = self.storage.replay_dead_events(Kind::DeliverEvent.as_str(), since, now)?;
            Ok(())
        })?;
        if replayed > 0 {
            self.alarm.set_anew()?;
        }
        Ok(replayed)
    }
}
