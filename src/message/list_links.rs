//! `link.list`: the links that the relay created, newest first.

use super::ask_ledger::{AskLedger, ListedLink, Page, Part, Query};
use super::{Fields, Handling, MessageType, Success};
use crate::link::LinkState;
use crate::model::Reference;
use crate::packed;
use serde::Serialize;

/// `{"reference"?, "state"?, "created_after"?, "created_before"?, "limit"?, "cursor"?}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListLinks {
    reference: Option<Reference>,
    state: Option<LinkState>,
    page: Page,
}

packed!(struct ListLinks { reference, state, page });

/// The answer to `link.list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Links {
    links: Vec<ListedLink>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

packed!(struct Links { links, cursor });

impl MessageType for ListLinks {
    const TYPE: &'static str = "link.list";
    const FIELDS: &'static [&'static str] =
        &["reference", "state", "created_after", "created_before", "limit", "cursor"];
    const DATA_IS_OPTIONAL: bool = true;
    const OUTCOME: &'static str = "listed";
    type Answer = Links;

    fn parse(fields: &mut Fields) -> Option<Self> {
        let reference = fields.optional("reference", Reference::parse);
        let state = fields.optional("state", LinkState::parse);
        let page = Page::parse(fields);
        Some(Self { reference: reference?, state: state?, page: page? })
    }

    fn handling(&self) -> Handling<'_> {
        Handling::AskLedger(self)
    }
}

impl AskLedger for ListLinks {
    fn query(&self, _: u64) -> Query {
        Query::Links { reference: self.reference.clone(), state: self.state, page: self.page.clone(), count: self.page.share() }
    }

    fn answer(&self, parts: Vec<Part>) -> Option<Success> {
        let mut lists = Vec::new();
        for part in parts {
            let Part::Links(links) = part else { return None };
            lists.push(links);
        }
        let (links, cursor) = self.page.join(self.page.share(), lists);
        Some(Success::ListLinks(Links { links, cursor }))
    }
}
