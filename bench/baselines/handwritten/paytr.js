// PayTR's Link API: token, form, reply and the one fetch.

import { readBytes } from "./body.js";
import { decode, isObject, parse } from "./json.js";
import { within } from "./time-limit.js";

const MAX_REPLY_BYTES = 16 * 1024;
const MAX_REASON_CHARS = 500;
const FORM_HEADERS = new Headers({ "content-type": "application/x-www-form-urlencoded", "user-agent": "paytr-link-relay-baseline/1" });

const encoder = new TextEncoder();

/** HMAC under the merchant's key. */
export async function mac(settings, text) {
  return new Uint8Array(await crypto.subtle.sign("HMAC", settings.merchantMac, encoder.encode(text)));
}

/** A keyed hash that shows nothing of its parts. No token's message holds the NUL in front. */
export function keyedHash(settings, ...parts) {
  return mac(settings, `\0${parts.join("\0")}`);
}

/** `message`: `{type, id, field, recipient, debugOn}` as the parsers give it. Ends as `{state, reason, httpStatus}`. */
export async function send(settings, { id, field, recipient, debugOn }) {
  const { merchantId, merchantSalt, urls } = settings;
  const token = (await mac(settings, id + merchantId + recipient + merchantSalt)).toBase64();
  const form =
    `merchant_id=${merchantId}&id=${id}&${field}=${percentEncode(recipient)}` +
    `&debug_on=${debugOn ?? settings.debugOn}&paytr_token=${percentEncode(token)}`;
  const { reply, state } = await post(settings, urls[field], form);
  if (!reply) return { state, reason: null };
  return { ...readReply(settings, reply, recipient, token), httpStatus: reply.status };
}

/** Asks PayTR, once: `{reply: {status, bytes}}`, or `{state}`, why there is none. */
export async function post({ timeoutMs }, url, form) {
  try {
    return await within(timeoutMs, async (signal) => {
      const response = await fetch(url, { method: "POST", headers: FORM_HEADERS, body: form, redirect: "manual", signal });
      return { reply: { status: response.status, bytes: await readBytes(response, MAX_REPLY_BYTES) } };
    });
  } catch (error) {
    return { state: error?.name === "TimeoutError" ? "timed-out" : "connection-lost" };
  }
}

/** RFC 3986's unreserved set stays; encodeURIComponent leaves five more. */
export function percentEncode(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function readReply(settings, { status, bytes }, recipient, token) {
  const needle = recipient.includes("@") ? recipient : recipient.slice(1);
  const { state, reason } = stateOf(settings, status, bytes && replyObject(bytes), [token, needle]);
  return { state: state === "success" ? "sent" : state, reason };
}

/** What a reply says: `success`, a refusal, or nothing that is understood. `secrets` are cut out of its words. */
export function stateOf(settings, httpStatus, reply, secrets) {
  if (!reply) return { state: "not-understood", reason: null };
  const ok = httpStatus >= 200 && httpStatus <= 299;
  if (reply.status === "success" && ok) return { state: "success", reason: null };
  const refused = reply.status === "error" || reply.status === "failed";
  if (!refused || !(ok || (httpStatus >= 400 && httpStatus <= 499))) return { state: "not-understood", reason: null };
  const text = [reply.reason, reply.err_msg].find((words) => typeof words === "string" && words !== "");
  const { merchantKey, merchantSalt } = settings;
  return { state: reply.status, reason: text ? redact(text, [merchantKey, merchantSalt, ...secrets]) : null };
}

export function replyObject(bytes) {
  try {
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    const reply = parse(decode(hasMark ? bytes.subarray(3) : bytes));
    return isObject(reply) ? reply : null;
  } catch {
    return null;
  }
}

function redact(text, secrets) {
  const pattern = secrets.map((secret) => secret.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|");
  return [...text.replace(new RegExp(pattern, "gi"), "[redacted]")].slice(0, MAX_REASON_CHARS).join("");
}
