// What the tests of the examples share: requests of JSON, and how the relay and its shops sign, and demos.
import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { SECRET } from "../support/secrets.mjs";

const JSON_TYPE = { "content-type": "application/json" };

/** Posts a value as JSON, or a text as it stands. */
export const post = (url, value, headers) => {
  const body = typeof value === "string" ? value : JSON.stringify(value);
  return fetch(url, { method: "POST", headers: { ...JSON_TYPE, ...headers }, body });
};

/** The JSON that stands at an address. */
export const getJson = async (url) => (await fetch(url)).json();

/** Has a link of the sandbox paid. */
export const pay = (sandbox, { id }, payment = {}) => post(`${sandbox.url}/sandbox/links/${id}/pay`, payment);

/** A message or an event as it is posted, signed with each of some secrets at a time: `{ body, headers }`. */
export function signed(id, value, { secrets = [SECRET], at = new Date() } = {}) {
  const body = JSON.stringify(value);
  const signature = secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(" ");
  const headers = { "webhook-id": id, "webhook-timestamp": `${Math.floor(at / 1000)}`, "webhook-signature": signature };
  return { body, headers: { ...JSON_TYPE, ...headers } };
}

/** Posts what is signed, and resolves with the answer. */
export const postSigned = (url, { body, headers }) => fetch(url, { method: "POST", headers, body });

const MADE = { payment_amount: 158_000, currency: "TL" };
/** An event of a payment as the relay tells of it, of another payment each time. */
export function paymentEvent(type, reference, { link, ...more } = {}) {
  payments += 1;
  return {
    type,
    timestamp: "2026-11-25T10:00:00Z",
    data: {
      ...(reference && { reference }),
      link: { id: "NB2Zlz3", callback_id: "9f".repeat(16), price: 158_000, currency: "TL", ...link },
      payment: { merchant_oid: `oid${payments}`, status: "success", total_amount: 158_000 },
      unsigned: { ...MADE, payment_type: "card", test_mode: false, merchant_id: "0123456" },
      ...more,
    },
  };
}
let payments = 0;

/** The addresses that a demo shows, by their names. */
export const shown = ({ output }, ...names) =>
  names.map((name) => new RegExp(`^ +${name} +(http://\\S+?)/?$`, "m").exec(output)?.[1]);

/** Asserts that a demo has left nothing behind on its ports. */
export async function assertNothingListens({ shopPort, relayPort, sandboxPort }) {
  for (const port of [shopPort, relayPort, sandboxPort]) {
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`), undefined, `something still listens on ${port}`);
  }
}
