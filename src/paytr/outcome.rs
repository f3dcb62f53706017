//! What became of a call of PayTR's.

use crate::packed;
use serde::Serialize;

/// How a call ended. Final: it is recorded and answered to every retry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T = ()> {
    /// PayTR answered `success`, and all that was asked for.
    Succeeded(T),
    /// PayTR refused.
    Rejected(Rejection),
    /// It may or may not have been done.
    Unknown(Cause),
}

packed!(enum Outcome<T> {
    0 Succeeded(value),
    1 Rejected(value),
    2 Unknown(value),
});

/// PayTR's words for a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// PayTR's `status`.
    pub status: RejectedStatus,
    /// PayTR's `reason`, else its `err_msg`, if it gave either; without secrets and personal data.
    pub reason: Option<String>,
}

packed!(struct Rejection { status, reason });

/// The two words that PayTR has for no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RejectedStatus {
    /// `error`
    Error,
    /// `failed`
    Failed,
}

packed!(enum RejectedStatus {
    0 Error,
    1 Failed,
});

impl RejectedStatus {
    /// PayTR's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Failed => "failed",
        }
    }
}

/// Why nobody knows whether it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// PayTR did not answer in time.
    TimedOut,
    /// The connection could not be made, or broke before the answer was whole.
    ConnectionLost,
    /// PayTR answered 403 or 429, as a firewall, a challenge or a rate limit does.
    Blocked,
    /// PayTR answered with a redirect, which is not followed.
    Redirected,
    /// PayTR answered with a 5xx.
    ServerError,
    /// PayTR answered with a web page under another status.
    HtmlPage,
    /// PayTR answered with neither a web page nor JSON, or with half of either.
    BrokenJson,
    /// PayTR answered, but not in its own format, in none of the ways above.
    NotUnderstood,
    /// The relay itself stopped between asking PayTR and recording the answer.
    Interrupted,
    /// What was recorded cannot be read any more.
    RecordUnreadable,
}

packed!(enum Cause {
    0 TimedOut,
    1 ConnectionLost,
    2 Blocked,
    3 Redirected,
    4 ServerError,
    5 HtmlPage,
    6 BrokenJson,
    7 NotUnderstood,
    8 Interrupted,
    9 RecordUnreadable,
});

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 10] = [
        Self::TimedOut,
        Self::ConnectionLost,
        Self::Blocked,
        Self::Redirected,
        Self::ServerError,
        Self::HtmlPage,
        Self::BrokenJson,
        Self::NotUnderstood,
        Self::Interrupted,
        Self::RecordUnreadable,
    ];

    /// A constant word for the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TimedOut => "timed-out",
            Self::ConnectionLost => "connection-lost",
            Self::Blocked => "blocked",
            Self::Redirected => "redirected",
            Self::ServerError => "server-error",
            Self::HtmlPage => "html-page",
            Self::BrokenJson => "broken-json",
            Self::NotUnderstood => "not-understood",
            Self::Interrupted => "interrupted",
            Self::RecordUnreadable => "record-unreadable",
        }
    }
}
