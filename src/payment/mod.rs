//! From a payment to the shop's event.
//!
//! In scope: what a payment is worth (`assessment`), and what the shop is told (`event`). All pure. Not in scope: PayTR's
//! notification itself, which is `paytr`'s, when an event is delivered, which is `tasks`', and the signature, which is
//! `standard_webhooks`'.

pub mod assessment;
pub mod event;

mod event_type;

pub use assessment::{Assessment, Reason};
pub use event::{EventId, PaymentDetails};
pub use event_type::{EventState, EventType};
