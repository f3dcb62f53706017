//! `relay.status`: how the relay is.

use super::ask_ledger::{AskLedger, Part, Query};
use super::{Fields, Handling, MessageType, Success};
use crate::model::Moment;
use crate::packed;
use serde::Serialize;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// No data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {}

packed!(struct Status {});

/// The answer to `relay.status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RelayStatus {
    last_24_hours: LinkCounts,
    events: EventCounts,
    /// How many of the ledger's partitions have work that is overdue
    late_partitions: u64,
    /// The relay's
    version: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct LinkCounts {
    links_created: u64,
    links_paid: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct EventCounts {
    pending: u64,
    dead: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_pending_at: Option<Moment>,
}

packed!(struct RelayStatus { last_24_hours, events, late_partitions, version });
packed!(struct LinkCounts { links_created, links_paid });
packed!(struct EventCounts { pending, dead, oldest_pending_at });

impl MessageType for Status {
    const TYPE: &'static str = "relay.status";
    const FIELDS: &'static [&'static str] = &[];
    const DATA_IS_OPTIONAL: bool = true;
    const OUTCOME: &'static str = "status";
    type Answer = RelayStatus;

    fn parse(_: &mut Fields) -> Option<Self> {
        Some(Self {})
    }

    fn handling(&self) -> Handling<'_> {
        Handling::AskLedger(self)
    }
}

impl AskLedger for Status {
    fn query(&self, now: u64) -> Query {
        Query::Status { since: Moment::from_unix_ms(now.saturating_sub(DAY_MS)) }
    }

    fn answer(&self, parts: Vec<Part>) -> Option<Success> {
        let mut status = RelayStatus {
            last_24_hours: LinkCounts { links_created: 0, links_paid: 0 },
            events: EventCounts { pending: 0, dead: 0, oldest_pending_at: None },
            late_partitions: 0,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        for part in parts {
            let Part::Status(counts) = part else { return None };
            for (sum, count) in [
                (&mut status.last_24_hours.links_created, counts.links_created),
                (&mut status.last_24_hours.links_paid, counts.links_paid),
                (&mut status.events.pending, counts.events_pending),
                (&mut status.events.dead, counts.events_dead),
                (&mut status.late_partitions, counts.is_late.into()),
            ] {
                *sum = sum.saturating_add(count);
            }
            let oldest = &mut status.events.oldest_pending_at;
            *oldest = oldest.iter().copied().chain(counts.oldest_pending_at).min();
        }
        Some(Success::Status(status))
    }
}
