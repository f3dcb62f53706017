//! `event.list`: the events for the shop, newest first.

use super::ask_ledger::{AskLedger, ListedEvent, Page, Part, Query};
use super::{Fields, Handling, MessageType, Success};
use crate::packed;
use crate::payment::EventState;
use serde::Serialize;

/// `{"state"?, "created_after"?, "created_before"?, "limit"?, "cursor"?}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEvents {
    state: Option<EventState>,
    page: Page,
}

packed!(struct ListEvents { state, page });

/// The answer to `event.list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Events {
    events: Vec<ListedEvent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

packed!(struct Events { events, cursor });

impl MessageType for ListEvents {
    const TYPE: &'static str = "event.list";
    const FIELDS: &'static [&'static str] = &["state", "created_after", "created_before", "limit", "cursor"];
    const DATA_IS_OPTIONAL: bool = true;
    const OUTCOME: &'static str = "listed";
    type Answer = Events;

    fn parse(fields: &mut Fields) -> Option<Self> {
        let state = fields.optional("state", EventState::parse);
        let page = Page::parse(fields);
        Some(Self { state: state?, page: page? })
    }

    fn handling(&self) -> Handling<'_> {
        Handling::AskLedger(self)
    }
}

impl AskLedger for ListEvents {
    fn query(&self, _: u64) -> Query {
        Query::Events { state: self.state, page: self.page.clone(), count: self.page.one_more() }
    }

    fn answer(&self, parts: Vec<Part>) -> Option<Success> {
        let mut lists = Vec::new();
        for part in parts {
            let Part::Events(events) = part else { return None };
            lists.push(events);
        }
        let (events, cursor) = self.page.join(self.page.one_more(), lists);
        Some(Success::ListEvents(Events { events, cursor }))
    }
}
