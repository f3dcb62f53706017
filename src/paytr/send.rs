//! The two calls that send a link: `POST /odeme/api/link/send-sms` and `send-email` (Link API, "SMS ile gönderim" and
//! "E-posta ile gönderim").

use super::call::{Call, write_flag};
use super::form::urlencode;
use super::merchant::{Merchant, Token};
use super::redact::Private;
use super::reply::MAX_REPLY_BYTES;
use crate::model::{LinkId, Recipient};

impl Merchant {
    /// `base64(HMAC-SHA256(merchant_key, id + merchant_id + recipient + merchant_salt))`, the recipient being
    /// `cell_phone` or `email`.
    ///
    /// With an empty recipient this would be the token that deletes the link, so none is made: `None`.
    #[must_use]
    pub fn send_token(&self, link_id: &str, recipient: &str) -> Option<Token> {
        if recipient.is_empty() {
            return None;
        }
        Some(self.sign(&[link_id, self.id(), recipient]))
    }
}

/// The call that sends a link. `None` for an empty recipient, which [`Recipient`] does not allow.
#[must_use]
pub fn call(merchant: &Merchant, link_id: &LinkId, recipient: &Recipient, debug_on: bool) -> Option<Call> {
    let token = merchant.send_token(link_id.as_str(), recipient.as_str())?;
    let form = urlencode(&[
        ("merchant_id", merchant.id()),
        ("id", link_id.as_str()),
        (recipient.field(), recipient.as_str()),
        ("debug_on", write_flag(debug_on)),
        ("paytr_token", token.as_str()),
    ]);
    let path = match recipient {
        Recipient::CellPhone(_) => "/odeme/api/link/send-sms",
        Recipient::Email(_) => "/odeme/api/link/send-email",
    };
    let private =
        vec![Private::Secret(token.as_str().to_owned()), Private::Recipient(recipient.redaction_needle().to_owned())];
    Some(Call { path, form, private, max_reply_bytes: MAX_REPLY_BYTES })
}
