//! A request as a case: what the judges get, and how a right one is made.

use crate::random::Random;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

pub const WORD: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

pub const NAMES: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];

/// A request, the secrets to judge it by, and the time it is judged at.
#[derive(Clone)]
pub struct Case {
    pub now: u64,
    pub secrets: Vec<String>,
    pub id: Option<String>,
    pub timestamp: Option<String>,
    pub signature: Option<String>,
    pub body: Vec<u8>,
    /// The header names' case, which HTTP does not look at.
    pub names: [&'static str; 3],
}

/// What a right request is made of, before it is signed.
pub struct Parts {
    pub now: u64,
    pub key: Vec<u8>,
    pub id: String,
    pub timestamp: u64,
    pub body: Vec<u8>,
}

impl Parts {
    /// A fresh message with an ordinary id and a secret of 24 to 64 bytes.
    pub fn new(random: &mut Random, now: u64) -> Self {
        let length = random.between(24, 64);
        let key = random.bytes(length);
        let length = random.between(1, 32);
        let id = format!("msg_{}", random.text(WORD, length));
        let timestamp = now - 240 + random.below(481) as u64;
        let body = message(random);
        Self { now, key, id, timestamp, body }
    }

    /// `v1,` and the base64 of the MAC.
    pub fn signature(&self) -> String {
        self.signature_of(&self.id, &self.timestamp.to_string(), &self.body)
    }

    pub fn signature_of(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        self.signature_over(&[id.as_bytes(), timestamp.as_bytes(), body].join(&b'.'))
    }

    pub fn signature_over(&self, content: &[u8]) -> String {
        format!("v1,{}", STANDARD.encode(mac(&self.key, content)))
    }

    /// The request, signed rightly.
    pub fn signed(self) -> Case {
        let signature = self.signature();
        self.with_signature(signature)
    }

    /// The request with a header made of the right signature.
    pub fn signature_then(self, change: impl FnOnce(&str) -> String) -> Case {
        let signature = change(&self.signature());
        self.with_signature(signature)
    }

    /// The request with another signature.
    pub fn with_signature(self, signature: String) -> Case {
        Case {
            now: self.now,
            secrets: vec![written(&self.key)],
            id: Some(self.id),
            timestamp: Some(self.timestamp.to_string()),
            signature: Some(signature),
            body: self.body,
            names: NAMES,
        }
    }
}

impl Case {
    /// A header, in whatever case its name is written.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Those that are there.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let values = [&self.id, &self.timestamp, &self.signature];
        self.names.into_iter().zip(values).filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }

    /// The case as the judges in other languages read it.
    pub fn to_json(&self) -> Value {
        let headers: serde_json::Map<String, Value> =
            self.headers().map(|(name, value)| (name.to_owned(), json!(value))).collect();
        json!({"now": self.now, "secrets": self.secrets, "headers": headers, "body": STANDARD.encode(&self.body)})
    }
}

/// HMAC-SHA256, not the relay's own.
pub fn mac(key: &[u8], content: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(content);
    mac.finalize().into_bytes().to_vec()
}

/// A secret as `WEBHOOK_SECRETS` has it.
pub fn written(key: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(key))
}

/// A body that asks for a send.
pub fn message(random: &mut Random) -> Vec<u8> {
    let id = random.text(WORD, 7);
    let data = if random.flip() {
        json!({"id": id, "cell_phone": format!("05{}", random.text("0123456789", 9))})
    } else {
        json!({"id": id, "email": format!("{}@example.com", random.text("abcdefgh", 8)), "debug_on": 1})
    };
    let kind = if data.get("email").is_some() { "link.send_email" } else { "link.send_sms" };
    json!({"type": kind, "data": data}).to_string().into_bytes()
}
