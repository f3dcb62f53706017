//! Phone numbers and addresses: every written form, and what is none.

use crate::model_characters::check;
use crate::support::{check_stored, texts};
use paytr_link_relay::model::characters::{is_dash, is_invisible};
use paytr_link_relay::model::recipient::{CellPhone, Email, Recipient, looks_like_personal_data};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::Value;

const PHONES: &str = include_str!("../vectors/cell-phones.jsonl");
const EMAILS: &str = include_str!("../vectors/emails.jsonl");

/// Holds a parser to each line of a file of vectors: what is written, and what it stands for or a part of the refusal.
fn check_vectors(file: &str, member: &str, parse: impl Fn(&str) -> Result<String, &'static str>) {
    for line in file.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let text = |name: &str| line[name].as_str();
        match (parse(text("written").unwrap()), text(member), text("refusal")) {
            (Ok(parsed), Some(expected), None) => assert_eq!(parsed, expected, "{line}"),
            (Err(refusal), None, Some(part)) => assert!(refusal.contains(part), "{line}: {refusal}"),
            (parsed, ..) => panic!("{line}: {:?}", parsed.map(|_| "taken")),
        }
    }
}

#[test]
fn a_recipient_is_stored_with_the_number_of_its_way() {
    let phone = Recipient::CellPhone(CellPhone::parse("0532 123 45 67").unwrap());
    check_stored(&phone, b"\0\x0c\x0b05321234567");
    let email = Recipient::Email(Email::parse("a@example.com").unwrap());
    check_stored(&email, b"\x01\x0e\x0da@example.com");
}

#[test]
fn every_spelling_of_a_number_is_brought_to_paytrs_and_all_else_is_refused_with_what_is_wrong() {
    check_vectors(PHONES, "number", |written| CellPhone::parse(written).map(|phone| phone.as_str().to_owned()));
    for number in ["05000000000", "05999999999", "05550905090", "05901234567"] {
        assert_eq!(CellPhone::parse(number).as_ref().map(CellPhone::as_str), Ok(number));
    }
}

#[test]
fn what_is_dropped_from_a_number_does_not_count_as_its_length() {
    let spread: String = "05321234567".chars().flat_map(|digit| [digit, '\u{200b}', ' ', '\u{2011}']).collect();
    let padded = format!("{}05321234567{}", " ".repeat(5000), "\u{a0}".repeat(5000));
    for written in [spread, padded] {
        assert_eq!(CellPhone::parse(&written).as_ref().map(CellPhone::as_str), Ok("05321234567"));
    }
    assert_eq!(CellPhone::parse(&"5".repeat(5000)), Err("is more than one number; give one"));
}

#[test]
fn what_is_dropped_is_what_unicode_calls_white_space_dashes_and_format_characters() {
    let separators = r"[\p{White_Space}\p{Pd}\x{2212}\p{Cf}\x{ad}\x{fe00}-\x{fe0f}.()/]";
    check(is_dash, r"[\p{Pd}\x{2212}]");
    check(is_invisible, r"[\p{Cf}\x{ad}\x{fe00}-\x{fe0f}]");
    check(|character| CellPhone::parse(&format!("0532{character}1234567")).is_ok(), separators);
}

fn address_of(length: usize) -> String {
    let (local, top) = ("a".repeat(30), "@example.com");
    format!("{local}@{}.{}", "x".repeat(length - local.len() - top.len() - 1), &top[1..])
}

#[test]
fn an_address_is_taken_as_it_is() {
    let longest = address_of(100);
    let long_label = format!("a@{}.com", "x".repeat(63));
    for (_, written) in texts(&[
        ("local parts", &["musteri@example.com", "musteri+fatura@example.com", "!#$%'*+/?^_`{|}~-@example.com"]),
        ("capitals", &["Musteri@Example.COM"]),
        ("short ones", &["a@b.co", "1@2.tr"]),
        ("hosts", &["m.u.s@sube.ornek.com.tr", "musteri@xn--rnek-4qa.com", "musteri@a-b.example.com"]),
        ("digits at a dash", &["musteri@1-2.example.com"]),
        ("the longest", &[&longest, &long_label]),
    ]) {
        assert_eq!(Email::parse(written).as_ref().map(Email::as_str), Ok(written));
    }
}

#[test]
fn an_address_is_freed_of_what_surrounds_it_and_all_else_is_refused_with_what_is_wrong() {
    check_vectors(EMAILS, "address", |written| {
        let parsed = Email::parse(written).map(|email| email.as_str().to_owned());
        // No refusal advises another address.
        assert!(
            !parsed.as_ref().is_err_and(|refusal| refusal.contains("xn--") || refusal.contains("gmail")),
            "{written}"
        );
        parsed
    });
}

#[test]
fn what_is_not_one_address_is_refused() {
    let long_label = format!("a@{}.com", "x".repeat(64));
    for (what, written) in texts(&[
        ("no at sign", &["musteri"]),
        ("nothing on a side of it", &["@", "@example.com", "musteri@"]),
        ("no host", &["musteri@example", "musteri@.com", "musteri@example.", &long_label]),
        ("quoted", &["\"musteri\"@example.com", "<musteri@example.com>"]),
        ("signs of lists", &["a,b@example.com", "a;b@example.com", "a:b@example.com"]),
        ("brackets", &["a(b)@example.com", "a\\b@example.com", "a[b]@example.com"]),
        ("signs of forms", &["a&b@example.com", "a=b@example.com", "a@example.com&debug_on=1"]),
        ("a dash at an end", &["a@-example.com", "a@example-.com", "a@example.-com", "a@example.com-", "a@-.com"]),
        ("no sign of a host", &["a@exa_mple.com", "a@exa+mple.com", "a@example.com/"]),
        ("an address or a port", &["a@[127.0.0.1]", "a@example.com:25"]),
        ("control characters", &["mus\u{0}teri@example.com", "mus\u{7f}teri@example.com"]),
    ]) {
        let error = Email::parse(written).expect_err(written);
        assert!(error.contains("is not one e-mail address"), "{what}: {written:?} {error}");
    }
    assert!(Email::parse(&address_of(101)).unwrap_err().contains("is over 100 characters"));
}

#[test]
fn a_recipient_knows_its_text_its_field_and_its_telltale() {
    let phone = Recipient::CellPhone(CellPhone::parse("+90 500 123 45 67").unwrap());
    assert_eq!((phone.as_str(), phone.field(), phone.redaction_needle()), ("05001234567", "cell_phone", "5001234567"));
    let email = Recipient::Email(Email::parse("0Musteri@example.com").unwrap());
    assert_eq!((email.as_str(), email.field()), ("0Musteri@example.com", "email"));
    assert_eq!(email.redaction_needle(), "0Musteri@example.com");
}

#[test]
fn a_masked_recipient_cannot_be_reached() {
    let email = |written| Recipient::Email(Email::parse(written).unwrap());
    let phone = Recipient::CellPhone(CellPhone::parse("+90 532 123 45 67").unwrap());
    assert_eq!(phone.masked(), "05*******67");
    for (written, masked) in [
        ("musteri@example.com", "m***@e***.com"),
        ("a@b.co", "a***@b***.co"),
        ("Ayse.Fatma+a@mail.example.com.tr", "A***@m***.tr"),
        ("'@x.y", "'***@x***.y"),
    ] {
        assert_eq!(email(written).masked(), masked);
    }
}

#[test]
fn a_recipient_cannot_be_printed() {
    let phone = CellPhone::parse("05321234567").unwrap();
    let email = Email::parse("musteri@example.com").unwrap();
    assert_eq!(format!("{phone:?}"), "CellPhone([redacted])");
    assert_eq!(format!("{email:?}"), "Email([redacted])");
    assert_eq!(format!("{:?}", Recipient::CellPhone(phone)), "Recipient([redacted])");
    assert_eq!(format!("{:?}", Recipient::Email(email)), "Recipient([redacted])");
}

/// Ids as shops and libraries make them: no recipient is in any.
const IDS: &[(&str, &[&str])] = &[
    ("short", &["", "msg_1", "order-1234", "532123456"]),
    ("of a library", &["msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", "evt_685c059ae39c8190af8c71ed1022a24d"]),
    ("UUIDs", &["550e8400-5123-4567-8901-446655440000", "550e8400-e29b-0532-1234-567890123456"]),
    ("hexadecimal", &["msg_3f5a05512345678901c0ffee", "msg_3f5a05321234567c0ffee", "53212a34567"]),
    ("an order and a time", &["order-15481-1795601234", "order-1795000000123", "1855555555555_1"]),
    ("a day and an order", &["20261125-053212-4567", "20261125T053212345", "2026-11-25-05-32-12-345"]),
    ("digits", &["1795000000123", "20261125053212345678", "02121234467", "0123467890123467890", "5612345678901"]),
];

#[test]
fn an_id_that_holds_no_recipient_is_told_from_one_that_does() {
    let phone = Recipient::CellPhone(CellPhone::parse("05421112201").unwrap());
    for (what, id) in texts(IDS) {
        assert!(!looks_like_personal_data(id, &[]) && !looks_like_personal_data(id, &[&phone]), "{what}: {id}");
    }
}

const DECIMAL: &str = "0123456789";
const HEXADECIMAL: &str = "0123456789abcdef";
const CROCKFORD: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const NANOID: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";

/// Letters as often as said, or a fixed text.
type Part = (&'static str, usize);
const UUID: &[Part] = &[
    (HEXADECIMAL, 8),
    DASH,
    (HEXADECIMAL, 4),
    ("-4", 0),
    (HEXADECIMAL, 3),
    DASH,
    (HEXADECIMAL, 4),
    DASH,
    (HEXADECIMAL, 12),
];
const DASH: Part = ("-", 0);

/// The usual generators of ids.
const GENERATORS: [(&str, &[Part]); 8] = [
    ("UUID", UUID),
    ("32 hexadecimal digits", &[("msg_", 0), (HEXADECIMAL, 32)]),
    ("40 hexadecimal digits", &[("msg_", 0), (HEXADECIMAL, 40)]),
    ("KSUID", &[("msg_", 0), (BASE62, 27)]),
    ("ULID", &[("01", 0), (CROCKFORD, 24)]),
    ("Nano ID", &[(NANOID, 21)]),
    ("an order and Unix seconds", &[("order-", 0), (DECIMAL, 5), ("-179", 0), (DECIMAL, 7)]),
    ("a day and an order", &[("20261125-", 0), (DECIMAL, 6)]),
];

/// An id as this generator makes one, of what `random` draws below a bound.
fn generated(parts: &[(&str, usize)], random: &mut impl FnMut(usize) -> usize) -> String {
    let mut draw = |&(letters, count): &(&str, usize)| -> String {
        if count == 0 {
            return letters.to_owned();
        }
        (0..count).map(|_| char::from(letters.as_bytes()[random(letters.len())])).collect()
    };
    parts.iter().map(&mut draw).collect()
}

#[test]
fn of_five_thousand_ids_of_each_usual_generator_none_is_taken_for_somebody() {
    let phone = Recipient::CellPhone(CellPhone::parse("05421112201").unwrap());
    let mut rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut random = |bound: usize| rng.random_range(0..bound);
    for (name, parts) in GENERATORS {
        let ids = (0..5000).map(|_| generated(parts, &mut random));
        let taken: Vec<String> =
            ids.filter(|id| looks_like_personal_data(id, &[&phone]) || looks_like_personal_data(id, &[])).collect();
        assert!(taken.is_empty(), "{name}: {taken:?}");
    }
}

#[test]
fn a_number_with_its_zero_or_country_code_and_an_address_are_found_whoever_the_message_is_for() {
    let phone = Recipient::CellPhone(CellPhone::parse("05421112201").unwrap());
    for (what, text) in texts(&[
        ("bare", &["05321234567", "+905321234567", "00905321234567", "9005321234567", "+90(0)5321234567"]),
        ("behind a word", &["sms-05321234567", "sms05321234567", "order_905321234567_2", "1795000000123-05321234567"]),
        ("in groups", &["sms-0532-123-45-67", "0532_123_45_67", "(0532)123-45-67", "0532:123:45:67", "0532/123/4567"]),
        ("in groups with a code", &["0-532-1234567", "+90 532 123 45 67", "+90-(532)-123-45-67"]),
        ("an address", &["musteri@example.com", "@"]),
    ]) {
        assert!(looks_like_personal_data(text, &[]) && looks_like_personal_data(text, &[&phone]), "{what}: {text}");
    }
}

#[test]
fn ten_digits_that_begin_with_5_are_a_number_only_if_no_recipient_could_be_read() {
    let phone = Recipient::CellPhone(CellPhone::parse("05421112201").unwrap());
    for text in ["5321234567", "order-5321234567", "532-123-45-67", "532*123*4567", "5000000000"] {
        assert!(looks_like_personal_data(text, &[]) && !looks_like_personal_data(text, &[&phone]), "{text}");
    }
}

#[test]
fn a_messages_own_recipient_is_found_however_it_is_grouped() {
    let phone = Recipient::CellPhone(CellPhone::parse("05421112201").unwrap());
    for text in ["5421112201", "x5-4-2-1-1-1-2-2-0-1", "17955421112201", "05 4211 12201", "a1b5421112201c"] {
        assert!(looks_like_personal_data(text, &[&phone]), "{text}");
    }
    let email = Recipient::Email(Email::parse("Ayse.Y@example.com").unwrap());
    for text in ["ayse-y-example-com", "AYSE_Y_EXAMPLE_COM-7", "order/ayse.y/example.com"] {
        assert!(looks_like_personal_data(text, &[&email]) && !looks_like_personal_data(text, &[]), "{text}");
    }
    assert!(!looks_like_personal_data("ayse-z-example-com", &[&email]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn every_accepted_number_is_05_and_nine_digits(written in "[+]?[0-9 .()/a&\u{a0}\u{200b}-]{0,6}[59]?[0-9 .()/-]{8,16}") {
        if let Ok(phone) = CellPhone::parse(&written) {
            let digits = phone.as_str().strip_prefix("05").unwrap();
            prop_assert!(digits.len() == 9 && digits.bytes().all(|byte| byte.is_ascii_digit()));
            // The number is the end of what was written: no digit is made up, moved or lost.
            let given: String = written.chars().filter(char::is_ascii_digit).collect();
            prop_assert!(given.ends_with(&phone.as_str()[1..]));
        }
    }

    #[test]
    fn every_number_is_accepted_in_every_form(subscriber in "[0-9]{9}", separator in "[\\s\\p{Pd}\\p{Cf}.()/]{0,3}", place in 0..9_usize) {
        let expected = format!("05{subscriber}");
        let (head, tail) = subscriber.split_at(place);
        for prefix in ["0", "", "90", "+90", "0090", "900", "+900", "00900"] {
            let written = format!("{prefix}{separator}5{head}{separator}{tail}");
            let parsed = CellPhone::parse(&written);
            prop_assert_eq!(parsed.as_ref().map(CellPhone::as_str), Ok(expected.as_str()), "{}", written);
            let recipient = Recipient::CellPhone(parsed.unwrap());
            prop_assert!(looks_like_personal_data(&written, &[&recipient]), "{}", written);
            prop_assert!(looks_like_personal_data(&format!("{prefix}5{subscriber}"), &[]), "{}", written);
        }
    }

    #[test]
    fn no_text_makes_a_parser_panic(written in any::<String>()) {
        prop_assert!(CellPhone::parse(&written).is_err());
        prop_assert!(Email::parse(&written).is_err() || written.contains('@'));
        prop_assert!(looks_like_personal_data(&written, &[]) || !written.contains('@'));
    }
}
