//! The rules of `delete`.

use super::{Refusal, flag, is_id, merchant, optional, required, token};
use crate::{form::Fields, merchant::Merchant, token::Signed};

/// PayTR's own limit.
const IDS_MAX: usize = 10;

/// Decides as PayTR would, and gives the ids. Whether there are such links is not asked here.
pub(crate) fn judge<'a>(own: &Merchant, fields: &'a Fields) -> Result<Vec<&'a str>, Refusal> {
    merchant(own, fields)?;
    let list = required(fields, "id")?;
    if let Some(debug_on) = optional(fields, "debug_on")? {
        flag("debug_on", "debug_on is 0 or 1.", debug_on)?;
    }
    token(&Signed::delete(own, list), fields)?;
    let ids: Vec<&str> = list.split(',').collect();
    if ids.len() > IDS_MAX {
        return Err(Refusal::Field { name: "id", hint: "At most 10 links are deleted at once." });
    }
    if ids.iter().all(|id| is_id(id)) { Ok(ids) } else { Err(Refusal::Id) }
}
