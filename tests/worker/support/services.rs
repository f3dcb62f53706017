//! The relay under the settings that the tests need.

use super::secrets;

/// The origins that `JSON` and `TEXT` allow.
pub const ORIGINS: [&str; 2] = ["https://shop.example", "http://localhost:5173"];

/// Only what must be set: default time-out, debug, origins and limits (1 a minute, 5 a day).
pub const DEFAULTS: &str = "defaults";
/// Lists and numbers as JSON. Two secrets, debug on, two origins, at most 2 an hour and 3 a day, 2 s for PayTR.
pub const JSON: &str = "json";
/// The same kinds as text. Debug off, two origins, at most 1 in 2 seconds, 5 s.
pub const TEXT: &str = "text";
/// No limits.
pub const FREE: &str = "free";
/// No limits, and events are on: they go to the suite's shop.
pub const EVENTS: &str = "events";
/// Two storefronts, the first of which is written back to.
pub const STOREFRONTS: &str = "storefronts";
/// The ledgers are not there.
pub const WITHOUT_LEDGER: &str = "without-ledger";
/// PayTR is not there.
pub const UNREACHABLE: &str = "unreachable";

pub const SHORT_TIMEOUT_MS: u64 = 2000;

#[derive(Debug, Clone)]
pub enum Binding {
    Text(String),
    /// JSON, such as `[vars]` of wrangler.toml may give.
    Json(String),
    Metrics,
}

/// One deployment of the relay.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its name, also of its socket.
    pub name: String,
    pub bindings: Vec<(&'static str, Binding)>,
    pub has_ledger: bool,
}

impl Service {
    /// Has what must be set, and PayTR at `base_url`.
    pub fn new(name: &str, base_url: &str) -> Self {
        Self { name: name.to_owned(), bindings: Vec::new(), has_ledger: true }
            .text("PAYTR_MERCHANT_ID", secrets::MERCHANT_ID)
            .text("PAYTR_MERCHANT_KEY", secrets::MERCHANT_KEY)
            .text("PAYTR_MERCHANT_SALT", secrets::MERCHANT_SALT)
            .text("WEBHOOK_SECRETS", &secrets::current())
            .text("EVENTS_SECRETS", &secrets::events())
            .text("PAYTR_BASE_URL", base_url)
    }

    /// The same, with events on and without limits.
    pub fn with_events(name: &str, base_url: &str, events_url: &str) -> Self {
        let service = Self::new(name, base_url).text("EVENTS_URL", events_url);
        service.json("SEND_LIMITS", "[]").text("PAYTR_TIMEOUT_MS", "5000")
    }

    pub fn text(self, name: &'static str, value: &str) -> Self {
        self.set(name, Some(Binding::Text(value.to_owned())))
    }

    pub fn json(self, name: &'static str, value: &str) -> Self {
        self.set(name, Some(Binding::Json(value.to_owned())))
    }

    /// Without ledgers, as a deployment that lacks the binding would be.
    pub fn without_ledger(self) -> Self {
        Self { has_ledger: false, ..self }
    }

    pub fn metrics(self) -> Self {
        self.set("METRICS", Some(Binding::Metrics))
    }

    /// With a setting, or without it.
    pub fn set(mut self, name: &'static str, value: Option<Binding>) -> Self {
        self.bindings.retain(|(known, _)| *known != name);
        self.bindings.extend(value.map(|value| (name, value)));
        self
    }
}

pub fn good(base_url: &str, events_url: &str) -> Vec<Service> {
    let [first, second] = ORIGINS;
    let origins = format!("[\"{first}\", \"{second}\"]");
    let two_secrets = format!("{}\n {}", secrets::current(), secrets::outgoing());
    vec![
        Service::new(DEFAULTS, base_url),
        Service::new(JSON, base_url)
            .text("WEBHOOK_SECRETS", &two_secrets)
            .json("PAYTR_TIMEOUT_MS", &SHORT_TIMEOUT_MS.to_string())
            .json("PAYTR_DEBUG_ON", "1")
            .json("ALLOWED_ORIGINS", &origins)
            .json("SEND_LIMITS", "[{\"count\": 2, \"seconds\": 3600}, {\"count\": 3, \"seconds\": 86400}]"),
        Service::new(TEXT, &format!("{base_url}/"))
            .text("PAYTR_TIMEOUT_MS", "5000")
            .text("PAYTR_DEBUG_ON", "0")
            .text("ALLOWED_ORIGINS", &origins)
            .text("SEND_LIMITS", "[{\"count\": 1, \"seconds\": 2}]"),
        Service::new(FREE, base_url).json("SEND_LIMITS", "[]").text("PAYTR_TIMEOUT_MS", "5000"),
        Service::with_events(EVENTS, base_url, events_url),
        Service::new(STOREFRONTS, base_url).text("STOREFRONTS", &secrets::storefronts()),
        Service::new(WITHOUT_LEDGER, base_url).without_ledger(),
        // The port of tcpmux, where nobody listens.
        Service::new(UNREACHABLE, "http://127.0.0.1:1"),
    ]
}
