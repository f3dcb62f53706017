//! Webhook headers. The input is the three headers, one on each line, and the body after them; an `@` in the signature
//! header stands for the right signature, which no fuzzer would find by itself.
#![no_main]

use base64::{Engine, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use paytr_link_relay::mac::MacKey;
use paytr_link_relay::standard_webhooks::{Headers, TOLERANCE_SECONDS, VerifyError, parse_secrets, verify};
use standardwebhooks::Webhook;
use std::sync::LazyLock;

const NOW: u64 = 1_700_000_000;
const KEY: [u8; 32] = [7; 32];
static KEYS: LazyLock<Vec<MacKey>> = LazyLock::new(|| keys(KEY));
static OTHER_KEYS: LazyLock<Vec<MacKey>> = LazyLock::new(|| keys([8; 32]));

fn keys(key: [u8; 32]) -> Vec<MacKey> {
    parse_secrets(&format!("whsec_{}", STANDARD.encode(key))).unwrap()
}

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(4, |&byte| byte == b'\n');
    let [id, timestamp, signature] = [(); 3].map(|()| parts.next().and_then(|part| str::from_utf8(part).ok()));
    let body = parts.next().unwrap_or_default();

    let signed = [id.unwrap_or_default().as_bytes(), timestamp.unwrap_or_default().as_bytes(), body].join(&b'.');
    let tag = STANDARD.encode(KEYS[0].sign(&[&signed]));
    let signature = signature.map(|signature| signature.replace('@', &format!("v1,{tag}")));
    let headers = Headers { id, timestamp, signature: signature.as_deref() };

    match verify(headers, body, &KEYS, NOW) {
        Ok(verified) => {
            let (id, timestamp) = (id.unwrap(), timestamp.unwrap());
            assert_eq!(verified.webhook_id, id);
            assert!((1..=256).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, b'!'..=b'~')));
            assert!(!id.contains(['.', ',']));
            let seconds: u64 = timestamp.parse().unwrap();
            assert_eq!(seconds.to_string(), timestamp);
            assert!(seconds.abs_diff(NOW) <= TOLERANCE_SECONDS);
            // The published library signs text alone; and its own check reads the clock, so its signature is compared.
            if let Ok(published) = Webhook::from_bytes(KEY.to_vec()).unwrap().sign(id, seconds as i64, body) {
                assert!(signature.as_ref().unwrap().split(' ').any(|entry| entry == published));
            }
            let other_body = [body, b" "].concat();
            assert_eq!(verify(headers, &other_body, &KEYS, NOW), Err(VerifyError::NoMatch));
            assert_eq!(verify(headers, body, &OTHER_KEYS, NOW), Err(VerifyError::NoMatch));
        }
        // Right and stale, so fresh at its own time.
        Err(VerifyError::Stale) => assert!(verify(headers, body, &KEYS, timestamp.unwrap().parse().unwrap()).is_ok()),
        Err(_) => {}
    }
});
