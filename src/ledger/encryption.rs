//! Encryption at rest: for what the storage keeps and must not show, such as whom an order's link is to be sent to.

use crate::paytr::Merchant;
use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

const NONCE_BYTES: usize = 24;

/// Encrypts bytes under a key that is derived from the merchant's: XChaCha20-Poly1305, as base64 of nonce and ciphertext.
/// The nonce is a keyed hash of them, so only the same bytes ever meet the same nonce. `None` if the cipher fails, which
/// it does for none that fit into memory.
#[must_use]
pub fn encrypt(merchant: &Merchant, bytes: &[u8]) -> Option<String> {
    let tag = merchant.keyed_hash_of("seal-nonce", bytes);
    let nonce = tag.get(..NONCE_BYTES)?;
    let ciphertext = cipher(merchant).encrypt(&XNonce::try_from(nonce).ok()?, bytes).ok()?;
    Some(STANDARD.encode([nonce, &ciphertext].concat()))
}

/// Decrypts what [`encrypt`] made; `None` for anything else, and under another key.
#[must_use]
pub fn decrypt(merchant: &Merchant, encrypted: &str) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(encrypted).ok()?;
    let (nonce, ciphertext) = bytes.split_at_checked(NONCE_BYTES)?;
    cipher(merchant).decrypt(&XNonce::try_from(nonce).ok()?, ciphertext).ok()
}

fn cipher(merchant: &Merchant) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(merchant.keyed_hash(&["seal-key"])))
}
