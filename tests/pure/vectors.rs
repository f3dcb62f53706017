//! The published vectors, every row of them.

use crate::support::{hmac_base64, merchant_with};
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_link_relay::mac::MacKey;
use paytr_link_relay::webhook::{Headers, parse_secrets, verify};
use serde_json::Value;

const PAYTR: &str = include_str!("../vectors/paytr-token.jsonl");
const WEBHOOKS: &str = include_str!("../vectors/standard-webhooks.json");

fn paytr_rows(op: &str) -> Vec<Value> {
    PAYTR
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|row| row["op"] == op)
        .collect()
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_else(|| panic!("no {field} in {row}"))
}

fn check_sends(op: &str, recipient_field: &str, at_least: usize) {
    let rows = paytr_rows(op);
    assert!(rows.len() >= at_least, "{} rows of {op}", rows.len());
    for row in &rows {
        let merchant = merchant_with(text(row, "merchant_id"), text(row, "merchant_key"), text(row, "merchant_salt"));
        let token = merchant.token(text(row, "id"), text(row, recipient_field)).unwrap();
        assert_eq!(token.as_str(), text(row, "paytr_token"), "{}", text(row, "note"));
    }
}

#[test]
fn every_published_sms_token_is_made() {
    check_sends("send_sms", "cell_phone", 6);
}

#[test]
fn every_published_email_token_is_made() {
    check_sends("send_email", "email", 6);
}

#[test]
fn every_published_row_signs_the_text_it_says_it_signs() {
    let rows: Vec<Value> = PAYTR.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.len() >= 16, "{} rows", rows.len());
    for row in &rows {
        let token = hmac_base64(text(row, "merchant_key").as_bytes(), text(row, "hash_str").as_bytes());
        assert_eq!(token, text(row, "paytr_token"), "{}", text(row, "note"));
    }
}

#[test]
fn a_send_token_with_an_empty_recipient_would_delete_the_link_and_is_never_made() {
    let rows = paytr_rows("delete");
    assert!(!rows.is_empty());
    for row in &rows {
        let [id, merchant_id, key, salt] =
            ["id", "merchant_id", "merchant_key", "merchant_salt"].map(|field| text(row, field));
        let parts = [id, merchant_id, "", salt].map(str::as_bytes);
        let send_to_nobody = STANDARD.encode(MacKey::new(key.as_bytes()).unwrap().sign(&parts));
        assert_eq!(send_to_nobody, text(row, "paytr_token"), "the two tokens are no longer the same");
        assert!(merchant_with(merchant_id, key, salt).token(id, "").is_none());
    }
}

#[test]
fn every_published_webhook_verdict_is_ours_too() {
    let file: Value = serde_json::from_str(WEBHOOKS).unwrap();
    let rows = file["vectors"].as_array().unwrap();
    let mut verdicts = (0, 0);
    for row in rows {
        let secrets = parse_secrets(text(row, "secret")).unwrap();
        let timestamp = row["timestamp"].as_u64().unwrap();
        let written = timestamp.to_string();
        let (id, signature) = (text(row, "id"), text(row, "signature"));
        let headers = Headers { id: Some(id), timestamp: Some(&written), signature: Some(signature) };
        let verdict = verify(headers, text(row, "payload").as_bytes(), &secrets, timestamp);
        match text(row, "expected") {
            "accept" => {
                verdicts.0 += 1;
                assert_eq!(verdict.map(|verified| verified.webhook_id), Ok(id), "{}", text(row, "name"));
            }
            "reject" => {
                verdicts.1 += 1;
                assert!(verdict.is_err(), "{}", text(row, "name"));
            }
            other => panic!("{other} is no verdict"),
        }
    }
    assert!(verdicts.0 >= 3 && verdicts.1 >= 14, "{verdicts:?} verdicts");
}
