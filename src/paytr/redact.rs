//! What is private, struck out of PayTR's words.
//!
//! In scope: which texts are looked for, in which parts, and what becomes of the words around them. Not in scope: how a
//! letter may be spelled; that is `spelling`'s.
//!
//! Too much is struck out rather than too little, but not so much that a reason says nothing: a link's name often is an
//! ordinary word or two, and a word that belongs to nobody stays.

use super::spelling::{Letter, REPLACEMENT, fold, readings, spelled};
use crate::model::characters::{is_bidi_control, is_line_separator};
use crate::model::recipient::ungroup;
use std::fmt;

pub(super) const REDACTED: &str = "[redacted]";

/// The fewest letters of a word that is struck out by itself.
const MIN_WORD_LETTERS: usize = 3;
/// From so many letters on a text is struck out inside longer words, too: no word has it by chance.
const LONG_LETTERS: usize = 6;
/// The characters of a `paytr_token`.
const TOKEN_CHARS: usize = 44;

/// A text that no answer of PayTR's may carry any further. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub enum Private {
    /// A token, a key or a salt: struck out wherever it stands.
    Secret(String),
    /// A number from its 5 on or an address: struck out wherever it stands; of an address also the words before the `@`,
    /// where they are not part of another address.
    Recipient(String),
    /// A person's name: struck out whole, and each of its words from three letters on.
    Name(String),
    /// A text that may name a person, such as a link's name: struck out whole, and each two words of it that stand together.
    Text(String),
}

/// By its shape: base64 of a token's length, an address or a number, or else a text.
impl From<String> for Private {
    fn from(text: String) -> Self {
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
        if text.len() == TOKEN_CHARS && text.ends_with('=') && text.bytes().all(is_base64) {
            Self::Secret(text)
        } else if text.contains('@') || text.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::Recipient(text)
        } else {
            Self::Text(text)
        }
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private([redacted])")
    }
}

/// PayTR's words without what is private. Where a secret, a number or an address is written in groups, nothing of them is
/// left.
pub(super) fn redact(words: &str, private: &[Private]) -> String {
    let mut text = words.to_owned();
    // Words of an address are looked for where it does not stand whole.
    for part in [Part::Whole, Part::BeforeAt, Part::Words] {
        let mut search = Search::new(&text, part);
        for private in private {
            search.mark(private);
        }
        text = search.struck(&text);
        if part == Part::Whole && holds_grouped(&text, private) {
            return REDACTED.to_owned();
        }
    }
    text
}

/// A character as it is passed on, if it is. A line end or a tab is a blank; any other control character is dropped, and
/// each that steers the direction of writing.
pub(super) fn shown(character: char) -> Option<char> {
    if character.is_control() || is_line_separator(character) {
        character.is_whitespace().then_some(' ')
    } else {
        (!is_bidi_control(character)).then_some(character)
    }
}

/// Whether the letters and digits of a secret, a number or an address are there, in any reading, whatever stands between
/// them.
fn holds_grouped(text: &str, private: &[Private]) -> bool {
    readings(text).iter().any(|reading| is_grouped(reading, private) || is_grouped(&fold(reading, false), private))
}

fn is_grouped(letters: &[Letter], private: &[Private]) -> bool {
    let mut text = Vec::new();
    for letter in letters {
        if let Ok(byte) = u8::try_from(letter.character)
            && byte.is_ascii_alphanumeric()
        {
            text.push(byte.to_ascii_lowercase());
        }
    }
    for private in private {
        if let Private::Secret(needle) | Private::Recipient(needle) = private {
            let needle = ungroup(needle);
            if !needle.is_empty() && text.windows(needle.len()).any(|window| window == needle) {
                return true;
            }
        }
    }
    false
}

/// What is looked for of a private text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The text, character by character.
    Whole,
    /// Its words, with anything or nothing between them.
    Words,
    /// The words before the `@` of an address.
    BeforeAt,
}

/// The byte stays.
const KEPT: u8 = 0;
/// The byte is the first of what is struck out; what overlaps is one.
const FIRST: u8 = 1;
const STRUCK: u8 = 2;

struct Search {
    /// The letters of the text, in each reading.
    readings: Vec<Vec<Letter>>,
    /// For each byte of the text, whether it is struck out.
    marks: Vec<u8>,
    part: Part,
}

impl Search {
    fn new(text: &str, part: Part) -> Self {
        let mut readings = readings(text);
        for reading in &mut readings {
            *reading = fold(reading, part != Part::Whole);
        }
        Self { readings, marks: vec![KEPT; text.len()], part }
    }

    fn mark(&mut self, private: &Private) {
        match (self.part, private) {
            (Part::Whole, Private::Secret(text) | Private::Recipient(text)) => self.mark_words(&[&letters(text)]),
            (Part::Words, Private::Name(text)) => self.mark_parts(text, false),
            (Part::Words, Private::Text(text)) => self.mark_parts(text, true),
            (Part::BeforeAt, Private::Recipient(text)) => {
                if let Some((local_part, _)) = text.split_once('@')
                    && local_part.len() >= MIN_WORD_LETTERS
                {
                    self.mark_parts(local_part, false);
                }
            }
            _ => {}
        }
    }

    /// Marks a text, and each of its words, or each two that stand together.
    fn mark_parts(&mut self, text: &str, in_pairs: bool) {
        let letters = letters(text);
        let mut words = Vec::new();
        for word in letters.split(|letter| !is_in_word(letter)) {
            if !word.is_empty() {
                words.push(word);
            }
        }
        if words.is_empty() {
            words.push(&letters);
        }
        self.mark_words(&words);
        for words in words.windows(if in_pairs { 2 } else { 1 }) {
            if words.iter().all(|word| word.len() >= MIN_WORD_LETTERS && count_alphabetic(word) > 0) {
                self.mark_words(words);
            }
        }
    }

    /// Marks where these words stand, with anything or nothing between them. What is beside them is looked at with its
    /// escapes undone, too.
    fn mark_words(&mut self, words: &[&[Letter]]) {
        let is_long = words.iter().map(|word| count_alphabetic(word)).sum::<usize>() >= LONG_LETTERS;
        let mut readings = self.readings.as_slice();
        while let Some((reading, deeper)) = readings.split_first() {
            let mut rest = reading.as_slice();
            while let Some((first, behind)) = rest.split_first() {
                if let Some(end) = end_of(rest, words)
                    && !readings.iter().any(|reading| self.is_other(reading, first.start, end, is_long))
                    && let Some((start, more)) = self.marks.get_mut(first.start..end).and_then(<[u8]>::split_first_mut)
                {
                    if *start == KEPT {
                        *start = FIRST;
                    }
                    more.fill(STRUCK);
                }
                rest = behind;
            }
            readings = deeper;
        }
    }

    /// Whether what was found is something else: a part of a longer word, or of another address.
    fn is_other(&self, reading: &[Letter], start: usize, end: usize, is_long: bool) -> bool {
        let before = reading.get(reading.partition_point(|letter| letter.end < start));
        let behind = reading.get(reading.partition_point(|letter| letter.start < end));
        let before = before.filter(|letter| letter.end == start);
        let behind = behind.filter(|letter| letter.start == end);
        match self.part {
            Part::Whole => false,
            Part::BeforeAt if behind.is_some_and(|letter| letter.character == '@') => true,
            _ => !is_long && (before.is_some_and(is_in_word) || behind.is_some_and(is_in_word)),
        }
    }

    /// The text without what is marked.
    fn struck(&self, text: &str) -> String {
        let mut struck = Vec::new();
        for (byte, mark) in text.bytes().zip(&self.marks) {
            match *mark {
                KEPT => struck.push(byte),
                FIRST => struck.extend_from_slice(REDACTED.as_bytes()),
                _ => {}
            }
        }
        // Whole characters are marked.
        String::from_utf8(struck).unwrap_or_default()
    }
}

fn letters(text: &str) -> Vec<Letter> {
    fold(&spelled(text), false)
}

fn is_in_word(letter: &Letter) -> bool {
    letter.character.is_alphanumeric()
}

fn count_alphabetic(word: &[Letter]) -> usize {
    word.iter().filter(|letter| letter.character.is_alphabetic()).count()
}

/// Where these words end, if a text begins with them.
fn end_of(text: &[Letter], words: &[&[Letter]]) -> Option<usize> {
    let mut rest = text;
    let mut end = None;
    for word in words {
        while let Some((gap, behind)) = rest.split_first()
            && end.is_some()
            && !is_in_word(gap)
        {
            rest = behind;
        }
        for letter in *word {
            let (found, behind) = rest.split_first()?;
            if found.character != letter.character && !may_be_lost(*letter, found.character) {
                return None;
            }
            (rest, end) = (behind, Some(found.end));
        }
    }
    end
}

/// Whether a letter outside ASCII may have become this: what cannot write it writes `?`, and what cannot read it reads
/// U+FFFD.
fn may_be_lost(letter: Letter, found: char) -> bool {
    letter.end.saturating_sub(letter.start) > 1 && is_in_word(&letter) && matches!(found, '?' | REPLACEMENT)
}
