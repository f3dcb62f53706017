//! Signing what goes out, by the published vectors. That receivers with the published libraries take it is in
//! `tests/differential`.

use paytr_link_relay::standard_webhooks::{parse_secrets, sign};
use serde_json::Value;

const FIRST: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SECOND: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const WEBHOOKS: &str = include_str!("../vectors/standard-webhooks.json");

fn signed(secrets: &str, id: &str, timestamp: u64, body: &str) -> String {
    sign(&parse_secrets(secrets).unwrap(), id, timestamp, body.as_bytes())
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
