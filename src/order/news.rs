//! What follows from news of an order.

use super::{Order, OrderLink, People, Stage};
use crate::model::Reference;
use crate::packed;
use crate::storefront::{Job, News, Trouble, Why, Wish};

/// What became of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// The order is to be kept like this.
    Order(Box<Order>),
    /// Nothing changes.
    Ignored(Ignored),
}

/// Why news changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignored {
    /// The order is not known, and wants nothing.
    Unwanted(Why),
    /// Newer news came before.
    Older,
    /// It says what is known.
    Unchanged,
    /// The order has no number, nor an id that could be one.
    NoNumber,
}

packed!(enum Ignored {
    0 Unwanted(value),
    1 Older,
    2 Unchanged,
    3 NoNumber,
});

impl Ignored {
    /// A constant word for the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unwanted(why) => why.as_str(),
            Self::Older => "older",
            Self::Unchanged => "unchanged",
            Self::NoNumber => "no-number",
        }
    }
}

impl Order {
    /// Takes news of an order, of which this is known. `now` is in Unix milliseconds.
    #[must_use]
    pub fn take_news(known: Option<Self>, news: News, origin: String, request_id: String, now: u64) -> Taken {
        let News { order_id, number, modified_at, wish } = news;
        let (wanted, why, recipients) = match wish {
            Wish::Link { money, recipients } => (Some(money), None, recipients),
            Wish::Nothing(why) if known.is_none() && !why.needs_person() => {
                return Taken::Ignored(Ignored::Unwanted(why));
            }
            Wish::Nothing(why) | Wish::Close(why) => (None, Some(why), Vec::new()),
        };
        let number = number.or_else(|| known.as_ref().map(|order| order.number.clone()));
        let Some(number) = number.or_else(|| Reference::from_text(&order_id)) else {
            return Taken::Ignored(Ignored::NoNumber);
        };
        let is_new = known.is_none();
        let before = known.clone();
        let mut order = known.unwrap_or_else(|| Self::unknown(number.clone()));
        // What has no time is the newest: of an order that was deleted for good the shop says nothing else.
        let modified_at = modified_at.unwrap_or_else(|| order.modified_at.max(if wanted.is_none() { now } else { 0 }));
        if modified_at < order.modified_at {
            return Taken::Ignored(Ignored::Older);
        }
        (order.number, order.modified_at) = (number, modified_at);
        let is_another_wish = is_new || order.wanted != wanted || order.why != why;
        if is_another_wish {
            (order.wanted, order.why, order.unknown) = (wanted, why, 0);
            order.wishes = order.wishes.saturating_add(1);
            // A link for what is wanted once more is this wish's: no other one follows it when it expires.
            let is_live = |link: &OrderLink| {
                matches!(link.stage, Stage::Asked | Stage::Open) && Some(link.money) == wanted && link.expires_at > now
            };
            if let Some(link) = order.link.as_mut().filter(|link| is_live(link)) {
                link.wish = order.wishes;
            }
            if let Some(why) = why.filter(|why| why.needs_person()) {
                order.write_back(Job::Trouble(Trouble::Unpayable(why)), now);
            }
            if let (Some(paid), Some(costs)) = (order.paid, wanted)
                && !paid.covers(costs)
            {
                order.write_back(Job::Trouble(Trouble::CostsMore(paid)), now);
            }
        }
        // They are kept only while a link is to be planned for them.
        order.people.wanted = if order.plans_a_link(now) { recipients } else { Vec::new() };
        if before.as_ref() == Some(&order) {
            return Taken::Ignored(Ignored::Unchanged);
        }
        (order.origin, order.request_id, order.updated_at) = (origin, request_id, now);
        Taken::Order(Box::new(order))
    }

    const fn unknown(number: Reference) -> Self {
        Self {
            number,
            modified_at: 0,
            updated_at: 0,
            origin: String::new(),
            request_id: String::new(),
            wanted: None,
            why: None,
            wishes: 0,
            link: None,
            planned: 0,
            made: 0,
            unknown: 0,
            paid: None,
            events: Vec::new(),
            write_backs: Vec::new(),
            written: 0,
            people: People { wanted: Vec::new(), link: Vec::new() },
        }
    }
}
