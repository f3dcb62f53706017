//! Messages signed as a shop would: by the published `standardwebhooks` crate, which shares no code with the relay.

use super::token::hash_under;
use super::{people, secrets};
use base64::{Engine, engine::general_purpose::STANDARD};
use standardwebhooks::Webhook;
use std::time::SystemTime;

/// A body and the headers that sign it.
#[derive(Clone)]
pub struct Signed {
    pub id: String,
    pub timestamp: String,
    pub signature: String,
    pub body: Vec<u8>,
}

impl Signed {
    /// Signed now, under a new id, with the current secret.
    pub fn new(body: impl Into<Vec<u8>>) -> Self {
        Self::with(&secrets::current(), &people::webhook_id(), now(), body)
    }

    /// Signed with all that can differ.
    pub fn with(secret: &str, id: &str, timestamp: i64, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let signature = Webhook::new(secret).unwrap().sign(id, timestamp, &body).unwrap();
        Self { id: id.to_owned(), timestamp: timestamp.to_string(), signature, body }
    }

    /// Signed with the current secret whatever header and body are: the crate refuses what is no UTF-8, or no number.
    pub fn forced(id: &str, timestamp: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let key = STANDARD.decode(secrets::current().strip_prefix("whsec_").unwrap()).unwrap();
        let signed = [format!("{id}.{timestamp}.").as_bytes(), &body].concat();
        let signature = format!("v1,{}", hash_under(key, signed));
        Self { id: id.to_owned(), timestamp: timestamp.to_owned(), signature, body }
    }

    /// The same message under the same id, with another body.
    pub fn with_body(&self, body: impl Into<Vec<u8>>) -> Self {
        Self::with(&secrets::current(), &self.id, now(), body)
    }

    /// A retry as webhook senders make one: the same id, a later timestamp, a new signature.
    pub fn retry(&self) -> Self {
        Self::with(&secrets::current(), &self.id, self.timestamp.parse::<i64>().unwrap() + 1, self.body.clone())
    }

    /// The headers of a post, content type included.
    pub fn headers(&self) -> Vec<(&str, &str)> {
        vec![
            ("content-type", "application/json"),
            ("webhook-id", &self.id),
            ("webhook-timestamp", &self.timestamp),
            ("webhook-signature", &self.signature),
        ]
    }
}

/// Unix seconds.
pub fn now() -> i64 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs().try_into().unwrap()
}
