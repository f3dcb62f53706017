//! PayTR's rules for the two sends: fields to a verdict, in PayTR's words.
//!
//! In scope: what is refused, and why. Not in scope: transport, recording, misbehaviour. PayTR does not document the
//! order of its checks; this one asks first who is calling, then for the form, then for the token, and looks the link
//! up last. PHP takes the last of two fields of one name; the sandbox refuses both, as nobody means to send them.

use crate::{
    form::Fields,
    merchant::Merchant,
    received::{Answer, Channel},
    token::Signed,
};

/// The longest address in PayTR's table, in characters.
const EMAIL_MAX: usize = 100;
/// Longer than any link id seen; the relay's own limit.
const ID_MAX: usize = 64;

/// Why PayTR would refuse a send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A required field is missing, doubled or out of shape.
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
        }
    }

    /// What a developer has to change. PayTR does not say this; the outbox does.
    pub(crate) fn hint(self) -> Option<&'static str> {
        match self {
            Self::Field { hint, .. } => Some(hint),
            Self::Merchant => Some("merchant_id is not the sandbox's PAYTR_MERCHANT_ID."),
            Self::Token { hint } => hint.or(Some("No known mistake: compare key and salt with the sandbox's.")),
            Self::Id => Some("A link id is letters, digits, _ and -, 64 at most."),
        }
    }
}

/// Decides as PayTR would.
pub(crate) fn judge(channel: Channel, merchant: &Merchant, fields: &Fields) -> Result<(), Refusal> {
    if required(fields, "merchant_id")? != merchant.merchant_id {
        return Err(Refusal::Merchant);
    }
    let id = required(fields, "id")?;
    let recipient = required(fields, channel.recipient_field())?;
    match channel {
        Channel::Sms => cell_phone(recipient)?,
        Channel::Email => email(recipient)?,
    }
    if !matches!(required(fields, "debug_on")?, "0" | "1") {
        return Err(Refusal::Field { name: "debug_on", hint: "debug_on is 0 or 1." });
    }
    let token = required(fields, "paytr_token").map_err(|refusal| Refusal::Token { hint: refusal.hint() })?;
    let signed = Signed { merchant, id, recipient };
    if !signed.is_signed_by(token) {
        return Err(Refusal::Token { hint: signed.mistake(token) });
    }
    let id_is_possible =
        id.len() <= ID_MAX && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if id_is_possible { Ok(()) } else { Err(Refusal::Id) }
}

fn required<'a>(fields: &'a Fields, name: &'static str) -> Result<&'a str, Refusal> {
    let mut values = fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str());
    match (values.next(), values.next()) {
        (Some(""), None) => Err(Refusal::Field { name, hint: "The field is empty." }),
        (Some(value), None) => Ok(value),
        (None, _) => Err(Refusal::Field { name, hint: "The field was not sent." }),
        (Some(_), Some(_)) => Err(Refusal::Field { name, hint: "The field was sent more than once." }),
    }
}

fn cell_phone(number: &str) -> Result<(), Refusal> {
    let digits = number.len() == 11 && number.bytes().all(|byte| byte.is_ascii_digit());
    if digits && number.starts_with("05") {
        return Ok(());
    }
    Err(Refusal::Field {
        name: "cell_phone",
        hint: "A cell_phone is 05 and nine more digits, as text: a number loses its leading zero.",
    })
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
