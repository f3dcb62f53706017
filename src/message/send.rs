//! What the two sends have in common.

use super::fields::{Fields, parse_flag};
use super::handling::{AnswerContext, AskPaytr, CallContext, Settled, read_record};
use super::{Message, MessageType, SendEmail, SendSms, Success};
use crate::http::problem::{Problem, Words};
use crate::json::JsonValue;
use crate::ledger::{Fingerprint, Keeper, Refusal};
use crate::link::{SendOutcome, SendReport};
use crate::model::{LinkId, Recipient};
use crate::packed;
use crate::paytr::{self, Call, Cause, Outcome, Reply};
use crate::telemetry::LogLine;
use serde::Serialize;

/// A payment link to be sent to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendLink {
    /// `data.id`
    pub id: LinkId,
    /// `data.cell_phone` or `data.email`
    pub recipient: Recipient,
    /// `data.debug_on`; `None` leaves it to the setting
    pub debug_on: Option<bool>,
}

packed!(struct SendLink { id, recipient, debug_on });

/// The answer to a send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sent {
    webhook_id: String,
    paytr: PaytrStatus,
}

packed!(struct Sent { webhook_id, paytr });

/// What PayTR said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaytrStatus {
    status: String,
}

packed!(struct PaytrStatus { status });

impl PaytrStatus {
    /// PayTR did all that it was asked.
    pub(super) fn success() -> Self {
        Self { status: "success".to_owned() }
    }

    /// PayTR did some of it.
    pub(super) fn error() -> Self {
        Self { status: "error".to_owned() }
    }
}

const WORDS: Words = Words {
    rejected: "send the link",
    unknown: "The message may or may not have gone out, and the relay does not send it again. Ask the customer before you \
              send it anew, which takes a new webhook-id.",
    resend_safe: false,
};

impl SendLink {
    /// The message that sends a link to this recipient.
    #[must_use]
    pub fn to_message(self) -> Message {
        match self.recipient {
            Recipient::CellPhone(_) => Message::SendSms(SendSms(self)),
            Recipient::Email(_) => Message::SendEmail(SendEmail(self)),
        }
    }

    pub(super) fn parse(
        fields: &mut Fields,
        recipient: &str,
        missing: &'static str,
        parse: impl FnOnce(&JsonValue) -> Result<Recipient, &'static str>,
    ) -> Option<Self> {
        let id = fields.required("id", "is missing; give the id that PayTR's create call returned", LinkId::parse_json);
        let recipient = fields.required(recipient, missing, parse);
        let debug_on = fields.optional("debug_on", parse_flag);
        Some(Self { id: id?, recipient: recipient?, debug_on: debug_on? })
    }

    pub(super) fn describe(&self, line: &mut LogLine<'_>) {
        line.link_id = Some(self.id.as_str().to_owned());
        line.recipient = Some(self.recipient.masked());
    }
}

impl AskPaytr for SendLink {
    fn keeper(&self) -> Keeper<'_> {
        Keeper::Recipient(&self.recipient)
    }

    fn fingerprint(&self) -> Fingerprint {
        let Self { id, recipient, debug_on } = self;
        Fingerprint::of("send")
            .with(recipient.field(), recipient.as_str())
            .with("id", id.as_str())
            .with_flag("debug_on", *debug_on)
    }

    fn words(&self) -> &'static Words {
        &WORDS
    }

    fn is_rate_limited(&self) -> bool {
        true
    }

    fn call(&self, context: &CallContext<'_>) -> Result<Call, Refusal> {
        let CallContext { config, .. } = context;
        let debug_on = self.debug_on.unwrap_or(config.debug_on);
        // No recipient is empty, so there is always a call.
        paytr::send::call(&config.merchant, &self.id, &self.recipient, debug_on).ok_or(Refusal::LinkNotFound)
    }

    fn settle(&self, answered: Result<&Reply, Cause>, call: &Call, context: &CallContext<'_>) -> Settled {
        Settled::new(&Outcome::read(answered, &call.private, &context.config.merchant, |_| Some(())))
    }

    fn answer(&self, record: &[u8], context: &AnswerContext<'_>) -> Result<Success, Refusal> {
        read_record::<()>(record, None)?;
        let sent = Sent { webhook_id: context.webhook_id.to_owned(), paytr: PaytrStatus::success() };
        Ok(match self.recipient {
            Recipient::CellPhone(_) => Success::SendSms(sent),
            Recipient::Email(_) => Success::SendEmail(sent),
        })
    }
}

/// The type of the message that sends a link to this recipient.
#[must_use]
pub const fn send_type(recipient: &Recipient) -> &'static str {
    match recipient {
        Recipient::CellPhone(_) => SendSms::TYPE,
        Recipient::Email(_) => SendEmail::TYPE,
    }
}

/// What a create reports of a send that was answered like this.
///
/// # Errors
/// If it has not ended.
pub fn report_send(message_type: &str, content: Result<Success, Refusal>) -> Result<SendReport, Refusal> {
    let Err(refusal) = content else { return Ok(SendReport::new(message_type, SendOutcome::Sent)) };
    let mut report = match &refusal {
        Refusal::InProgress(_) | Refusal::Unavailable(_) => return Err(refusal),
        Refusal::RecipientLimit(seconds) => {
            SendReport { retry_after: Some(*seconds), ..SendReport::new(message_type, SendOutcome::Limited) }
        }
        Refusal::Unknown { .. } => {
            SendReport { resend_safe: Some(WORDS.resend_safe), ..SendReport::new(message_type, SendOutcome::Unknown) }
        }
        Refusal::Rejected(rejection) => {
            SendReport { paytr: Some(rejection.clone()), ..SendReport::new(message_type, SendOutcome::Rejected) }
        }
        _ => SendReport::new(message_type, SendOutcome::Rejected),
    };
    let (_, code) = Problem::from_refusal(refusal, &WORDS).status_and_code();
    report.code = Some(code.to_owned());
    Ok(report)
}
