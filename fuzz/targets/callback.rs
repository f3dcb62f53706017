//! PayTR's notification of a payment: as it is, and with the hash that makes it true; and what it is worth.
#![no_main]

use base64::{Engine, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use paytr_link_relay::mac::MacKey;
use paytr_link_relay::packed::{pack, unpack};
use paytr_link_relay::payment::assessment::{Assessment, Expected};
use paytr_link_relay::payment::{EventId, EventType, Reason, event};
use paytr_link_relay::paytr::{Merchant, Notification, TotalAmount};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const KEY: &str = "kEy1234567890abc";
const SALT: &str = "sAlt0987654321xy";

static MERCHANT: LazyLock<Merchant> =
    LazyLock::new(|| Merchant::new("123456".into(), KEY.into(), SALT.into()).unwrap());
static MAC: LazyLock<MacKey> = LazyLock::new(|| MacKey::new(KEY.as_bytes()).unwrap());

/// What is read; of any other field it does not matter how often it comes.
const SIGNED: [&str; 5] = ["hash", "callback_id", "merchant_oid", "status", "total_amount"];
const UNSIGNED: [&str; 5] = ["payment_amount", "currency", "payment_type", "test_mode", "merchant_id"];

fn is_visible(text: &str, max_chars: usize) -> bool {
    (1..=max_chars).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'!'..=b'~'))
}

fn is_amount(text: &str) -> bool {
    (1..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fuzz_target!(|form: &[u8]| {
    let mut fields = BTreeMap::new();
    let mut came_twice = false;
    for (name, value) in form_urlencoded::parse(form) {
        let is_read = SIGNED.contains(&&*name) || UNSIGNED.contains(&&*name);
        came_twice |= is_read && fields.insert(name.into_owned(), value.into_owned()).is_some();
    }
    let value = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let [callback_id, oid, status, total] = ["callback_id", "merchant_oid", "status", "total_amount"].map(value);
    let hash = STANDARD.encode(MAC.sign(&[callback_id, oid, SALT, status, total].map(str::as_bytes)));
    if Notification::verify(form, &MERCHANT).is_ok() {
        // A plus that was not encoded comes as a blank.
        assert_eq!(value("hash").replace(' ', "+"), hash);
    }
    let has_hash = fields.contains_key("hash");
    let encoded: String = hash.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let signed = [form, b"&hash=", encoded.as_bytes()].concat();

    let is_good = !came_twice
        && !has_hash
        && signed.len() <= 16 * 1024
        && callback_id.len() == 64
        && callback_id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && is_visible(oid, 64)
        && (1..=32).contains(&status.len())
        && status.bytes().all(|byte| byte.is_ascii_alphabetic() || b"_-".contains(&byte))
        && is_visible(total, 32)
        && total.starts_with(|first: char| first.is_ascii_digit());
    let verified = Notification::verify(&signed, &MERCHANT);
    assert_eq!(verified.is_ok(), is_good, "{verified:?}");
    let Ok(notification) = verified else { return };
    assert_eq!(notification.callback_id.as_str(), callback_id);
    assert_eq!((notification.merchant_oid.as_str(), notification.status.as_str()), (oid, status));
    match &notification.total_amount {
        TotalAmount::MinorUnits(amount, text) => {
            assert!(is_amount(total) && text == total && total.parse() == Ok(*amount))
        }
        TotalAmount::Unreadable(text) => assert!(!is_amount(total) && text == total),
    }
    let (unsigned, unreadable) = (&notification.unsigned, &notification.unsigned_text);
    for (name, text, odd) in [
        ("currency", &unsigned.currency, &unreadable.currency),
        ("payment_type", &unsigned.payment_type, &unreadable.payment_type),
        ("merchant_id", &unsigned.merchant_id, &unreadable.merchant_id),
    ] {
        let is_read = is_visible(value(name), 32);
        assert_eq!(text.as_deref(), is_read.then_some(value(name)));
        assert_eq!(odd.is_some(), fields.contains_key(name) && !is_read);
    }
    assert_eq!(
        unsigned.test_mode,
        [("0", false), ("1", true)].iter().find(|(text, _)| value("test_mode") == *text).map(|flag| flag.1)
    );
    assert_eq!(unreadable.test_mode.is_some(), fields.contains_key("test_mode") && unsigned.test_mode.is_none());
    assert_eq!(
        unsigned.payment_amount,
        Some(value("payment_amount")).filter(|text| is_amount(text)).map(|text| text.parse().unwrap())
    );
    assert_eq!(
        unreadable.payment_amount.is_some(),
        fields.contains_key("payment_amount") && unsigned.payment_amount.is_none()
    );
    assert!(!format!("{notification:?}").contains(&hash));

    // The way to its partition changes nothing.
    let moved: Notification = unpack(&pack(&notification)).unwrap();
    assert!(moved == notification);
    let id = EventId::new(&MERCHANT, &notification);
    assert!(id.as_str().len() == 68 && id.as_str().starts_with(id.payment_prefix()));
    // Of a link that nobody knows, and by what is not signed, no payment is one to ship on.
    let assessment = Assessment::new(&notification, &Expected { merchant_id: "123456", link: None, is_changed: false });
    assert!(
        assessment.event_type() == EventType::LinkPaymentReview && assessment.reasons.contains(&Reason::UnknownLink)
    );
    let is_odd = unreadable.speaks_against() || notification.total_amount.minor_units().is_none();
    assert_eq!(assessment.reasons.contains(&Reason::Unreadable), is_odd);
    let body: serde_json::Value = serde_json::from_str(&event::body(&notification, None, &assessment, 0)).unwrap();
    assert_eq!(body["data"]["payment"]["merchant_oid"], oid);
});
