//! `link.get`: the relay's own record of a link that it created. PayTR is not asked; it has no such call.

use super::{Fields, Handling, MessageType, Payments, ReadLink, Success};
use crate::json::JsonValue;
use crate::ledger::Refusal;
use crate::link::{Link, LinkState, SendReport};
use crate::link_view::{LinkBody, LinkView, PaymentView};
use crate::model::{CallbackId, Currency, Price, Reference};
use crate::telemetry::LogLine;
use crate::packed;
use serde::Serialize;

pub(super) const MISSING_CALLBACK_ID: &str = "is missing; give the callback_id that link.create returned";

const MAX_CURSOR_CHARS: usize = 128;

/// `{"callback_id", "cursor"?}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Get {
    callback_id: CallbackId,
    cursor: Option<String>,
}

packed!(struct Get { callback_id, cursor });

/// The answer to `link.get`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    storefront: Option<String>,
    link: LinkBody,
    state: LinkState,
    price: Price,
    currency: Currency,
    sends: Vec<SendReport>,
    payments: Vec<PaymentView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

packed!(struct Found { reference, storefront, link, state, price, currency, sends, payments, cursor });

impl Get {
    /// The message that looks a link up.
    #[must_use]
    pub const fn own(callback_id: CallbackId) -> Self {
        Self { callback_id, cursor: None }
    }
}

impl MessageType for Get {
    const TYPE: &'static str = "link.get";
    const FIELDS: &'static [&'static str] = &["callback_id", "cursor"];
    const OUTCOME: &'static str = "found";
    type Answer = Found;

    fn parse(fields: &mut Fields) -> Option<Self> {
        let callback_id = fields.required("callback_id", MISSING_CALLBACK_ID, CallbackId::parse_json);
        let cursor = fields.optional("cursor", parse_cursor);
        Some(Self { callback_id: callback_id?, cursor: cursor? })
    }

    fn handling(&self) -> Handling<'_> {
        Handling::Read(self)
    }

    fn describe(&self, line: &mut LogLine<'_>) {
        line.callback_id = Some(self.callback_id.as_str().to_owned());
    }
}

/// A cursor is the relay's own text, which only the storage reads.
fn parse_cursor(value: &JsonValue) -> Result<String, &'static str> {
    match value {
        JsonValue::Text(text)
            if (1..=MAX_CURSOR_CHARS).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') =>
        {
            Ok(text.clone())
        }
        _ => Err("must be the cursor of an earlier answer, as text"),
    }
}

impl ReadLink for Get {
    fn callback_id(&self) -> &CallbackId {
        &self.callback_id
    }

    fn payments(&self) -> Payments<'_> {
        Payments::Shown(self.cursor.as_deref())
    }

    fn answer(&self, view: LinkView) -> Result<Success, Refusal> {
        let link = view.link.filter(Link::may_exist).ok_or(Refusal::LinkNotFound)?;
        Ok(Success::Get(Found {
            link: LinkBody::new(&view.callback_id, link.created()),
            storefront: link.storefront().map(str::to_owned),
            state: link.state(),
            price: link.terms.price,
            currency: link.terms.currency,
            reference: link.terms.reference,
            sends: link.sends,
            payments: view.payments,
            cursor: view.cursor,
        }))
    }
}
