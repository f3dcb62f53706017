//! The secrets that prove who sent an event.

use std::fmt;

use axum::http::HeaderMap;
use standardwebhooks::Webhook;

/// The secrets that events are signed with, any of them.
pub struct EventSecrets(Vec<Webhook>);

impl EventSecrets {
    /// Reads `EVENTS_SECRETS`: one or more `whsec_…`, with blanks between them. `None` if there is none, or one of them
    /// is not `whsec_` and base64.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let secrets: Option<Vec<_>> = text
            .split_whitespace()
            .map(|secret| Webhook::new(secret).ok().filter(|_| secret.starts_with("whsec_")))
            .collect();
        secrets.filter(|secrets| !secrets.is_empty()).map(Self)
    }

    /// Returns whether one of them signed this body, and the timestamp is fresh.
    pub(crate) fn verify(&self, body: &[u8], headers: &HeaderMap) -> bool {
        self.0.iter().any(|secret| secret.verify(body, headers).is_ok())
    }
}

impl fmt::Debug for EventSecrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("EventSecrets").finish_non_exhaustive()
    }
}
