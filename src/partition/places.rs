//! Connections that may wait for an answer at once.
//!
//! An object shares one I/O context among all its requests, and six of its fetches at once may wait for headers (Cloudflare,
//! "Limits"). The seventh would wait where nobody sees it, so the object gives its places out itself: a shop that hangs never
//! holds up PayTR, nor PayTR a shop.

use async_lock::{Semaphore, SemaphoreGuard};
use futures_util::future::{Either, select};
use std::pin::pin;
use std::time::Duration;
use worker::Delay;

/// To PayTR.
pub const TO_PAYTR: usize = 4;
/// To the shop.
pub const TO_SHOP: usize = 2;
/// How long a message waits for a place.
const PATIENCE: Duration = Duration::from_secs(5);

/// Places that are given out.
pub struct Places(Semaphore);

/// A place, held as long as this lives.
pub struct Place<'a> {
    _guard: SemaphoreGuard<'a>,
    /// Whether it had to be waited for.
    pub was_waited_for: bool,
}

impl Places {
    pub const fn new(count: usize) -> Self {
        Self(Semaphore::new(count))
    }

    /// A place, in the order of asking; `None` if there is none in time.
    pub async fn take(&self) -> Option<Place<'_>> {
        if let Some(guard) = self.0.try_acquire() {
            return Some(Place { _guard: guard, was_waited_for: false });
        }
        match select(pin!(self.0.acquire()), pin!(Delay::from(PATIENCE))).await {
            Either::Left((guard, _)) => Some(Place { _guard: guard, was_waited_for: true }),
            Either::Right(_) => None,
        }
    }
}
