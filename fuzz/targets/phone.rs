//! A mobile number. Which ones are taken is told by another reading, from the last digit on.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::model::characters::{is_dash, is_invisible};
use paytr_link_relay::model::recipient::{CellPhone, Recipient, looks_like_personal_data};

const PREFIXES: [&str; 8] = ["", "0", "90", "900", "+90", "+900", "0090", "00900"];
const SUBSCRIBER_CHARS: usize = 10;

/// The ten digits from the 5 on.
fn subscriber(written: &str) -> Option<String> {
    let is_dropped = |character: &char| {
        character.is_whitespace() || is_dash(*character) || is_invisible(*character) || ".()/".contains(*character)
    };
    let bare: String = written.chars().filter(|character| !is_dropped(character)).collect();
    let (prefix, subscriber) = bare.split_at_checked(bare.len().checked_sub(SUBSCRIBER_CHARS)?)?;
    let is_mobile = subscriber.starts_with('5') && subscriber.bytes().all(|byte| byte.is_ascii_digit());
    (is_mobile && PREFIXES.contains(&prefix)).then(|| subscriber.to_owned())
}

fuzz_target!(|written: &str| {
    let (parsed, subscriber) = (CellPhone::parse(written), subscriber(written));
    assert_eq!(parsed.is_ok(), subscriber.is_some(), "{parsed:?}");
    let (Ok(phone), Some(subscriber)) = (parsed, subscriber) else { return };
    let number = phone.as_str();
    assert_eq!(number, format!("0{subscriber}"));
    assert!(CellPhone::parse(number).as_ref() == Ok(&phone));
    // Neither the log nor a reason of PayTR's shows it.
    let recipient = Recipient::CellPhone(phone.clone());
    assert!(looks_like_personal_data(number, &[]) && looks_like_personal_data(written, &[&recipient]));
    assert_eq!(format!("{phone:?}"), "CellPhone([redacted])");
    assert_eq!(recipient.redaction_needle(), subscriber);
});
