// Requests as shops make them, signed before any clock runs.

import { createHmac } from "node:crypto";
import { MERCHANT, SECRET } from "../../tests/support/secrets.mjs";

const key = Buffer.from(SECRET.slice("whsec_".length), "base64");
/** Of every link, in minor units. */
const PRICE = 158_000;
let last = 0;

/** Never the same twice in one run. */
export function unique() {
  last += 1;
  return last;
}

export function sms(phone, linkId = `Link${unique()}`) {
  return JSON.stringify({
    type: "link.send_sms",
    timestamp: "2026-11-23T10:00:00Z",
    data: { id: linkId, cell_phone: phone },
  });
}

export function email(address, linkId = `Link${unique()}`) {
  return JSON.stringify({ type: "link.send_email", data: { id: linkId, email: address } });
}

/** Every other one an SMS, the rest e-mail, each to somebody new. */
export function send(number) {
  return number % 2 === 0 ? sms(phone()) : email(`musteri${unique()}@example.com`);
}

export function phone() {
  return `05${String(300_000_000 + unique())}`;
}

export function sign(id, timestamp, body) {
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64")}`;
}

export function signedHeaders(body, id = `msg_bench_${unique()}`, timestamp = Math.floor(Date.now() / 1000)) {
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": sign(id, timestamp, body),
  };
}

/** A request to the webhook, rightly signed but for `headers`, which stand instead, and `over`, on top. */
export function post(body, { headers, over } = {}) {
  return { method: "POST", path: "/webhook", headers: { ...(headers ?? signedHeaders(body)), ...over }, body };
}

export function withId(body, id) {
  return post(body, { headers: signedHeaders(body, id) });
}

/** `link.create` of a product link, with what is to be sent at once, if anything. */
export function create(send) {
  const expiry_date = "2038-12-31T23:59:59+03:00";
  const data = { name: `Sipariş ${unique()}`, price: PRICE, link_type: "product", expiry_date, reference: "1001", send };
  return JSON.stringify({ type: "link.create", data });
}

/** The form with which PayTR tells that the link of this name was paid. */
export function notice(callback_id, merchant_oid = `OID${unique()}`) {
  const { PAYTR_MERCHANT_ID: merchant_id, PAYTR_MERCHANT_KEY: key, PAYTR_MERCHANT_SALT: salt } = MERCHANT;
  const hash = createHmac("sha256", key).update(`${callback_id}${merchant_oid}${salt}success${PRICE}`).digest("base64");
  const signed = { hash, callback_id, merchant_oid, status: "success", total_amount: PRICE };
  const more = { payment_amount: PRICE, payment_type: "card", currency: "TL", merchant_id, test_mode: 0 };
  return new URLSearchParams({ ...signed, ...more }).toString();
}

/** The request with such a form. */
export function callback(form) {
  return { method: "POST", path: "/callback", headers: { "content-type": "application/x-www-form-urlencoded" }, body: form };
}

/** `count` messages `{ id, body }` under ids of their own. */
export const messages = (count, make) =>
  Array.from({ length: count }, (_, number) => ({ id: `msg_bench_${unique()}`, body: make(number) }));

/** A request as it goes over the wire, to the letter. */
export function raw(port, { path, headers, body }) {
  const all = {
    host: `127.0.0.1:${port}`,
    // As Cloudflare sets it.
    "cf-ray": `${unique().toString(16).padStart(16, "0")}-IST`,
    ...headers,
    "content-length": Buffer.byteLength(body),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
}
