//! A mobile number.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::model::characters::{is_dash, is_invisible};
use paytr_link_relay::model::recipient::{CellPhone, Recipient, looks_like_personal_data};

fuzz_target!(|written: &str| {
    let is_dropped = |character: &char| {
        character.is_whitespace() || is_dash(*character) || is_invisible(*character) || ".()/".contains(*character)
    };
    let bare: String = written.chars().filter(|character| !is_dropped(character)).collect();
    let Ok(phone) = CellPhone::parse(written) else {
        // The canonical form is never refused.
        let canonical = written.len() == 11 && written.starts_with("05") && written.bytes().all(|b| b.is_ascii_digit());
        assert!(!canonical);
        return;
    };
    let number = phone.as_str();
    assert!(number.len() == 11 && number.starts_with("05") && number.bytes().all(|byte| byte.is_ascii_digit()));
    assert!(CellPhone::parse(number).as_ref() == Ok(&phone));
    let subscriber = &number[1..];
    assert!(
        ["", "0", "90", "900", "+90", "+900", "0090", "00900"]
            .iter()
            .any(|prefix| bare == format!("{prefix}{subscriber}"))
    );
    // Neither the log nor a reason of PayTR's shows it.
    let recipient = Recipient::CellPhone(phone.clone());
    assert!(looks_like_personal_data(number, &[]) && looks_like_personal_data(written, &[&recipient]));
    assert_eq!(format!("{phone:?}"), "CellPhone([redacted])");
    assert_eq!(recipient.redaction_needle(), subscriber);
});
