//! `expiry_date`: the written forms, Istanbul time, and a calendar of the test's own.

use crate::support::{check_stored, texts};
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::model::expiry_date::ExpiryDate;
use paytr_link_relay::packed::unpack;
use proptest::prelude::*;

const FORM: &str = "must be a date and time such as";
const NO_OFFSET: &str = "has no offset";
const LEAP_SECOND: &str = "has a second 60";
const NO_SUCH_TIME: &str = "does not exist";
const NO_TIME: &str = "has no time of day; it must be a date and time such as";
const NO_MINUTES: &str = "has no minutes; it must be a date and time such as";
const NO_SECONDS: &str = "has neither seconds nor an offset; it must be a date and time such as";
const OFFSET_FORM: &str = "has an offset that is not written like +03:00; it must be a date and time such as";
const ZONE_NAME: &str =
    "has the name of a time zone, where its offset alone belongs; it must be a date and time such as";
const BLANK: &str = "has a blank too many; it must be a date and time such as";
const TOO_FAR: &str = "is too far off: in Istanbul it is the year 10000 then";
const PAST: &str = "has passed";

fn parse(written: &str) -> Result<ExpiryDate, &'static str> {
    ExpiryDate::parse(&JsonValue::Text(written.to_owned()))
}

#[test]
fn every_form_becomes_istanbul_time_and_milliseconds() {
    let november: &[&str] = &[
        "2026-11-25 13:00:00",
        "2026-11-25T13:00:00+03:00",
        "2026-11-25T10:00:00Z",
        "2026-11-25t10:00:00z",
        "2026-11-25T10:00:00-00:00",
        "2026-11-25T15:30:00+05:30",
        "2026-11-25T10:00:00.999Z",
        "2026-11-25T10:00:00.0Z",
        "2026-11-25T10:00:00.123456789+00:00",
        "2026-11-25T10:00:00.1234567890123456789Z",
    ];
    let without_seconds: &[&str] = &[
        "2026-12-31T18:00+03:00",
        "2026-12-31T15:00Z",
        "2026-12-31t15:00z",
        "2026-12-31 18:00+03:00",
        "2026-12-31 15:00Z",
    ];
    let with_a_blank: &[&str] = &[
        "2027-01-01 23:59:59+03:00",
        "2027-01-01 20:59:59Z",
        "2027-01-01 20:59:59z",
        "2027-01-01 20:59:59.123456+00:00",
        "2027-01-01 12:59:59-08:00",
        "2027-01-02 20:58:59+23:59",
    ];
    for (paytr, unix_ms, forms) in [
        ("2026-11-25 13:00:00", 1_795_600_800_000, november),
        ("2026-12-31 18:00:00", 1_798_729_200_000, without_seconds),
        ("2027-01-01 23:59:59", 1_798_837_199_000, with_a_blank),
        ("9999-12-31 23:59:59", 253_402_289_999_000, &["9999-12-31T20:59:59Z", "9999-12-31 23:59:59"]),
        ("0000-01-01 03:00:00", 0, &["0000-01-01T00:00:00Z"]),
        ("2026-07-01 13:00:00", 1_782_900_000_000, &["2026-07-01T10:00:00Z"]),
        ("2027-01-01 00:00:00", 1_798_750_800_000, &["2026-12-31T21:00:00Z"]),
        ("2027-01-01 14:59:59", 1_798_804_799_000, &["2026-12-31T23:59:59-12:00"]),
        ("2028-02-29 00:00:00", 1_835_384_400_000, &["2028-02-29 00:00:00"]),
        ("1970-01-01 03:00:00", 0, &["1970-01-01T00:00:00Z"]),
        ("1970-01-01 02:59:59", 0, &["1969-12-31T23:59:59Z"]),
    ] {
        for written in forms {
            let date = parse(written).unwrap_or_else(|words| panic!("{written} {words}"));
            assert_eq!((date.to_paytr(), date.unix_ms()), (paytr, unix_ms), "{written}");
        }
    }
}

#[test]
fn what_is_no_moment_is_refused_in_words() {
    let long = format!("2026-11-25T10:00:00.{}Z", "0".repeat(20));
    for (words, written) in texts(&[
        (NO_TIME, &["2026-11-25"]),
        (NO_SECONDS, &["2026-11-25 13:00"]),
        (NO_MINUTES, &["2026-11-25 13", "2026-11-25T13", "2026-11-25T13Z", "2026-11-25T13z", "2026-11-25T13+03:00"]),
        (NO_MINUTES, &["2026-11-25T13-03:00"]),
        (FORM, &["", "2026-11-25T", "2026-11-25T13h00", "2026-11-25T130000Z", "2026-11-25T13:0", "2026-11-25T13:00:0"]),
        (FORM, &["2026-11-25T13:00:", "2026-11-25T13:00.5Z", "2026-11-25T13:00:00.Z", "2026-11-25T13:00:00,5Z"]),
        (FORM, &["25.11.2026 13:00:00", "25-11-2026 13:00:00", "2026/11/25 13:00:00", "2026-11-25_13:00:00"]),
        (FORM, &["2026-11-25T13:00:00ZZ", "+2026-11-25T13:00:00Z", "+12026-11-25T13:00:00Z", "2026-W48-3T13:00:00Z"]),
        (FORM, &["20261125T130000Z", "1795600800", "tomorrow", "2026-11-2٥ 13:00:00", "xxxxxxxxxxxxxxxxx60", &long]),
        (BLANK, &["2026-11-25  13:00:00", " 2026-11-25 13:00:00", "2026-11-25 13:00:00 ", "2026-11-25T 13:00:00Z"]),
        (BLANK, &["2026-11-25T13:00:00 +03:00", "2026-11-25T13:00:00Z\n"]),
        (NO_OFFSET, &["2026-11-25 13:00:00.5", "2026-11-25T13:00:00", "2026-11-25T13:00:00.5", "2026-11-25T13:00"]),
        (OFFSET_FORM, &["2026-11-25T13:00:00+0300", "2026-11-25T13:00:00+03", "2027-01-01 23:59:59+03"]),
        (OFFSET_FORM, &["2026-11-25T13:00:00+3:00", "2026-11-25T13:00:00+03:00:00", "2026-11-25T13:00:00-"]),
        (OFFSET_FORM, &["2026-11-25T13:00:00++3:00"]),
        (ZONE_NAME, &["2026-12-31T18:00+03:00[Europe/Istanbul]"]),
        (LEAP_SECOND, &["2026-12-31T23:59:60Z", "2026-12-31T23:59:60+03:00", "2026-12-31 23:59:60"]),
        (LEAP_SECOND, &["2027-01-01T02:59:60+03:00", "2026-12-31T23:59:60"]),
        (NO_SUCH_TIME, &["2026-02-29T00:00:00Z", "2026-02-30 00:00:00", "2100-02-29 00:00:00", "2026-04-31 00:00:00"]),
        (NO_SUCH_TIME, &["2026-13-01 00:00:00", "2026-00-01 00:00:00", "2026-01-00 00:00:00"]),
        (NO_SUCH_TIME, &["2026-11-25 24:00:00", "2026-11-25 23:60:00", "2026-11-25 23:59:61"]),
        (NO_SUCH_TIME, &["2026-11-25T13:00:00+24:00", "2026-11-25T13:00:00+03:60", "2026-11-25T13:00:00+99:99"]),
        (NO_SUCH_TIME, &["2026-11-25T13:00:00+24:59", "2026-11-25T13:00-23:60"]),
        (TOO_FAR, &["9999-12-31T23:59:59Z", "9999-12-31T21:00:00Z", "9999-12-31T23:59:59-23:59", "9999-12-31T23:59Z"]),
        (PAST, &["0000-01-01T00:00:00+10:00"]),
    ]) {
        match parse(written) {
            Err(refused) => assert!(refused.contains(words), "{written} {refused}"),
            Ok(date) => panic!("{written} is {}", date.to_paytr()),
        }
    }
}

#[test]
fn a_date_that_is_no_text_is_refused() {
    for json in ["1795600800", "null", "true", "[]", "{}", "1.5"] {
        let refused = ExpiryDate::parse(&JsonValue::parse(json.as_bytes()).unwrap()).unwrap_err();
        assert!(refused.contains("must be text"), "{json}");
    }
}

#[test]
fn a_moment_is_past_once_it_has_come() {
    let date = parse("2026-11-25 13:00:00").unwrap();
    let cases = [(0, false), (1_795_600_799_999, false), (1_795_600_800_000, true), (u64::MAX, true)];
    for (now_ms, is_past) in cases {
        assert_eq!(date.is_past(now_ms), is_past, "{now_ms}");
    }
}

#[test]
fn a_date_is_stored_in_paytrs_form() {
    let date = parse("2026-11-25T10:00:00Z").unwrap();
    check_stored(&date, b"\x1a\x132026-11-25 13:00:00\x80\xb2\x97\x91\xa14");
    assert_eq!(unpack::<ExpiryDate>(b"\x04soon"), None);
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Counted year by year and month by month.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let years: i64 = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    let months: i64 = (1..month).map(|month| days_in(year, month)).sum();
    years + months + day - 1
}

proptest! {
    #[test]
    fn every_moment_is_the_one_that_a_calendar_counted_by_hand_gives(
        year in 1971_i64..=9998, month in 1_i64..=12, day in 1_i64..=31,
        (hour, minute, second) in (0_i64..24, 0_i64..60, 0_i64..60),
        (sign, offset_hour, offset_minute) in (any::<bool>(), 0_i64..24, 0_i64..60),
    ) {
        let clock = format!("{hour:02}:{minute:02}:{second:02}");
        let date = format!("{year:04}-{month:02}-{day:02}");
        let (sign, direction) = if sign { ('+', 1) } else { ('-', -1) };
        let rfc_3339 = format!("{date}T{clock}{sign}{offset_hour:02}:{offset_minute:02}");
        let istanbul = format!("{date} {clock}");
        if day > days_in(year, month) {
            prop_assert!(parse(&rfc_3339).is_err() && parse(&istanbul).is_err());
            return Ok(());
        }
        let local = days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
        let unix = local - direction * (offset_hour * 3600 + offset_minute * 60);
        let parsed = parse(&rfc_3339).unwrap();
        prop_assert_eq!(parsed.unix_ms(), u64::try_from(unix).unwrap() * 1000);
        // What goes to PayTR is the same moment, and comes back as itself.
        let again = parse(parsed.to_paytr()).unwrap();
        prop_assert_eq!(&again, &parsed);
        let in_istanbul = parse(&istanbul).unwrap();
        prop_assert_eq!(in_istanbul.to_paytr(), istanbul.as_str());
        prop_assert_eq!(in_istanbul.unix_ms(), u64::try_from(local - 3 * 3600).unwrap() * 1000);
    }

    #[test]
    fn no_text_at_all_breaks_the_parser(written in "[0-9TZtz:+. -]{0,45}") {
        if let Ok(date) = parse(&written) {
            prop_assert_eq!(date.to_paytr().len(), 19);
        }
    }
}
