//! Phone numbers and addresses: every written form, and what is none.

use paytr_link_relay::model::recipient::{CellPhone, Email, Recipient, looks_like_personal_data};
use proptest::prelude::*;

const NOT_ASCII: &str = "is not ASCII";
const NOT_MOBILE: &str = "is not a Turkish mobile number";
const NOT_ADDRESS: &str = "is not one e-mail address";

#[test]
fn every_written_form_of_a_mobile_number_is_brought_to_paytrs() {
    let padded = format!("05321234567{}", " ".repeat(21));
    assert_eq!(padded.len(), 32);
    for written in [
        "05321234567",
        "5321234567",
        "905321234567",
        "+905321234567",
        "00905321234567",
        "0532 123 45 67",
        "0 532 123 45 67",
        "0-532-123-45-67",
        "0532.123.45.67",
        "(0532) 123 45 67",
        "(532) 123 45 67",
        "0(532)1234567",
        "+90 532 123 45 67",
        "+90 (532) 123-45-67",
        "+ 90 532 123 45 67",
        "(+90) 532 123 45 67",
        "0090 532 123 45 67",
        "00 90 532 123 45 67",
        "90-532-123-45-67",
        " 05321234567 ",
        "-.()0-.()5-.()321234567",
        &padded,
    ] {
        let parsed = CellPhone::parse(written).unwrap_or_else(|error| panic!("{written:?} {error}"));
        assert_eq!(parsed.as_str(), "05321234567", "{written:?}");
    }
    for number in ["05000000000", "05999999999", "05550905090", "05901234567"] {
        assert_eq!(CellPhone::parse(number).as_ref().map(CellPhone::as_str), Ok(number));
    }
}

#[test]
fn what_is_no_mobile_number_is_refused() {
    let too_long = format!("05321234567{}", " ".repeat(22));
    let cases = [
        ("", "is empty"),
        (" ", NOT_MOBILE),
        ("+", NOT_MOBILE),
        ("0", NOT_MOBILE),
        ("90", NOT_MOBILE),
        ("5", NOT_MOBILE),
        ("+90 0532 123 45 67", NOT_MOBILE),
        ("0090 0532 123 45 67", NOT_MOBILE),
        ("90 0532 123 45 67", NOT_MOBILE),
        ("+90 90 532 123 45 67", NOT_MOBILE),
        ("005321234567", NOT_MOBILE),
        ("+5321234567", NOT_MOBILE),
        ("+05321234567", NOT_MOBILE),
        ("++905321234567", NOT_MOBILE),
        ("+00905321234567", NOT_MOBILE),
        ("02121234567", NOT_MOBILE),
        ("04441234567", NOT_MOBILE),
        ("+902121234567", NOT_MOBILE),
        ("0532123456", NOT_MOBILE),
        ("053212345678", NOT_MOBILE),
        ("532123456", NOT_MOBILE),
        ("53212345678", NOT_MOBILE),
        ("+9053212345678", NOT_MOBILE),
        ("+495321234567", NOT_MOBILE),
        ("+15321234567", NOT_MOBILE),
        ("0532123456a", NOT_MOBILE),
        ("0532I234567", NOT_MOBILE),
        ("O5321234567", NOT_MOBILE),
        ("0532123+4567", NOT_MOBILE),
        ("05321234567&id=x", NOT_MOBILE),
        ("05321234567=", NOT_MOBILE),
        ("0532123456&", NOT_MOBILE),
        ("05321234567\r\n", NOT_MOBILE),
        ("05321234567\n", NOT_MOBILE),
        ("0532\t1234567", NOT_MOBILE),
        ("05321234567\u{0}", NOT_MOBILE),
        ("05321234567,05321234568", NOT_MOBILE),
        ("05321234567/8", NOT_MOBILE),
        ("tel:05321234567", NOT_MOBILE),
        ("05321234567 05321234568", NOT_MOBILE),
        ("０５３２１２３４５６７", NOT_ASCII),
        ("٠٥٣٢١٢٣٤٥٦٧", NOT_ASCII),
        ("۰۵۳۲۱۲۳۴۵۶۷", NOT_ASCII),
        ("0532\u{a0}1234567", NOT_ASCII),
        ("0532\u{200b}1234567", NOT_ASCII),
        ("0532\u{2013}1234567", NOT_ASCII),
        ("\u{feff}05321234567", NOT_ASCII),
        (&too_long, "is too long"),
    ];
    for (written, expected) in cases {
        let error = CellPhone::parse(written).expect_err(written);
        assert!(error.contains(expected), "{written:?} {error}");
    }
}

fn address_of(length: usize) -> String {
    let domain = "@example.com";
    format!("{}{domain}", "a".repeat(length - domain.len()))
}

#[test]
fn an_address_is_taken_as_it_is() {
    let longest = address_of(100);
    let long_label = format!("a@{}.com", "x".repeat(63));
    for written in [
        "musteri@example.com",
        "Musteri@Example.COM",
        "musteri+fatura@example.com",
        "a@b.co",
        "1@2.3",
        "m.u.s@sube.ornek.com.tr",
        ".musteri.@example.com",
        "!#$%'*+/?^_`{|}~-@example.com",
        "musteri@xn--rnek-4qa.com",
        "musteri@a-b.example.com",
        "musteri@1-2.example.com",
        &longest,
        &long_label,
    ] {
        assert_eq!(Email::parse(written).as_ref().map(Email::as_str), Ok(written));
    }
}

#[test]
fn what_is_not_one_address_is_refused() {
    let too_long = address_of(101);
    let long_label = format!("a@{}.com", "x".repeat(64));
    let cases = [
        ("", "is empty"),
        (" ", NOT_ADDRESS),
        ("musteri", NOT_ADDRESS),
        ("@", NOT_ADDRESS),
        ("@example.com", NOT_ADDRESS),
        ("musteri@", NOT_ADDRESS),
        ("musteri@example", NOT_ADDRESS),
        ("musteri@.com", NOT_ADDRESS),
        ("musteri@example.", NOT_ADDRESS),
        ("musteri@example..com", NOT_ADDRESS),
        ("musteri@.", NOT_ADDRESS),
        ("a@b@example.com", NOT_ADDRESS),
        ("a@@example.com", NOT_ADDRESS),
        ("musteri@example.com@", NOT_ADDRESS),
        (" musteri@example.com", NOT_ADDRESS),
        ("musteri@example.com ", NOT_ADDRESS),
        ("mus teri@example.com", NOT_ADDRESS),
        ("musteri@exam ple.com", NOT_ADDRESS),
        ("\"musteri\"@example.com", NOT_ADDRESS),
        ("Musteri <musteri@example.com>", NOT_ADDRESS),
        ("<musteri@example.com>", NOT_ADDRESS),
        ("a@example.com,b@example.com", NOT_ADDRESS),
        ("a,b@example.com", NOT_ADDRESS),
        ("a@example.com;b@example.com", NOT_ADDRESS),
        ("a;b@example.com", NOT_ADDRESS),
        ("a:b@example.com", NOT_ADDRESS),
        ("a(b)@example.com", NOT_ADDRESS),
        ("a\\b@example.com", NOT_ADDRESS),
        ("a[b]@example.com", NOT_ADDRESS),
        ("a&b@example.com", NOT_ADDRESS),
        ("a=b@example.com", NOT_ADDRESS),
        ("a@example.com&debug_on=1", NOT_ADDRESS),
        ("a@-example.com", NOT_ADDRESS),
        ("a@example-.com", NOT_ADDRESS),
        ("a@example.-com", NOT_ADDRESS),
        ("a@example.com-", NOT_ADDRESS),
        ("a@-.com", NOT_ADDRESS),
        ("a@exa_mple.com", NOT_ADDRESS),
        ("a@exa+mple.com", NOT_ADDRESS),
        ("a@[127.0.0.1]", NOT_ADDRESS),
        ("a@example.com:25", NOT_ADDRESS),
        ("a@example.com/", NOT_ADDRESS),
        ("musteri@example.com\r\nBcc: b@example.com", NOT_ADDRESS),
        ("musteri@example.com\n", NOT_ADDRESS),
        ("mus\rteri@example.com", NOT_ADDRESS),
        ("mus\tteri@example.com", NOT_ADDRESS),
        ("mus\u{0}teri@example.com", NOT_ADDRESS),
        ("mus\u{7f}teri@example.com", NOT_ADDRESS),
        ("çağrı@example.com", NOT_ASCII),
        ("musteri@örnek.com.tr", NOT_ASCII),
        ("musteri@ex\u{430}mple.com", NOT_ASCII),
        ("mustеri@example.com", NOT_ASCII),
        ("musteri＠example.com", NOT_ASCII),
        ("musteri@example.com\u{200b}", NOT_ASCII),
        (&too_long, "is over 100 characters"),
        (&long_label, NOT_ADDRESS),
    ];
    for (written, expected) in cases {
        let error = Email::parse(written).expect_err(written);
        assert!(error.contains(expected), "{written:?} {error}");
    }
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

#[test]
fn a_text_that_may_hold_a_recipient_is_found() {
    for text in [
        "05321234567",
        "5321234567",
        "+905321234567",
        "sms-05321234567",
        "order_905321234567_2",
        "0532-123-45-67",
        "0532_123_45_67",
        "(0532)123-45-67",
        "0532:123:45:67",
        "0532/123/45/67",
        "5321 234567",
        "532*123*45*67",
        "+90 532 123 45 67",
        "a5b05321234567",
        "musteri@example.com",
        "@",
        "x@y",
        "5000000000",
        "12353212345670",
        "1205321234567",
        "1705321234567",
        "17955321234567",
        "1795000000123-05321234567",
    ] {
        assert!(looks_like_personal_data(text), "{text}");
    }
    for text in [
        "",
        "msg_1",
        "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
        "532123456",
        "02121234467",
        "0123467890123467890",
        "order-1234",
        "order-1795000000123",
        "1795000000123",
        "1855555555555_1",
        "53212a34567",
        "evt_685c059ae39c8190af8c71ed1022a24d",
    ] {
        assert!(!looks_like_personal_data(text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn every_accepted_number_is_05_and_nine_digits(written in "[+]?[0-9 .()a&-]{0,4}[59]?[0-9 .()-]{8,16}") {
        if let Ok(phone) = CellPhone::parse(&written) {
            let digits = phone.as_str().strip_prefix("05").unwrap();
            prop_assert!(digits.len() == 9 && digits.bytes().all(|byte| byte.is_ascii_digit()));
            // The number is the end of what was written: no digit is made up, moved or lost.
            let given: String = written.chars().filter(char::is_ascii_digit).collect();
            prop_assert!(given.ends_with(&phone.as_str()[1..]));
        }
    }

    #[test]
    fn every_number_is_accepted_in_every_form(subscriber in "[0-9]{9}", separator in "[ .()-]{0,1}", place in 0..9_usize) {
        let expected = format!("05{subscriber}");
        let (head, tail) = subscriber.split_at(place);
        for prefix in ["0", "", "90", "+90", "0090"] {
            let written = format!("{prefix}{separator}5{head}{separator}{tail}");
            let parsed = CellPhone::parse(&written);
            prop_assert_eq!(parsed.as_ref().map(CellPhone::as_str), Ok(expected.as_str()), "{}", written);
            prop_assert!(looks_like_personal_data(&written.replace([' ', '.'], "-")), "{}", written);
        }
    }

    #[test]
    fn no_text_makes_a_parser_panic(written in any::<String>()) {
        prop_assert!(CellPhone::parse(&written).is_err());
        prop_assert!(Email::parse(&written).is_err() || written.contains('@'));
        prop_assert!(looks_like_personal_data(&written) || !written.contains('@'));
    }
}
