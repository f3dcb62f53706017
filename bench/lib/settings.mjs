// The settings that every Worker gets. Made up; they open nothing.

export const MERCHANT_ID = "123456";
export const MERCHANT_KEY = "kEy1234567890abc";
export const MERCHANT_SALT = "sAlt0987654321xy";
export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const EVENTS_SECRET = "whsec_ZXZlbnRzIG9mIGEgYmVuY2htYXJrLCAyNCs=";

/** With `over`: texts over the defaults. */
export function bindings(upstreamPort, over = {}) {
  return {
    PAYTR_MERCHANT_ID: MERCHANT_ID,
    PAYTR_MERCHANT_KEY: MERCHANT_KEY,
    PAYTR_MERCHANT_SALT: MERCHANT_SALT,
    WEBHOOK_SECRETS: SECRET,
    EVENTS_SECRETS: EVENTS_SECRET,
    PAYTR_BASE_URL: `http://127.0.0.1:${upstreamPort}`,
    ...over,
  };
}
