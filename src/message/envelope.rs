//! What goes to a partition, and what comes back.

use super::{Message, Success};
use crate::ledger::Refusal;
use crate::packed;
use crate::paytr::Notification;
use crate::telemetry::{LogLine, RequestInfo};

/// A message, parsed, and what its partition has to know of the request that brought it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The request.
    pub request: RequestInfo,
    /// The message's `webhook-id`.
    pub webhook_id: String,
    /// Which of `WEBHOOK_SECRETS` signed it, counted from 1; `None` for one that the relay makes itself for an order.
    pub secret_number: Option<usize>,
    /// The relay's own origin, under which the request came.
    pub origin: String,
    /// The message.
    pub message: Message,
}

packed!(struct Envelope { request, webhook_id, secret_number, origin, message });

/// A partition's answer to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What was done, or why it was not.
    pub content: Result<Success, Refusal>,
    /// Whether it was recorded earlier, and PayTR not asked.
    pub replayed: bool,
}

packed!(struct Answer { content, replayed });

/// A verified notification of a payment, on its way to its link's partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The request.
    pub request: RequestInfo,
    /// The notification.
    pub notification: Notification,
}

packed!(struct Notice { request, notification });

impl Envelope {
    /// Adds to a line of the log what it may say of this request and its message.
    #[must_use]
    pub fn describe<'a>(&'a self, line: LogLine<'a>) -> LogLine<'a> {
        let mut line = line.identified(&self.webhook_id, self.secret_number, &self.message.recipients());
        self.message.describe(&mut line);
        line
    }

    /// Another message of the same request, under the same `webhook-id`.
    #[must_use]
    pub fn follow_up(&self, message: Message) -> Self {
        Self { message, ..self.clone() }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self { content: Err(refusal), replayed: false }
    }
}
