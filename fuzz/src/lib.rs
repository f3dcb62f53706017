//! What several targets need: one relay's settings, and what it posts.

use paytr_link_relay::config::Config;
use paytr_link_relay::message::{AskPaytr, CallContext};
use paytr_link_relay::model::CallbackId;
use paytr_link_relay::paytr::Call;
use std::sync::LazyLock;

pub const MERCHANT_ID: &str = "123456";
pub const KEY: &str = "kEy1234567890abc";
pub const SALT: &str = "sAlt0987654321xy";
/// Before every date that a seed has.
pub const NOW_MS: u64 = 1_795_000_000_000;

pub static CONFIG: LazyLock<Config> = LazyLock::new(|| {
    let lookup = |name: &str| {
        let text = match name {
            "PAYTR_MERCHANT_ID" => MERCHANT_ID,
            "PAYTR_MERCHANT_KEY" => KEY,
            "PAYTR_MERCHANT_SALT" => SALT,
            "WEBHOOK_SECRETS" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "EVENTS_SECRETS" => "whsec_ZXZlbnRzIG9mIGEgZnV6emVyLCBzZWNyZXQ=",
            "EVENTS_URL" => "https://shop.example/events",
            _ => return None,
        };
        Some(text.to_owned())
    };
    Config::parse(lookup).unwrap()
});

static CALLBACK_ID: LazyLock<CallbackId> = LazyLock::new(|| CallbackId::parse(&"0f".repeat(32)).unwrap());

/// What the call of a new message depends on.
pub fn context() -> CallContext<'static> {
    let origin = "https://relay.example";
    CallContext { config: &CONFIG, now: NOW_MS, origin, callback_id: Some(&CALLBACK_ID), link: None }
}

/// What a message posts, if it posts anything at this time.
pub fn call(asking: &dyn AskPaytr) -> Option<Call> {
    asking.call(&context()).ok()
}

/// The token of a form.
pub fn token(call: &Call) -> String {
    let mut fields = form_urlencoded::parse(call.form.as_bytes());
    fields.find(|(name, _)| name == "paytr_token").unwrap().1.into_owned()
}

/// The HTTP status that a byte stands for.
pub fn http_status(byte: u8) -> u16 {
    const STATUSES: [u16; 10] = [200, 204, 302, 400, 403, 404, 429, 499, 500, 599];
    STATUSES[usize::from(byte) % STATUSES.len()]
}
