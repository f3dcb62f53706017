//! Moments that a message names.

use paytr_link_relay::json::JsonValue;
use paytr_link_relay::model::Moment;
use proptest::prelude::*;

const WORDS: &str = "must be a time with an offset, as text, such as 2026-11-25T10:00:00Z";

fn parse(written: &str) -> Result<Moment, &'static str> {
    Moment::parse(&JsonValue::Text(written.to_owned()))
}

#[test]
fn a_moment_is_rfc_3339_to_the_millisecond() {
    for (written, unix_ms) in [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.001Z", 1),
        ("1970-01-01T00:00:00.0019Z", 1),
        ("1970-01-01T03:00:00+03:00", 0),
        ("1969-12-31T23:59:59-00:01", 59_000),
        ("2026-11-25T10:00:00Z", 1_795_600_800_000),
        ("2026-11-25t10:00:00z", 1_795_600_800_000),
        ("2026-11-25 10:00:00Z", 1_795_600_800_000),
        ("2026-11-25T10:00:00-00:00", 1_795_600_800_000),
        ("2026-11-25T13:00:00+03:00", 1_795_600_800_000),
        ("2026-11-25T13:00:00.5+03:00", 1_795_600_800_500),
        ("2026-11-25T10:00:00.999999999Z", 1_795_600_800_999),
        ("2028-02-29T00:00:00Z", 1_835_395_200_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] {
        assert_eq!(parse(written).map(Moment::unix_ms), Ok(unix_ms), "{written}");
    }
}

#[test]
fn what_is_no_moment_since_1970_is_refused() {
    for written in [
        "",
        "now",
        "1795600800",
        "2026-11-25",
        "2026-11-25T10:00:00",
        "2026-11-25T10:00:00 Z",
        "2026-11-25T10:00Z",
        "2026-11-25_10:00:00Z",
        "2026-11-25T23:59:60Z",
        "2026-12-31T23:59:60Z",
        "2026-11-25T10:00:00+0300",
        "2026-11-25T10:00:00+03",
        "2026-11-25T24:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        " 2026-11-25T10:00:00Z",
        "2026-11-25T10:00:00Z ",
        "2026-11-25T10:00:00.Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
        "0001-01-01T00:00:00Z",
    ] {
        assert_eq!(parse(written), Err(WORDS), "{written}");
    }
    for json in ["1795600800", "null", "true", "[]", "{}"] {
        assert_eq!(Moment::parse(&JsonValue::parse(json.as_bytes()).unwrap()), Err(WORDS), "{json}");
    }
}

#[test]
fn a_moment_is_stored_as_a_number() {
    let moment = parse("2026-11-25T10:00:00.5Z").unwrap();
    assert_eq!(serde_json::to_string(&moment).unwrap(), "1795600800500");
    assert_eq!(serde_json::from_str::<Moment>("1795600800500").unwrap(), moment);
}

proptest! {
    #[test]
    fn no_text_at_all_breaks_the_parser(written in "[0-9TZtz:+. -]{0,45}") {
        if let Ok(moment) = parse(&written) {
            prop_assert!(moment.unix_ms() < 253_402_300_800_000 + 24 * 3_600_000);
        }
    }
}
