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
/** One that no relay knows. */
export const FOREIGN_SECRET = written("a foreign secret of the tests");
