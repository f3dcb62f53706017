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

/// What the shops of [`storefronts`] sign their webhooks with.
pub const SHOP_SECRETS: [&str; 2] = ["wcS3cret0123456789abcdefWXYZ", "secondShop0123456789abcdefXY"];
/// What the first of them is written back to with.
pub const SHOP_API_KEY: &str = "ck_0123456789abcdef:cs_fedcba9876543210";

/// Two shops: `shop`, which is written back to, and `second`.
pub fn storefronts() -> String {
    let [first, second] = SHOP_SECRETS;
    format!(
        r#"[{{"name": "shop", "platform": "woocommerce", "url": "https://shop.test", "webhook_secret": "{first}",
             "api_key": "{SHOP_API_KEY}", "pay_by_link": ["bacs"]}},
            {{"name": "second", "platform": "woocommerce", "url": "https://second.test", "webhook_secret": "{second}",
             "pay_by_link": ["bacs"], "lang": "en"}}]"#
    )
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
/// What the Shopify shop signs its webhooks with.
pub const SHOPIFY_SECRET: &str = "e2e0123456789abcdef0123456789abc";
/// The id and the secret of its app.
pub const SHOPIFY_APP: &str = "e2eapp0123456789abcdef:shpss_e2e9876543210fedcba98";
/// How the tokens begin that it gives.
pub const SHOPIFY_TOKEN_MARK: &str = "shpat_";
/// That of the shared vectors.
pub const VECTORS_SHOP_SECRET: &str = SHOP_SECRETS[0];
