//! Texts that the storage keeps and must not show.

use super::token::Merchant;
use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

const NONCE_BYTES: usize = 24;

impl Merchant {
    /// Encrypts a text under a key that is derived from the merchant's: XChaCha20-Poly1305, as base64 of nonce and
    /// ciphertext. The nonce is a keyed hash of the text, so that only the same text ever meets the same nonce.
    #[must_use]
    pub fn seal(&self, text: &str) -> String {
        let tag = self.keyed_hash(&["seal-nonce", text]);
        let mut sealed = tag.get(..NONCE_BYTES).unwrap_or_default().to_vec();
        let Ok(nonce) = XNonce::try_from(sealed.as_slice()) else { return String::new() };
        let Ok(ciphertext) = self.cipher().encrypt(&nonce, text.as_bytes()) else { return String::new() };
        sealed.extend(ciphertext);
        STANDARD.encode(sealed)
    }

    /// Decrypts what [`Merchant::seal`] made; `None` for anything else, and under another key.
    #[must_use]
    pub fn open(&self, sealed: &str) -> Option<String> {
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, ciphertext) = bytes.split_at_checked(NONCE_BYTES)?;
        let nonce = XNonce::try_from(nonce).ok()?;
        String::from_utf8(self.cipher().decrypt(&nonce, ciphertext).ok()?).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(self.keyed_hash(&["seal-key"])))
    }
}
