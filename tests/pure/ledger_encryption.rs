//! What is kept encrypted.

use crate::support::{MERCHANT_ID, MERCHANT_KEY, MERCHANT_SALT, merchant, merchant_with};
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_link_relay::ledger::{decrypt, encrypt};
use std::collections::BTreeSet;

const TEXTS: [&[u8]; 5] =
    [b"", b"05321234567", b"05321234568", b"\0\xff\0", b"a longer text than one block of the cipher has, so there"];

fn encrypted(bytes: &[u8]) -> String {
    encrypt(&merchant(), bytes).unwrap()
}

#[test]
fn what_was_encrypted_is_decrypted_again_and_is_not_to_be_seen() {
    for text in TEXTS {
        let encrypted = encrypted(text);
        assert_eq!(decrypt(&merchant(), &encrypted).as_deref(), Some(text));
        assert_eq!(self::encrypted(text), encrypted, "a repeat shows nothing new");
        let bytes = STANDARD.decode(&encrypted).unwrap();
        assert_eq!(bytes.len(), 24 + text.len() + 16, "nonce, text, tag");
        assert!(text.is_empty() || !bytes.windows(text.len()).any(|window| window == text));
    }
}

/// What a relay has recorded is read by every later one.
#[test]
fn the_encrypted_form_is_constant() {
    let golden = "ZSXTG/x3BrEd22/3y83fYYq/57wQHIEKjPgBKLja5t4V7oAfcXD3+USgkDCNlVBm5bnO";
    assert_eq!(encrypted(b"05321234567"), golden);
    assert_eq!(decrypt(&merchant(), golden).as_deref(), Some(&b"05321234567"[..]));
}

#[test]
fn no_two_texts_meet_the_same_nonce() {
    let nonces: BTreeSet<Vec<u8>> =
        TEXTS.iter().map(|text| STANDARD.decode(encrypted(text)).unwrap()[..24].to_vec()).collect();
    assert_eq!(nonces.len(), TEXTS.len());
}

#[test]
fn what_was_changed_or_encrypted_by_another_merchant_is_not_decrypted() {
    let encrypted = encrypted(b"05321234567");
    let bytes = STANDARD.decode(&encrypted).unwrap();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert_eq!(decrypt(&merchant(), &STANDARD.encode(changed)), None, "byte {place}");
        assert_eq!(decrypt(&merchant(), &STANDARD.encode(&bytes[..place])), None, "cut to {place}");
    }
    for other in ["", "05321234567", "no base64"] {
        assert_eq!(decrypt(&merchant(), other), None, "{other}");
    }
    assert_eq!(decrypt(&merchant_with(MERCHANT_ID, "another key of 16", MERCHANT_SALT), &encrypted), None);
    let other_salt = merchant_with(MERCHANT_ID, MERCHANT_KEY, "another salt of 16");
    assert_eq!(decrypt(&other_salt, &encrypted).as_deref(), Some(&b"05321234567"[..]), "the key alone counts");
}
