//! What the two sends have in common.

use super::fields::{Fields, parse_flag, write_flag};
use super::{CallContext, Conclusion, End, PaytrOperation, ResponseContext, Wording, conclude, outcome, outcome_of};
use crate::config::Config;
use crate::json::JsonValue;
use crate::link::Link;
use crate::model::{LinkId, Recipient};
use crate::paytr::{Call, Cause, Reply, urlencode};
use crate::problem::Problem;
use crate::response::Response;
use serde::{Deserialize, Serialize};

/// A payment link to be sent to a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendLink {
    /// `data.id`
    pub id: LinkId,
    /// `data.cell_phone` or `data.email`
    pub recipient: Recipient,
    /// `data.debug_on`; `None` leaves it to the setting
    pub debug_on: Option<bool>,
}

const WORDING: Wording = Wording {
    rejected: "send the link",
    unknown: "The message may or may not have gone out, and the relay does not send it again. Ask the customer before you \
              send it anew, which takes a new webhook-id.",
    resend_safe: false,
};

impl SendLink {
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

    const fn path(&self) -> &'static str {
        match self.recipient {
            Recipient::CellPhone(_) => "/odeme/api/link/send-sms",
            Recipient::Email(_) => "/odeme/api/link/send-email",
        }
    }
}

impl PaytrOperation for SendLink {
    fn fingerprint(&self) -> Vec<String> {
        let debug_on = self.debug_on.map_or("", write_flag);
        let parts = [self.recipient.field(), self.recipient.as_str(), self.id.as_str(), debug_on];
        parts.map(str::to_owned).to_vec()
    }

    fn is_rate_limited(&self) -> bool {
        true
    }

    fn call(&self, context: &CallContext<'_>) -> Result<Call, Problem> {
        let CallContext { config, .. } = context;
        let Self { id, recipient, debug_on } = self;
        // No recipient is empty, so there is always a token.
        let token = config.merchant.token(id.as_str(), recipient.as_str());
        let token = token.ok_or(Problem::MalformedBody("The recipient is empty."))?;
        let form = urlencode(&[
            ("merchant_id", config.merchant.id()),
            ("id", id.as_str()),
            (recipient.field(), recipient.as_str()),
            ("debug_on", write_flag(debug_on.unwrap_or(config.debug_on))),
            ("paytr_token", token.as_str()),
        ]);
        let private = vec![token.as_str().to_owned(), recipient.redaction_needle().to_owned()];
        Ok(Call { path: self.path(), form, private })
    }

    fn end(&self, answered: Result<&Reply, Cause>, private: &[String], config: &Config, _: Option<&mut Link>) -> End {
        End::new(&outcome(answered, private, config, |_| Some(())))
    }

    fn respond(&self, end: &str, context: &ResponseContext<'_>) -> Conclusion {
        let webhook_id = context.webhook_id;
        conclude(outcome_of::<()>(end), &WORDING, None, |()| {
            Response::success("sent", &Sent { outcome: "sent", webhook_id, paytr: Status { status: "success" } })
        })
    }
}

#[derive(Serialize)]
struct Sent<'a> {
    outcome: &'static str,
    webhook_id: &'a str,
    paytr: Status,
}

#[derive(Serialize)]
pub(super) struct Status {
    pub status: &'static str,
}
