// Settings: parsed once per isolate, keys imported once, or the names of those that are wrong.

import { isObject, parse } from "./json.js";

const HMAC = { name: "HMAC", hash: "SHA-256" };
const DAY_SECONDS = 86_400;
const DEFAULT_LIMITS = [{ count: 1, seconds: 60 }, { count: 5, seconds: DAY_SECONDS }];
const MAX_LIMIT_SECONDS = 31 * DAY_SECONDS;
const MIN_RETENTION_MS = 7 * DAY_SECONDS * 1000;
const MAX_EVENTS_URL_CHARS = 400;
const ORIGIN = /^(?:https:\/\/[a-z0-9.-]{1,253}|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]))(?::[1-9]\d{0,4})?$/;

const REQUIRED = undefined;
/** Of each setting what it is if it is not set, what makes a value of its text or gives `undefined`, and what it must be. */
const SETTINGS = {
  PAYTR_MERCHANT_ID: [REQUIRED, matching(/^[A-Za-z0-9]{1,32}$/), "at most 32 digits or letters, nothing else"],
  PAYTR_MERCHANT_KEY: [REQUIRED, matching(/^[!#-&(-~]{16,}$/), "PayTR's text alone, without blanks and quotes"],
  PAYTR_MERCHANT_SALT: [REQUIRED, matching(/^[!#-&(-~]{16,}$/), "PayTR's text alone, without blanks and quotes"],
  WEBHOOK_SECRETS: [REQUIRED, secrets, "one or more of whsec_ and the base64 of 24 or more random bytes"],
  EVENTS_SECRETS: [REQUIRED, secrets, "one or more of whsec_ and the base64 of 24 or more random bytes"],
  EVENTS_URL: [null, eventsUrl, "https://, a host in lower case and a path, at most 400 characters"],
  PAYTR_BASE_URL: ["https://www.paytr.com", matching(ORIGIN), "https:// and a host, without a path; http:// only on loopback"],
  PAYTR_TIMEOUT_MS: ["20000", matching(/^(?:[1-9]\d{0,4}|1[01]\d{4}|120000)$/), "milliseconds from 1 to 120000"],
  PAYTR_DEBUG_ON: ["0", matching(/^[01]$/), "0 or 1"],
  SEND_LIMITS: [DEFAULT_LIMITS, limits, "a JSON list of limits: a count from 1 to 1000 and seconds from 1 to 2678400"],
};

export class Misconfigured extends Error {
  constructor(settings) {
    super("misconfigured");
    this.settings = settings;
  }
}

let loading;
let loaded;

/** Settings when they are there already, else a promise of them; it fails with `Misconfigured`. */
export function settings(env) {
  return loaded ?? (loading ??= load(env));
}

async function load(env) {
  const wrong = [];
  const read = ([name, [unset, parsed, detail]]) => {
    const given = env[name];
    const text = typeof given === "string" ? given : given && JSON.stringify(given);
    const value = text ? parsed(text) : unset;
    if (value === undefined) wrong.push({ name, detail: `must be ${detail}` });
    return [name, value];
  };
  const values = Object.fromEntries(Object.entries(SETTINGS).map(read));
  const [webhook, events] = [values.WEBHOOK_SECRETS, values.EVENTS_SECRETS];
  if (events?.some((secret) => webhook?.some((other) => other.toHex() === secret.toHex()))) {
    wrong.push({ name: "EVENTS_SECRETS", detail: "holds a secret that is in WEBHOOK_SECRETS too" });
  }
  if (wrong.length > 0) throw new Misconfigured(wrong);

  const importKey = (bytes) => crypto.subtle.importKey("raw", bytes, HMAC, false, ["sign", "verify"]);
  const seconds = values.SEND_LIMITS.map((limit) => limit.seconds);
  loaded = {
    merchantId: values.PAYTR_MERCHANT_ID,
    merchantKey: values.PAYTR_MERCHANT_KEY,
    merchantSalt: values.PAYTR_MERCHANT_SALT,
    merchantMac: await importKey(new TextEncoder().encode(values.PAYTR_MERCHANT_KEY)),
    secrets: await Promise.all(webhook.map(importKey)),
    eventsSecrets: await Promise.all(events.map(importKey)),
    eventsUrl: values.EVENTS_URL,
    urls: {
      create: `${values.PAYTR_BASE_URL}/odeme/api/link/create`,
      cell_phone: `${values.PAYTR_BASE_URL}/odeme/api/link/send-sms`,
      email: `${values.PAYTR_BASE_URL}/odeme/api/link/send-email`,
    },
    timeoutMs: Number(values.PAYTR_TIMEOUT_MS),
    debugOn: values.PAYTR_DEBUG_ON,
    limits: values.SEND_LIMITS,
    longestWindowMs: Math.max(0, ...seconds) * 1000,
    retentionMs: Math.max(MIN_RETENTION_MS, ...seconds.map((length) => length * 1000)),
  };
  return loaded;
}

function matching(pattern) {
  return (text) => (pattern.test(text) ? text : undefined);
}

function secrets(text) {
  const words = text.split(/[ \t\n\f\r]+/).filter(Boolean);
  try {
    const bytes = words.map((word) => Uint8Array.fromBase64(word.slice(6), { lastChunkHandling: "strict" }));
    const areGood = words.every((word, number) => word.startsWith("whsec_") && bytes[number].length >= 24);
    return words.length > 0 && areGood ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function eventsUrl(text) {
  const [, origin, path] = /^([^/]*\/\/[^/?#]*)(\/[^\s#]+)$/.exec(text) ?? [];
  return path && text.length <= MAX_EVENTS_URL_CHARS && ORIGIN.test(origin) ? text : undefined;
}

function limits(text) {
  const within = (value, most) => typeof value === "bigint" && value >= 1n && value <= most;
  const isLimit = (item) =>
    isObject(item) && Object.keys(item).length === 2 && within(item.count, 1000n) && within(item.seconds, BigInt(MAX_LIMIT_SECONDS));
  try {
    const list = parse(text);
    if (!Array.isArray(list) || !list.every(isLimit)) return undefined;
    return list.map(({ count, seconds }) => ({ count: Number(count), seconds: Number(seconds) }));
  } catch {
    return undefined;
  }
}
