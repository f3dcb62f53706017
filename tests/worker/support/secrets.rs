//! The merchant and the webhook secrets of the tests. Made up; they open nothing.

use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_sandbox::Merchant;

/// With a leading zero, which a number would lose.
pub const MERCHANT_ID: &str = "0123456";
/// Mağaza Parola
pub const MERCHANT_KEY: &str = "kEy+4567/90=bcde";
/// Mağaza Gizli Anahtar
pub const MERCHANT_SALT: &str = "sAlt&987%54321xy";

/// The merchant as the sandbox takes it.
pub fn merchant() -> Merchant {
    Merchant {
        merchant_id: MERCHANT_ID.to_owned(),
        merchant_key: MERCHANT_KEY.to_owned(),
        merchant_salt: MERCHANT_SALT.to_owned(),
    }
}

/// The current webhook secret: 24 bytes, as short as one may be.
pub fn current() -> String {
    secret(b"current secret 24 bytes!")
}

/// The webhook secret on its way out: 64 bytes, as long as Standard Webhooks lets one be.
pub fn outgoing() -> String {
    secret(&[0xA7; 64])
}

/// A webhook secret that no service knows.
pub fn foreign() -> String {
    secret(b"a foreign secret of the tests")
}

/// What the relay signs events with.
pub fn events() -> String {
    secret(b"the events' secret of tests")
}

/// What the relay signs events with after a rotation.
pub fn new_events() -> String {
    secret(b"a newer secret of the events")
}

/// The written form of a webhook secret.
pub fn secret(bytes: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(bytes))
}

/// What the shops sign their webhooks with, and the one that takes its place.
pub const SHOP_SECRET: &str = "e2eShopSecret0123456789abcd";
/// The newer one of a shop whose secret changes.
pub const NEW_SHOP_SECRET: &str = "e2eNewShopSecret0123456789";
/// A secret that WordPress stores with entities, as a person typed it.
pub const TYPED_SHOP_SECRET: &str = "e2e<Typed>&'Secret'0123456789";
/// The same as WordPress stores it.
pub const STORED_SHOP_SECRET: &str = "e2e&lt;Typed&gt;&amp;&#039;Secret&#039;0123456789";
/// What the shops' APIs are asked with.
pub const API_KEY: &str = "ck_e2e0123456789abcdef0123:cs_e2e9876543210fedcba9876";
/// That of the shared vectors.
pub const VECTORS_SHOP_SECRET: &str = "wcS3cret0123456789abcdefWXYZ";
