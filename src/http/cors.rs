//! May a page post here? CORS by exact origin (Fetch Standard, section 3.2).
//!
//! CORS keeps foreign pages from posting and reading through a browser. It is not authentication: that is the
//! signature, which every request carries, from a page or not. Cookies have no part in it, so no credentials, and `*`
//! stands for every header: tracing and frameworks send headers of their own.

/// The headers to add to an answer to a page of this `origin`; none if the origin is not allowed.
#[must_use]
pub fn headers<'a>(allowed_origins: &'a [String], origin: &str, preflight: bool) -> Vec<(&'static str, &'a str)> {
    let Some(origin) = allowed_origins.iter().find(|allowed| *allowed == origin) else { return Vec::new() };
    let mut headers = vec![("access-control-allow-origin", origin.as_str()), ("access-control-expose-headers", "*")];
    if preflight {
        headers.extend([
            ("access-control-allow-methods", "POST"),
            ("access-control-allow-headers", "*"),
            // A day, after which the browser asks again.
            ("access-control-max-age", "86400"),
        ]);
    }
    headers
}
