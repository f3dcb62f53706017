//! Invalid settings, each with the service that has it.

use serde_json::json;

use super::secrets;
use super::services::{Binding, ORIGINS, Service};

/// Three settings are invalid in this service.
pub const THREE_INVALID: &str = "three-invalid";
/// Shorter values are found in honest texts too.
const MIN_NEEDLE_CHARS: usize = 8;

const EVENTS_URL: &str = "https://events.test/paytr";

/// A setting's value; `None` is not set.
type Value = Option<Binding>;

/// Invalid settings, as text and as JSON of the platform's: its service, its name, and the value. That every other wrong
/// value is refused: `tests/pure/config.rs`, `tests/pure/storefront_setting.rs`.
pub fn invalid_settings() -> Vec<(String, &'static str, Value)> {
    let short = secrets::secret(b"only 23 bytes long, see");
    let one_good = format!("{} {short}", secrets::current());
    let shared = format!("{} {}", secrets::events(), secrets::current());
    let settings = [
        ("PAYTR_MERCHANT_ID", None),
        ("PAYTR_MERCHANT_ID", text("12 345678")),
        ("PAYTR_MERCHANT_ID", json("[12345678]")),
        ("PAYTR_MERCHANT_KEY", None),
        ("PAYTR_MERCHANT_KEY", text("g\u{f6}r\u{fc}nmez0123456789")),
        ("PAYTR_MERCHANT_SALT", json("null")),
        ("PAYTR_MERCHANT_SALT", text("'quotedValue0123456'")),
        ("WEBHOOK_SECRETS", None),
        ("WEBHOOK_SECRETS", text(&one_good)),
        ("EVENTS_SECRETS", None),
        ("EVENTS_SECRETS", text(&shared)),
        ("STOREFRONTS", text("none")),
        ("STOREFRONTS", shop("webhook_secret", "needle of the invalid shop")),
        ("STOREFRONTS", shop("webhook_secret", &secrets::current())),
        ("STOREFRONTS", shop("api_key", "cs_needle0123456789:ck_needle0123456789")),
        ("EVENTS_URL", text("https://shop@events.test/paytr")),
        ("PAYTR_BASE_URL", text("https://shop@www.paytr.test")),
        ("PAYTR_TIMEOUT_MS", text("20 s")),
        ("PAYTR_TIMEOUT_MS", json("99999999999")),
        ("PAYTR_DEBUG_ON", json("true")),
        ("ALLOWED_ORIGINS", text("https://store.example")),
        ("ALLOWED_ORIGINS", json("[1]")),
        ("SEND_LIMITS", json("{\"count\": 77, \"seconds\": 60}")),
        ("SEND_LIMITS", json("[{\"count\": 77, \"seconds\": 60, \"per\": \"day\"}]")),
        ("RELAY_ORIGIN", text("https://relay.test:8443")),
        ("LEDGER_LOCATION", text("europe")),
    ];
    let numbered = settings.into_iter().enumerate();
    numbered.map(|(number, (name, value))| (format!("invalid-{number}"), name, value)).collect()
}

/// A service for every invalid setting, otherwise good, and one with several.
pub fn misconfigured(base_url: &str) -> Vec<Service> {
    let one_invalid = |(service, name, value): (String, _, _)| {
        let service = Service::new(&service, base_url);
        // They may be missing while there are no events to sign.
        let with_events = if name == "EVENTS_SECRETS" { service.text("EVENTS_URL", EVENTS_URL) } else { service };
        with_events.set(name, value)
    };
    let mut services: Vec<Service> = invalid_settings().into_iter().map(one_invalid).collect();
    let three_invalid =
        Service::new(THREE_INVALID, base_url).set("PAYTR_MERCHANT_ID", None).text("WEBHOOK_SECRETS", "");
    let origins = format!("[\"{}\"]", ORIGINS[0]);
    services.push(three_invalid.text("SEND_LIMITS", "none").json("ALLOWED_ORIGINS", &origins));
    services
}

/// What of a value may appear in no answer, log or storage.
pub fn needle(binding: &Binding) -> Option<&str> {
    let (Binding::Text(value) | Binding::Json(value)) = binding else { return None };
    Some(value.trim()).filter(|value| value.len() >= MIN_NEEDLE_CHARS)
}

/// A shop that would be good but for this member.
fn shop(member: &str, value: &str) -> Value {
    let mut shop = json!({"name": "shop", "platform": "woocommerce", "url": "https://shop.example",
        "webhook_secret": "needleOfTheInvalidShop0123", "pay_by_link": ["bacs"]});
    shop[member] = value.into();
    text(&json!([shop]).to_string())
}

#[expect(clippy::unnecessary_wraps, reason = "the tables also hold what is not set")]
fn text(value: &str) -> Value {
    Some(Binding::Text(value.to_owned()))
}

#[expect(clippy::unnecessary_wraps, reason = "the tables also hold what is not set")]
fn json(value: &str) -> Value {
    Some(Binding::Json(value.to_owned()))
}
