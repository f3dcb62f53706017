// Requests as shops make them, signed before any clock runs.

import { createHmac } from "node:crypto";
import { SECRET } from "./settings.mjs";

const key = Buffer.from(SECRET.slice("whsec_".length), "base64");
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

/** A whole HTTP request. */
export function raw(port, body) {
  const headers = {
    host: `127.0.0.1:${port}`,
    // As Cloudflare sets it.
    "cf-ray": `${unique().toString(16).padStart(16, "0")}-IST`,
    ...signedHeaders(body),
    "content-length": Buffer.byteLength(body),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST /webhook HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
}

/** `count` requests in the form that `load` reads; every other one an SMS, the rest e-mail. */
export function prepared(port, count, recipient) {
  const pieces = [];
  for (let number = 0; number < count; number += 1) {
    const body = number % 2 === 0
      ? sms(recipient?.phone(number) ?? phone())
      : email(recipient?.email(number) ?? `musteri${unique()}@example.com`);
    const request = raw(port, body);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(request.length);
    pieces.push(length, request);
  }
  return Buffer.concat(pieces);
}
