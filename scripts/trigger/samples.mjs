// A sample of each event, as openapi.yaml, docs/reference.md and docs/payments.md show it; a test holds them together.
//
// To fit an order of one's own: its reference, its link, its price.

/** The sample of docs: times and ids are made up. */
const TIMESTAMP = "2026-11-25T10:00:00Z";
const LINK = {
  id: "NB2Zlz3",
  callback_id: "bd8d2b48c5d0483bf4c443491c88a22626f967a55296427d42b7ede2a9e996e0",
  price: 158_000,
  currency: "TL",
};
const PAYMENT = { merchant_oid: "LNK0123456789", status: "success" };

/** By type: the sample of an order, which is that of the docs where nothing of it is given. */
const SAMPLES = {
  "link.paid": ({ reference, link, payment }) => ({
    reference,
    link,
    payment: { ...payment, total_amount: link.price },
    unsigned: {
      payment_amount: link.price,
      currency: link.currency,
      payment_type: "card",
      test_mode: false,
      merchant_id: "0123456",
    },
  }),
  "link.payment_review": ({ reference, link, payment }) => ({
    reference,
    reasons: ["too_little", "test_payment"],
    link,
    payment: { ...payment, total_amount: Math.min(100, Math.floor(link.price / 2)) },
    unsigned: { test_mode: true },
  }),
  "relay.ping": () => ({}),
};

/** The types of events that there are. */
export const EVENT_TYPES = Object.keys(SAMPLES);

/**
 * The body of a sample.
 *
 * @param {string} type one of {@link EVENT_TYPES}
 * @param {object} [order] what differs from the sample of the docs
 * @param {string} [order.reference]
 * @param {string} [order.linkId]
 * @param {string} [order.callbackId]
 * @param {number} [order.price] minor units
 * @param {string} [order.currency]
 * @param {string} [order.merchantOid]
 * @param {string} [timestamp] RFC 3339
 */
export function sampleEvent(type, order = {}, timestamp = TIMESTAMP) {
  const { reference = "1001", linkId = LINK.id, callbackId = LINK.callback_id, price = LINK.price, currency = LINK.currency } = order;
  const link = { id: linkId, callback_id: callbackId, price, currency };
  const payment = { ...PAYMENT, merchant_oid: order.merchantOid ?? PAYMENT.merchant_oid };
  return { type, timestamp, data: SAMPLES[type]({ reference, link, payment }) };
}
