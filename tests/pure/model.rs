//! The fields of a payment link: what is taken, and in which words the rest is refused. `expiry_date` is in
//! `model_expiry_date`.

use crate::support::check_stored;
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

/// Each JSON text with what it is taken as, or a part of the words that refuse it.
fn check<T: Debug, V: PartialEq + Debug>(
    parse: fn(&JsonValue) -> Result<T, &'static str>,
    value: impl Fn(&T) -> V,
    cases: &[(&str, Result<V, &str>)],
) {
    for (json, expected) in cases {
        match (parse(&node(json)), expected) {
            (Ok(parsed), Ok(expected)) => assert_eq!(value(&parsed), *expected, "{json}"),
            (Err(words), Err(expected)) => assert!(words.contains(expected), "{json}: {words}"),
            (other, _) => panic!("{json} is {other:?}"),
        }
    }
}

const CONTROL: &str = "has a control character";
const SEPARATOR: &str = "has a separator of lines or paragraphs";
const DIRECTION: &str = "has a character that turns the direction of writing";
const NOTHING: &str = "has nothing in it that can be read";

#[test]
fn a_name_has_4_to_200_characters_in_one_line() {
    let name_of = |count: usize| quoted(&"ğ".repeat(count));
    let taken = |text: &str| Ok(text.to_owned());
    check(
        LinkName::parse,
        |name| name.as_str().to_owned(),
        &[
            (&quoted("Çay & \"kahve\" takımı – ğüşıöç"), taken("Çay & \"kahve\" takımı – ğüşıöç")),
            (&quoted("abc😀"), taken("abc😀")),
            (&quoted("...."), taken("....")),
            (&name_of(4), taken(&"ğ".repeat(4))),
            (&name_of(200), taken(&"ğ".repeat(200))),
            (&name_of(3), Err("is shorter than 4 characters")),
            (&quoted("ab😀"), Err("is shorter than 4 characters")),
            (&quoted(""), Err("is shorter than 4 characters")),
            (&name_of(201), Err("is over 200 characters")),
            (&name_of(5000), Err("is over 200 characters")),
            (&quoted("çay\nkahve"), Err(CONTROL)),
            (&quoted("çay kahve\n"), Err(CONTROL)),
            (&quoted("çay\tkahve"), Err(CONTROL)),
            (&quoted("çay kahve\0"), Err(CONTROL)),
            (&quoted("çay kahve\u{7f}"), Err(CONTROL)),
            (&quoted("çay kahve\u{85}"), Err(CONTROL)),
            ("1234", Err("must be text")),
            ("null", Err("must be text")),
            (r#"["çay kahve"]"#, Err("must be text")),
        ],
    );
}

#[test]
fn a_payers_name_has_1_to_200_characters_in_one_line() {
    const WORDS: &str = "must be 1 to 200 characters, without line ends";
    let name_of = |count: usize| quoted(&"ğ".repeat(count));
    let taken = |text: &str| Ok(text.to_owned());
    check(
        UserName::parse,
        |name| name.as_str().to_owned(),
        &[
            (&name_of(1), taken("ğ")),
            (&name_of(200), taken(&"ğ".repeat(200))),
            (&quoted(&format!("  {}\u{3000}", "ğ".repeat(200))), taken(&"ğ".repeat(200))),
            (&name_of(0), Err(WORDS)),
            (&name_of(201), Err(WORDS)),
            (&quoted("Ayşe\nYılmaz"), Err(WORDS)),
            (&quoted("Ayşe\u{85}"), Err(WORDS)),
            ("1", Err("must be text")),
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
    for blank in [
        " ",
        "  ",
        "\u{a0}",
        "\u{2003}",
        "\u{3000}",
        "\u{ad}",
        "\u{115f}",
        "\u{1160}",
        "\u{17b4}",
        "\u{17b5}",
        "\u{180e}",
        "\u{200b}",
        "\u{200e}",
        "\u{200f}",
        "\u{61c}",
        "\u{2060}",
        "\u{2800}",
        "\u{3164}",
        "\u{feff}",
        "\u{ffa0}",
        " \u{200b}\u{3164} ",
    ] {
        check_names(&format!("{blank}Ayşe  Yılmaz{blank}"), Ok("Ayşe  Yılmaz"));
        check_names(&format!("Ayşe{blank}Yılmaz"), Ok(&format!("Ayşe{blank}Yılmaz")));
        check_names(&blank.repeat(4), Err(NOTHING));
    }
}

#[test]
fn a_name_in_which_nothing_can_be_read_is_refused() {
    for written in [
        "\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
        "\u{200d}\u{200d}\u{200d}\u{200d}",
        "\u{fe0f}\u{fe0f}\u{fe0f}\u{fe0f}",
        "\u{301}\u{301}\u{301}\u{301}",
        "\u{e0061}\u{e0062}\u{e0063}\u{e007f}",
        " \u{301}\u{200d}\u{fffd} ",
    ] {
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
    check(
        Price::parse,
        |price| price.minor_units(),
        &[
            ("1", Ok(1)),
            ("1445", Ok(1445)),
            ("9999999999", Ok(9_999_999_999)),
            ("0", Err("must be from 1 to 9999999999 minor units")),
            ("10000000000", Err("must be from 1 to 9999999999 minor units")),
            ("18446744073709551615", Err("must be from 1 to 9999999999 minor units")),
            ("18446744073709551616", Err("must be minor units, a whole number")),
            ("14.45", Err("must be minor units, a whole number of 1 or more: 14.45 is written 1445")),
            ("1445.0", Err("must be minor units, a whole number")),
            ("1e3", Err("must be minor units, a whole number")),
            ("1e400", Err("must be minor units, a whole number")),
            ("-1E+400", Err("must be minor units, a whole number")),
            (&"9".repeat(400), Err("must be minor units, a whole number")),
            ("-1", Err("must be minor units, a whole number")),
            ("-0", Err("must be minor units, a whole number")),
            ("null", Err("must be minor units, a whole number")),
            ("true", Err("must be minor units, a whole number")),
            ("[1445]", Err("must be minor units, a whole number")),
            (r#""1445""#, Err("must be a number, not text")),
            (r#""14,45""#, Err("must be a number, not text")),
        ],
    );
}

#[test]
fn a_currency_is_one_of_paytrs_and_try_is_tl() {
    const WORDS: &str = "must be TL, EUR, USD, GBP or RUB";
    check(
        Currency::parse,
        |currency| currency.as_str(),
        &[
            (r#""TL""#, Ok("TL")),
            (r#""TRY""#, Ok("TL")),
            (r#""EUR""#, Ok("EUR")),
            (r#""USD""#, Ok("USD")),
            (r#""GBP""#, Ok("GBP")),
            (r#""RUB""#, Ok("RUB")),
            (r#""tl""#, Err(WORDS)),
            (r#""TL ""#, Err(WORDS)),
            (r#""JPY""#, Err(WORDS)),
            (r#""""#, Err(WORDS)),
            ("949", Err(WORDS)),
            ("null", Err(WORDS)),
        ],
    );
    assert_eq!(Currency::default(), Currency::Tl);
}

#[test]
fn a_link_is_of_one_of_three_kinds() {
    const WORDS: &str = "must be product, collection or flex";
    check(
        LinkType::parse,
        |link_type| link_type.as_str(),
        &[
            (r#""product""#, Ok("product")),
            (r#""collection""#, Ok("collection")),
            (r#""flex""#, Ok("flex")),
            (r#""Product""#, Err(WORDS)),
            (r#""""#, Err(WORDS)),
            ("1", Err(WORDS)),
        ],
    );
    assert_eq!(LinkType::default(), LinkType::Product);
}

#[test]
fn a_payment_page_is_turkish_or_english() {
    const WORDS: &str = "must be tr or en";
    check(
        Lang::parse,
        |lang| lang.as_str(),
        &[
            (r#""tr""#, Ok("tr")),
            (r#""en""#, Ok("en")),
            (r#""TR""#, Err(WORDS)),
            (r#""de""#, Err(WORDS)),
            ("null", Err(WORDS)),
        ],
    );
    assert_eq!(Lang::default(), Lang::Tr);
}

#[test]
fn instalments_and_counts_keep_within_their_bounds() {
    const FROM_2_TO_12: &str = "must be from 2 to 12";
    const UP_TO_999999: &str = "must be from 1 to 999999";
    const UP_TO_12: &str = "must be from 1 to 12";
    check(
        MaxInstallment::parse,
        |number| number.get(),
        &[
            ("1", Ok(1)),
            ("12", Ok(12)),
            ("0", Err(UP_TO_12)),
            ("13", Err(UP_TO_12)),
            ("2.0", Err(UP_TO_12)),
            (r#""2""#, Err(UP_TO_12)),
        ],
    );
    check(
        Pft::parse,
        |number| number.get(),
        &[
            ("2", Ok(2)),
            ("12", Ok(12)),
            ("1", Err(FROM_2_TO_12)),
            ("13", Err(FROM_2_TO_12)),
            ("null", Err(FROM_2_TO_12)),
        ],
    );
    check(
        Count::parse,
        |count| count.get(),
        &[
            ("1", Ok(1)),
            ("999999", Ok(999_999)),
            ("0", Err(UP_TO_999999)),
            ("1000000", Err(UP_TO_999999)),
            ("null", Err(UP_TO_999999)),
            ("-1", Err(UP_TO_999999)),
        ],
    );
    assert_eq!((MaxInstallment::default().get(), Count::default().get()), (12, 1));
}

#[test]
fn a_reference_is_short_and_plain() {
    const WORDS: &str = "must be 1 to 64 of the characters";
    let taken = |text: &str| Ok(text.to_owned());
    let reference_of = |count: usize| quoted(&"r".repeat(count));
    check(
        Reference::parse,
        |reference| reference.as_str().to_owned(),
        &[
            (r#""1001""#, taken("1001")),
            (r#""WC/2026-11.25:#1_aZ""#, taken("WC/2026-11.25:#1_aZ")),
            (&reference_of(64), taken(&"r".repeat(64))),
            (&reference_of(65), Err(WORDS)),
            (r#""""#, Err(WORDS)),
            (r#""a b""#, Err(WORDS)),
            (r#""sipariş""#, Err(WORDS)),
            (r#""a@b.co""#, Err(WORDS)),
            (r#""a\n""#, Err(WORDS)),
            ("1001", Err("must be text; put the number in quotes")),
            ("null", Err("must be text")),
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
    for (currency, number) in
        [(Currency::Tl, 0), (Currency::Eur, 1), (Currency::Usd, 2), (Currency::Gbp, 3), (Currency::Rub, 4)]
    {
        check_stored(&currency, &[number, 0]);
    }
    for (link_type, number) in [(LinkType::Product, 0), (LinkType::Collection, 1), (LinkType::Flex, 2)] {
        check_stored(&link_type, &[number, 0]);
    }
    for (lang, number) in [(Lang::Tr, 0), (Lang::En, 1)] {
        check_stored(&lang, &[number, 0]);
    }
}

#[test]
fn a_name_cannot_be_printed() {
    let name = LinkName::parse(&node(r#""Ayşe Yılmaz""#)).unwrap();
    assert_eq!(format!("{name:?}"), "LinkName([redacted])");
    let name = UserName::parse(&node(r#""Ayşe Yılmaz""#)).unwrap();
    assert_eq!(format!("{name:?}"), "UserName([redacted])");
}
