//! PayTR's rules for the four methods: fields to a verdict, in PayTR's words.
//!
//! In scope: what is refused, and why. Not in scope: transport, recording, misbehaviour. PayTR does not document the
//! order of its checks; this one asks first who is calling, then for the form, then for the token, and looks the link
//! up last. PHP takes the last of two fields of one name; the sandbox refuses both, as nobody means to send them.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod send;

use crate::{
    form::Fields,
    link::LinkState,
    merchant::Merchant,
    received::{Answer, Channel},
    token::Signed,
};

/// The longest address in PayTR's table, in characters.
const EMAIL_MAX: usize = 100;
/// Longer than any link id seen; the relay's own limit.
const ID_MAX: usize = 64;

/// Why PayTR would refuse a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A field is missing, doubled or out of shape.
    Field {
        /// PayTR's name of the field.
        name: &'static str,
        /// What a developer has to change.
        hint: &'static str,
    },
    /// Not this merchant.
    Merchant,
    /// Missing, doubled or wrong.
    Token {
        /// The mistake, where it is a known one.
        hint: Option<&'static str>,
    },
    /// An id that no link can have.
    Id,
    /// A link that cannot be sent or deleted any more.
    Link(LinkState),
}

impl Refusal {
    /// The refusal as PayTR says it.
    pub(crate) fn answer(self, channel: Channel) -> Answer {
        match self {
            Self::Field { name, .. } => Answer::error(format!(
                "Zorunlu alan degeri gecersiz veya gonderilmedi (Link API - {}): {name}",
                channel.method()
            )),
            Self::Merchant => Answer::error("Gecersiz istek veya magaza aktif degil"),
            Self::Token { .. } => Answer::error("paytr_token gonderilmedi veya gecersiz"),
            Self::Id => Answer::failed("Process failed. Invalid id"),
            Self::Link(LinkState::Expired) => Answer::error("Link aktif degil: gecerlilik suresi dolmus"),
            Self::Link(LinkState::SoldOut) => Answer::error("Link aktif degil: stok adedi tukenmis"),
            Self::Link(_) => Answer::error("Invalid id or link has already been deleted"),
        }
    }

    /// What a developer has to change. PayTR does not say this; the outbox does.
    pub(crate) fn hint(self) -> Option<&'static str> {
        match self {
            Self::Field { hint, .. } => Some(hint),
            Self::Merchant => Some("merchant_id is not the sandbox's PAYTR_MERCHANT_ID."),
            Self::Token { hint } => hint.or(Some("No known mistake: compare key and salt with the sandbox's.")),
            Self::Id => Some("A link id is letters, digits, _ and -, 64 at most."),
            Self::Link(LinkState::Expired) => Some("The link's expiry_date has passed."),
            Self::Link(LinkState::SoldOut) => Some("Of the link's max_count pieces fewer than min_count are left."),
            Self::Link(_) => Some("The link was deleted before."),
        }
    }
}

fn merchant(merchant: &Merchant, fields: &Fields) -> Result<(), Refusal> {
    if required(fields, "merchant_id")? == merchant.merchant_id { Ok(()) } else { Err(Refusal::Merchant) }
}

fn token(signed: &Signed<'_>, fields: &Fields) -> Result<(), Refusal> {
    let token = required(fields, "paytr_token").map_err(|refusal| Refusal::Token { hint: refusal.hint() })?;
    if signed.is_signed_by(token) { Ok(()) } else { Err(Refusal::Token { hint: signed.mistake(token) }) }
}

fn required<'a>(fields: &'a Fields, name: &'static str) -> Result<&'a str, Refusal> {
    optional(fields, name)?.ok_or(Refusal::Field { name, hint: "The field was not sent." })
}

fn optional<'a>(fields: &'a Fields, name: &'static str) -> Result<Option<&'a str>, Refusal> {
    let mut values = fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str());
    match (values.next(), values.next()) {
        (Some(""), None) => Err(Refusal::Field { name, hint: "The field is empty." }),
        (value, None) => Ok(value),
        (_, Some(_)) => Err(Refusal::Field { name, hint: "The field was sent more than once." }),
    }
}

/// 0 or 1.
fn flag(name: &'static str, hint: &'static str, value: &str) -> Result<bool, Refusal> {
    match value {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(Refusal::Field { name, hint }),
    }
}

fn is_id(id: &str) -> bool {
    (1..=ID_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

fn email(address: &str) -> Result<(), Refusal> {
    let refused = |hint| Err(Refusal::Field { name: "email", hint });
    if address.chars().count() > EMAIL_MAX {
        return refused("An email has 100 characters at most.");
    }
    if !address.bytes().all(|byte| byte.is_ascii_graphic()) {
        return refused("An email is ASCII without blanks: no Turkish letters.");
    }
    match address.split_once('@') {
        Some((name, host)) if !name.is_empty() && !host.is_empty() && !host.contains('@') => Ok(()),
        _ => refused("An email is one address: a name, one @ and a host."),
    }
}
