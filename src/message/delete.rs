//! `link.delete`: delete up to ten links, whoever created them, or one of the relay's own.

use super::fields::parse_flag;
use super::handling::{AnswerContext, AskPaytr, CallContext, Settled, read_record};
use super::send::PaytrStatus;
use super::{Fields, Handling, MessageType, Success};
use crate::http::problem::Words;
use crate::json::JsonValue;
use crate::ledger::{Fingerprint, Keeper, Refusal};
use crate::link::Link;
use crate::model::{CallbackId, LinkId};
use crate::paytr::delete::{Fates, MAX_IDS, joined};
use crate::paytr::{self, Call, Cause, Outcome, Reply};
use crate::telemetry::LogLine;
use crate::packed;
use serde::Serialize;

/// Links to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delete {
    links: Links,
    debug_on: Option<bool>,
}

packed!(struct Delete { links, debug_on });

#[derive(Debug, Clone, PartialEq, Eq)]
enum Links {
    Ids(Vec<LinkId>),
    Own(CallbackId),
}

packed!(enum Links {
    0 Ids(value),
    1 Own(value),
});

/// The answer to `link.delete`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_field_names, reason = "the body's members")]
pub struct Deleted {
    webhook_id: String,
    deleted: Vec<LinkId>,
    failed: Vec<LinkId>,
    paytr: PaytrStatus,
}

packed!(struct Deleted { webhook_id, deleted, failed, paytr });

const WORDS: Words = Words {
    rejected: "delete the link",
    unknown: "The link may or may not be deleted. Deleting twice does no harm: ask again under a new webhook-id.",
    resend_safe: true,
};

impl MessageType for Delete {
    const TYPE: &'static str = "link.delete";
    const FIELDS: &'static [&'static str] = &["ids", "callback_id", "debug_on"];
    const OUTCOME: &'static str = "deleted";
    type Answer = Deleted;

    fn parse(fields: &mut Fields) -> Option<Self> {
        let ids = fields.optional("ids", parse_ids);
        let callback_id = fields.optional("callback_id", CallbackId::parse_json);
        let debug_on = fields.optional("debug_on", parse_flag);
        let links = match (ids?, callback_id?) {
            (Some(ids), None) => Links::Ids(ids),
            (None, Some(callback_id)) => Links::Own(callback_id),
            (None, None) => {
                fields.refuse_all("must have ids, a list of link ids, or callback_id, one link of the relay's own");
                return None;
            }
            (Some(_), Some(_)) => {
                fields.refuse_all("must have either ids or callback_id, not both");
                return None;
            }
        };
        Some(Self { links, debug_on: debug_on? })
    }

    fn handling(&self) -> Handling<'_> {
        Handling::Ask(self)
    }

    fn describe(&self, line: &mut LogLine<'_>) {
        match &self.links {
            Links::Ids(ids) => line.link_id = Some(joined(ids)),
            Links::Own(callback_id) => line.callback_id = Some(callback_id.as_str().to_owned()),
        }
    }

    fn paytr_status(answer: &Deleted) -> Option<&'static str> {
        Some(if answer.paytr == PaytrStatus::success() { "success" } else { "error" })
    }
}

fn parse_ids(value: &JsonValue) -> Result<Vec<LinkId>, &'static str> {
    let JsonValue::Array(items) = value else { return Err("must be a list of link ids, even of one") };
    if !(1..=MAX_IDS).contains(&items.len()) {
        return Err("must hold 1 to 10 link ids");
    }
    let mut ids: Vec<LinkId> = Vec::with_capacity(items.len());
    for item in items {
        let id = LinkId::parse_json(item).map_err(|_| "must hold link ids alone, each 1 to 64 letters, digits, _ or -")?;
        if ids.contains(&id) {
            return Err("must not hold a link id twice");
        }
        ids.push(id);
    }
    Ok(ids)
}

impl Delete {
    /// The message that deletes a link of the relay's own.
    #[must_use]
    pub const fn own(callback_id: CallbackId) -> Self {
        Self { links: Links::Own(callback_id), debug_on: None }
    }

    /// The ids to delete; `None` if the relay does not know the one of its own link.
    fn ids(&self, link: Option<&Link>) -> Option<Vec<LinkId>> {
        match &self.links {
            Links::Ids(ids) => Some(ids.clone()),
            Links::Own(_) => link.and_then(Link::created).map(|created| vec![created.id.clone()]),
        }
    }
}

impl AskPaytr for Delete {
    fn keeper(&self) -> Keeper<'_> {
        match &self.links {
            Links::Ids(_) => Keeper::Message,
            Links::Own(callback_id) => Keeper::Link(callback_id),
        }
    }

    fn fingerprint(&self) -> Fingerprint {
        let said = Fingerprint::of(Self::TYPE);
        let said = match &self.links {
            Links::Ids(ids) => said.with("ids", &joined(ids)),
            Links::Own(callback_id) => said.with("callback_id", callback_id.as_str()),
        };
        said.with_flag("debug_on", self.debug_on)
    }

    fn words(&self) -> &'static Words {
        &WORDS
    }

    fn call(&self, context: &CallContext<'_>) -> Result<Call, Refusal> {
        let ids = self.ids(context.link).ok_or(Refusal::LinkNotFound)?;
        let debug_on = self.debug_on.unwrap_or(context.config.debug_on);
        Ok(paytr::delete::call(&context.config.merchant, &ids, debug_on))
    }

    fn settle(&self, answered: Result<&Reply, Cause>, call: &Call, context: &CallContext<'_>) -> Settled {
        let ids = self.ids(context.link).unwrap_or_default();
        let outcome = paytr::delete::read(answered, &ids, &call.private, &context.config.merchant);
        let deletes_link = matches!((&outcome, &self.links), (Outcome::Succeeded(_), Links::Own(_)));
        Settled { deletes_link, ..Settled::new(&outcome) }
    }

    fn answer(&self, record: &[u8], context: &AnswerContext<'_>) -> Result<Success, Refusal> {
        let Fates { deleted, failed, refused } = read_record(record, None)?;
        let status = if refused.is_some() { PaytrStatus::error() } else { PaytrStatus::success() };
        let webhook_id = context.webhook_id.to_owned();
        Ok(Success::Delete(Deleted { webhook_id, deleted, failed, paytr: status }))
    }
}
