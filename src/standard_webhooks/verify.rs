//! Is it signed, and fresh? Standard Webhooks 1.0.0, read strictly.
//!
//! In scope: the three headers, the signature over `id.timestamp.body`, the age of the timestamp, and the secrets'
//! written form. Not in scope: what the body says; nothing here looks into it. Whatever is accepted here, the published
//! Standard Webhooks libraries accept too; where they are lenient this module is not.

use crate::mac::{MacKey, TAG_LENGTH, Tag};
use base64::{Engine, engine::general_purpose::STANDARD};

/// The longest value of a webhook header, in bytes.
pub const MAX_HEADER_BYTES: usize = 4096;
/// The longest `webhook-id`, in characters.
pub const MAX_ID_CHARS: usize = 256;
/// The most entries of a `webhook-signature`.
pub const MAX_SIGNATURES: usize = 16;
/// How far `webhook-timestamp` may be off, in seconds, either way, the edge inside.
pub const TOLERANCE_SECONDS: u64 = 300;
/// The shortest secret, in bytes after decoding (Standard Webhooks, "Signature scheme": 24 to 64 bytes).
pub const MIN_SECRET_BYTES: usize = 24;

const MAX_TIMESTAMP_DIGITS: usize = 12;

/// The three headers as the platform gives them: `None` when absent, duplicates joined with `", "`.
#[derive(Clone, Copy)]
pub struct Headers<'a> {
    /// `webhook-id`, or `svix-id`: see [`read_headers`]
    pub id: Option<&'a str>,
    /// `webhook-timestamp`, Unix seconds
    pub timestamp: Option<&'a str>,
    /// `webhook-signature`, space-separated `version,base64`
    pub signature: Option<&'a str>,
}

/// Reads the three headers, each by its name: `webhook-*`, or, when none of these is there, what Svix calls the same.
/// Never some of each.
///
/// # Errors
/// Those of `get`.
pub fn read_headers<T, E>(mut get: impl FnMut(&'static str) -> Result<Option<T>, E>) -> Result<[Option<T>; 3], E> {
    let webhook = [get("webhook-id")?, get("webhook-timestamp")?, get("webhook-signature")?];
    if webhook.iter().any(Option::is_some) {
        return Ok(webhook);
    }
    Ok([get("svix-id")?, get("svix-timestamp")?, get("svix-signature")?])
}

/// What a request that passed is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified<'a> {
    /// The sender's name for this message, the same over all its retries.
    pub webhook_id: &'a str,
    /// Which of the secrets signed it, counted from 1: over 1 means that an outgoing secret is still in use.
    pub secret_number: usize,
}

/// Why a request was refused. For the log alone, but for [`VerifyError::Stale`]: to the outside all others look the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyError {
    /// A header is absent or empty.
    HeaderMissing,
    /// A header is over [`MAX_HEADER_BYTES`].
    HeaderTooLong,
    /// `webhook-id` breaks its grammar, or came twice.
    BadId,
    /// `webhook-timestamp` breaks its grammar, or came twice.
    BadTimestamp,
    /// `webhook-signature` came twice.
    SignatureTwice,
    /// More than [`MAX_SIGNATURES`] entries.
    TooManySignatures,
    /// No entry is a well-formed `v1` signature.
    NoSignature,
    /// No secret made any of the signatures.
    NoMatch,
    /// The signature is right and the timestamp is too far off.
    Stale,
}

impl VerifyError {
    /// A constant word for logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HeaderMissing => "header missing",
            Self::HeaderTooLong => "header too long",
            Self::BadId => "bad webhook-id",
            Self::BadTimestamp => "bad webhook-timestamp",
            Self::SignatureTwice => "webhook-signature given twice",
            Self::TooManySignatures => "too many signatures",
            Self::NoSignature => "no well-formed v1 signature",
            Self::NoMatch => "no signature matches a secret",
            Self::Stale => "timestamp too far off",
        }
    }
}

/// Checks a request, in this order: the headers' sizes and grammar, the signature over the raw body, the age.
///
/// `now` is in Unix seconds. The work is bounded by the caps above and the length of `body`, which the caller caps.
///
/// # Errors
/// The first check that fails.
pub fn verify<'a>(
    headers: Headers<'a>,
    body: &[u8],
    secrets: &[MacKey],
    now: u64,
) -> Result<Verified<'a>, VerifyError> {
    let webhook_id = parse_id(present(headers.id)?)?;
    let written_timestamp = present(headers.timestamp)?;
    let timestamp = parse_timestamp(written_timestamp)?;
    let tags = parse_signatures(present(headers.signature)?)?;

    // The id holds no dot and the timestamp only digits, so the parts cannot be shifted against each other.
    let signed: [&[u8]; 5] = [webhook_id.as_bytes(), b".", written_timestamp.as_bytes(), b".", body];
    // Every secret is tried: stopping at the first would tell by the clock which one it was.
    let secret_number = secrets
        .iter()
        .zip(1..)
        .fold(None, |found: Option<usize>, (secret, number)| {
            let matches = secret.verify_any(&signed, &tags);
            found.or(matches.then_some(number))
        })
        .ok_or(VerifyError::NoMatch)?;

    if timestamp.abs_diff(now) > TOLERANCE_SECONDS {
        return Err(VerifyError::Stale);
    }
    Ok(Verified { webhook_id, secret_number })
}

/// Parses the setting `WEBHOOK_SECRETS`: one or more `whsec_…`, separated by white space.
///
/// # Errors
/// What to change, never what was given.
pub fn parse_secrets(text: &str) -> Result<Vec<MacKey>, &'static str> {
    let secrets: Vec<MacKey> = text.split_ascii_whitespace().map(parse_secret).collect::<Result<_, _>>()?;
    if secrets.is_empty() {
        return Err("is blank; give at least one secret, whsec_ and the base64 of 24 or more random bytes");
    }
    Ok(secrets)
}

fn parse_secret(word: &str) -> Result<MacKey, &'static str> {
    let encoded = word.strip_prefix("whsec_").ok_or("holds a secret that does not begin with whsec_")?;
    let key =
        STANDARD.decode(encoded).map_err(|_| "holds a secret that is not whsec_ and standard base64 with padding")?;
    if key.len() < MIN_SECRET_BYTES {
        return Err("holds a secret of fewer than 24 bytes; make one of 24 to 64 random bytes");
    }
    MacKey::new(&key).ok_or("holds a secret that HMAC does not take")
}

fn present(header: Option<&str>) -> Result<&str, VerifyError> {
    match header {
        None | Some("") => Err(VerifyError::HeaderMissing),
        Some(value) if value.len() > MAX_HEADER_BYTES => Err(VerifyError::HeaderTooLong),
        Some(value) => Ok(value),
    }
}

/// Visible ASCII without `.`, which separates the signed parts, and without `,`, which shows that the header came twice.
fn parse_id(value: &str) -> Result<&str, VerifyError> {
    let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'.' && byte != b',';
    if value.len() <= MAX_ID_CHARS && value.bytes().all(allowed) { Ok(value) } else { Err(VerifyError::BadId) }
}

/// `[1-9][0-9]{0,11}`
fn parse_timestamp(value: &str) -> Result<u64, VerifyError> {
    if value.len() > MAX_TIMESTAMP_DIGITS || value.starts_with('0') || !value.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Err(VerifyError::BadTimestamp);
    }
    value.parse().map_err(|_| VerifyError::BadTimestamp)
}

/// The well-formed `v1` entries. Entries of other versions and shapes are skipped: a sender may add schemes.
fn parse_signatures(value: &str) -> Result<Vec<Tag>, VerifyError> {
    if value.as_bytes().windows(2).any(|pair| pair == b", ") {
        return Err(VerifyError::SignatureTwice);
    }
    if value.bytes().filter(|&byte| byte == b' ').count() >= MAX_SIGNATURES {
        return Err(VerifyError::TooManySignatures);
    }
    let tags: Vec<Tag> = value.split(' ').filter_map(parse_signature).collect();
    if tags.is_empty() { Err(VerifyError::NoSignature) } else { Ok(tags) }
}

/// `v1,` and the canonical base64 of 32 bytes: the engine refuses other alphabets, absent padding and stray last bits.
fn parse_signature(entry: &str) -> Option<Tag> {
    let encoded = entry.strip_prefix("v1,")?;
    let mut tag = [0; TAG_LENGTH];
    let length = STANDARD.decode_slice(encoded, &mut tag).ok()?;
    (length == TAG_LENGTH).then_some(tag)
}
