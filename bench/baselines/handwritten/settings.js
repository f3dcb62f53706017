// Settings: parsed once per isolate, keys imported once, or the names of those that are wrong.

import { isObject, parse } from "./json.js";

const HMAC = { name: "HMAC", hash: "SHA-256" };
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
const HOST = /^(?=.{1,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/;
const DEFAULT_LIMITS = [
  { count: 1, seconds: 60 },
  { count: 5, seconds: 86_400 },
];
const MAX_LIMIT_SECONDS = 2_678_400;
const MIN_RETENTION_MS = 7 * 24 * 60 * 60 * 1000;
const MAX_EVENTS_URL_CHARS = 400;

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
  const bad = [];
  const read = (name, parseText, missing) => {
    const value = env[name];
    try {
      if (value === undefined || value === null) return missing();
      const text = typeof value === "string" ? value : JSON.stringify(value);
      if (text === "") throw new BadSetting("is empty");
      return parseText(text);
    } catch (error) {
      if (!(error instanceof BadSetting)) throw error;
      bad.push({ name, detail: error.message });
    }
  };
  const merchantId = read("PAYTR_MERCHANT_ID", parseMerchantId, unset);
  const merchantKey = read("PAYTR_MERCHANT_KEY", parseMerchantSecret, unset);
  const merchantSalt = read("PAYTR_MERCHANT_SALT", parseMerchantSecret, unset);
  const secrets = read("WEBHOOK_SECRETS", parseSecrets, unset);
  const eventsSecrets = read("EVENTS_SECRETS", parseSecrets, unset);
  if (eventsSecrets?.texts.some((text) => secrets?.texts.includes(text))) {
    bad.push({ name: "EVENTS_SECRETS", detail: "holds a secret that is in WEBHOOK_SECRETS too" });
  }
  const eventsUrl = read("EVENTS_URL", parseEventsUrl, () => undefined);
  const baseUrl = read("PAYTR_BASE_URL", parseBaseUrl, () => "https://www.paytr.com");
  const timeoutMs = read("PAYTR_TIMEOUT_MS", parseTimeout, () => 20_000);
  const debugOn = read("PAYTR_DEBUG_ON", parseDebugOn, () => "0");
  const limits = read("SEND_LIMITS", parseLimits, () => DEFAULT_LIMITS);
  if (bad.length > 0) throw new Misconfigured(bad);

  const importKey = (bytes) => crypto.subtle.importKey("raw", bytes, HMAC, false, ["sign", "verify"]);
  loaded = {
    merchantId,
    merchantKey,
    merchantSalt,
    merchantMac: await importKey(new TextEncoder().encode(merchantKey)),
    secrets: await Promise.all(secrets.bytes.map(importKey)),
    eventsSecrets: await Promise.all(eventsSecrets.bytes.map(importKey)),
    eventsUrl,
    urls: {
      create: `${baseUrl}/odeme/api/link/create`,
      cell_phone: `${baseUrl}/odeme/api/link/send-sms`,
      email: `${baseUrl}/odeme/api/link/send-email`,
    },
    timeoutMs,
    debugOn,
    limits,
    longestWindowMs: Math.max(0, ...limits.map(({ seconds }) => seconds * 1000)),
    retentionMs: Math.max(MIN_RETENTION_MS, ...limits.map(({ seconds }) => seconds * 1000)),
  };
  return loaded;
}

class BadSetting extends Error {}

function unset() {
  throw new BadSetting("is not set");
}

function parseMerchantId(text) {
  if (/^[A-Za-z0-9]{1,32}$/.test(text)) return text;
  throw new BadSetting("must be the merchant number (Mağaza No): at most 32 digits or letters, nothing else");
}

function parseMerchantSecret(text) {
  if (!/^[!-~]+$/.test(text) || /["']/.test(text)) {
    throw new BadSetting("must be PayTR's text alone, without blanks, quotes or line ends around it");
  }
  if (text.length < 16) throw new BadSetting("is too short; PayTR's keys and salts have 16 characters");
  return text;
}

function parseSecrets(text) {
  const texts = text.split(/[ \t\n\f\r]+/).filter((word) => word !== "");
  if (texts.length === 0) {
    throw new BadSetting("is blank; give at least one secret, whsec_ and the base64 of 24 or more random bytes");
  }
  const bytes = texts.map((word) => {
    if (!word.startsWith("whsec_")) throw new BadSetting("holds a secret that does not begin with whsec_");
    let key;
    try {
      key = Uint8Array.fromBase64(word.slice(6), { lastChunkHandling: "strict" });
    } catch {
      throw new BadSetting("holds a secret that is not whsec_ and standard base64 with padding");
    }
    if (key.length < 24) {
      throw new BadSetting("holds a secret of fewer than 24 bytes; make one of 24 to 64 random bytes");
    }
    return key;
  });
  return { texts, bytes };
}

function parseBaseUrl(text) {
  const url = text.replace(/\/$/, "");
  if (isSecureOrigin(url)) return url;
  throw new BadSetting("must be https:// and a host, in lower case and without a path; http:// only on a loopback host");
}

function parseEventsUrl(text) {
  const [, origin, path] = /^([^/]*\/\/[^/?#]*)(\/[^\s#]+)$/.exec(text) ?? [];
  if (path && text.length <= MAX_EVENTS_URL_CHARS && isSecureOrigin(origin)) return text;
  throw new BadSetting("must be https://, a host in lower case and a path, at most 400 characters");
}

function isSecureOrigin(text) {
  const match = /^(https?):\/\/(\[::1\]|[^:[\]]+)(?::([1-9]\d{0,4}))?$/.exec(text);
  if (!match) return false;
  const [, scheme, host, port] = match;
  if (port !== undefined && (Number(port) > 65535 || Number(port) === (scheme === "https" ? 443 : 80))) return false;
  return LOOPBACK.includes(host) || (scheme === "https" && HOST.test(host));
}

function parseTimeout(text) {
  const timeout = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (timeout >= 1 && timeout <= 120_000) return timeout;
  throw new BadSetting("must be milliseconds, a whole number from 1 to 120000");
}

function parseDebugOn(text) {
  if (text === "0" || text === "1") return text;
  throw new BadSetting("must be 0 or 1");
}

function parseList(text) {
  try {
    const list = parse(text);
    return Array.isArray(list) ? list : null;
  } catch {
    return null;
  }
}

function parseLimits(text) {
  const list = parseList(text);
  if (!list) throw new BadSetting('must be a JSON list of limits, such as [{"count": 1, "seconds": 60}]');
  const within = (value, most) => typeof value === "bigint" && value >= 1n && value <= most;
  const isLimit = (item) =>
    isObject(item) && Object.keys(item).length === 2 && within(item.count, 1000n) && within(item.seconds, BigInt(MAX_LIMIT_SECONDS));
  if (list.every(isLimit)) {
    return list.map(({ count, seconds }) => ({ count: Number(count), seconds: Number(seconds) }));
  }
  throw new BadSetting(
    "must hold limits of a count from 1 to 1000 and seconds from 1 to 2678400, which are 31 days, and nothing else",
  );
}
