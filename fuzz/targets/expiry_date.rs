//! A date until which a link can be paid.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::model::expiry_date::ExpiryDate;
use std::ops::Range;

const PAYTR_SHAPE: &str = "0000-00-00 00:00:00";

fn shape(text: &str) -> String {
    text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect()
}

fn parse(written: &str) -> Result<ExpiryDate, &'static str> {
    ExpiryDate::parse(&JsonValue::Text(written.to_owned()))
}

fuzz_target!(|written: &str| {
    let Ok(date) = parse(written) else { return };
    let paytr = date.to_paytr();
    assert_eq!(shape(paytr), PAYTR_SHAPE);
    let number = |range: Range<usize>| paytr.get(range).unwrap().parse::<u32>().unwrap();
    let (month, day) = (number(5..7), number(8..10));
    assert!((1..=12).contains(&month) && (1..=31).contains(&day));
    assert!(number(11..13) < 24 && number(14..16) < 60 && number(17..19) < 60);
    // The same moment, whichever of the forms it is written in.
    assert_eq!(parse(paytr).as_ref(), Ok(&date));
    assert_eq!(parse(&format!("{}+03:00", paytr.replace(' ', "T"))).as_ref(), Ok(&date));
    assert_eq!(parse(&format!("{paytr}+03:00")).as_ref(), Ok(&date));
    if let Some(minute) = paytr.strip_suffix(":00") {
        assert_eq!(parse(&format!("{minute}+03:00")).as_ref(), Ok(&date));
    }
    let shape = shape(written);
    if shape == PAYTR_SHAPE {
        assert_eq!(paytr, written);
    } else {
        let local = shape
            .strip_suffix(['Z', 'z'])
            .or_else(|| shape.strip_suffix("+00:00"))
            .or_else(|| shape.strip_suffix("-00:00"));
        let local = local.unwrap().replace(['T', 't'], " ");
        let (minutes, seconds) = local.split_at("0000-00-00 00:00".len());
        let whole = seconds.split_once('.').map_or(seconds, |(whole, fraction)| {
            assert!(!fraction.is_empty() && fraction.bytes().all(|digit| digit == b'0'));
            whole
        });
        assert!(minutes == "0000-00-00 00:00" && matches!(whole, "" | ":00") && whole.len() <= seconds.len());
        assert!(!whole.is_empty() || seconds.is_empty());
    }
    let unix_ms = date.unix_ms();
    assert!(unix_ms % 1000 == 0 && date.is_past(unix_ms));
    assert!(unix_ms == 0 || !date.is_past(unix_ms - 1));
});
