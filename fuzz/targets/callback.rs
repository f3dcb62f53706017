//! PayTR's notice of a payment: as it is, and with the hash that makes it true.
#![no_main]

use base64::{Engine, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use paytr_link_relay::mac::MacKey;
use paytr_link_relay::paytr::{Merchant, Notification};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const KEY: &str = "kEy1234567890abc";
const SALT: &str = "sAlt0987654321xy";

static MERCHANT: LazyLock<Merchant> =
    LazyLock::new(|| Merchant::new("123456".into(), KEY.into(), SALT.into()).unwrap());
static MAC: LazyLock<MacKey> = LazyLock::new(|| MacKey::new(KEY.as_bytes()).unwrap());

fn is_visible(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'!'..=b'~'))
}

fuzz_target!(|form: &[u8]| {
    let mut fields = BTreeMap::new();
    let mut came_twice = false;
    for (name, value) in form_urlencoded::parse(form) {
        came_twice |= fields.insert(name.into_owned(), value.into_owned()).is_some();
    }
    let value = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let [callback_id, oid, status, total] = ["callback_id", "merchant_oid", "status", "total_amount"].map(value);
    let hash = STANDARD.encode(MAC.sign(&[callback_id, oid, SALT, status, total].map(str::as_bytes)));
    if Notification::verify(form, &MERCHANT).is_ok() {
        assert_eq!(value("hash"), hash);
    }
    let has_hash = fields.contains_key("hash");
    let encoded: String = hash.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let signed = [form, b"&hash=", encoded.as_bytes()].concat();

    let is_good = !came_twice
        && !has_hash
        && signed.len() <= 16 * 1024
        && callback_id.len() == 64
        && callback_id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && is_visible(oid)
        && (1..=32).contains(&status.len())
        && status.bytes().all(|byte| byte.is_ascii_alphabetic() || b"_-".contains(&byte))
        && (1..=15).contains(&total.len())
        && total.bytes().all(|byte| byte.is_ascii_digit());
    let verified = Notification::verify(&signed, &MERCHANT);
    assert_eq!(verified.is_ok(), is_good, "{verified:?}");
    let Ok(notification) = verified else { return };
    assert_eq!(notification.callback_id.as_str(), callback_id);
    assert_eq!((notification.merchant_oid.as_str(), notification.status.as_str()), (oid, status));
    assert_eq!(notification.total_amount, total.parse::<u64>().unwrap());
    let unsigned = &notification.unsigned;
    for (name, text) in [
        ("currency", &unsigned.currency),
        ("payment_type", &unsigned.payment_type),
        ("merchant_id", &unsigned.merchant_id),
    ] {
        assert!(text.as_ref().is_none_or(|text| text == value(name) && is_visible(text) && text.len() <= 32));
    }
    assert!(unsigned.test_mode.is_none_or(|test_mode| value("test_mode") == if test_mode { "1" } else { "0" }));
    assert!(unsigned.payment_amount.is_none_or(|amount| value("payment_amount").parse() == Ok(amount)));
    assert!(!format!("{notification:?}").contains(&hash));
});
