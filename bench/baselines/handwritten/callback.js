// PayTR's notice of a payment: form, fields, hash; then the link's partition stores it.

import { readBytes } from "./body.js";
import { log } from "./log.js";
import { submitNotice } from "./partitions.js";
import { Misconfigured, settings as load } from "./settings.js";

const MAX_FORM_BYTES = 16 * 1024;
const SIGNED = ["hash", "callback_id", "merchant_oid", "status", "total_amount"];
const CALLBACK_ID = /^[0-9a-f]{64}$/;
const VISIBLE_64 = /^[!-~]{1,64}$/;
const VISIBLE_32 = /^[!-~]{1,32}$/;
const STATUS = /^[A-Za-z_-]{1,32}$/;
const AMOUNT = /^\d{1,15}$/;
const HASH = /^[A-Za-z0-9+/]{43}=$/;
const HEADERS = new Headers({ "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export async function callback(request, env, context) {
  let settings;
  let notice;
  try {
    const bytes = await readBytes(request, MAX_FORM_BYTES);
    if (bytes === null) return failed(context, 400, "the form is over 16384 bytes");
    settings = await load(env);
    notice = await verify(settings, bytes);
  } catch (error) {
    if (error instanceof BadNotice) return failed(context, 400, error.message);
    if (error instanceof Misconfigured) return failed(context, 500, "the relay's settings are wrong");
    return failed(context, 400, "the form ended too early");
  }
  try {
    await submitNotice(env, settings, context, notice);
    return new Response("OK", { headers: HEADERS });
  } catch {
    return failed(context, 500, "the relay could not store it");
  }
}

class BadNotice extends Error {}

function failed(context, status, reason) {
  log(context, { status, code: "bad-notification", reason }, undefined, { type: "callback" });
  return new Response(`PAYTR notification failed: ${reason}`, { status, headers: HEADERS });
}

async function verify(settings, bytes) {
  const fields = new Map();
  for (const [name, value] of new URLSearchParams(decoder.decode(bytes))) {
    if (fields.has(name)) throw new BadNotice(SIGNED.includes(name) ? `the field ${name} came twice` : "a field came twice");
    fields.set(name, value);
  }
  const missing = SIGNED.find((name) => !fields.has(name));
  if (missing) throw new BadNotice(`the field ${missing} is missing`);
  const [hash, callbackId, merchantOid, status, totalAmount] = SIGNED.map((name) => fields.get(name));
  if (!CALLBACK_ID.test(callbackId)) throw new BadNotice("the field callback_id is not of this relay");
  if (!VISIBLE_64.test(merchantOid)) throw new BadNotice("the field merchant_oid is not 1 to 64 visible ASCII characters");
  if (!STATUS.test(status)) throw new BadNotice("the field status is not 1 to 32 letters");
  if (!AMOUNT.test(totalAmount)) throw new BadNotice("the field total_amount is not 1 to 15 digits");
  const signed = encoder.encode(callbackId + merchantOid + settings.merchantSalt + status + totalAmount);
  const isGood = HASH.test(hash) &&
    (await crypto.subtle.verify("HMAC", settings.merchantMac, Uint8Array.fromBase64(hash), signed));
  if (!isGood) throw new BadNotice("bad hash");
  const text = (name) => (VISIBLE_32.test(fields.get(name) ?? "") ? fields.get(name) : undefined);
  const paid = fields.get("payment_amount") ?? "";
  const unsigned = {
    payment_amount: AMOUNT.test(paid) ? Number(paid) : undefined,
    currency: text("currency"),
    payment_type: text("payment_type"),
    test_mode: { 0: false, 1: true }[fields.get("test_mode")],
    merchant_id: text("merchant_id"),
  };
  return { callbackId, merchantOid, status, totalAmount: Number(totalAmount), unsigned };
}
