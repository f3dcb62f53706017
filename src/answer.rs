//! An answer before it becomes the platform's response.

use crate::outcome::Outcome;
use crate::problem::Problem;
use serde::Serialize;

/// Headers, names in lower case.
pub type AnswerHeaders = Vec<(&'static str, String)>;

/// A status, headers and a JSON body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// A constant word for the log: the problem's code, or what happened.
    pub code: &'static str,
    /// The headers.
    pub headers: AnswerHeaders,
    /// The body; empty for an answer that has none.
    pub body: String,
}

impl Answer {
    /// A JSON answer that nobody may cache.
    #[must_use]
    pub fn json(status: u16, code: &'static str, content_type: &str, body: &impl Serialize) -> Self {
        let headers = vec![
            ("content-type", content_type.to_owned()),
            ("cache-control", "no-store".to_owned()),
            ("x-content-type-options", "nosniff".to_owned()),
        ];
        // Maps with text keys, numbers and texts always serialise.
        let body = serde_json::to_string(body).unwrap_or_default();
        Self { status, code, headers, body }
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(status: u16, code: &'static str) -> Self {
        Self { status, code, headers: Vec::new(), body: String::new() }
    }

    /// `{"status": "ok"}`: the settings are good.
    #[must_use]
    pub fn healthy() -> Self {
        Self::json(200, "healthy", "application/json", &Status { status: "ok" })
    }

    /// `{"outcome": "pong"}`: the request is signed right.
    #[must_use]
    pub fn pong() -> Self {
        Self::json(200, "pong", "application/json", &Pong { outcome: "pong" })
    }

    /// What the caller is told about a send that ended.
    #[must_use]
    pub fn ended(webhook_id: &str, outcome: Outcome) -> Self {
        match outcome {
            Outcome::Sent => {
                let body = Sent { outcome: "sent", webhook_id, paytr: Status { status: "success" } };
                Self::json(200, "sent", "application/json", &body)
            }
            Outcome::Rejected(rejection) => Problem::PaytrRejected(rejection).into(),
            Outcome::Unknown(cause) => Problem::OutcomeUnknown(cause).into(),
        }
    }

    /// Marks an answer that was recorded earlier and is given again.
    #[must_use]
    pub fn replayed(mut self) -> Self {
        self.headers.push(("idempotency-replayed", "true".to_owned()));
        self
    }
}

#[derive(Serialize)]
struct Sent<'a> {
    outcome: &'static str,
    webhook_id: &'a str,
    paytr: Status,
}

#[derive(Serialize)]
struct Pong {
    outcome: &'static str,
}

#[derive(Serialize)]
struct Status {
    status: &'static str,
}
