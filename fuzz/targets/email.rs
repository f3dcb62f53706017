//! An e-mail address.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::model::characters::is_invisible;
use paytr_link_relay::model::recipient::{Email, looks_like_personal_data};

fuzz_target!(|written: &str| {
    let is_around = |character: char| character.is_whitespace() || is_invisible(character);
    let address = written.trim_matches(is_around);
    assert!(Email::parse(address) == Email::parse(written));
    let Ok(email) = Email::parse(written) else { return };
    assert_eq!(email.as_str(), address);
    let written = address;
    assert!(written.len() <= 100 && written.bytes().all(|byte| matches!(byte, b'!'..=b'~')));
    assert!(!written.contains(['&', '=', ',', ';', ':', '<', '>', '"', '\\', '(', ')', '[', ']']));
    let (local, domain) = written.split_once('@').unwrap();
    assert!((1..=64).contains(&local.len()) && !domain.contains('@'));
    assert!(!local.starts_with('.') && !local.ends_with('.') && !written.contains(".."));
    assert!(!domain.rsplit('.').next().unwrap().bytes().all(|byte| byte.is_ascii_digit()));
    assert!(domain.split('.').count() >= 2);
    assert!(domain.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    }));
    assert!(looks_like_personal_data(written, &[]));
});
