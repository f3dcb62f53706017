//! `link.create`: create a payment link, and send it at once if asked to.
//!
//! In scope: what a shop may say, and what follows from PayTR's reply. What PayTR is posted stands in `paytr::create`.

use super::fields::{parse_bool, parse_flag};
use super::handling::{AnswerContext, AskPaytr, CallContext, Settled, read_record};
use super::send::PaytrStatus;
use super::send_email::{parse_address, parse_email};
use super::send_sms::parse_cell_phone;
use super::{Fields, Handling, Message, MessageType, SendLink, Success};
use crate::http::problem::Words;
use crate::ledger::{Fingerprint, Keeper, Refusal};
use crate::link::{LinkOfOrder, SendReport, Terms};
use crate::link_view::LinkBody;
use crate::model::origin::callback_origin;
use crate::model::{
    Count, Currency, ExpiryDate, Lang, LinkName, LinkType, MaxInstallment, Pft, Price, Recipient, Reference,
    UserName,
};
use crate::paytr::create::{self, Callback, Kind};
use crate::paytr::{Call, Cause, CreatedLink, NewLink, Outcome, Private, Reply, write_flag};
use crate::packed;
use serde::Serialize;

/// A link to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    /// What PayTR is told.
    pub link: NewLink,
    /// `reusable`: whether a collection or flex link may be paid more than once.
    pub reusable: bool,
    /// `debug_on`; `None` leaves it to the setting
    pub debug_on: Option<bool>,
    /// `reference`
    pub reference: Option<Reference>,
    /// `send`: to whom it is sent at once
    pub send: Vec<Recipient>,
    /// The order that a storefront makes it for; never a shop's own message
    pub order: Option<LinkOfOrder>,
}

packed!(struct Create { link, reusable, debug_on, reference, send, order });

/// The answer to `link.create`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Created {
    webhook_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Reference>,
    /// The link
    pub link: LinkBody,
    /// What became of its sends
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sends: Vec<SendReport>,
    paytr: PaytrStatus,
}

packed!(struct Created { webhook_id, reference, link, sends, paytr });

const PRODUCT_FIELDS: [&str; 2] = ["min_count", "max_count"];
const COLLECTION_FIELDS: [&str; 1] = ["email"];
const FLEX_FIELDS: [&str; 2] = ["flex_max_price", "user_name"];
const RELAY_FIELDS: [&str; 2] = ["callback_link", "callback_id"];

const WORDS: Words = Words {
    rejected: "create the link",
    unknown: "The link may or may not have been made, and the relay does not ask for it again under this webhook-id. A \
              link of which nobody has the address can harm nobody: ask for a new one under a new webhook-id.",
    resend_safe: true,
};

impl MessageType for Create {
    const TYPE: &'static str = "link.create";
    const FIELDS: &'static [&'static str] = &[
        "name",
        "price",
        "link_type",
        "currency",
        "max_installment",
        "lang",
        "min_count",
        "max_count",
        "email",
        "flex_max_price",
        "user_name",
        "expiry_date",
        "pft",
        "get_qr",
        "debug_on",
        "reusable",
        "reference",
        "send",
        "callback_link",
        "callback_id",
    ];
    const OUTCOME: &'static str = "created";
    type Answer = Created;

    fn parse(fields: &mut Fields) -> Option<Self> {
        for name in RELAY_FIELDS {
            fields.refuse_present(name, "is set by the relay itself; leave it out");
        }
        let name = fields.required("name", "is missing; say in 4 to 200 characters what is paid for", LinkName::parse);
        let price = fields.required("price", "is missing; give it in minor units: 14.45 is 1445", Price::parse);
        let link_type = fields.optional("link_type", LinkType::parse);
        let currency = fields.optional("currency", Currency::parse);
        let max_installment = fields.optional("max_installment", MaxInstallment::parse);
        let lang = fields.optional("lang", Lang::parse);
        let kind = link_type.and_then(|link_type| parse_kind(fields, link_type.unwrap_or_default(), price));
        let expiry_date = fields.optional("expiry_date", ExpiryDate::parse);
        let pft = fields.optional("pft", Pft::parse);
        let get_qr = fields.optional("get_qr", parse_flag);
        let debug_on = fields.optional("debug_on", parse_flag);
        let reference = fields.optional("reference", Reference::parse);
        let send = fields.object("send", &["cell_phone", "email"], parse_send);
        let (kind, reusable) = kind?;
        let link = NewLink {
            name: name?,
            price: price?,
            currency: currency?.unwrap_or_default(),
            max_installment: max_installment?.unwrap_or_default(),
            lang: lang?.unwrap_or_default(),
            kind,
            expiry_date: expiry_date?,
            pft: pft?,
            get_qr: get_qr?,
        };
        let (reference, send) = (reference?, send?.unwrap_or_default());
        Some(Self { link, reusable, debug_on: debug_on?, reference, send, order: None })
    }

    fn handling(&self) -> Handling<'_> {
        Handling::Ask(self)
    }

    fn recipients(&self) -> Vec<&Recipient> {
        self.send.iter().collect()
    }

    fn paytr_status(_: &Created) -> Option<&'static str> {
        Some("success")
    }
}

/// What only links of this type have, and whether the link may be paid again.
fn parse_kind(fields: &mut Fields, link_type: LinkType, price: Option<Price>) -> Option<(Kind, bool)> {
    let mut refuse = |names: &[&str], detail| names.iter().for_each(|name| fields.refuse_present(name, detail));
    if link_type != LinkType::Product {
        refuse(&PRODUCT_FIELDS, "is a field of product links only");
    }
    if link_type != LinkType::Collection {
        refuse(&COLLECTION_FIELDS, "is a field of collection links only; an address to send the link to is send.email");
    }
    if link_type != LinkType::Flex {
        refuse(&FLEX_FIELDS, "is a field of flex links only");
    }
    if link_type == LinkType::Product {
        refuse(&["reusable"], "is a field of collection and flex links; a product link has max_count");
    }
    match link_type {
        LinkType::Product => {
            let min_count = fields.optional("min_count", Count::parse);
            let is_unlimited = fields.take_null("max_count");
            let max_count = fields.optional("max_count", Count::parse);
            let min_count = min_count?.unwrap_or_default();
            let max_count = if is_unlimited { None } else { Some(max_count?.unwrap_or(min_count.max(Count::default()))) };
            if max_count.is_some_and(|max_count| max_count < min_count) {
                fields.refuse("max_count", "must be at least min_count; null is no limit");
                return None;
            }
            Some((Kind::Product { min_count, max_count }, false))
        }
        LinkType::Collection => {
            let email = fields.required("email", "is missing; a collection link has its payer's e-mail address", parse_address);
            let reusable = fields.optional("reusable", parse_bool);
            Some((Kind::Collection { email: email? }, reusable?.unwrap_or_default()))
        }
        LinkType::Flex => {
            let missing = "is missing; a flex link has the most that may be paid, in minor units";
            let flex_max_price = fields.required("flex_max_price", missing, Price::parse);
            let user_name = fields.optional("user_name", UserName::parse);
            let reusable = fields.optional("reusable", parse_bool);
            if flex_max_price.zip(price).is_some_and(|(most, least)| most < least) {
                fields.refuse("flex_max_price", "must be at least price");
            }
            let flex = Kind::Flex { flex_max_price: flex_max_price?, user_name: user_name? };
            Some((flex, reusable?.unwrap_or_default()))
        }
    }
}

fn parse_send(fields: &mut Fields) -> Option<Vec<Recipient>> {
    let cell_phone = fields.optional("cell_phone", parse_cell_phone);
    let email = fields.optional("email", parse_email);
    let recipients: Vec<Recipient> = [cell_phone?, email?].into_iter().flatten().collect();
    if recipients.is_empty() {
        fields.refuse_all("must have cell_phone or email, or both");
        return None;
    }
    Some(recipients)
}

impl Create {
    /// A product link of an order, which is paid once.
    #[must_use]
    pub fn of_order(
        order: LinkOfOrder,
        reference: Reference,
        (name, price, currency): (LinkName, Price, Currency),
        lang: Lang,
        expiry_date: ExpiryDate,
        send: Vec<Recipient>,
    ) -> Self {
        let link = NewLink {
            name,
            price,
            currency,
            max_installment: MaxInstallment::default(),
            lang,
            kind: Kind::Product { min_count: Count::default(), max_count: Some(Count::default()) },
            expiry_date: Some(expiry_date),
            pft: None,
            get_qr: None,
        };
        Self { link, reusable: false, debug_on: None, reference: Some(reference), send, order: Some(order) }
    }

    /// Whether a second payment is one too many. PayTR lets a product link be bought as long as `max_count` pieces are not
    /// sold, `min_count` at a time.
    fn is_paid_once(&self) -> bool {
        match &self.link.kind {
            Kind::Product { min_count, max_count } => {
                max_count.is_some_and(|max_count| max_count.get() < min_count.get().saturating_mul(2))
            }
            Kind::Collection { .. } | Kind::Flex { .. } => !self.reusable,
        }
    }

    /// Where PayTR posts its notifications; `None` if nobody is to be told of a payment.
    fn callback(&self, context: &CallContext<'_>) -> Result<Option<Callback>, Refusal> {
        let is_told = context.config.events_url.is_some() || self.order.is_some();
        let (Some(callback_id), true) = (context.callback_id, is_told) else { return Ok(None) };
        let origin = match &context.config.relay_origin {
            Some(origin) => origin.clone(),
            None => callback_origin(context.origin).ok_or(Refusal::CallbackUnreachable)?,
        };
        Ok(Some(Callback { link: format!("{origin}/callback"), id: callback_id.as_str().to_owned() }))
    }
}

impl AskPaytr for Create {
    fn keeper(&self) -> Keeper<'_> {
        Keeper::NewLink
    }

    fn fingerprint(&self) -> Fingerprint {
        let said = Fingerprint::of(Self::TYPE);
        let said = self.link.fields().into_iter().fold(said, |said, (name, value)| match name {
            "get_qr" if value == write_flag(false) => said,
            _ => said.with(name, &value),
        });
        let said = match &self.reference {
            Some(reference) => said.with("reference", reference.as_str()),
            None => said,
        };
        let said = self.send.iter().fold(said, |said, recipient| {
            said.with("send", &format!("{}={}", recipient.field(), recipient.as_str()))
        });
        let said = match &self.order {
            Some(LinkOfOrder { key, number }) => said.with("order", &key.create_id(*number)),
            None => said,
        };
        said.with_flag("reusable", Some(self.reusable)).with_flag("debug_on", self.debug_on)
    }

    fn words(&self) -> &'static Words {
        &WORDS
    }

    fn opens(&self) -> Option<Terms> {
        let NewLink { kind, price, currency, expiry_date, .. } = &self.link;
        Some(Terms {
            link_type: kind.link_type(),
            price: *price,
            currency: *currency,
            min_count: if let Kind::Product { min_count, .. } = kind { *min_count } else { Count::default() },
            reference: self.reference.clone(),
            paid_once: self.is_paid_once(),
            expires_at: expiry_date.as_ref().map(ExpiryDate::unix_ms),
            order: self.order.clone(),
        })
    }

    fn call(&self, context: &CallContext<'_>) -> Result<Call, Refusal> {
        if self.link.expiry_date.as_ref().is_some_and(|date| date.is_past(context.now)) {
            return Err(Refusal::ExpiryPassed);
        }
        let callback = self.callback(context)?;
        let debug_on = self.debug_on.unwrap_or(context.config.debug_on);
        let mut call = self.link.call(&context.config.merchant, callback.as_ref(), debug_on);
        call.private
            .extend(self.send.iter().map(|recipient| Private::Recipient(recipient.redaction_needle().to_owned())));
        Ok(call)
    }

    fn settle(&self, answered: Result<&Reply, Cause>, call: &Call, context: &CallContext<'_>) -> Settled {
        Settled::new(&Outcome::read(answered, &call.private, &context.config.merchant, create::read))
    }

    fn follow_ups(&self, created: &CreatedLink) -> Vec<Message> {
        let send = |recipient: &Recipient| {
            SendLink { id: created.id.clone(), recipient: recipient.clone(), debug_on: self.debug_on }.to_message()
        };
        self.send.iter().map(send).collect()
    }

    fn answer(&self, record: &[u8], context: &AnswerContext<'_>) -> Result<Success, Refusal> {
        let created: CreatedLink = read_record(record, context.callback_id)?;
        let callback_id = context.callback_id.ok_or(Refusal::LinkNotFound)?;
        Ok(Success::Create(Created {
            webhook_id: context.webhook_id.to_owned(),
            reference: self.reference.clone(),
            link: LinkBody::new(callback_id, Some(&created)),
            sends: context.sends.to_vec(),
            paytr: PaytrStatus::success(),
        }))
    }
}
