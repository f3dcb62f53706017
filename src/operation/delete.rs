//! `link.delete`: delete up to ten links, whoever made them, or one of the relay's own.
//!
//! PayTR: `POST /odeme/api/link/delete` (Link API, "Link silme").

use super::fields::{parse_flag, write_flag};
use super::send::Status;
use super::{
    CallContext, Conclusion, End, Fields, Keeper, MessageType, Operation, PaytrOperation, Plan, ResponseContext, Wording,
    conclude, outcome_of,
};
use crate::config::Config;
use crate::json::JsonValue;
use crate::link::Link;
use crate::model::{CallbackId, LinkId};
use crate::paytr::{Call, Cause, Outcome, RejectedStatus, Reply, ReplyStatus, urlencode};
use crate::problem::Problem;
use crate::response::Response;
use crate::telemetry::LogLine;
use serde::{Deserialize, Serialize};

/// The most links of one message: PayTR takes no more.
const MAX_IDS: usize = 10;

/// Links to be deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delete {
    links: Links,
    debug_on: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Links {
    Ids(Vec<LinkId>),
    Own(CallbackId),
}

/// What became of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Fates {
    deleted: Vec<LinkId>,
    failed: Vec<LinkId>,
    status: String,
}

const WORDING: Wording = Wording {
    rejected: "delete the link",
    unknown: "The link may or may not be deleted. Deleting twice does no harm: ask again under a new webhook-id.",
    resend_safe: true,
};

impl MessageType for Delete {
    const TYPE: &'static str = "link.delete";
    const FIELDS: &'static [&'static str] = &["ids", "callback_id", "debug_on"];

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

impl Operation for Delete {
    fn plan(&self) -> Plan<'_> {
        match &self.links {
            Links::Ids(_) => Plan::Once(Keeper::Message, self),
            Links::Own(callback_id) => Plan::Once(Keeper::Link(callback_id), self),
        }
    }

    fn describe(&self, line: &mut LogLine<'_>) {
        if let Links::Ids(ids) = &self.links {
            line.link_id = Some(joined(ids));
        }
    }
}

impl Delete {
    /// The ids to delete; `None` if the relay does not know the one of its own link.
    fn ids(&self, link: Option<&Link>) -> Option<Vec<LinkId>> {
        match &self.links {
            Links::Ids(ids) => Some(ids.clone()),
            Links::Own(_) => link.and_then(Link::created).map(|created| vec![created.id.clone()]),
        }
    }
}

impl PaytrOperation for Delete {
    fn fingerprint(&self) -> Vec<String> {
        vec![Self::TYPE.to_owned(), serde_json::to_string(self).unwrap_or_default()]
    }

    fn call(&self, context: &CallContext<'_>) -> Result<Call, Problem> {
        let ids = self.ids(context.link).ok_or(Problem::LinkNotFound)?;
        Ok(call(&ids, self.debug_on, context.config))
    }

    fn end(&self, answered: Result<&Reply, Cause>, private: &[String], config: &Config, link: Option<&mut Link>) -> End {
        let ids = self.ids(link.as_deref()).unwrap_or_default();
        let outcome = read(answered, &ids, private, config);
        if let (Outcome::Succeeded(_), Links::Own(_), Some(link)) = (&outcome, &self.links, link) {
            link.deleted = true;
        }
        End::new(&outcome)
    }

    fn respond(&self, end: &str, context: &ResponseContext<'_>) -> Conclusion {
        conclude(outcome_of::<Fates>(end), &WORDING, None, |Fates { deleted, failed, status }| {
            let webhook_id = context.webhook_id;
            let status = if status == "success" { "success" } else { "error" };
            let paytr = Status { status };
            Response::success("deleted", &Body { outcome: "deleted", webhook_id, deleted, failed, paytr })
        })
    }
}

/// The call that deletes these links.
#[must_use]
pub fn call(ids: &[LinkId], debug_on: Option<bool>, config: &Config) -> Call {
    let id = joined(ids);
    let merchant = &config.merchant;
    let token = merchant.delete_token(&id);
    let form = urlencode(&[
        ("merchant_id", merchant.id()),
        ("id", &id),
        ("debug_on", write_flag(debug_on.unwrap_or(config.debug_on))),
        ("paytr_token", token.as_str()),
    ]);
    Call { path: "/odeme/api/link/delete", form, private: vec![token.as_str().to_owned()] }
}

/// What became of `ids`: of one, `status` tells; of several, the two lists. What is in neither is not known.
fn read(answered: Result<&Reply, Cause>, ids: &[LinkId], private: &[String], config: &Config) -> Outcome<Fates> {
    let reply = match answered {
        Ok(reply) => reply,
        Err(cause) => return Outcome::Unknown(cause),
    };
    let rejected = |status| Outcome::Rejected(reply.rejection(status, &config.merchant, private));
    if ids.len() == 1 {
        return match reply.status {
            ReplyStatus::Success => {
                Outcome::Succeeded(Fates { deleted: ids.to_vec(), failed: Vec::new(), status: "success".to_owned() })
            }
            ReplyStatus::Rejected(status) => rejected(status),
        };
    }
    let named = |list: &str| -> Vec<LinkId> {
        let names = reply.list(list);
        ids.iter().filter(|id| names.contains(&id.as_str())).cloned().collect()
    };
    let (deleted, failed) = (named("success_deletes"), named("failed_deletes"));
    match reply.status {
        ReplyStatus::Rejected(status) if deleted.is_empty() => rejected(status),
        _ if deleted.is_empty() && failed.len() == ids.len() => rejected(RejectedStatus::Error),
        _ if deleted.len().saturating_add(failed.len()) != ids.len() => Outcome::Unknown(Cause::NotUnderstood),
        ReplyStatus::Success => Outcome::Succeeded(Fates { deleted, failed, status: "success".to_owned() }),
        ReplyStatus::Rejected(status) => {
            Outcome::Succeeded(Fates { deleted, failed, status: status.as_str().to_owned() })
        }
    }
}

fn joined(ids: &[LinkId]) -> String {
    ids.iter().map(LinkId::as_str).collect::<Vec<_>>().join(",")
}

#[derive(Serialize)]
struct Body<'a> {
    outcome: &'static str,
    webhook_id: &'a str,
    deleted: Vec<LinkId>,
    failed: Vec<LinkId>,
    paytr: Status,
}
