//! The name of a link.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::model::link_name::LinkName;
use paytr_link_relay::paytr::urlencode;

fuzz_target!(|written: &str| {
    let chars = written.chars().count();
    let allowed = (4..=200).contains(&chars) && !written.chars().any(|letter| letter.is_control());
    let Ok(name) = LinkName::parse(&JsonValue::Text(written.to_owned())) else {
        assert!(!allowed);
        return;
    };
    assert!(allowed);
    assert_eq!(name.as_str(), written);
    assert_eq!(format!("{name:?}"), "LinkName([redacted])");
    // What PayTR reads is what was signed.
    let form = urlencode(&[("name", name.as_str())]);
    assert!(form.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%=".contains(&byte)));
    let read: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
    assert_eq!(read, [("name".into(), written.into())]);
});
