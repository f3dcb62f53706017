//! The name of a link. What is dropped and what is refused is told by other lists.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::model::link_name::LinkName;
use paytr_link_relay::paytr::urlencode;

/// What shows as nothing, in a text that a name may be.
fn is_blank(character: char) -> bool {
    const BLANKS: &str = "\u{ad}\u{61c}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{180e}\u{200b}\u{200e}\u{200f}\u{2060}\u{2800}\u{3164}\u{feff}\u{ffa0}";
    character.is_whitespace() || BLANKS.contains(character)
}

fuzz_target!(|written: &str| {
    let refused =
        |letter: char| letter.is_control() || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let trimmed = written.trim_matches(is_blank);
    let allowed = (4..=200).contains(&trimmed.chars().count()) && !written.chars().any(refused);
    let Ok(name) = LinkName::parse(&JsonValue::Text(written.to_owned())) else {
        let has_readable = trimmed.contains(|letter: char| letter.is_ascii_graphic());
        assert!(!allowed || !has_readable);
        return;
    };
    assert!(allowed && !trimmed.is_empty());
    assert_eq!(name.as_str(), trimmed);
    assert!(LinkName::parse(&JsonValue::Text(trimmed.to_owned())).as_ref() == Ok(&name));
    assert_eq!(format!("{name:?}"), "LinkName([redacted])");
    // What PayTR reads is what was signed.
    let form = urlencode(&[("name", name.as_str())]);
    assert!(form.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%=".contains(&byte)));
    let read: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
    assert_eq!(read, [("name".into(), trimmed.into())]);
});
