//! An HTTP response before it becomes the platform's.

use serde::Serialize;

/// Headers, names in lower case.
pub type ResponseHeaders = Vec<(&'static str, String)>;

/// A status, headers and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status code.
    pub status: u16,
    /// A constant word for the log: the problem's code, or what happened.
    pub code: &'static str,
    /// The headers.
    pub headers: ResponseHeaders,
    /// The body; empty for a response that has none.
    pub body: String,
}

impl Response {
    /// A JSON response that nobody may cache.
    #[must_use]
    pub fn json(status: u16, code: &'static str, content_type: &str, body: &impl Serialize) -> Self {
        // Maps with text keys, numbers and texts always serialise.
        Self::with_body(status, code, content_type, serde_json::to_string(body).unwrap_or_default())
    }

    /// 200, with a JSON body. `code` is the body's `outcome`.
    #[must_use]
    pub fn success(code: &'static str, body: String) -> Self {
        Self::with_body(200, code, "application/json", body)
    }

    /// Plain text.
    #[must_use]
    pub fn text(status: u16, code: &'static str, body: String) -> Self {
        Self::with_body(status, code, "text/plain; charset=utf-8", body)
    }

    /// A response without a body.
    #[must_use]
    pub fn empty(status: u16, code: &'static str) -> Self {
        Self { status, code, headers: Vec::new(), body: String::new() }
    }

    /// Marks a response that was recorded earlier and is given again.
    #[must_use]
    pub fn replayed(mut self) -> Self {
        self.headers.push(("idempotency-replayed", "true".to_owned()));
        self
    }

    fn with_body(status: u16, code: &'static str, content_type: &str, body: String) -> Self {
        let headers = vec![
            ("content-type", content_type.to_owned()),
            ("cache-control", "no-store".to_owned()),
            ("x-content-type-options", "nosniff".to_owned()),
        ];
        Self { status, code, headers, body }
    }
}
