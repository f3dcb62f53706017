//! The lists of characters, held to a crate that has Unicode's own.

use paytr_link_relay::model::characters::{is_bidi_control, is_bidi_span, is_filler, is_line_separator, is_mark};
use regex_syntax::hir::{Class, HirKind};

/// Holds a function to a class of characters, for every character there is.
pub fn check(is: fn(char) -> bool, pattern: &str) {
    let class = match regex_syntax::parse(pattern).unwrap().into_kind() {
        HirKind::Class(Class::Unicode(class)) => class,
        other => panic!("{other:?}"),
    };
    for character in '\0'..=char::MAX {
        let expected = class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&character));
        assert_eq!(is(character), expected, "{character:?} U+{:04X}", u32::from(character));
    }
}

#[test]
fn marks_are_those_of_all_scripts_and_of_the_cyrillic_hebrew_and_arabic_ones() {
    let blocks = [
        r"\x{300}-\x{36f}",
        r"\x{483}-\x{489}",
        r"\x{590}-\x{5cf}",
        r"\x{610}-\x{61a}\x{64b}-\x{65f}\x{670}",
        r"\x{1ab0}-\x{1aff}",
        r"\x{1dc0}-\x{1dff}",
        r"\x{20d0}-\x{20ff}",
        r"\x{fe20}-\x{fe2f}",
    ];
    // The crate has Unicode 16.0 yet.
    let new = r"\x{1acf}-\x{1add}\x{1ae0}-\x{1aeb}";
    check(is_mark, &format!(r"[[\p{{M}}&&[{}]]{new}]", blocks.concat()));
}

#[test]
fn line_separators_are_those_that_are_no_control_characters() {
    check(is_line_separator, r"[\p{Zl}\p{Zp}]");
}

#[test]
fn what_steers_the_direction_of_writing_is_unicodes_list_and_all_but_three_of_it_steer_what_follows() {
    check(is_bidi_control, r"\p{Bidi_Control}");
    check(is_bidi_span, r"[\p{Bidi_Control}--[\x{61c}\x{200e}\x{200f}]]");
}

#[test]
fn fillers_are_letters_that_nobody_sees_and_the_blank_of_braille() {
    check(
        is_filler,
        r"[[\p{Default_Ignorable_Code_Point}&&[\p{Lo}\p{Mn}]--[\p{Variation_Selector}\x{34f}\x{180b}-\x{180f}]]\x{2800}]",
    );
}
