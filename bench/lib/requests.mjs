// Requests as shops make them, signed before any clock runs.

import { createHmac } from "node:crypto";
import { MERCHANT_ID, MERCHANT_KEY, MERCHANT_SALT, SECRET } from "./settings.mjs";

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

export function phone() {
  return `05${String(300_000_000 + unique())}`;
}

export function address() {
  return `musteri${unique()}@example.com`;
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

/** A request to the webhook for `fetch`, rightly signed but for `headers`, which stand instead, and `over`, on top. */
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
export function notice(callback_id) {
  return noticeOf(callback_id, `OID${unique()}`, { id: MERCHANT_ID, key: MERCHANT_KEY, salt: MERCHANT_SALT });
}

/** PayTR's notice of a payment of `PRICE`, to the merchant with this `{ id, key, salt }`. */
export function noticeOf(callback_id, merchant_oid, { id, key, salt }) {
  const hash = createHmac("sha256", key).update(`${callback_id}${merchant_oid}${salt}success${PRICE}`).digest("base64");
  const signed = { hash, callback_id, merchant_oid, status: "success", total_amount: PRICE };
  const more = { payment_amount: PRICE, payment_type: "card", currency: "TL", merchant_id: id, test_mode: 0 };
  return new URLSearchParams({ ...signed, ...more }).toString();
}

/** A whole HTTP request with a message. */
export const raw = (port, body, headers = signedHeaders(body)) => http(port, "/webhook", headers, body);

/** `count` messages `{ id, body }` under ids of their own. */
export const messages = (count, make) =>
  Array.from({ length: count }, () => ({ id: `msg_bench_${unique()}`, body: make() }));

/** Whole HTTP requests with these messages. */
export const rawMessages = (port, all) => all.map(({ id, body }) => raw(port, body, signedHeaders(body, id)));

/** A whole HTTP request with a notice. */
export const rawNotice = (port, form) =>
  http(port, "/callback", { "content-type": "application/x-www-form-urlencoded" }, form);

function http(port, path, more, body) {
  const headers = {
    host: `127.0.0.1:${port}`,
    // As Cloudflare sets it.
    "cf-ray": `${unique().toString(16).padStart(16, "0")}-IST`,
    ...more,
    "content-length": Buffer.byteLength(body),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
}

/** `count` sends; every other one an SMS, the rest e-mail. */
export function sends(port, count, recipient) {
  return Array.from({ length: count }, (_, number) => {
    const body = number % 2 === 0
      ? sms(recipient?.phone(number) ?? phone())
      : email(recipient?.email(number) ?? address());
    return raw(port, body);
  });
}

/** Requests in the form that `load` reads. */
export function prepared(requests) {
  return Buffer.concat(
    requests.flatMap((request) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(request.length);
      return [length, request];
    }),
  );
}
