// The merchant and the webhook secret of these tests. Made up; they open nothing.

export const MERCHANT = {
  PAYTR_MERCHANT_ID: "0123456",
  PAYTR_MERCHANT_KEY: "kEy+4567/90=bcde",
  PAYTR_MERCHANT_SALT: "sAlt&987%54321xy",
};

const written = (text) => `whsec_${Buffer.from(text).toString("base64")}`;

/** What shop and relay share: as short as a secret may be, so that a library's padding of the key is seen. */
export const SECRET = written("examples secret 24 bytes");
/** What the relay signs events with. */
export const EVENTS_SECRET = written("a secret for events, of tests");
/** Another one, as long as one may be. */
export const LONG_SECRET = written("a secret of sixty-four bytes, which is the most there may be: 64");
/** What WooCommerce signs its deliveries with in tests/vectors/woocommerce. */
export const SHOP_SECRET = "wcS3cret0123456789abcdefWXYZ";
/** What the first of {@link STOREFRONTS} is written back to with. */
export const SHOP_API_KEY = "ck_0123456789abcdef:cs_fedcba9876543210";
const shop = (name, more) => ({ name, platform: "woocommerce", url: `https://${name}.example`, ...more });
/** Two shops, the first of which is written back to. */
export const STOREFRONTS = JSON.stringify([
  shop("shop", { webhook_secret: SHOP_SECRET, api_key: SHOP_API_KEY, pay_by_link: ["bacs"] }),
  shop("second", { webhook_secret: "secondShop0123456789abcdefXY", pay_by_link: ["bacs", "cod"] }),
]);
/** One that no relay knows. */
export const FOREIGN_SECRET = written("a foreign secret of the tests");
