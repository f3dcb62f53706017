//! One line of text that people read: what `name` and `user_name` have in common.

use super::characters::{is_bidi_control, is_bidi_span, is_filler, is_invisible, is_line_separator, is_mark};

/// The text without what is blank around it.
///
/// What stands inside it stays as it is: joiners and variation selectors make one emoji of several, and joiners and marks
/// of direction belong to Persian and Arabic.
///
/// # Errors
/// What to change: it has several lines, turns the direction of what is written beside it, or has nothing to read.
pub(super) fn one_line(text: &str) -> Result<&str, &'static str> {
    if text.chars().any(char::is_control) {
        return Err("has a control character, such as a line end or a tab; write it as one line");
    }
    if text.chars().any(is_line_separator) {
        return Err("has a separator of lines or paragraphs (U+2028, U+2029); write it as one line");
    }
    if text.chars().any(is_bidi_span) {
        return Err(
            "has a character that turns the direction of writing (U+202A to U+202E, U+2066 to U+2069); leave it out",
        );
    }
    if !text.is_empty() && !text.chars().any(is_readable) {
        return Err("has nothing in it that can be read");
    }
    Ok(text.trim_matches(is_blank))
}

/// White space, and what shows as nothing at either end.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || is_filler(character)
        || is_bidi_control(character)
        || matches!(character, '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

fn is_readable(character: char) -> bool {
    !(is_blank(character) || is_invisible(character) || is_mark(character) || character == char::REPLACEMENT_CHARACTER)
}
