//! Is the body of a kind, and of a size, that is read here? Judged by its headers, before a byte of it is read.

/// Whether the headers announce `application/json` in UTF-8, not encoded further (RFC 8259, section 8.1; RFC 9110,
/// sections 8.3 and 8.4).
#[must_use]
pub fn is_plain_json(content_type: Option<&str>, content_encoding: Option<&str>) -> bool {
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim_ascii);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    is_json && !is_encoded(content_encoding) && parts.all(is_harmless_parameter)
}

/// `identity` is no encoding (RFC 9110, section 8.4.1).
fn is_encoded(content_encoding: Option<&str>) -> bool {
    content_encoding.is_some_and(|encoding| !encoding.trim_ascii().eq_ignore_ascii_case("identity"))
}

/// The labels of UTF-8 (Encoding Standard, section 4.2).
const UTF_8_LABELS: [&str; 6] =
    ["unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "utf-8", "utf8", "x-unicode20utf8"];

fn is_harmless_parameter(parameter: &str) -> bool {
    match parameter.split_once('=') {
        Some((name, value)) if name.trim_ascii().eq_ignore_ascii_case("charset") => {
            let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            let label = unquoted.unwrap_or(value);
            UTF_8_LABELS.iter().any(|known| label.eq_ignore_ascii_case(known))
        }
        // A comma would begin a second content-type, and other characters may pass for a blank elsewhere.
        _ => parameter.bytes().all(|byte| byte != b',' && matches!(byte, b' '..=b'~')),
    }
}

/// What `content-length` says about a body that may have at most `cap` bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// It fits, and the platform delivers no more than was declared.
    Fits,
    /// It does not fit.
    TooLong,
    /// It is not known before the end: chunked, or compressed, or a length that is none.
    Unknown,
}

/// Judges a `content-length`. Compression makes the length of what is read unknown.
#[must_use]
pub fn declared_length(content_length: Option<&str>, content_encoding: Option<&str>, cap: usize) -> Length {
    match content_length.map(str::parse::<usize>) {
        Some(Ok(length)) if length > cap => Length::TooLong,
        Some(Ok(_)) if !is_encoded(content_encoding) => Length::Fits,
        _ => Length::Unknown,
    }
}
