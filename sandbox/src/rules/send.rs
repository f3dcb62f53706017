//! The rules of `send-sms` and `send-email`.

use super::{Refusal, email, flag, is_id, merchant, required, token};
use crate::{form::Fields, merchant::Merchant, received::Channel, token::Signed};

/// Decides as PayTR would, and gives the link's id. Whether the link can be sent is not asked here.
pub(crate) fn judge<'a>(channel: Channel, own: &Merchant, fields: &'a Fields) -> Result<&'a str, Refusal> {
    merchant(own, fields)?;
    let id = required(fields, "id")?;
    let recipient = match channel {
        Channel::Email => {
            let address = required(fields, "email")?;
            email(address)?;
            address
        }
        _ => cell_phone(required(fields, "cell_phone")?)?,
    };
    flag("debug_on", "debug_on is 0 or 1.", required(fields, "debug_on")?)?;
    token(&Signed::send(own, id, recipient), fields)?;
    if is_id(id) { Ok(id) } else { Err(Refusal::Id) }
}

fn cell_phone(number: &str) -> Result<&str, Refusal> {
    let digits = number.len() == 11 && number.bytes().all(|byte| byte.is_ascii_digit());
    if digits && number.starts_with("05") {
        return Ok(number);
    }
    Err(Refusal::Field {
        name: "cell_phone",
        hint: "A cell_phone is 05 and nine more digits, as text: a number loses its leading zero.",
    })
}
