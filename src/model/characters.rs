//! Characters that nobody sees, those that look like a hyphen, and those that change how others are read.
//!
//! The lists are those of Unicode 17.0 (DerivedGeneralCategory.txt, PropList.txt): a crate for general categories brings the
//! tables of all thirty, several kilobytes. The tests hold the lists to such a crate.

/// Whether it shows nothing by itself: a format character (general category `Cf`: marks of direction, zero-width
/// characters, the soft hyphen, the byte order mark) or a variation selector. White space is none of them.
#[must_use]
pub const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0001}'
            | '\u{e0020}'..='\u{e007f}'
    )
}

/// Whether it is a hyphen, a dash (general category `Pd`) or the minus sign.
#[must_use]
pub const fn is_dash(character: char) -> bool {
    matches!(
        character,
        '-' | '\u{58a}'
            | '\u{5be}'
            | '\u{1400}'
            | '\u{1806}'
            | '\u{2010}'..='\u{2015}'
            | '\u{2212}'
            | '\u{2e17}'
            | '\u{2e1a}'
            | '\u{2e3a}'..='\u{2e3b}'
            | '\u{2e40}'
            | '\u{2e5d}'
            | '\u{301c}'
            | '\u{3030}'
            | '\u{30a0}'
            | '\u{fe31}'..='\u{fe32}'
            | '\u{fe58}'
            | '\u{fe63}'
            | '\u{ff0d}'
            | '\u{10d6e}'
            | '\u{10ead}'
    )
}

/// Whether it is a letter or a sign of which nothing is seen, though Unicode calls it neither white space nor a format
/// character: the Hangul fillers, two vowels of Khmer, the blank of Braille.
#[must_use]
pub const fn is_filler(character: char) -> bool {
    matches!(
        character,
        '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
    )
}

/// Whether it is a mark that stands on, under or around the letter before it: those for all scripts, and those of the
/// Cyrillic, Hebrew and Arabic ones.
#[must_use]
pub const fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36f}'
            | '\u{483}'..='\u{489}'
            | '\u{591}'..='\u{5bd}'
            | '\u{5bf}'
            | '\u{5c1}'..='\u{5c2}'
            | '\u{5c4}'..='\u{5c5}'
            | '\u{5c7}'
            | '\u{610}'..='\u{61a}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '\u{1ab0}'..='\u{1add}'
            | '\u{1ae0}'..='\u{1aeb}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20f0}'
            | '\u{fe20}'..='\u{fe2f}'
    )
}

/// Whether it separates lines or paragraphs and is no control character.
#[must_use]
pub const fn is_line_separator(character: char) -> bool {
    matches!(character, '\u{2028}' | '\u{2029}')
}

/// Whether it steers the direction of writing (property `Bidi_Control`).
#[must_use]
pub const fn is_bidi_control(character: char) -> bool {
    is_bidi_span(character) || matches!(character, '\u{61c}' | '\u{200e}'..='\u{200f}')
}

/// Whether it steers the direction of all that follows it, or ends that: embeddings, overrides, isolates.
#[must_use]
pub const fn is_bidi_span(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
