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

/// Every invalid setting: its service, its name, and the value.
pub fn invalid_settings() -> Vec<(String, &'static str, Value)> {
    let settings = [
        ("PAYTR_MERCHANT_ID", merchant_ids()),
        ("PAYTR_MERCHANT_KEY", merchant_secrets()),
        ("PAYTR_MERCHANT_SALT", merchant_secrets()),
        ("WEBHOOK_SECRETS", webhook_secrets()),
        ("EVENTS_SECRETS", events_secrets()),
        ("STOREFRONTS", storefronts()),
        ("EVENTS_URL", events_urls()),
        ("PAYTR_BASE_URL", base_urls()),
        ("PAYTR_TIMEOUT_MS", timeouts()),
        ("PAYTR_DEBUG_ON", vec![text(""), text("2"), text("true"), json("true"), json("-1")]),
        ("ALLOWED_ORIGINS", origins()),
        ("SEND_LIMITS", limits()),
        ("RELAY_ORIGIN", relay_origins()),
        ("LEDGER_LOCATION", ["", "europe", "EEUR", "eeur ", "eu"].map(text).to_vec()),
    ];
    let values = settings.into_iter().flat_map(|(name, values)| values.into_iter().map(move |value| (name, value)));
    values.enumerate().map(|(number, (name, value))| (format!("invalid-{number}"), name, value)).collect()
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

fn merchant_ids() -> Vec<Value> {
    vec![None, text(""), text("   "), text("12 345678"), text("\"12345678\""), text("1234-5678"), json("[12345678]")]
}

fn merchant_secrets() -> Vec<Value> {
    vec![
        None,
        json("null"),
        text(""),
        text("                "),
        text("tooShort1234567"),
        text(" leadingBlank0123456"),
        text("trailingLineEnd0123\n"),
        text("inner blank 0123456789"),
        text("\"quotedValue0123456\""),
        text("'quotedValue0123456'"),
        text("g\u{f6}r\u{fc}nmez0123456789"),
    ]
}

fn webhook_secrets() -> Vec<Value> {
    let short = secrets::secret(b"only 23 bytes long, see");
    let unpadded = secrets::secret(&[7; 25]).trim_end_matches('=').to_owned();
    let url_safe = format!("whsec_{}", "_-_-".repeat(8));
    let split = secrets::current().replace("whsec_", "whsec_ ");
    let one_good = format!("{} {short}", secrets::current());
    vec![
        None,
        text(""),
        text(" \n\t "),
        text("whsec_"),
        text(&short),
        text(&unpadded),
        text(&url_safe),
        text(&split),
        text(&one_good),
        text(secrets::current().strip_prefix("whsec_").unwrap()),
        text("WHSEC_bm90IGFjY2VwdGVkIGZvciBpdHMgcHJlZml4"),
    ]
}

fn events_secrets() -> Vec<Value> {
    let shared = format!("{} {}", secrets::events(), secrets::current());
    let short = secrets::secret(b"another of only 23 byte");
    vec![None, text(""), text("whsec_"), text(&short), text(&shared), text(&secrets::current())]
}

fn storefronts() -> Vec<Value> {
    let with = |more: &serde_json::Value| {
        let shop = json!({"name": "shop", "platform": "woocommerce", "url": "https://shop.example",
            "webhook_secret": "needleOfTheInvalidShop0123", "pay_by_link": ["bacs"]});
        let (serde_json::Value::Object(mut shop), serde_json::Value::Object(more)) = (shop, more.clone()) else {
            panic!()
        };
        shop.extend(more);
        text(&json!([shop]).to_string())
    };
    let mut values = vec![text("none"), text("{}"), text("[1]"), text("[{}]"), text("[{\"name\": \"shop\"}")];
    let member = |name: &str, value: serde_json::Value| with(&json!({name: value}));
    values.extend([
        member("name", json!("")),
        member("name", json!("Shop")),
        member("name", json!("a/b")),
        member("platform", json!("magento")),
        member("platform", json!(null)),
        member("url", json!("http://shop.example")),
        member("url", json!("https://SHOP.example")),
        member("url", json!("https://shop.example?x=1")),
        member("webhook_secret", json!("short")),
        member("webhook_secret", json!(["needleOfTheInvalidShop0123", "short"])),
        member("webhook_secret", json!("needle of the invalid shop")),
        member("webhook_secret", json!(secrets::current())),
        member("webhook_secret", json!(secrets::events())),
        member("api_key", json!("ck_needle0123456789")),
        member("api_key", json!("cs_needle0123456789:ck_needle0123456789")),
        member("pay_by_link", json!([])),
        member("pay_by_link", json!("bacs")),
        member("send", json!([])),
        member("send", json!(["sms", "fax"])),
        member("expires_after_hours", json!(0)),
        member("expires_after_hours", json!(8761)),
        member("link_name", json!("{number}")),
        member("lang", json!("de")),
        member("colour", json!("red")),
    ]);
    values
}

fn events_urls() -> Vec<Value> {
    let long = format!("https://events.test/{}", "p".repeat(381));
    [
        "events.test/paytr",
        "https://events.test",
        "http://events.test/paytr",
        "ftp://events.test/paytr",
        "https://EVENTS.test/paytr",
        "https://shop@events.test/paytr",
        "https://events.test/paytr#part",
        "https://events.test/pay tr",
        "http://127.0.0.1.events.test/paytr",
        &long,
    ]
    .map(text)
    .to_vec()
}

fn relay_origins() -> Vec<Value> {
    [
        " ",
        "relay.test",
        "http://relay.test",
        "https://relay",
        "https://relay.test:8443",
        "https://relay.test/callback",
        "https://RELAY.test",
        "https://10.1.2.3",
        "https://shop@relay.test",
    ]
    .map(text)
    .to_vec()
}

fn base_urls() -> Vec<Value> {
    [
        "",
        " ",
        "www.paytr.test",
        "http://www.paytr.test",
        "ftp://www.paytr.test",
        "https://www.paytr.test/odeme",
        "https://shop@www.paytr.test",
        "https://WWW.paytr.test",
        "https://www.paytr.test?a=b",
        "http://127.0.0.1.paytr.test",
    ]
    .map(text)
    .to_vec()
}

fn timeouts() -> Vec<Value> {
    vec![
        text(""),
        text("0"),
        text("-1"),
        text("1.5"),
        text("20 s"),
        text("120001"),
        json("0"),
        json("[20000]"),
        json("99999999999"),
    ]
}

fn origins() -> Vec<Value> {
    vec![
        text(""),
        text("https://store.example"),
        text("*"),
        json("[\"*\"]"),
        json("[\"https://store.example/\"]"),
        json("[\"HTTPS://store.example\"]"),
        json("[\"http://store.example\"]"),
        json("[\"null\"]"),
        json("[1]"),
        text("[\"https://store.example\""),
    ]
}

fn limits() -> Vec<Value> {
    vec![
        text(""),
        text("1"),
        json("{\"count\": 77, \"seconds\": 60}"),
        json("[{\"count\": 0, \"seconds\": 60}]"),
        json("[{\"count\": 77}]"),
        json("[{\"count\": 77, \"seconds\": 0}]"),
        json("[{\"count\": 77, \"seconds\": 60, \"per\": \"day\"}]"),
        json("[{\"count\": -77, \"seconds\": 60}]"),
        text("[{\"count\": \"77\", \"seconds\": 60}]"),
    ]
}

#[expect(clippy::unnecessary_wraps, reason = "the tables also hold what is not set")]
fn text(value: &str) -> Value {
    Some(Binding::Text(value.to_owned()))
}

#[expect(clippy::unnecessary_wraps, reason = "the tables also hold what is not set")]
fn json(value: &str) -> Value {
    Some(Binding::Json(value.to_owned()))
}
