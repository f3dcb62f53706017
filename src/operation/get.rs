//! `link.get`: the relay's own record of a link that it created. PayTR is not asked; it has no such call.

use super::{Fields, LinkOperation, MessageType, Operation, Plan};
use crate::link::{FollowUp, LinkBody, LinkView, PaymentView};
use crate::model::{CallbackId, Currency, Price, Reference};
use crate::problem::Problem;
use crate::response::Response;
use crate::telemetry::LogLine;
use serde::{Deserialize, Serialize};

pub(super) const MISSING_CALLBACK_ID: &str = "is missing; give the callback_id that link.create returned";

/// `{"callback_id"}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Get {
    callback_id: CallbackId,
}

impl MessageType for Get {
    const TYPE: &'static str = "link.get";
    const FIELDS: &'static [&'static str] = &["callback_id"];

    fn parse(fields: &mut Fields) -> Option<Self> {
        let callback_id = fields.required("callback_id", MISSING_CALLBACK_ID, CallbackId::parse_json)?;
        Some(Self { callback_id })
    }
}

impl Operation for Get {
    fn plan(&self) -> Plan<'_> {
        Plan::Read(&self.callback_id, self)
    }

    fn describe(&self, line: &mut LogLine<'_>) {
        line.callback_id = Some(self.callback_id.as_str().to_owned());
    }
}

impl LinkOperation for Get {
    fn respond(&self, view: &LinkView) -> Response {
        let Some(link) = view.link.as_ref().filter(|link| link.may_exist()) else {
            return Problem::LinkNotFound.into();
        };
        let created = link.created();
        let body = Found {
            outcome: "found",
            reference: link.reference.as_ref().map(Reference::as_str),
            link: LinkBody {
                id: created.map(|created| created.id.as_str()),
                url: created.map(|created| created.url.as_str()),
                callback_id: view.callback_id.as_str(),
                base64_qr: view.base64_qr.as_deref(),
            },
            state: view.state(),
            price: link.price,
            currency: link.currency,
            sends: &link.sends,
            payments: &view.payments,
        };
        Response::success("found", &body)
    }
}

#[derive(Serialize)]
struct Found<'a> {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    link: LinkBody<'a>,
    state: &'static str,
    price: Price,
    currency: Currency,
    sends: &'a [FollowUp],
    payments: &'a [PaymentView],
}

