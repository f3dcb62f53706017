//! Pseudonyms, tokens that are never made, and a merchant that cannot be printed. The published tokens are in
//! `vectors`.

use crate::support::{MERCHANT_ID, MERCHANT_KEY, MERCHANT_SALT, hmac_base64, merchant, merchant_with};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::collections::BTreeSet;

#[test]
fn neither_merchant_nor_token_can_be_printed_and_a_token_for_nobody_is_never_made() {
    let merchant = merchant();
    assert_eq!(merchant.id(), MERCHANT_ID);
    assert_eq!(format!("{merchant:?}"), r#"Merchant { id: "123456", .. }"#);
    assert_eq!(format!("{:?}", merchant.send_token("NB2Zlz3", "05321234567").unwrap()), "Token([redacted])");
    assert!(merchant.send_token("NB2Zlz3", "").is_none() && merchant.send_token("", "").is_none());
}

#[test]
fn pseudonyms_differ_whenever_their_parts_do() {
    let merchant = merchant();
    let few: [&[&str]; 6] = [&[], &[""], &["", ""], &["a"], &["b"], &["ab"]];
    let more: [&[&str]; 6] = [&["a", ""], &["", "a"], &["a", "b"], &["b", "a"], &["a", "b", ""], &["a", "", "b"]];
    let lists = [few, more].concat();
    let names: BTreeSet<String> = lists.iter().map(|parts| merchant.keyed_hash_base64(parts)).collect();
    assert_eq!(names.len(), lists.len());
    assert_eq!(merchant.keyed_hash_base64(&["a", "b"]), merchant.keyed_hash_base64(&["a", "b"]));
}

#[test]
fn a_pseudonym_stands_as_long_as_the_key_does() {
    let parts = ["recipient", "cell_phone", "05321234567"];
    let name = merchant().keyed_hash_base64(&parts);
    assert_eq!(name, hmac_base64(MERCHANT_KEY.as_bytes(), b"\0recipient\0cell_phone\x0005321234567"));
    assert_eq!(name, merchant_with("654321", MERCHANT_KEY, "another salt, new").keyed_hash_base64(&parts));
    assert_ne!(name, merchant_with(MERCHANT_ID, "another key, newer", MERCHANT_SALT).keyed_hash_base64(&parts));
}

#[test]
fn a_keyed_hash_in_hexadecimal_digits_is_the_pseudonym_written_otherwise() {
    let parts = ["event", "IN1"];
    let bytes = STANDARD.decode(merchant().keyed_hash_base64(&parts)).unwrap();
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(merchant().keyed_hash_hex(&parts), hex.concat());
}
