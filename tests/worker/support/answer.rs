//! An answer of the relay, and what every answer has to be.

use serde_json::{Value, json};

/// Status, headers (names in lower case) and body.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header that may be there once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let value = values.next();
        assert_eq!(values.next(), None, "{name} came twice");
        value
    }

    /// The body, `null` if it is no JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The problem's code, else the outcome, else nothing.
    pub fn code(&self) -> String {
        let json = self.json();
        json["code"].as_str().or_else(|| json["outcome"].as_str()).unwrap_or_default().to_owned()
    }

    /// Whether it was recorded earlier; the header has no value but `true`.
    pub fn is_replay(&self) -> bool {
        let header = self.header("idempotency-replayed");
        assert!(matches!(header, None | Some("true")), "{header:?}");
        header.is_some()
    }

    /// The seconds of `retry-after`.
    pub fn retry_after(&self) -> u64 {
        self.header("retry-after").expect("no retry-after").parse().expect("retry-after is no number")
    }

    /// Asserts the answer to a message that went out.
    #[track_caller]
    pub fn assert_sent(&self, webhook_id: &str, case: &str) {
        assert_eq!(self.status, 200, "{case}: {}", self.text());
        let body = json!({"outcome": "sent", "webhook_id": webhook_id, "paytr": {"status": "success"}});
        assert_eq!(self.json(), body, "{case}");
        self.assert_headers("application/json", case);
    }

    /// Asserts a success with this body.
    #[track_caller]
    pub fn assert_body(&self, body: &Value) {
        assert_eq!((self.status, self.json()), (200, body.clone()));
        self.assert_headers("application/json", "success");
    }

    /// Asserts a problem: RFC 9457, with all that the contract says of every error.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, code: &str, case: &str) {
        assert_eq!((self.status, self.code().as_str()), (status, code), "{case}: {}", self.text());
        self.assert_headers("application/problem+json", case);
        let json = self.json();
        assert_eq!(json["status"], status, "{case}");
        for member in ["title", "detail"] {
            assert!(json[member].as_str().is_some_and(|text| !text.is_empty()), "{case}: no {member}");
        }
        // Of a send; create and delete say that asking anew does no harm.
        assert_eq!(json["resend_safe"], if code == "outcome-unknown" { json!(false) } else { json!(null) }, "{case}");
        self.assert_problem_headers(code, case);
    }

    /// Asserts that nobody knows whether a link was made or deleted, and that asking anew does no harm.
    #[track_caller]
    pub fn assert_unknown_but_safe(&self, status: u16, case: &str) {
        assert_eq!((self.status, self.code().as_str()), (status, "outcome-unknown"), "{case}: {}", self.text());
        assert_eq!(self.json()["resend_safe"], json!(true), "{case}");
        self.assert_headers("application/problem+json", case);
        self.assert_problem_headers("outcome-unknown", case);
    }

    #[track_caller]
    fn assert_problem_headers(&self, code: &str, case: &str) {
        let has_retry_after = matches!(code, "in-progress" | "recipient-limit");
        assert_eq!(self.header("retry-after").is_some(), has_retry_after, "{case}: retry-after");
        assert_eq!(self.header("allow").is_some(), code == "method-not-allowed", "{case}: allow");
    }

    #[track_caller]
    fn assert_headers(&self, content_type: &str, case: &str) {
        assert_eq!(self.header("content-type"), Some(content_type), "{case}");
        assert_eq!(self.header("cache-control"), Some("no-store"), "{case}");
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"), "{case}");
    }
}
