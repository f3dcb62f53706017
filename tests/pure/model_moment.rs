//! Moments that a message names. The forms that they share with `expiry_date` are in `model_expiry_date`.

use crate::support::check_stored;
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::model::Moment;
use proptest::prelude::*;

fn parse(written: &str) -> Result<Moment, &'static str> {
    Moment::parse(&JsonValue::Text(written.to_owned()))
}

#[test]
fn a_moment_is_a_date_and_time_with_an_offset_to_the_second() {
    for (written, unix_ms) in [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.999Z", 0),
        ("1970-01-01T03:00:00+03:00", 0),
        ("1969-12-31T23:59:59-00:01", 59_000),
        ("2026-11-25T10:00Z", 1_795_600_800_000),
        ("2026-11-25t10:00:00z", 1_795_600_800_000),
        ("2026-11-25 13:00:00.5+03:00", 1_795_600_800_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_000),
    ] {
        assert_eq!(parse(written).map(Moment::unix_ms), Ok(unix_ms), "{written}");
    }
}

#[test]
fn what_is_no_moment_since_1970_is_refused() {
    for written in ["", "2026-11-25", "2026-11-25T10:00:00", "2026-11-25 10:00:00", "2026-11-25T10:00:00+03"] {
        let detail = parse(written).unwrap_err();
        assert!(!detail.contains("Istanbul time"), "{written}: {detail}, which is refused too");
    }
    for written in ["1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "0001-01-01T00:00:00Z"] {
        assert_eq!(parse(written), Err("lies before 1970"), "{written}");
    }
    for json in ["1795600800", "null", "true", "[]", "{}"] {
        assert!(Moment::parse(&JsonValue::parse(json.as_bytes()).unwrap()).is_err(), "{json}");
    }
}

#[test]
fn a_moment_is_stored_as_a_number() {
    let moment = parse("2026-11-25T10:00:00Z").unwrap();
    check_stored(&moment, b"\x80\xb2\x97\x91\xa14");
}

proptest! {
    #[test]
    fn no_text_at_all_breaks_the_parser(written in "[0-9TZtz:+. -]{0,45}") {
        if let Ok(moment) = parse(&written) {
            prop_assert!(moment.unix_ms() < 253_402_300_800_000 + 24 * 3_600_000);
        }
    }
}
