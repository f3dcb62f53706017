//! The platform's clock and its numbers.

use worker::js_sys::Date;

/// Unix milliseconds.
pub fn now() -> u64 {
    from_platform_time(Date::now())
}

/// Unix milliseconds as the platform has them, a floating-point number, which holds every one for 285,000 years.
#[expect(clippy::cast_precision_loss, reason = "a time in milliseconds is far below 2^53")]
pub fn to_platform_time(time: u64) -> f64 {
    time as f64
}

/// The way back.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and a time has no fraction"
)]
pub fn from_platform_time(time: f64) -> u64 {
    time as u64
}
