//! Is the body of a kind, and of a size, that is read here? Judged by its headers, before a byte of it is read.

/// Whether the headers announce `application/json` in UTF-8, not encoded further (RFC 8259, section 8.1; RFC 9110,
/// sections 8.3 and 8.4).
#[must_use]
pub fn is_plain_json(content_type: Option<&str>, content_encoding: Option<&str>) -> bool {
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim_ascii);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    is_json && content_encoding.is_none() && parts.all(is_harmless_parameter)
}

fn is_harmless_parameter(parameter: &str) -> bool {
    match parameter.split_once('=') {
        Some((name, value)) if name.trim_ascii().eq_ignore_ascii_case("charset") => {
            let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            unquoted.unwrap_or(value).eq_ignore_ascii_case("utf-8")
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
        Some(Ok(_)) if content_encoding.is_none() => Length::Fits,
        _ => Length::Unknown,
    }
}
