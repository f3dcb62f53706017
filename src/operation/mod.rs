//! What can be asked of the relay: one file per message type, and the list of them all.
//!
//! A message type says in its own file which fields it has, which object keeps it, what to ask PayTR, what an answer
//! means and what the log may say. Not in scope: who asks (`standard_webhooks`), whether it was asked before (`ledger`),
//! and the platform that carries it out (`platform`).

mod fields;
mod send;

pub use fields::Fields;
pub use send::SendLink;

use crate::config::Config;
use crate::json::JsonValue;
use crate::link::{FollowUp, Link, LinkView};
use crate::model::recipient::looks_like_personal_data;
use crate::model::{CallbackId, Recipient};
use crate::paytr::{Call, Cause, Outcome, Reply, ReplyStatus};
use crate::problem::{InvalidField, Problem};
use crate::response::Response;
use crate::telemetry::LogLine;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The longest body of a message, in bytes.
pub const MAX_BODY_BYTES: usize = 16 * 1024;

macro_rules! operations {
    ($($module:ident::$name:ident),+ $(,)?) => {
        $(pub mod $module;
        pub use $module::$name;)+

        /// A message, parsed. Its serialised form goes to the object that keeps it, and is not parsed again.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Message {
            $(#[doc = concat!("`", stringify!($module), "`")] $name($name)),+
        }

        /// The message types there are.
        pub const TYPES: &[&str] = &[$($name::TYPE),+];

        impl Message {
            fn parse_data(message_type: &str, data: Option<JsonValue>, invalid: Vec<InvalidField>) -> Result<Self, Problem> {
                match message_type {
                    $($name::TYPE => fields::parse(data, invalid).map(Self::$name),)+
                    _ => Err(Problem::UnknownType(TYPES)),
                }
            }

            /// The value of `type`.
            #[must_use]
            pub const fn message_type(&self) -> &'static str {
                match self { $(Self::$name(_) => $name::TYPE),+ }
            }

            fn operation(&self) -> &dyn Operation {
                match self { $(Self::$name(operation) => operation),+ }
            }
        }
    };
}

operations![
    send_sms::SendSms,
    send_email::SendEmail,
    create::Create,
    delete::Delete,
    get::Get,
    replay::Replay,
    ping::Ping,
];

/// How a message type is written.
pub trait MessageType: Sized {
    /// The value of `type`.
    const TYPE: &'static str;
    /// The members of `data`. Others are refused by name.
    const FIELDS: &'static [&'static str];
    /// Whether `data` may be left out.
    const DATA_IS_OPTIONAL: bool = false;

    /// Parses `data`, noting every field that is wrong; `None` if any is.
    fn parse(fields: &mut Fields) -> Option<Self>;
}

/// What a message asks for.
pub trait Operation {
    /// Who carries it out.
    fn plan(&self) -> Plan<'_>;

    /// Whom it is sent to, for the log to strike out.
    fn recipients(&self) -> Vec<&Recipient> {
        Vec::new()
    }

    /// Adds what the log may say of it.
    fn describe(&self, _line: &mut LogLine<'_>) {}
}

/// Who carries an operation out.
pub enum Plan<'a> {
    /// The relay answers by itself.
    Respond(Response),
    /// PayTR is asked, at most once; the object of this kind keeps it.
    Once(Keeper<'a>, &'a dyn PaytrOperation),
    /// The link's own object answers from its record.
    Read(&'a CallbackId, &'a dyn LinkOperation),
}

/// Which object keeps an operation.
pub enum Keeper<'a> {
    /// The recipient's: it knows how often this person was written to.
    Recipient(&'a Recipient),
    /// The link's that this message makes.
    NewLink,
    /// The link's.
    Link(&'a CallbackId),
    /// One of this message alone.
    Message,
}

/// An operation that asks PayTR.
pub trait PaytrOperation {
    /// All that the message says, to tell a retry from another message under the same `webhook-id`.
    fn fingerprint(&self) -> Vec<String>;

    /// Whether `SEND_LIMITS` count it.
    fn is_rate_limited(&self) -> bool {
        false
    }

    /// What to post.
    ///
    /// # Errors
    /// Why nothing is posted, and nothing recorded.
    fn call(&self, context: &CallContext<'_>) -> Result<Call, Problem>;

    /// The link's record as it is to be before PayTR is asked, if this operation makes a link.
    fn opens(&self, _now: u64) -> Option<Link> {
        None
    }

    /// How it ended, as text that only this operation reads, and what that changes in the link's record. `answered` is
    /// PayTR's reply, or why there is none.
    /// `private` is what was sent and no record may hold.
    fn end(&self, answered: Result<&Reply, Cause>, private: &[String], config: &Config, link: Option<&mut Link>)
    -> End;

    /// What is to be done next, each under the same `webhook-id`.
    fn follow_ups(&self, _link: &Link) -> Vec<Message> {
        Vec::new()
    }

    /// The answer to the caller.
    fn respond(&self, end: &str, context: &ResponseContext<'_>) -> Conclusion;
}

/// An operation on a link's own record.
pub trait LinkOperation {
    /// Whether the link's events are to be delivered again.
    fn replays_events(&self) -> bool {
        false
    }

    /// The answer to the caller.
    fn respond(&self, link: &LinkView) -> Response;
}

/// What a call may depend on.
pub struct CallContext<'a> {
    /// The settings.
    pub config: &'a Config,
    /// Unix milliseconds.
    pub now: u64,
    /// The relay's own, under which the message came.
    pub origin: &'a str,
    /// The link whose object this is; of a link that this message makes, its id.
    pub callback_id: Option<&'a CallbackId>,
    /// The link's record, if this is a link's object and there is one.
    pub link: Option<&'a Link>,
}

/// What an answer may depend on.
pub struct ResponseContext<'a> {
    /// The message's.
    pub webhook_id: &'a str,
    /// The link whose object this is.
    pub callback_id: Option<&'a CallbackId>,
    /// The link's record, if this is a link's object and there is one.
    pub link: Option<&'a Link>,
    /// The link's `base64_qr`.
    pub base64_qr: Option<&'a str>,
    /// How the follow-ups ended.
    pub follow_ups: &'a [FollowUp],
}

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The operation's own text: an [`Outcome`] as JSON.
    pub record: String,
    /// Whether limits count it.
    pub may_have_gone_out: bool,
}

impl End {
    /// Records an outcome.
    #[must_use]
    fn new<T: Serialize>(outcome: &Outcome<T>) -> Self {
        // Structures with text keys always serialise.
        let record = serde_json::to_string(outcome).unwrap_or_default();
        Self { record, may_have_gone_out: !matches!(outcome, Outcome::Rejected(_)) }
    }
}

/// Reads what [`End::new`] wrote. A record that cannot be read says that nobody knows.
fn outcome_of<T: DeserializeOwned>(record: &str) -> Outcome<T> {
    serde_json::from_str(record).unwrap_or(Outcome::Unknown(Cause::Interrupted))
}

/// PayTR's reply as an outcome. A success that does not hold what `success` looks for is not believed.
fn outcome<T>(
    answered: Result<&Reply, Cause>,
    private: &[String],
    config: &Config,
    success: impl FnOnce(&Reply) -> Option<T>,
) -> Outcome<T> {
    match answered {
        Err(cause) => Outcome::Unknown(cause),
        Ok(reply) => match reply.status {
            ReplyStatus::Success => success(reply).map_or(Outcome::Unknown(Cause::NotUnderstood), Outcome::Succeeded),
            ReplyStatus::Rejected(status) => Outcome::Rejected(reply.rejection(status, &config.merchant, private)),
        },
    }
}

/// An answer, and what the log says beside it.
pub struct Conclusion {
    /// To the caller.
    pub response: Response,
    /// PayTR's `status`.
    pub paytr_status: Option<&'static str>,
    /// Why nobody knows.
    pub reason: Option<&'static str>,
}

impl From<Response> for Conclusion {
    fn from(response: Response) -> Self {
        Self { response, paytr_status: None, reason: None }
    }
}

impl From<Problem> for Conclusion {
    fn from(problem: Problem) -> Self {
        Response::from(problem).into()
    }
}

/// How an operation words what is not a success.
struct Wording {
    /// What PayTR did not do, to be read after "PayTR did not".
    rejected: &'static str,
    /// What is not known and what to do, to be read after why.
    unknown: &'static str,
    /// Whether asking anew does no harm.
    resend_safe: bool,
}

/// The answer to an outcome; `success` words the good one.
fn conclude<T>(
    outcome: Outcome<T>,
    wording: &Wording,
    callback_id: Option<&CallbackId>,
    success: impl FnOnce(T) -> Response,
) -> Conclusion {
    let (paytr_status, reason) = (outcome.paytr_status(), outcome.unknown_reason());
    let response = match outcome {
        Outcome::Succeeded(value) => success(value),
        Outcome::Rejected(rejection) => Problem::PaytrRejected(rejection, wording.rejected).into(),
        Outcome::Unknown(cause) => Problem::OutcomeUnknown {
            cause,
            advice: wording.unknown,
            resend_safe: wording.resend_safe,
            callback_id: callback_id.cloned(),
        }
        .into(),
    };
    Conclusion { response, paytr_status, reason }
}

impl Message {
    /// Parses a body: `{"type": …, "timestamp": …, "data": {…}}`.
    ///
    /// # Errors
    /// What to change; of fields all that are wrong, not just the first.
    pub fn parse(body: &[u8]) -> Result<Self, Problem> {
        let envelope = JsonValue::parse(body).map_err(Problem::MalformedBody)?;
        let JsonValue::Object(members) = envelope else {
            return Err(Problem::MalformedBody("The body is not a JSON object."));
        };
        let mut invalid = Vec::new();
        let (mut message_type, mut data) = (None, None);
        for (name, value) in members {
            match name.as_str() {
                "type" => message_type = Some(value),
                "data" => data = Some(value),
                "timestamp" if value.is_scalar() => {}
                "timestamp" => invalid
                    .push(InvalidField::new("/timestamp", "must be text or a number; it is optional and not used")),
                _ => invalid.push(fields::unknown("", &name)),
            }
        }
        let Some(JsonValue::Text(message_type)) = message_type else {
            return Err(Problem::MalformedBody("The member \"type\" must be there, as text."));
        };
        Self::parse_data(&message_type, data, invalid)
    }

    /// Who carries it out.
    #[must_use]
    pub fn plan(&self) -> Plan<'_> {
        self.operation().plan()
    }

    /// Whom it is sent to.
    #[must_use]
    pub fn recipients(&self) -> Vec<&Recipient> {
        self.operation().recipients()
    }

    /// Adds to a line of the log what it may say of this message.
    pub fn describe(&self, line: &mut LogLine<'_>) {
        line.message_type = Some(self.message_type());
        self.operation().describe(line);
        // A shop may give a number or an address where a link's id belongs.
        if line.link_id.as_ref().is_some_and(|id| looks_like_personal_data(id, &self.recipients())) {
            line.link_id = Some("[redacted]".to_owned());
        }
    }
}
