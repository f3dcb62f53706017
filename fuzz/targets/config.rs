//! The settings: `NAME=text` on each line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::config::{Config, LOCATIONS, allowed_origins};
use std::collections::HashMap;

const SECRETS: [&str; 4] = ["PAYTR_MERCHANT_KEY", "PAYTR_MERCHANT_SALT", "WEBHOOK_SECRETS", "EVENTS_SECRETS"];

// Values with a tilde are looked for where they must not be: no text of the relay's own has one.
fuzz_target!(|input: &str| {
    let given: HashMap<&str, &str> = input.lines().filter_map(|line| line.split_once('=')).collect();
    let lookup = |name: &str| given.get(name).map(|&text| text.to_owned());
    assert!(allowed_origins(lookup).iter().all(|origin| origin.starts_with("https://") || is_loopback(origin)));
    match Config::parse(lookup) {
        Ok(config) => {
            // An address is shown, and may hold anything.
            let addresses = [&config.events_url, &config.relay_origin].map(|address| format!("{address:?}"));
            let shown = addresses.iter().fold(format!("{config:?}"), |shown, address| shown.replace(address, ""));
            for secret in SECRETS.map(|name| given.get(name).copied().unwrap_or_default()) {
                assert!(!secret.contains('~') || !shown.contains(secret));
            }
            assert_eq!(given["WEBHOOK_SECRETS"].split_whitespace().count(), config.webhook_secrets.len());
            let events_secrets = given.get("EVENTS_SECRETS").copied().unwrap_or_default();
            assert_eq!(events_secrets.split_whitespace().count(), config.events_secrets.len());
            assert!(config.events_url.is_none() || !config.events_secrets.is_empty());
            let mut secrets = events_secrets.split_whitespace();
            assert!(secrets.all(|secret| given["WEBHOOK_SECRETS"].split_whitespace().all(|other| other != secret)));
            let events_url = given.get("EVENTS_URL").copied().filter(|url| !url.is_empty());
            assert_eq!(config.events_url.as_deref(), events_url);
            if let Some(url) = events_url {
                let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
                assert!(origin.starts_with("https://") || is_loopback(&origin));
                assert!(origin.len() < url.len() && url.len() <= 400 && !origin.contains(['@', '?']));
                assert!(url.bytes().all(|byte| matches!(byte, b'!'..=b'~') && byte != b'#'));
            }
            assert!(given["PAYTR_MERCHANT_KEY"].len() >= 16 && given["PAYTR_MERCHANT_SALT"].len() >= 16);
            assert!(config.base_url.starts_with("https://") || is_loopback(&config.base_url));
            assert!(!config.base_url.contains(['@', '?', '#', ' ']) && config.base_url.matches('/').count() == 2);
            if let Some(origin) = &config.relay_origin {
                assert!(origin.starts_with("https://") || is_loopback(origin));
                assert!(!origin.contains(['@', '?', '#', ' ']) && origin.matches('/').count() == 2);
            }
            assert!(LOCATIONS.contains(&config.ledger_location.as_str()));
            assert!((1..=120_000).contains(&config.timeout_ms));
            for limit in config.send_limits {
                assert!((1..=1000).contains(&limit.count) && (1..=2_678_400).contains(&limit.seconds));
            }
        }
        Err(bad) => {
            assert!(!bad.is_empty());
            for bad in bad {
                let value = given.get(bad.name).filter(|value| value.contains('~'));
                assert!(value.is_none_or(|value| !bad.detail.contains(value)));
            }
        }
    }
});

fn is_loopback(url: &str) -> bool {
    let Some(authority) = url.strip_prefix("http://") else { return false };
    ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|host| authority.strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
}
