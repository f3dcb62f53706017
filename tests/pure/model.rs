//! The fields of a payment link: what is taken, and in which words the rest is refused. `expiry_date` is in
//! `model_expiry_date`.

use crate::support::{check_stored, texts};
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::model::callback_id::CallbackId;
use paytr_link_relay::model::count::Count;
use paytr_link_relay::model::currency::Currency;
use paytr_link_relay::model::installments::{MaxInstallment, Pft};
use paytr_link_relay::model::lang::Lang;
use paytr_link_relay::model::link_name::LinkName;
use paytr_link_relay::model::link_type::LinkType;
use paytr_link_relay::model::price::Price;
use paytr_link_relay::model::reference::Reference;
use paytr_link_relay::model::user_name::UserName;
use paytr_link_relay::model::{LinkId, OrderKey};
use std::fmt::Debug;

fn node(json: &str) -> JsonValue {
    JsonValue::parse(json.as_bytes()).unwrap()
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Each JSON text that is taken with what it is taken as, and each that is refused behind a part of the words.
fn check<T: Debug, V: PartialEq + Debug>(
    parse: fn(&JsonValue) -> Result<T, &'static str>,
    value: impl Fn(&T) -> V,
    taken: &[(&str, V)],
    refused: &[(&str, &[&str])],
) {
    for (json, expected) in taken {
        let parsed = parse(&node(json)).unwrap_or_else(|words| panic!("{json}: {words}"));
        assert_eq!(value(&parsed), *expected, "{json}");
    }
    for (expected, json) in texts(refused) {
        match parse(&node(json)) {
            Err(words) => assert!(words.contains(expected), "{json}: {words}"),
            Ok(parsed) => panic!("{json} is {parsed:?}"),
        }
    }
}

const CONTROL: &str = "has a control character";
const SEPARATOR: &str = "has a separator of lines or paragraphs";
const DIRECTION: &str = "has a character that turns the direction of writing";
const NOTHING: &str = "has nothing in it that can be read";

#[test]
fn a_name_has_4_to_200_characters_in_one_line() {
    const SHORT: &str = "is shorter than 4 characters";
    let name_of = |count: usize| quoted(&"ğ".repeat(count));
    let owned = str::to_owned;
    let with = |end: &str| quoted(&format!("çay kahve{end}"));
    let controls = ["\n", "\0", "\u{7f}", "\u{85}", "\nçay", "\tçay"].map(with);
    check(
        LinkName::parse,
        |name| name.as_str().to_owned(),
        &[
            (&quoted("Çay & \"kahve\" takımı – ğüşıöç"), owned("Çay & \"kahve\" takımı – ğüşıöç")),
            (&quoted("abc😀"), owned("abc😀")),
            (&quoted("...."), owned("....")),
            (&name_of(4), "ğ".repeat(4)),
            (&name_of(200), "ğ".repeat(200)),
        ],
        &[
            (SHORT, &[&name_of(3), &quoted("ab😀"), &quoted("")]),
            ("is over 200 characters", &[&name_of(201), &name_of(5000)]),
            (CONTROL, &controls.each_ref().map(String::as_str)),
            ("must be text", &["1234", "null", r#"["çay kahve"]"#]),
        ],
    );
}

#[test]
fn a_payers_name_has_1_to_200_characters_in_one_line() {
    const WORDS: &str = "must be 1 to 200 characters, without line ends";
    let name_of = |count: usize| quoted(&"ğ".repeat(count));
    check(
        UserName::parse,
        |name| name.as_str().to_owned(),
        &[
            (&name_of(1), "ğ".to_owned()),
            (&name_of(200), "ğ".repeat(200)),
            (&quoted(&format!("  {}\u{3000}", "ğ".repeat(200))), "ğ".repeat(200)),
        ],
        &[
            (WORDS, &[&name_of(0), &name_of(201), &quoted("Ayşe\nYılmaz"), &quoted("Ayşe\u{85}")]),
            ("must be text", &["1"]),
        ],
    );
}

/// What both kinds of name make of a text.
fn check_names(written: &str, expected: Result<&str, &str>) {
    let value = node(&quoted(written));
    let link = LinkName::parse(&value).map(|name| name.as_str().to_owned());
    let user = UserName::parse(&value).map(|name| name.as_str().to_owned());
    for parsed in [link, user] {
        match (parsed, expected) {
            (Ok(name), Ok(expected)) => assert_eq!(name, expected, "{written:?}"),
            (Err(words), Err(expected)) => assert!(words.contains(expected), "{written:?}: {words}"),
            (parsed, _) => panic!("{written:?} is {parsed:?}"),
        }
    }
}

#[test]
fn what_is_blank_around_a_name_is_dropped() {
    let spaces = [" ", "  ", "\u{a0}", "\u{2003}", "\u{3000}", "\u{2800}", " \u{200b}\u{3164} "];
    let marks = ["\u{ad}", "\u{180e}", "\u{200b}", "\u{200e}", "\u{200f}", "\u{61c}", "\u{2060}", "\u{feff}"];
    let fillers = ["\u{115f}", "\u{1160}", "\u{17b4}", "\u{17b5}", "\u{3164}", "\u{ffa0}"];
    for blank in spaces.into_iter().chain(marks).chain(fillers) {
        check_names(&format!("{blank}Ayşe  Yılmaz{blank}"), Ok("Ayşe  Yılmaz"));
        check_names(&format!("Ayşe{blank}Yılmaz"), Ok(&format!("Ayşe{blank}Yılmaz")));
        check_names(&blank.repeat(4), Err(NOTHING));
    }
}

#[test]
fn a_name_in_which_nothing_can_be_read_is_refused() {
    let four = ["\u{fffd}", "\u{200d}", "\u{fe0f}", "\u{301}"].map(|character| character.repeat(4));
    let mixed = ["\u{e0061}\u{e0062}\u{e0063}\u{e007f}", " \u{301}\u{200d}\u{fffd} "];
    for written in four.iter().map(String::as_str).chain(mixed) {
        check_names(written, Err(NOTHING));
    }
    check_names("\u{fffd}\u{fffd}\u{fffd}a", Ok("\u{fffd}\u{fffd}\u{fffd}a"));
}

#[test]
fn what_breaks_a_line_or_turns_its_direction_is_refused_wherever_it_stands() {
    let separators = ['\u{2028}', '\u{2029}'].map(|character| (character, SEPARATOR));
    let directions = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}').map(|character| (character, DIRECTION));
    for (character, words) in separators.into_iter().chain(directions) {
        for written in [
            format!("Sipariş{character}1001"),
            format!("{character}Sipariş 1001"),
            format!("Sipariş 1001{character}"),
            character.to_string().repeat(4),
        ] {
            check_names(&written, Err(words));
        }
    }
}

#[test]
fn what_makes_one_character_of_several_stays() {
    for written in [
        "Aile 👨\u{200d}👩\u{200d}👧\u{200d}👦",
        "Kahve ☕\u{fe0f}",
        "Bayrak 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "Rakam 1\u{fe0f}\u{20e3}",
        "می\u{200c}خواهم",
        "S\u{327}is\u{327}li",
        "עברית\u{200f} 1",
        "l\u{2019}été",
    ] {
        check_names(written, Ok(written));
    }
}

#[test]
fn a_price_is_a_whole_number_of_minor_units() {
    const NO_WHOLE_NUMBER: &str = "must be minor units, a whole number of 1 or more: 14.45 is written 1445";
    let long = "9".repeat(400);
    check(
        Price::parse,
        |price| price.minor_units(),
        &[("1", 1), ("1445", 1445), ("9999999999", 9_999_999_999)],
        &[
            ("must be from 1 to 9999999999 minor units", &["0", "10000000000", "18446744073709551615"]),
            (
                NO_WHOLE_NUMBER,
                &["18446744073709551616", &long, "14.45", "1445.0", "1e3", "1e400", "-1E+400", "-1", "-0"],
            ),
            (NO_WHOLE_NUMBER, &["null", "true", "[1445]"]),
            ("must be a number, not text", &[r#""1445""#, r#""14,45""#]),
        ],
    );
}

#[test]
fn a_currency_is_one_of_paytrs_and_try_is_tl() {
    check(
        Currency::parse,
        |currency| currency.as_str(),
        &[
            (r#""TL""#, "TL"),
            (r#""TRY""#, "TL"),
            (r#""EUR""#, "EUR"),
            (r#""USD""#, "USD"),
            (r#""GBP""#, "GBP"),
            (r#""RUB""#, "RUB"),
        ],
        &[("must be TL, EUR, USD, GBP or RUB", &[r#""tl""#, r#""TL ""#, r#""JPY""#, r#""""#, "949", "null"])],
    );
    assert_eq!(Currency::default(), Currency::Tl);
}

#[test]
fn a_link_is_of_one_of_three_kinds() {
    check(
        LinkType::parse,
        |link_type| link_type.as_str(),
        &[(r#""product""#, "product"), (r#""collection""#, "collection"), (r#""flex""#, "flex")],
        &[("must be product, collection or flex", &[r#""Product""#, r#""""#, "1"])],
    );
    assert_eq!(LinkType::default(), LinkType::Product);
}

#[test]
fn a_payment_page_is_turkish_or_english() {
    check(
        Lang::parse,
        |lang| lang.as_str(),
        &[(r#""tr""#, "tr"), (r#""en""#, "en")],
        &[("must be tr or en", &[r#""TR""#, r#""de""#, "null"])],
    );
    assert_eq!(Lang::default(), Lang::Tr);
}

#[test]
fn instalments_and_counts_keep_within_their_bounds() {
    check(
        MaxInstallment::parse,
        |number| number.get(),
        &[("1", 1), ("12", 12)],
        &[("must be from 1 to 12", &["0", "13", "2.0", r#""2""#])],
    );
    check(
        Pft::parse,
        |number| number.get(),
        &[("2", 2), ("12", 12)],
        &[("must be from 2 to 12", &["1", "13", "null"])],
    );
    check(
        Count::parse,
        |count| count.get(),
        &[("1", 1), ("999999", 999_999)],
        &[("must be from 1 to 999999", &["0", "1000000", "null", "-1"])],
    );
    assert_eq!((MaxInstallment::default().get(), Count::default().get()), (12, 1));
}

#[test]
fn a_reference_is_short_and_plain() {
    const WORDS: &str = "must be 1 to 64 of the characters";
    let (longest, too_long) = ("r".repeat(64), quoted(&"r".repeat(65)));
    check(
        Reference::parse,
        |reference| reference.as_str().to_owned(),
        &[
            (r#""1001""#, "1001".to_owned()),
            (r#""WC/2026-11.25:#1_aZ""#, "WC/2026-11.25:#1_aZ".to_owned()),
            (&quoted(&longest), longest.clone()),
        ],
        &[
            (WORDS, &[&too_long, r#""""#, r#""a b""#, r#""sipariş""#, r#""a@b.co""#, r#""a\n""#]),
            ("must be text; put the number in quotes", &["1001"]),
            ("must be text", &["null"]),
        ],
    );
}

#[test]
fn what_is_no_callback_id_of_the_relays_own_is_none() {
    let id = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
    assert!(CallbackId::parse(id).is_some());
    let (shorter, longer) = (&id[1..], format!("{id}0"));
    let (upper, blank) = (id.to_uppercase(), format!(" {shorter}"));
    for text in ["", "ORDER123", &id[..32], shorter, &longer, &upper, &blank, &format!("g{shorter}")] {
        assert_eq!(CallbackId::parse(text), None, "{text}");
    }
}

#[test]
fn every_value_is_stored_as_plain_text_or_a_number() {
    check_stored(&LinkName::parse(&node(r#""Çay takımı""#)).unwrap(), b"\x0d\xc3\x87ay tak\xc4\xb1m\xc4\xb1");
    check_stored(&UserName::parse(&node(r#""Ali""#)).unwrap(), b"\x03Ali");
    check_stored(&Price::parse(&node("1445")).unwrap(), b"\xa5\x0b");
    check_stored(&MaxInstallment::default(), b"\x0c");
    check_stored(&Pft::parse(&node("3")).unwrap(), b"\x03");
    check_stored(&Count::default(), b"\x01");
    check_stored(&Reference::parse(&node(r##""#1""##)).unwrap(), b"\x02#1");
    check_stored(&LinkId::parse("NB2Zlz3").unwrap(), b"\x07NB2Zlz3");
    let id = CallbackId::parse(&"0f".repeat(32)).unwrap();
    check_stored(&id, &[b"\x40", id.as_str().as_bytes()].concat());
    check_stored(&OrderKey { storefront: "shop".to_owned(), order_id: "11".to_owned() }, b"\x08\x04shop\x0211");
}

#[test]
fn a_value_that_is_a_word_is_stored_as_its_number() {
    let currencies = [Currency::Tl, Currency::Eur, Currency::Usd, Currency::Gbp, Currency::Rub];
    (0..).zip(currencies).for_each(|(number, currency)| check_stored(&currency, &[number, 0]));
    let link_types = [LinkType::Product, LinkType::Collection, LinkType::Flex];
    (0..).zip(link_types).for_each(|(number, link_type)| check_stored(&link_type, &[number, 0]));
    (0..).zip([Lang::Tr, Lang::En]).for_each(|(number, lang)| check_stored(&lang, &[number, 0]));
}

#[test]
fn a_name_cannot_be_printed() {
    let name = node(r#""Ayşe Yılmaz""#);
    assert_eq!(format!("{:?}", LinkName::parse(&name)), "Ok(LinkName([redacted]))");
    assert_eq!(format!("{:?}", UserName::parse(&name)), "Ok(UserName([redacted]))");
}
