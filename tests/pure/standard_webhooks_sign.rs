//! Signing what goes out: checked by the published library, by the relay's own check, and by the published vectors.

use paytr_link_relay::standard_webhooks::sign;
use paytr_link_relay::standard_webhooks::{Headers, Verified, parse_secrets, verify};
use proptest::prelude::*;
use reqwest::header::HeaderMap;
use serde_json::Value;
use standardwebhooks::Webhook;
use std::time::{SystemTime, UNIX_EPOCH};

const FIRST: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SECOND: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const THIRD: &str = "whsec_plJ3nmyCDGBKInavdOK15jsl51XsqIJl";
const WEBHOOKS: &str = include_str!("../vectors/standard-webhooks.json");

fn signed(secrets: &str, id: &str, timestamp: u64, body: &str) -> String {
    sign(&parse_secrets(secrets).unwrap(), id, timestamp, body.as_bytes())
}

fn published_takes(secret: &str, id: &str, timestamp: u64, signature: &str, body: &str) -> bool {
    let mut headers = HeaderMap::new();
    for (name, value) in
        [("webhook-id", id), ("webhook-timestamp", &timestamp.to_string()), ("webhook-signature", signature)]
    {
        headers.insert(name, value.parse().unwrap());
    }
    Webhook::new(secret).unwrap().verify(body.as_bytes(), &headers).is_ok()
}

#[test]
fn each_secret_gives_a_signature_in_its_place() {
    let both = signed(&format!("{FIRST} {SECOND}"), "evt_1", 1_795_600_800, "{}");
    let (first, second) = (signed(FIRST, "evt_1", 1_795_600_800, "{}"), signed(SECOND, "evt_1", 1_795_600_800, "{}"));
    assert_eq!(both, format!("{first} {second}"));
    assert!(first.starts_with("v1,") && first.len() == 47);
    assert_eq!(sign(&[], "evt_1", 1_795_600_800, b"{}"), "");
}

#[test]
fn the_published_signatures_are_made() {
    let file: Value = serde_json::from_str(WEBHOOKS).unwrap();
    let mut made = 0;
    for row in file["vectors"].as_array().unwrap() {
        let text = |field: &str| row[field].as_str().unwrap();
        if row["expected"] != "accept" || text("signature").contains(' ') {
            continue;
        }
        made += 1;
        let signature = signed(text("secret"), text("id"), row["timestamp"].as_u64().unwrap(), text("payload"));
        assert_eq!(signature, text("signature"), "{}", text("name"));
    }
    assert!(made >= 2, "{made} signatures");
}

proptest! {
    #[test]
    fn whoever_has_one_of_the_secrets_takes_the_event_and_nobody_else(
        body in "\\PC{0,200}", id in "evt_[0-9a-f]{64}", ago in 2_u64..200,
    ) {
        // The published library has no other clock.
        #[expect(clippy::disallowed_methods, reason = "this runs on the host")]
        let timestamp = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() - ago;
        let (secrets, longer_body) = (format!("{FIRST} {SECOND}"), format!("{body} "));
        let signature = signed(&secrets, &id, timestamp, &body);
        prop_assert!(published_takes(FIRST, &id, timestamp, &signature, &body));
        prop_assert!(published_takes(SECOND, &id, timestamp, &signature, &body));
        prop_assert!(!published_takes(THIRD, &id, timestamp, &signature, &body));
        prop_assert!(!published_takes(FIRST, &id, timestamp, &signature, &longer_body));
        prop_assert!(!published_takes(FIRST, &id, timestamp + 1, &signature, &body));

        let written = timestamp.to_string();
        let headers = Headers { id: Some(&id), timestamp: Some(&written), signature: Some(&signature) };
        let verified = verify(headers, body.as_bytes(), &parse_secrets(SECOND).unwrap(), timestamp);
        prop_assert_eq!(verified, Ok(Verified { webhook_id: id.as_str(), secret_number: 1 }));
    }
}
