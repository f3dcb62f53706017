//! The call that deletes links: `POST /odeme/api/link/delete` (Link API, "Link silme").

use super::call::{Call, write_flag};
use super::form::urlencode;
use super::merchant::{Merchant, Token};
use super::outcome::{Cause, Outcome, RejectedStatus};
use super::redact::Private;
use super::reply::{MAX_REPLY_BYTES, Reply, ReplyStatus};
use crate::model::LinkId;
use crate::packed;

/// The most links of one call.
pub const MAX_IDS: usize = 10;

/// What became of each link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fates {
    /// The links that are deleted.
    pub deleted: Vec<LinkId>,
    /// The links that are not.
    pub failed: Vec<LinkId>,
    /// What PayTR refused with, if it refused some.
    pub refused: Option<RejectedStatus>,
}

packed!(struct Fates { deleted, failed, refused });

impl Merchant {
    /// `base64(HMAC-SHA256(merchant_key, id + merchant_id + merchant_salt))`. For several links, `link_ids` is their list
    /// as it is posted: ids with commas between.
    #[must_use]
    pub fn delete_token(&self, link_ids: &str) -> Token {
        self.sign(&[link_ids, self.id()])
    }
}

/// The call that deletes these links.
#[must_use]
pub fn call(merchant: &Merchant, ids: &[LinkId], debug_on: bool) -> Call {
    let id = joined(ids);
    let token = merchant.delete_token(&id);
    let form = urlencode(&[
        ("merchant_id", merchant.id()),
        ("id", &id),
        ("debug_on", write_flag(debug_on)),
        ("paytr_token", token.as_str()),
    ]);
    let private = vec![Private::Secret(token.as_str().to_owned())];
    Call { path: "/odeme/api/link/delete", form, private, max_reply_bytes: MAX_REPLY_BYTES }
}

/// What became of `ids`: of one, `status` tells; of several, the two lists. What is in neither is not known.
#[must_use]
pub fn read(
    answered: Result<&Reply, Cause>,
    ids: &[LinkId],
    private: &[Private],
    merchant: &Merchant,
) -> Outcome<Fates> {
    let reply = match answered {
        Ok(reply) => reply,
        Err(cause) => return Outcome::Unknown(cause),
    };
    let rejected = |status| Outcome::Rejected(reply.rejection(status, merchant, private));
    if ids.len() == 1 {
        return match reply.status {
            ReplyStatus::Success => {
                Outcome::Succeeded(Fates { deleted: ids.to_vec(), failed: Vec::new(), refused: None })
            }
            ReplyStatus::Rejected(status) => rejected(status),
        };
    }
    let named = |list: &str| -> Vec<LinkId> {
        let names = reply.texts(list);
        ids.iter().filter(|id| names.iter().any(|name| name == id.as_str())).cloned().collect()
    };
    let (deleted, failed) = (named("success_deletes"), named("failed_deletes"));
    match reply.status {
        ReplyStatus::Rejected(status) if deleted.is_empty() => rejected(status),
        _ if deleted.is_empty() && failed.len() == ids.len() => rejected(RejectedStatus::Error),
        _ if deleted.len().saturating_add(failed.len()) != ids.len() => Outcome::Unknown(Cause::NotUnderstood),
        ReplyStatus::Success => Outcome::Succeeded(Fates { deleted, failed, refused: None }),
        ReplyStatus::Rejected(status) => Outcome::Succeeded(Fates { deleted, failed, refused: Some(status) }),
    }
}

/// Ids with commas between, as PayTR takes them.
#[must_use]
pub fn joined(ids: &[LinkId]) -> String {
    ids.iter().map(LinkId::as_str).collect::<Vec<_>>().join(",")
}
