//! Texts that are kept encrypted.

use crate::support::{MERCHANT_ID, MERCHANT_KEY, MERCHANT_SALT, merchant, merchant_with};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::collections::BTreeSet;

const TEXTS: [&str; 4] = ["", "iVBORw0KGgo=", "iVBORw0KGgp=", "Ay\u{15f}e"];

#[test]
fn what_was_sealed_is_opened_again_and_is_not_to_be_seen() {
    for text in TEXTS {
        let sealed = merchant().seal(text);
        assert_eq!(merchant().open(&sealed).as_deref(), Some(text));
        assert_eq!(merchant().seal(text), sealed, "a repeat shows nothing new");
        let bytes = STANDARD.decode(&sealed).unwrap();
        assert_eq!(bytes.len(), 24 + text.len() + 16, "nonce, text, tag");
        assert!(text.is_empty() || !bytes.windows(text.len()).any(|window| window == text.as_bytes()));
    }
}

#[test]
fn no_two_texts_meet_the_same_nonce() {
    let nonces: BTreeSet<Vec<u8>> =
        TEXTS.iter().map(|text| STANDARD.decode(merchant().seal(text)).unwrap()[..24].to_vec()).collect();
    assert_eq!(nonces.len(), TEXTS.len());
}

#[test]
fn what_was_changed_or_sealed_by_another_merchant_is_not_opened() {
    let sealed = merchant().seal("iVBORw0KGgo=");
    let bytes = STANDARD.decode(&sealed).unwrap();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert_eq!(merchant().open(&STANDARD.encode(changed)), None, "byte {place}");
        assert_eq!(merchant().open(&STANDARD.encode(&bytes[..place])), None, "cut to {place}");
    }
    for other in ["", "iVBORw0KGgo=", "no base64"] {
        assert_eq!(merchant().open(other), None, "{other}");
    }
    assert_eq!(merchant_with(MERCHANT_ID, "another key of 16", MERCHANT_SALT).open(&sealed), None);
    let other_salt = merchant_with(MERCHANT_ID, MERCHANT_KEY, "another salt of 16");
    assert_eq!(other_salt.open(&sealed).as_deref(), Some("iVBORw0KGgo="), "the key alone counts");
}
