//! HMAC-SHA256 with a key that was prepared once.
//!
//! In scope: signing and checking a message given in parts. Not in scope: what is signed and how a tag is written;
//! that is each caller's format.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// Length of a tag in bytes.
pub const TAG_LENGTH: usize = 32;

/// An HMAC-SHA256 tag.
pub type Tag = [u8; TAG_LENGTH];

/// A prepared key. It cannot be printed.
#[derive(Clone)]
pub struct MacKey(Hmac<Sha256>);

impl MacKey {
    /// Prepares a key. HMAC takes keys of every length, so `None` is what its interface allows, not what happens.
    #[must_use]
    pub fn new(key: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(key).ok().map(Self)
    }

    /// The tag of the parts' concatenation. Nothing stands between the parts: the caller sees to it that no two
    /// messages have the same concatenation.
    #[must_use]
    pub fn sign(&self, parts: &[&[u8]]) -> Tag {
        self.absorb(parts).finalize().into_bytes().into()
    }

    /// Whether any of `tags` is the tag of the parts' concatenation. Every tag is compared, each in constant time, so
    /// that the time taken tells neither which one matched nor how nearly one did.
    #[must_use]
    pub fn verify_any(&self, parts: &[&[u8]], tags: &[Tag]) -> bool {
        let mac = self.absorb(parts);
        tags.iter().fold(false, |found, tag| found | mac.clone().verify_slice(tag).is_ok())
    }

    fn absorb(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part);
        }
        mac
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey([redacted])")
    }
}
