//! Who carries a message out, and what the message says to that.

use super::{AskLedger, Message, Success};
use crate::config::Config;
use crate::http::problem::Words;
use crate::ledger::{Fingerprint, Keeper, Refusal};
use crate::link::{Link, SendReport, Terms};
use crate::link_view::LinkView;
use crate::model::CallbackId;
use crate::packed::{Packed, pack, unpack};
use crate::paytr::{Call, Cause, CreatedLink, Outcome, Reply};

/// Who carries a message out.
pub enum Handling<'a> {
    /// Nobody: it is answered at once, from the settings alone.
    Answer(fn(&Config) -> Success),
    /// PayTR is asked, at most once; a partition keeps it.
    Ask(&'a dyn AskPaytr),
    /// The link's partition answers from its record.
    Read(&'a dyn ReadLink),
    /// Every partition answers from its records.
    AskLedger(&'a dyn AskLedger),
    /// Nobody: it is answered when an event was posted to the shop, to try its end.
    TryEvents,
}

/// A message that asks PayTR.
pub trait AskPaytr {
    /// Whose it is.
    fn keeper(&self) -> Keeper<'_>;

    /// All that the message says, to tell a retry from another message under the same `webhook-id`.
    fn fingerprint(&self) -> Fingerprint;

    /// Its texts for what is not a success.
    fn words(&self) -> &'static Words;

    /// Whether `SEND_LIMITS` count it.
    fn is_rate_limited(&self) -> bool {
        false
    }

    /// What is agreed for the link that it creates, if it creates one.
    fn opens(&self) -> Option<Terms> {
        None
    }

    /// What to post.
    ///
    /// # Errors
    /// Why nothing is posted, and nothing recorded.
    fn call(&self, context: &CallContext<'_>) -> Result<Call, Refusal>;

    /// What is recorded of PayTR's reply, or of why there is none.
    fn settle(&self, answered: Result<&Reply, Cause>, call: &Call, context: &CallContext<'_>) -> Settled;

    /// What is to be done next for a link that was created, each under the same `webhook-id`.
    fn follow_ups(&self, _created: &CreatedLink) -> Vec<Message> {
        Vec::new()
    }

    /// The answer to the caller, from what was recorded.
    ///
    /// # Errors
    /// That PayTR refused, or that nobody knows.
    fn answer(&self, record: &[u8], context: &AnswerContext<'_>) -> Result<Success, Refusal>;
}

/// A message about a link's own record.
pub trait ReadLink {
    /// The link.
    fn callback_id(&self) -> &CallbackId;

    /// What of its payments it asks for.
    fn payments(&self) -> Payments<'_>;

    /// The answer to the caller.
    ///
    /// # Errors
    /// That there is no such link.
    fn answer(&self, view: LinkView) -> Result<Success, Refusal>;
}

/// What is asked for of a link's payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payments<'a> {
    /// To be shown: the newest, or those before a cursor.
    Shown(Option<&'a str>),
    /// To be told again: the newest, or all since a time, Unix milliseconds.
    Replayed(Option<u64>),
}

/// What a call may depend on.
#[derive(Clone, Copy)]
pub struct CallContext<'a> {
    /// The settings.
    pub config: &'a Config,
    /// Unix milliseconds.
    pub now: u64,
    /// The relay's own, under which the message came.
    pub origin: &'a str,
    /// The link that the message is kept with.
    pub callback_id: Option<&'a CallbackId>,
    /// That link's record, if there is one.
    pub link: Option<&'a Link>,
}

/// What an answer may depend on.
#[derive(Clone, Copy)]
pub struct AnswerContext<'a> {
    /// The message's.
    pub webhook_id: &'a str,
    /// The link that the message is kept with.
    pub callback_id: Option<&'a CallbackId>,
    /// How the follow-ups ended.
    pub sends: &'a [SendReport],
}

/// What is recorded of PayTR's reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// An [`Outcome`], which only this message type reads.
    pub record: Vec<u8>,
    /// Why nobody knows whether it was done, if nobody does.
    pub cause: Option<Cause>,
    /// Whether limits count it: all but what PayTR rejected.
    pub may_have_gone_out: bool,
    /// Whether the link that the message is kept with is deleted now.
    pub deletes_link: bool,
}

impl Settled {
    /// Records an outcome.
    #[must_use]
    pub fn new<T: Packed>(outcome: &Outcome<T>) -> Self {
        let record = pack(outcome);
        let cause = if let Outcome::Unknown(cause) = outcome { Some(*cause) } else { None };
        Self { record, cause, may_have_gone_out: !matches!(outcome, Outcome::Rejected(_)), deletes_link: false }
    }
}

/// Reads what [`Settled::new`] wrote.
///
/// # Errors
/// That PayTR refused, or that nobody knows: so too if the record cannot be read.
pub(super) fn read_record<T: Packed>(record: &[u8], callback_id: Option<&CallbackId>) -> Result<T, Refusal> {
    match unpack(record).unwrap_or(Outcome::Unknown(Cause::RecordUnreadable)) {
        Outcome::Succeeded(value) => Ok(value),
        Outcome::Rejected(rejection) => Err(Refusal::Rejected(rejection)),
        Outcome::Unknown(cause) => Err(Refusal::Unknown { cause, callback_id: callback_id.cloned() }),
    }
}
