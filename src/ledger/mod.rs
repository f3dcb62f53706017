//! At most once: every message is sent to PayTR once or never, whatever breaks.
//!
//! One Durable Object per recipient decides, sends and records in a single hop, so that nothing is shared between
//! recipients and nothing can come between decision and record. `machine` decides and is pure; `object` is the Durable
//! Object around it, which only stores and fetches; `names` hides recipients and ids from whoever reads the storage.

mod limits;
mod machine;
mod names;
#[cfg(target_arch = "wasm32")]
mod object;
#[cfg(target_arch = "wasm32")]
mod store;

pub use limits::{Limit, longest_window_ms, retention_ms, seconds_to_wait, sends_that_count};
pub use machine::{Decision, Entry, Situation, State, decide};
pub use names::{Names, object_name};
#[cfg(target_arch = "wasm32")]
pub use object::forward;
