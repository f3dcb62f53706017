//! At most once: PayTR is asked for each thing once or never, whatever breaks.
//!
//! Here is what decides, and is pure: the state machine of a message, the limits, how long things are kept, which partition
//! keeps what and under which keys. The Durable Object around it is `partition`.

mod encryption;
mod fingerprint;
mod keys;
mod once;
mod partition;
mod refusal;
mod retention;
mod send_limits;

pub use encryption::{decrypt, encrypt};
pub use fingerprint::Fingerprint;
pub use keys::{Address, Keeper, Slot, new_callback_id};
pub use once::{Decision, DecisionInput, Recorded, State, decide};
pub use partition::{PARTITIONS, Partition};
pub use refusal::{Refusal, Unavailable};
pub use retention::{MAX_LINK_RETENTION_MS, link_expires_at, messages_kept_ms, payment_expires_at};
pub use send_limits::{longest_window_ms, seconds_to_wait, sends_that_count};
