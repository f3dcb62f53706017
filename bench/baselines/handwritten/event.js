// What the shop is told of a payment, and when again.

import { within } from "./time-limit.js";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const SHOP_TIMEOUT_MS = 15 * SECOND_MS;
/** From one try to the next. */
const DELAYS_MS = [
  0, 5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 14 * HOUR_MS, 20 * HOUR_MS,
  24 * HOUR_MS,
];

const encoder = new TextEncoder();

/** Why somebody has to look at a payment; none if it is what the link asked for. */
export function reasonsAgainst({ status, totalAmount, unsigned }, link, merchantId, isPaid) {
  const currency = unsigned.currency === "TRY" ? "TL" : unsigned.currency;
  const least = Math.min(totalAmount, unsigned.payment_amount ?? totalAmount);
  const against = {
    unknown_link: !link,
    not_success: status !== "success",
    other_merchant: unsigned.merchant_id !== undefined && unsigned.merchant_id !== merchantId,
    other_currency: Boolean(link) && currency !== undefined && currency !== link.currency,
    too_little: Boolean(link) && least < link.price,
    test_payment: unsigned.test_mode === true,
    paid_before: Boolean(link?.paid_once) && isPaid,
  };
  return Object.keys(against).filter((reason) => against[reason]);
}

/** The event's body. */
export function eventBody(notice, link, reasons, receivedAt) {
  const { callbackId, merchantOid, status, totalAmount, unsigned } = notice;
  return JSON.stringify({
    type: reasons.length === 0 ? "link.paid" : "link.payment_review",
    timestamp: `${new Date(receivedAt).toISOString().slice(0, 19)}Z`,
    data: {
      reference: link?.reference ?? undefined,
      reasons: reasons.length === 0 ? undefined : reasons,
      link: { id: link?.link_id ?? undefined, callback_id: callbackId, price: link?.price, currency: link?.currency },
      payment: { merchant_oid: merchantOid, status, total_amount: totalAmount },
      unsigned,
    },
  });
}

/** Posts an event: `{status, retryAfter}`, or `{reason}`, why there is no answer. */
export async function postEvent({ eventsUrl, eventsSecrets }, eventId, body) {
  if (!eventsUrl) return { reason: "events-off" };
  const timestamp = Math.floor(Date.now() / 1000);
  const signed = encoder.encode(`${eventId}.${timestamp}.${body}`);
  const tags = await Promise.all(eventsSecrets.map((key) => crypto.subtle.sign("HMAC", key, signed)));
  const headers = {
    "content-type": "application/json",
    "user-agent": "paytr-link-relay-baseline/1",
    "webhook-id": eventId,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": tags.map((tag) => `v1,${new Uint8Array(tag).toBase64()}`).join(" "),
  };
  try {
    return await within(SHOP_TIMEOUT_MS, async (signal) => {
      const response = await fetch(eventsUrl, { method: "POST", headers, body, redirect: "manual", signal });
      await response.body?.cancel();
      return { status: response.status, retryAfter: response.headers.get("retry-after") };
    });
  } catch (error) {
    return { reason: error?.name === "TimeoutError" ? "timed-out" : "connection-lost" };
  }
}

/** What becomes of an event after so many tries: `{state, nextAt}`. */
export function afterTry(tries, { status, retryAfter }, now) {
  if (status >= 200 && status <= 299) return { state: "delivered" };
  if (status === 410 || tries >= DELAYS_MS.length) return { state: "dead" };
  let delay = DELAYS_MS[tries];
  if ((status === 429 || status === 503) && retryAfter !== null) {
    const asked = /^\d+$/.test(retryAfter) ? Number(retryAfter) * SECOND_MS : Date.parse(retryAfter) - now;
    if (Number.isFinite(asked)) delay = Math.max(delay, Math.min(Math.max(asked, SECOND_MS), DAY_MS));
  }
  return { state: "pending", nextAt: now + delay + Math.floor((delay / 5) * Math.random()) };
}
