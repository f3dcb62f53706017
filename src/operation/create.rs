//! `link.create`: make a payment link, and send it at once if asked to.
//!
//! PayTR: `POST /odeme/api/link/create` (Link API, "Link oluşturma").

use super::fields::{parse_flag, write_flag};
use super::send::Status;
use super::send_email::parse_email;
use super::send_sms::parse_cell_phone;
use super::{
    CallContext, Conclusion, End, Fields, Keeper, Message, MessageType, Operation, PaytrOperation, Plan,
    ResponseContext, SendEmail, SendLink, SendSms, Wording, conclude, outcome, outcome_of,
};
use crate::config::Config;
use crate::json::JsonValue;
use crate::link::{CreatedLink, Creation, FollowUp, Link, LinkBody};
use crate::model::{
    Count, Currency, Email, ExpiryDate, Lang, LinkId, LinkName, LinkType, MaxInstallment, Pft, Price, Recipient,
    Reference, UserName, origin,
};
use crate::paytr::{Call, Cause, Merchant, Outcome, Reply, SignedKind, SignedLink, urlencode};
use crate::problem::{InvalidField, Problem};
use crate::response::Response;
use serde::{Deserialize, Serialize};

/// The longest address of a link, in characters.
const MAX_URL_CHARS: usize = 400;

/// A link to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    name: LinkName,
    price: Price,
    currency: Currency,
    max_installment: MaxInstallment,
    lang: Lang,
    kind: Kind,
    expiry_date: Option<ExpiryDate>,
    pft: Option<Pft>,
    get_qr: Option<bool>,
    debug_on: Option<bool>,
    reference: Option<Reference>,
    send: Vec<Recipient>,
}

/// What only one kind of link has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    Product { min_count: Count, max_count: Option<Count> },
    Collection { email: Email, reusable: bool },
    Flex { flex_max_price: Price, user_name: Option<UserName>, reusable: bool },
}

const PRODUCT_FIELDS: [&str; 2] = ["min_count", "max_count"];
const COLLECTION_FIELDS: [&str; 1] = ["email"];
const FLEX_FIELDS: [&str; 2] = ["flex_max_price", "user_name"];
const RELAY_FIELDS: [&str; 2] = ["callback_link", "callback_id"];

const WORDING: Wording = Wording {
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
        let kind = link_type.and_then(|link_type| Kind::parse(fields, link_type.unwrap_or_default(), price));
        let expiry_date = fields.optional("expiry_date", ExpiryDate::parse);
        let pft = fields.optional("pft", Pft::parse);
        let get_qr = fields.optional("get_qr", parse_flag);
        let debug_on = fields.optional("debug_on", parse_flag);
        let reference = fields.optional("reference", Reference::parse);
        let send = fields.object("send", &["cell_phone", "email"], parse_send);
        Some(Self {
            name: name?,
            price: price?,
            currency: currency?.unwrap_or_default(),
            max_installment: max_installment?.unwrap_or_default(),
            lang: lang?.unwrap_or_default(),
            kind: kind?,
            expiry_date: expiry_date?,
            pft: pft?,
            get_qr: get_qr?,
            debug_on: debug_on?,
            reference: reference?,
            send: send?.unwrap_or_default(),
        })
    }
}

impl Kind {
    fn parse(fields: &mut Fields, link_type: LinkType, price: Option<Price>) -> Option<Self> {
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
                Some(Self::Product { min_count, max_count })
            }
            LinkType::Collection => {
                let email = fields.required("email", "is missing; a collection link has its payer's e-mail address", parse_payer);
                let reusable = fields.optional("reusable", parse_bool);
                Some(Self::Collection { email: email?, reusable: reusable?.unwrap_or_default() })
            }
            LinkType::Flex => {
                let missing = "is missing; a flex link has the most that may be paid, in minor units";
                let flex_max_price = fields.required("flex_max_price", missing, Price::parse);
                let user_name = fields.optional("user_name", UserName::parse);
                let reusable = fields.optional("reusable", parse_bool);
                if flex_max_price.zip(price).is_some_and(|(most, least)| most < least) {
                    fields.refuse("flex_max_price", "must be at least price");
                }
                let reusable = reusable?.unwrap_or_default();
                Some(Self::Flex { flex_max_price: flex_max_price?, user_name: user_name?, reusable })
            }
        }
    }

    const fn link_type(&self) -> LinkType {
        match self {
            Self::Product { .. } => LinkType::Product,
            Self::Collection { .. } => LinkType::Collection,
            Self::Flex { .. } => LinkType::Flex,
        }
    }

    fn is_paid_once(&self) -> bool {
        match self {
            Self::Product { max_count, .. } => *max_count == Some(Count::default()),
            Self::Collection { reusable, .. } | Self::Flex { reusable, .. } => !reusable,
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

fn parse_payer(value: &JsonValue) -> Result<Email, &'static str> {
    match value {
        JsonValue::Text(text) => Email::parse(text),
        _ => Err("must be text"),
    }
}

fn parse_bool(value: &JsonValue) -> Result<bool, &'static str> {
    match value {
        JsonValue::Bool(value) => Ok(*value),
        _ => Err("must be true or false"),
    }
}

impl Operation for Create {
    fn plan(&self) -> Plan<'_> {
        Plan::Once(Keeper::NewLink, self)
    }

    fn recipients(&self) -> Vec<&Recipient> {
        self.send.iter().collect()
    }
}

impl Create {
    /// The fields that PayTR gets, but for the token, in the order of its table.
    fn fields(&self, context: &CallContext<'_>) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("name", self.name.as_str().to_owned()),
            ("price", self.price.minor_units().to_string()),
            ("currency", self.currency.as_str().to_owned()),
            ("max_installment", self.max_installment.get().to_string()),
            ("link_type", self.kind.link_type().as_str().to_owned()),
            ("lang", self.lang.as_str().to_owned()),
        ];
        match &self.kind {
            Kind::Product { min_count, max_count } => {
                fields.push(("min_count", min_count.get().to_string()));
                fields.extend(max_count.map(|count| ("max_count", count.get().to_string())));
            }
            Kind::Collection { email, .. } => fields.push(("email", email.as_str().to_owned())),
            Kind::Flex { flex_max_price, user_name, .. } => {
                fields.push(("flex_max_price", flex_max_price.minor_units().to_string()));
                fields.extend(user_name.as_ref().map(|name| ("user_name", name.as_str().to_owned())));
            }
        }
        fields.extend(self.expiry_date.as_ref().map(|date| ("expiry_date", date.to_paytr().to_owned())));
        if let (Some(callback_id), true) = (context.callback_id, context.config.events_url.is_some()) {
            fields.push(("callback_link", format!("{}/callback", context.origin)));
            fields.push(("callback_id", callback_id.as_str().to_owned()));
        }
        fields.extend(self.get_qr.map(|on| ("get_qr", write_flag(on).to_owned())));
        fields.extend(self.pft.map(|pft| ("pft", pft.get().to_string())));
        fields.push(("debug_on", write_flag(self.debug_on.unwrap_or(context.config.debug_on)).to_owned()));
        fields
    }

    /// What the token covers.
    fn signed(&self) -> SignedLink<'_> {
        let kind = match &self.kind {
            Kind::Product { min_count, .. } => SignedKind::Product { min_count: *min_count },
            Kind::Collection { email, .. } => SignedKind::Collection { email },
            Kind::Flex { .. } => SignedKind::Flex,
        };
        let Self { name, price, currency, max_installment, lang, .. } = self;
        SignedLink { name, price: *price, currency: *currency, max_installment: *max_installment, lang: *lang, kind }
    }

    /// Who it is about: what no text of PayTR's carries any further.
    fn personal_data(&self) -> Vec<String> {
        let mut personal = vec![self.name.as_str().to_owned()];
        match &self.kind {
            Kind::Product { .. } => {}
            Kind::Collection { email, .. } => personal.push(email.as_str().to_owned()),
            Kind::Flex { user_name, .. } => {
                personal.extend(user_name.as_ref().map(|name| name.as_str().to_owned()));
            }
        }
        personal.extend(self.send.iter().map(|recipient| recipient.redaction_needle().to_owned()));
        personal
    }
}

impl PaytrOperation for Create {
    fn fingerprint(&self) -> Vec<String> {
        // All that was said, in one written form.
        vec![Self::TYPE.to_owned(), serde_json::to_string(self).unwrap_or_default()]
    }

    fn call(&self, context: &CallContext<'_>) -> Result<Call, Problem> {
        if self.expiry_date.as_ref().is_some_and(|date| date.is_past(context.now)) {
            let detail = "has passed; give a time to come";
            return Err(Problem::InvalidField(vec![InvalidField::new("/data/expiry_date", detail)]));
        }
        let merchant = &context.config.merchant;
        let token = merchant.create_token(&self.signed());
        let fields = self.fields(context);
        let mut form = vec![("merchant_id", merchant.id())];
        form.extend(fields.iter().map(|(name, value)| (*name, value.as_str())));
        form.push(("paytr_token", token.as_str()));
        let mut private = self.personal_data();
        private.push(token.as_str().to_owned());
        Ok(Call { path: "/odeme/api/link/create", form: urlencode(&form), private })
    }

    fn opens(&self, now: u64) -> Option<Link> {
        Some(Link {
            link_type: self.kind.link_type(),
            price: self.price,
            currency: self.currency,
            reference: self.reference.clone(),
            paid_once: self.kind.is_paid_once(),
            expires_at: self.expiry_date.as_ref().map(ExpiryDate::unix_ms),
            created_at: now,
            creation: Creation::Pending,
            deleted: false,
            sends: Vec::new(),
            closing: None,
        })
    }

    fn end(&self, answered: Result<&Reply, Cause>, private: &[String], config: &Config, link: Option<&mut Link>) -> End {
        let outcome = outcome(answered, private, config, |reply| read_created(reply, &config.merchant));
        let end = match &outcome {
            Outcome::Succeeded(_) => End::new(&Outcome::Succeeded(())),
            other => End::new(other),
        };
        if let Some(link) = link {
            link.creation = match outcome {
                Outcome::Succeeded(created) => Creation::Created(created),
                Outcome::Rejected(_) => Creation::Rejected,
                Outcome::Unknown(_) => Creation::Unknown,
            };
        }
        end
    }

    fn follow_ups(&self, link: &Link) -> Vec<Message> {
        let Some(CreatedLink { id, .. }) = link.created() else { return Vec::new() };
        let send = |recipient: &Recipient| {
            let send = SendLink { id: id.clone(), recipient: recipient.clone(), debug_on: self.debug_on };
            match recipient {
                Recipient::CellPhone(_) => Message::SendSms(SendSms(send)),
                Recipient::Email(_) => Message::SendEmail(SendEmail(send)),
            }
        };
        self.send.iter().map(send).collect()
    }

    fn respond(&self, end: &str, context: &ResponseContext<'_>) -> Conclusion {
        let created = context.link.and_then(Link::created);
        let outcome = match (outcome_of::<()>(end), created) {
            (Outcome::Succeeded(()), Some(created)) => Outcome::Succeeded(created),
            (Outcome::Succeeded(()), None) => Outcome::Unknown(Cause::Interrupted),
            (Outcome::Rejected(rejection), _) => Outcome::Rejected(rejection),
            (Outcome::Unknown(cause), _) => Outcome::Unknown(cause),
        };
        conclude(outcome, &WORDING, context.callback_id, |created| {
            let body = Created {
                outcome: "created",
                webhook_id: context.webhook_id,
                reference: self.reference.as_ref().map(Reference::as_str),
                link: LinkBody {
                    id: Some(created.id.as_str()),
                    url: Some(&created.url),
                    callback_id: context.callback_id.map_or("", |id| id.as_str()),
                    base64_qr: context.base64_qr,
                },
                sends: context.follow_ups,
                paytr: Status { status: "success" },
            };
            Response::success("created", &body)
        })
    }
}

/// What PayTR returned, if it can be believed: an id, and an https address (http on a loopback host, where the sandbox
/// is).
fn read_created(reply: &Reply, merchant: &Merchant) -> Option<CreatedLink> {
    let id = reply.text("id").and_then(LinkId::parse)?;
    let url = reply.text("link").filter(|url| is_link_url(url))?.to_owned();
    let sealed_qr = reply.text("base64_qr").map(|qr| merchant.seal(qr));
    Some(CreatedLink { id, url, sealed_qr })
}

fn is_link_url(url: &str) -> bool {
    let scheme_end = url.find("://").map_or(0, |at| at.saturating_add(3));
    let path = url.get(scheme_end..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| at.saturating_add(scheme_end));
    url.len() <= MAX_URL_CHARS
        && url.bytes().all(|byte| byte.is_ascii_graphic())
        && url.get(..path).is_some_and(origin::is_secure_origin)
}

#[derive(Serialize)]
struct Created<'a> {
    outcome: &'static str,
    webhook_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    link: LinkBody<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    sends: &'a [FollowUp],
    paytr: Status,
}
