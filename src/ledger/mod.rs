//! At most once: PayTR is asked for each thing once or never, whatever breaks.
//!
//! Here is what decides, and is pure: the state machine, the limits, how long things are kept, and the keys under which
//! the storage keeps them without showing recipients and ids. The Durable Object around it is in `platform`.

mod delivery;
mod keys;
mod limits;
mod retention;
mod state_machine;

pub use delivery::{Delivery, Notice};
pub use keys::{EntryKeys, callback_id, object_name};
pub use limits::{longest_window_ms, seconds_to_wait, sends_that_count};
pub use retention::{link_expires_at, retention_ms};
pub use state_machine::{Decision, DecisionInput, Entry, State, decide};
