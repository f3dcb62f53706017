//! Orders that are paid by link, each a state machine: which link it has, and what is to be done next.
//!
//! The invariant: at most one link of an order is open. The next one is planned only when the one before it is gone for
//! good, or when nobody can have its address. In scope: what follows from payments (here) and from news (`news`), what is to
//! be done for the link (`steps`), what the ledger's answers mean (`answer`). Not in scope: the storage and the asking, which
//! are `partition`'s.
//!
//! ```text
//! Asked → Open → Closing → Closed
//!       ↘ Refused        ↘ Stuck
//!       ↘ Unknown
//! ```

mod answer;
mod news;
mod steps;

pub use answer::{CreateAnswer, DeleteAnswer};
pub use news::{Ignored, Taken};
pub use steps::Step;

use crate::model::{Lang, LinkName, OrderKey, Recipient, Reference};
use crate::packed;
use crate::payment::Reason;
use crate::storefront::{Job, Money, News, Review, Ways, Why};
use crate::tasks::deliver_event::Next;

const DAY_MS: u64 = 24 * 3_600_000;
/// How many events an order remembers, to know a repeat.
const MAX_EVENTS: usize = 50;

/// What is kept of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The number that people know it by
    pub number: Reference,
    /// The newest news, by the platform's clock, Unix milliseconds
    pub modified_at: u64,
    /// When anything last happened, Unix milliseconds
    pub updated_at: u64,
    /// The relay's own origin, under which the newest delivery came
    pub origin: String,
    /// The id of the newest delivery's request
    pub request_id: String,
    /// What is to be paid by link now; `None` if no link is to be open
    pub wanted: Option<Money>,
    /// Why it is `None`
    pub why: Option<Why>,
    /// How often that changed
    pub wishes: u32,
    /// Its newest link
    pub link: Option<OrderLink>,
    /// How many links were planned
    pub planned: u32,
    /// How many links were made
    pub made: u32,
    /// How many creates in a row were unknown
    pub unknown: u32,
    /// The most that was paid by one link
    pub paid: Option<Money>,
    /// The newest events that it knows
    pub events: Vec<String>,
    /// What is to be written back, the first one first
    pub write_backs: Vec<WriteBack>,
    /// How many write-backs there were
    pub written: u32,
    /// Who is to be written to. The storage keeps it encrypted, beside this.
    pub people: People,
}

packed!(struct Order { number, modified_at, updated_at, origin, request_id, wanted, why, wishes, link, planned, made, unknown, paid, events, write_backs, written } skip { people });

/// A link of an order, with all that its message says, so that a retry says the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLink {
    /// Counted from 1
    pub number: u32,
    /// For which wish it was planned
    pub wish: u32,
    /// `reference`: the order's number then
    pub reference: Reference,
    /// `price` and `currency`
    pub money: Money,
    /// `name`
    pub name: LinkName,
    /// `lang`
    pub lang: Lang,
    /// `expiry_date`, Unix milliseconds
    pub expires_at: u64,
    /// How far it is
    pub stage: Stage,
    /// When there is something to be done for it, Unix milliseconds
    pub due_at: Option<u64>,
    /// How often its deletion was tried
    pub closing_tries: u32,
    /// Whether it was paid
    pub paid: bool,
    /// The ways by which it was to be sent, and for which the order has nothing that can be used
    pub missing: Ways,
}

packed!(struct OrderLink { number, wish, reference, money, name, lang, expires_at, stage, due_at, closing_tries, paid, missing });

/// How far a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// PayTR is asked for it, or about to be.
    Asked,
    /// It can be paid.
    Open,
    /// PayTR is asked to delete it.
    Closing,
    /// It is deleted.
    Closed,
    /// It could not be deleted.
    Stuck,
    /// PayTR refused to make it.
    Refused,
    /// Nobody knows whether it was made, and nobody has its address.
    Unknown,
}

packed!(enum Stage {
    0 Asked,
    1 Open,
    2 Closing,
    3 Closed,
    4 Stuck,
    5 Refused,
    6 Unknown,
});

/// People who are to be written to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// By the newest news
    pub wanted: Vec<Recipient>,
    /// About the link
    pub link: Vec<Recipient>,
}

packed!(struct People { wanted, link });

/// A job, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteBack {
    /// Names it in the shop: the event's `webhook-id` of a payment, a number of anything else
    pub name: String,
    /// What is to be written
    pub job: Job,
    /// How often it was tried
    pub attempts: u32,
    /// When it is tried next, Unix milliseconds
    pub next_at: u64,
}

packed!(struct WriteBack { name, job, attempts, next_at });

/// What a partition is told of one of its orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderNotice {
    /// The shop says something.
    News {
        /// The storefront's name
        storefront: String,
        /// The news
        news: News,
        /// The relay's own origin
        origin: String,
        /// The request's id
        request_id: String,
    },
    /// One of its links was paid.
    Paid {
        /// The order
        key: OrderKey,
        /// The payment
        payment: PaidLink,
        /// Whether the shop asked to be told again
        is_replay: bool,
    },
}

packed!(enum OrderNotice {
    0 News { storefront, news, origin, request_id },
    1 Paid { key, payment, is_replay },
});

/// A payment of an order's link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidLink {
    /// The event's `webhook-id`
    pub event_id: String,
    /// The link's number
    pub number: u32,
    /// The link's price
    pub money: Money,
    /// PayTR's name of the payment
    pub merchant_oid: String,
    /// What was collected, minor units; `None` if it could not be read
    pub total_amount: Option<u64>,
    /// Why it has to be looked at
    pub reasons: Vec<Reason>,
    /// Whether the link was paid as it was to be, though it may have been deleted before
    pub pays_the_link: bool,
}

packed!(struct PaidLink { event_id, number, money, merchant_oid, total_amount, reasons, pays_the_link });

/// What is recorded of a write-back that was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It is done, or given up.
    Ended,
    /// It is tried again, Unix milliseconds.
    Again(u64),
}

impl OrderNotice {
    /// Which order it is about.
    #[must_use]
    pub fn key(&self) -> OrderKey {
        match self {
            Self::News { storefront, news, .. } => {
                OrderKey { storefront: storefront.clone(), order_id: news.order_id.clone() }
            }
            Self::Paid { key, .. } => key.clone(),
        }
    }
}

impl People {
    /// Whether there is nobody.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.link.is_empty()
    }
}

impl Order {
    /// Takes a payment of one of its links. Returns whether it was news, or is to be told once more.
    pub fn take_payment(&mut self, payment: PaidLink, is_replay: bool, now: u64) -> bool {
        let PaidLink { event_id, number, money, merchant_oid, total_amount, reasons, pays_the_link } = payment;
        let is_known = self.events.contains(&event_id);
        if is_known && !is_replay {
            return false;
        }
        if !is_known {
            if self.events.len() >= MAX_EVENTS {
                self.events.remove(0);
            }
            self.events.push(event_id.clone());
        }
        if pays_the_link {
            if self.paid.is_none_or(|paid| !paid.covers(money)) {
                self.paid = Some(money);
            }
            if let Some(link) = self.link.as_mut().filter(|link| link.number == number) {
                link.paid = true;
                // A link that is still asked for is asked for with all of its message.
                if link.stage != Stage::Asked {
                    self.people.link.clear();
                }
            }
            self.people.wanted.clear();
        }
        let job = if reasons.is_empty() {
            Job::Paid { merchant_oid, money }
        } else {
            Job::Review(Review { merchant_oid, total_amount, reasons })
        };
        self.write_backs.retain(|write_back| write_back.name != event_id);
        self.write_backs.push(WriteBack { name: event_id, job, attempts: 0, next_at: now });
        self.updated_at = now;
        true
    }

    fn write_back(&mut self, job: Job, now: u64) {
        self.written = self.written.saturating_add(1);
        self.write_backs.push(WriteBack { name: self.written.to_string(), job, attempts: 0, next_at: now });
    }

    /// The write-back that is due first. Each has its own tries, so one that the shop refuses holds up no other.
    #[must_use]
    pub fn next_write_back(&self) -> Option<&WriteBack> {
        self.write_backs.iter().min_by_key(|write_back| write_back.next_at)
    }

    /// Takes what became of a try of a write-back.
    pub fn take_write_back(&mut self, name: &str, tried: Tried) {
        match tried {
            Tried::Ended => self.write_backs.retain(|write_back| write_back.name != name),
            Tried::Again(next_at) => {
                if let Some(write_back) = self.write_backs.iter_mut().find(|known| known.name == name) {
                    write_back.attempts = write_back.attempts.saturating_add(1);
                    write_back.next_at = next_at;
                }
            }
        }
    }
}

/// When an order goes, Unix milliseconds: 30 days after its last link expires or anything last happened, and 400 days after
/// that in any case; one that never had a link 7 days after anything last happened, which is longer than any platform
/// repeats a delivery.
#[must_use]
pub fn order_expires_at(order: &Order) -> u64 {
    let last = match &order.link {
        Some(link) => link.expires_at.max(order.updated_at).saturating_add(30 * DAY_MS),
        None => order.updated_at.saturating_add(7 * DAY_MS),
    };
    last.min(order.updated_at.saturating_add(400 * DAY_MS))
}

impl From<Next> for Tried {
    fn from(next: Next) -> Self {
        match next {
            Next::Delivered | Next::Dead => Self::Ended,
            Next::At(next_at) => Self::Again(next_at),
        }
    }
}
