//! An e-mail address.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::recipient::{Email, may_hold_recipient};

fuzz_target!(|written: &str| {
    let Ok(email) = Email::parse(written) else { return };
    assert_eq!(email.as_str(), written);
    assert!(written.len() <= 100 && written.bytes().all(|byte| matches!(byte, b'!'..=b'~')));
    assert!(!written.contains(['&', '=', ',', ';', ':', '<', '>', '"', '\\', '(', ')', '[', ']']));
    let (local, domain) = written.split_once('@').unwrap();
    assert!(!local.is_empty() && !domain.contains('@'));
    assert!(domain.split('.').count() >= 2);
    assert!(domain.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    }));
    assert!(may_hold_recipient(written));
});
