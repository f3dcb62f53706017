//! PayTR's reply: the HTTP status in the first byte, the body after it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::outcome::Outcome;
use paytr_link_relay::paytr::{Merchant, Token, read_reply};
use paytr_link_relay::recipient::{CellPhone, Email, Recipient};
use serde_json::Value;
use std::sync::LazyLock;

const KEY: &str = "kEy1234567890abc";
const SALT: &str = "sAlt0987654321xy";
const STATUSES: [u16; 8] = [200, 204, 302, 400, 404, 499, 500, 599];

/// What PayTR was sent.
struct Send {
    merchant: Merchant,
    recipient: Recipient,
    token: Token,
}

static SENDS: LazyLock<[Send; 2]> = LazyLock::new(|| {
    let sms = Recipient::CellPhone(CellPhone::parse("05321234567").unwrap());
    let email = Recipient::Email(Email::parse("musteri@example.com").unwrap());
    [sms, email].map(|recipient| {
        let merchant = Merchant::new("123456".into(), KEY.into(), SALT.into()).unwrap();
        let token = merchant.token("NB2Zlz3", recipient.as_str()).unwrap();
        Send { merchant, recipient, token }
    })
});

fuzz_target!(|input: &[u8]| {
    let Some((&first, body)) = input.split_first() else { return };
    let status = STATUSES[usize::from(first) % STATUSES.len()];
    let [sms, email] = &*SENDS;
    let Send { merchant, recipient, token } = if first < 128 { sms } else { email };

    let said = || -> Value { serde_json::from_slice(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)).unwrap() };
    match read_reply(status, body, merchant, recipient, token) {
        Outcome::Sent => {
            assert!((200..300).contains(&status));
            assert_eq!(said()["status"], "success");
        }
        Outcome::Rejected(rejection) => {
            assert!((200..300).contains(&status) || (400..500).contains(&status));
            assert_eq!(said()["status"], rejection.status.as_str());
            let reason = rejection.reason.unwrap_or_default();
            assert!(reason.chars().count() <= 500);
            let reason = reason.to_ascii_lowercase();
            for private in [KEY, SALT, token.as_str(), recipient.telltale()] {
                assert!(!reason.contains(&private.to_ascii_lowercase()));
            }
        }
        Outcome::Unknown(_) => {}
    }
});
