//! One of `SEND_LIMITS`.

/// At most `count` sends in any `seconds` seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendLimit {
    /// Sends, at least 1.
    pub count: u32,
    /// The window's length in seconds.
    pub seconds: u32,
}

impl SendLimit {
    /// The window's length in milliseconds.
    #[must_use]
    pub fn window_ms(self) -> u64 {
        u64::from(self.seconds).saturating_mul(1000)
    }
}
