//! What is asked of all partitions at once: each answers for what it keeps, and the answers become one.

use super::{Fields, Success};
use crate::json::JsonValue;
use crate::link::{LinkState, SendReport};
use crate::link_view::LinkBody;
use crate::model::{Currency, Cursor, Moment, Price, Reference};
use crate::packed;
use crate::payment::{EventState, EventType};
use serde::Serialize;

const DEFAULT_LIMIT: u64 = 20;
const MAX_LIMIT: u64 = 100;
/// Links lie in the partitions as chance has it: of the newest so many, hardly ever more than this and an eighth of them lie in
/// one. If they do, the page is shorter.
const LEAST_SHARE: u64 = 12;
const LIMIT_PER_SHARE: u64 = 8;

/// A message that every partition answers.
pub trait AskLedger {
    /// What each is asked at `now`, Unix milliseconds.
    fn query(&self, now: u64) -> Query;

    /// The answer to the caller, from all of theirs; `None` if one of them answered something else, as another version may.
    fn answer(&self, parts: Vec<Part>) -> Option<Success>;
}

/// What a partition is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// For links, newest first
    Links {
        /// Those of this reference
        reference: Option<Reference>,
        /// Those of this state
        state: Option<LinkState>,
        /// Which of them
        page: Page,
        /// The most
        count: u64,
    },
    /// For events, newest first
    Events {
        /// Those of this state
        state: Option<EventState>,
        /// Which of them
        page: Page,
        /// The most
        count: u64,
    },
    /// To deliver the events again that were given up
    ReplayDead {
        /// Those that were created then or later
        created_after: Option<Moment>,
    },
    /// For its counts
    Status {
        /// From when on links are counted
        since: Moment,
    },
}

packed!(enum Query {
    0 Links { reference, state, page, count },
    1 Events { state, page, count },
    2 ReplayDead { created_after },
    3 Status { since },
});

/// What a partition answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Links, newest first, as many as were asked for if there are more
    Links(Vec<ListedLink>),
    /// Events, likewise
    Events(Vec<ListedEvent>),
    /// How many events are delivered again
    Replayed(u64),
    /// Its counts
    Status(Counts),
}

packed!(enum Part {
    0 Links(value),
    1 Events(value),
    2 Replayed(value),
    3 Status(value),
});

/// Which entries of a list are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The earliest time of creation
    pub created_after: Option<Moment>,
    /// The first time that is too late
    pub created_before: Option<Moment>,
    /// The entry behind which the page begins
    pub cursor: Option<Cursor>,
    /// The most entries
    pub limit: u64,
}

packed!(struct Page { created_after, created_before, cursor, limit });

/// A link in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedLink {
    /// The shop's own number of the order
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// The storefront that it was made for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storefront: Option<String>,
    /// The link, without its QR code
    pub link: LinkBody,
    /// How far it is
    pub state: LinkState,
    /// `price`
    pub price: Price,
    /// `currency`
    pub currency: Currency,
    /// How its sends ended
    pub sends: Vec<SendReport>,
    /// When it was asked for
    pub created_at: Moment,
}

packed!(struct ListedLink { reference, storefront, link, state, price, currency, sends, created_at });

/// An event in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedEvent {
    /// Its `webhook-id`
    pub webhook_id: String,
    /// What it tells
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// How far it is
    pub state: EventState,
    /// How often it was tried
    pub attempts: u32,
    /// When it is tried next
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Moment>,
    /// When PayTR's notification came
    pub created_at: Moment,
    /// The link's
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// The link
    pub callback_id: String,
    /// PayTR's name of the payment
    pub merchant_oid: String,
}

packed!(struct ListedEvent { webhook_id, event_type, state, attempts, next_at, created_at, reference, callback_id, merchant_oid });

/// What a partition counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Links that were created since
    pub links_created: u64,
    /// Links that were paid since
    pub links_paid: u64,
    /// Events that wait for a try
    pub events_pending: u64,
    /// Events that were given up
    pub events_dead: u64,
    /// When the oldest event was created that waits for a try
    pub oldest_pending_at: Option<Moment>,
    /// Whether work is overdue
    pub is_late: bool,
}

packed!(struct Counts { links_created, links_paid, events_pending, events_dead, oldest_pending_at, is_late });

/// What stands in a list.
pub trait Listed {
    /// Its place in the list: the cursor behind it.
    fn cursor(&self) -> Cursor;
}

impl Listed for ListedLink {
    fn cursor(&self) -> Cursor {
        Cursor { created_at: self.created_at.unix_ms(), id: self.link.callback_id.as_str().to_owned() }
    }
}

impl Listed for ListedEvent {
    fn cursor(&self) -> Cursor {
        Cursor { created_at: self.created_at.unix_ms(), id: self.webhook_id.clone() }
    }
}

impl Page {
    /// Parses the members that every list has.
    pub fn parse(fields: &mut Fields) -> Option<Self> {
        let created_after = fields.optional("created_after", Moment::parse);
        let created_before = fields.optional("created_before", Moment::parse);
        let limit = fields.optional("limit", parse_limit);
        let cursor = fields.optional("cursor", Cursor::parse);
        let (created_after, created_before) = (created_after?, created_before?);
        if created_after.zip(created_before).is_some_and(|(after, before)| after >= before) {
            fields.refuse("created_before", "must lie after created_after");
            return None;
        }
        Some(Self { created_after, created_before, cursor: cursor?, limit: limit?.unwrap_or(DEFAULT_LIMIT) })
    }

    /// How many entries one partition is asked for, if they lie in the partitions as chance has it.
    #[must_use]
    pub fn share(&self) -> u64 {
        LEAST_SHARE.saturating_add(self.limit / LIMIT_PER_SHARE).min(self.one_more())
    }

    /// How many entries one partition is asked for that may have them all.
    #[must_use]
    pub const fn one_more(&self) -> u64 {
        self.limit.saturating_add(1)
    }

    /// The entry before which all that is asked for stands, newest first.
    #[must_use]
    pub fn end(&self) -> Cursor {
        // Nothing comes before an empty id.
        let created_at = self.created_before.map_or(u64::MAX, Moment::unix_ms);
        let end = Cursor { created_at, id: String::new() };
        self.cursor.clone().map_or(end.clone(), |cursor| cursor.min(end))
    }

    /// One list of the partitions' lists, each newest first, and what asks for the entries behind it, if there are any.
    ///
    /// A partition that gave `count` entries, as many as it was asked for, may have more. Behind its last one the list would
    /// have a gap, so it ends there.
    #[must_use]
    pub fn join<T: Listed>(&self, count: u64, mut lists: Vec<Vec<T>>) -> (Vec<T>, Option<String>) {
        let length = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let (count, limit) = (length(count), length(self.limit));
        let cut_off: Vec<bool> = lists.iter().map(|list| list.len() >= count).collect();
        for list in &mut lists {
            list.reverse();
        }
        let mut shown: Vec<T> = Vec::new();
        let mut has_gap = false;
        while shown.len() < limit && !has_gap {
            let heads = lists.iter_mut().zip(&cut_off).filter_map(|(list, cut_off)| {
                let cursor = list.last()?.cursor();
                Some((cursor, list, *cut_off))
            });
            let Some((_, list, is_cut_off)) = heads.max_by(|(one, ..), (other, ..)| one.cmp(other)) else { break };
            shown.extend(list.pop());
            has_gap = is_cut_off && list.is_empty();
        }
        let is_more = has_gap || lists.iter().any(|list| !list.is_empty());
        let cursor = shown.last().filter(|_| is_more).map(|entry| entry.cursor().text());
        (shown, cursor)
    }
}

fn parse_limit(value: &JsonValue) -> Result<u64, &'static str> {
    match value {
        JsonValue::Integer(limit) if (1..=MAX_LIMIT).contains(limit) => Ok(*limit),
        _ => Err("must be a whole number from 1 to 100"),
    }
}
