//! Standard Webhooks 1.0.0: messages are verified on their way in and signed on their way out.

mod sign;
mod verify;

pub use sign::sign;
pub use verify::{
    Headers, MAX_HEADER_BYTES, MAX_ID_CHARS, MAX_SIGNATURES, MIN_SECRET_BYTES, TOLERANCE_SECONDS, Verified,
    VerifyError, parse_secrets, read_headers, verify,
};
