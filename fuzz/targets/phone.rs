//! A mobile number.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::recipient::{CellPhone, Recipient, may_hold_recipient};

fuzz_target!(|written: &str| {
    let bare: String = written.chars().filter(|character| !" -.()".contains(*character)).collect();
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
    assert!(["", "0", "90", "+90", "0090"].iter().any(|prefix| bare == format!("{prefix}{subscriber}")));
    // Neither the log nor a reason of PayTR's shows it.
    assert!(may_hold_recipient(number));
    assert_eq!(format!("{phone:?}"), "CellPhone([redacted])");
    assert_eq!(Recipient::CellPhone(phone.clone()).telltale(), subscriber);
});
