//! The letters that a text comes down to, however they are spelled.
//!
//! In scope: capitals, in Turkish and in other languages; marks on letters, composed or not; escapes of HTML, of URLs and of
//! JSON, one inside the other. Not in scope: what is looked for among the letters; that is `redact`'s.
//!
//! Marks are taken off all letters of the Latin script, and off the usual ones of the Greek and the Cyrillic. A crate for
//! normalisation brings the tables of all scripts, several times what this file adds to the Worker; the tests hold it to
//! such a crate.

use crate::model::characters::{is_invisible, is_mark};

/// What stands for bytes that are no text.
pub(super) const REPLACEMENT: char = '\u{fffd}';

/// How many escapes may lie one inside the other.
const MAX_NESTING: usize = 2;

/// A character, and where its spelling stands in the text, in bytes.
#[derive(Clone, Copy)]
pub(super) struct Letter {
    pub character: char,
    pub start: usize,
    pub end: usize,
}

/// The text as it may be read: as it is, and with its escapes undone, once and twice.
pub(super) fn readings(text: &str) -> Vec<Vec<Letter>> {
    let mut reading = spelled(text);
    let mut readings = Vec::new();
    for _ in 0..MAX_NESTING {
        let unescaped = unescape(&reading);
        // Each escape is longer than what it stands for.
        if unescaped.len() == reading.len() {
            break;
        }
        readings.push(reading);
        reading = unescaped;
    }
    readings.push(reading);
    readings
}

/// The characters of a text as it is, without those that show nothing: they may stand in the middle of an escape.
pub(super) fn spelled(text: &str) -> Vec<Letter> {
    let mut spelled = Vec::new();
    for (start, character) in text.char_indices().filter(|(_, character)| !shows_nothing(*character)) {
        spelled.push(Letter { character, start, end: start.saturating_add(character.len_utf8()) });
    }
    spelled
}

fn unescape(text: &[Letter]) -> Vec<Letter> {
    let mut unescaped = Vec::new();
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        let (character, behind) = escape(rest).unwrap_or((first.character, behind));
        let read = rest.split_at_checked(rest.len().saturating_sub(behind.len())).and_then(|(read, _)| read.last());
        let end = read.map_or(first.end, |last| last.end);
        unescaped.push(Letter { character, start: first.start, end });
        rest = behind;
    }
    unescaped
}

/// The character that an escape in front stands for, and what is behind it.
fn escape(text: &[Letter]) -> Option<(char, &[Letter])> {
    let (first, rest) = text.split_first()?;
    let second = rest.first()?.character;
    match (first.character, second) {
        ('&', '#') => {
            let (_, rest) = rest.split_first()?;
            let (radix, rest) = match rest {
                [Letter { character: 'x' | 'X', .. }, rest @ ..] => (16, rest),
                _ => (10, rest),
            };
            let (number, behind) = number(rest, radix, rest.len());
            let has_digits = behind.len() < rest.len();
            let behind = match behind {
                [Letter { character: ';', .. }, behind @ ..] => behind,
                _ if begins_escape(behind) => return None,
                _ => behind,
            };
            has_digits.then_some((char::from_u32(number).unwrap_or(REPLACEMENT), behind))
        }
        ('&', _) => named_entity(rest),
        // JSON's `\u015f`, and the `%u015f` of JavaScript's `escape`.
        ('\\' | '%', 'u' | 'U') => {
            let (_, digits) = rest.split_first()?;
            let (number, behind) = number(digits, 16, 4);
            has_read(digits, behind, 4).then_some((char::from_u32(number).unwrap_or(REPLACEMENT), behind))
        }
        ('%', _) => octets(text),
        _ => None,
    }
}

/// A number of at most so many digits, and what is behind it.
fn number(text: &[Letter], radix: u32, most: usize) -> (u32, &[Letter]) {
    let mut number = 0_u32;
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first()
        && !has_read(text, rest, most)
        && let Some(digit) = first.character.to_digit(16).filter(|digit| *digit < radix)
    {
        number = number.saturating_mul(radix).saturating_add(digit);
        rest = behind;
    }
    (number, rest)
}

const fn has_read(text: &[Letter], behind: &[Letter], count: usize) -> bool {
    text.len().saturating_sub(behind.len()) == count
}

/// `%C5%9F`; a byte that does not begin a character of UTF-8 with those behind it is a [`REPLACEMENT`].
fn octets(text: &[Letter]) -> Option<(char, &[Letter])> {
    let (first, rest) = octet(text)?;
    let (mut code, more) = match first {
        0..=0x7f => (first, 0),
        // Others of the character stand before it, escaped once more.
        0x80..=0xbf => return None,
        0xc0..=0xdf => (first & 0x1f, 1),
        0xe0..=0xef => (first & 0xf, 2),
        _ => (first & 7, 3),
    };
    let mut behind = rest;
    for _ in 0..more {
        match octet(behind) {
            Some((next @ 0x80..=0xbf, rest)) => {
                code = code << 6 | next & 0x3f;
                behind = rest;
            }
            // `%`, `&` and `\`
            Some((0x25 | 0x26 | 0x5c, _)) => return None,
            None if begins_escape(behind) => return None,
            _ => return Some((REPLACEMENT, rest)),
        }
    }
    Some((char::from_u32(code).unwrap_or(REPLACEMENT), behind))
}

/// Whether what is behind an escape that is not whole may be the rest of it, escaped once more.
const fn begins_escape(text: &[Letter]) -> bool {
    matches!(text, [Letter { character: '&' | '%' | '\\', .. }, ..])
}

fn octet(text: &[Letter]) -> Option<(u32, &[Letter])> {
    let [Letter { character: '%', .. }, digits @ ..] = text else { return None };
    let (octet, behind) = number(digits, 16, 2);
    has_read(digits, behind, 2).then_some((octet, behind))
}

/// `&scedil;` and the like are their letter, without the mark. What is no letter and not looked for is a blank.
fn named_entity(text: &[Letter]) -> Option<(char, &[Letter])> {
    let mut name = Vec::new();
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        match u8::try_from(first.character) {
            Ok(b';') => break,
            Ok(letter) if letter.is_ascii_alphanumeric() => name.push(letter.to_ascii_lowercase()),
            _ => return None,
        }
    }
    let (letter, mark) = name.split_first()?;
    let character = match name.as_slice() {
        b"amp" => '&',
        b"percnt" => '%',
        b"commat" => '@',
        b"imath" | b"inodot" => 'ı',
        b"szlig" => 'ß',
        _ if MARKS.chunks(3).any(|known| mark.starts_with(known)) => char::from(*letter),
        _ => ' ',
    };
    Some((character, rest))
}

/// How the names of marks begin: acute, breve, caron, cedilla, circumflex, double acute, dot, grave, macron, ogonek, ring,
/// slash, stroke, tilde, umlaut.
const MARKS: &[u8] = b"acubrecarcedcirdbldotgramacogorinslastrtiluml";

/// The small letters that a reading comes down to: `i` for each of `I ı İ i`, `s` for `Ş`, `ss` for `ß`, none for a mark and
/// for what shows nothing. All white space is a blank, and so is `+`, which a form writes for one.
pub(super) fn fold(reading: &[Letter], with_marks: bool) -> Vec<Letter> {
    let mut folded: Vec<Letter> = Vec::new();
    for spelled in reading {
        if is_mark(spelled.character) {
            if let (Some(marked), true) = (folded.last_mut(), with_marks) {
                marked.end = spelled.end;
            }
        } else if !shows_nothing(spelled.character) {
            let character = plain(spelled.character);
            folded.push(Letter { character, ..*spelled });
            if matches!(spelled.character, 'ß' | 'ẞ') {
                folded.push(Letter { character, ..*spelled });
            }
        }
    }
    folded
}

/// Whether a character takes no place where it is shown. White space does.
fn shows_nothing(character: char) -> bool {
    !character.is_whitespace() && (character.is_control() || is_invisible(character))
}

/// A letter, small and without its marks.
fn plain(character: char) -> char {
    let code = u32::from(character);
    let place = match code {
        0xc0..=0x23f => code.saturating_sub(0xc0),
        0x1e00..=0x1eff => code.saturating_sub(0x1e00 - 0x180),
        _ => u32::MAX,
    };
    match usize::try_from(place).ok().and_then(|place| LATIN.get(place)) {
        None | Some(b'.') => {}
        Some(plain) => return char::from(*plain),
    }
    let small = match character {
        'A'..='Z' | 'Α'..='Ϋ' | 'А'..='Я' => code.saturating_add(0x20),
        'Ѐ'..='Џ' => code.saturating_add(0x50),
        // Pairs, the capital before the small one.
        'Ҋ'..='ҿ' | 'Ӑ'..='ԯ' => code | 1,
        _ => code,
    };
    let small = char::from_u32(small).unwrap_or(character);
    for (marked, plain) in OTHERS {
        if marked == small {
            return plain;
        }
    }
    if small.is_whitespace() || small == '+' { ' ' } else { small }
}

/// What is in neither range of [`LATIN`]: a letter with a mark, and the one without.
const OTHERS: [(char, char); 29] = [
    ('Ə', 'e'),
    ('ə', 'e'),
    ('Ά', 'α'),
    ('ά', 'α'),
    ('Έ', 'ε'),
    ('έ', 'ε'),
    ('Ή', 'η'),
    ('ή', 'η'),
    ('Ί', 'ι'),
    ('ί', 'ι'),
    ('ϊ', 'ι'),
    ('ΐ', 'ι'),
    ('Ό', 'ο'),
    ('ό', 'ο'),
    ('ς', 'σ'),
    ('Ύ', 'υ'),
    ('ύ', 'υ'),
    ('ϋ', 'υ'),
    ('ΰ', 'υ'),
    ('Ώ', 'ω'),
    ('ώ', 'ω'),
    ('ѐ', 'е'),
    ('ё', 'е'),
    ('ѓ', 'г'),
    ('ѝ', 'и'),
    ('й', 'и'),
    ('ї', 'і'),
    ('ќ', 'к'),
    ('ў', 'у'),
];

/// U+00C0 to U+023F and U+1E00 to U+1EFF, each as its letter of the English alphabet; a dot where it has none.
const LATIN: &[u8] = b"\
    aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty\
    aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkkllllll.\
    .llnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs\
    ................................oo.............uu...............\
    .............aaiioouuuuuuuuuu.aaaaaa..ggkkoooo..j...gg..nnaaaaoo\
    aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............\
    aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm\
    mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv\
    wwwwwwwwwwxxxxyyzzzzzzhtwy.s..s.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee\
    eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";
