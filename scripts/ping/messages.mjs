// What the answers to `npm run ping` mean, in texts (texts.mjs) that say what to do.
import { isLoopback } from "../loopback.mjs";

const CLOCK_LIMIT_S = 300;
const PLATFORMS = { woocommerce: "WooCommerce", shopify: "Shopify" };
const HOST_UNKNOWN = ["ENOTFOUND", "EAI_AGAIN"];

/**
 * Why there was no answer.
 *
 * @param {object} texts
 * @param {URL} url
 * @param {Error} error as fetch throws it
 * @param {number} patience milliseconds
 */
export function whyNoAnswer(texts, url, error, patience) {
  const { code = "", message = error.message } = error.cause ?? {};
  if (error.name === "TimeoutError") return texts.timedOut(url, patience / 1000);
  if (HOST_UNKNOWN.includes(code)) return texts.noHost(url, code);
  if (code === "ECONNREFUSED") return texts.refused(url, code);
  if (/CERT|SSL|TLS|EPROTO|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return texts.noTrust(url, code);
  return texts.disconnected(url, [code, message].filter(Boolean).join(": "));
}

/** What is wrong with an answer to `GET /health`; nothing if it is good. */
export function whyNotHealthy(texts, relay, answer) {
  const { status, json } = answer;
  if (status === 200 && json.status === "ok") return undefined;
  return json.code === "misconfigured" ? misconfigured(texts, relay, json) : stranger(texts, relay, answer);
}

/** What a good answer to `GET /health` says of events. */
export function events(texts, { json }) {
  return { on: texts.eventsOn, off: texts.eventsOff }[json.events] ?? texts.noEvents;
}

/** What is wrong with an answer to a signed ping; nothing if it is good. */
export function whyNoPong(texts, relay, answer) {
  const { status, json } = answer;
  if (status === 200 && json.outcome === "pong") return undefined;
  if (!json.code) return stranger(texts, relay, answer);
  const meaning = MEANINGS[json.code];
  if (!meaning) return texts.refusedPing(status, json.code, json.detail ?? "");
  return meaning(texts, relay, json, clockAhead(answer));
}

/** What a pong tells. */
export function pong(texts, answer, milliseconds) {
  const ahead = clockAhead(answer);
  const ray = answer.headers.get("cf-ray");
  return [
    texts.pong(milliseconds),
    ahead !== undefined && texts.clocksApart(Math.abs(ahead), CLOCK_LIMIT_S),
    ray && texts.requestId(ray),
  ]
    .filter(Boolean)
    .join("\n");
}

/** What to do with a storefront's hook, and what the relay does for its orders. */
export function storefront(texts, hook, { name, platform, writes_back: writesBack }, { json: { events: areOn } }) {
  const shown = PLATFORMS[platform] ?? platform;
  return [texts.storefront(name, shown, hook), writesBack ? texts.writesBack : texts.doesNotWriteBack(areOn === "on")].join("\n");
}

/** What is wrong with a hook's answer to its platform's own ping; nothing if it is good. */
export function whyHookIsSilent(texts, hook, answer) {
  const { status, json } = answer;
  if (status === 200 && json.outcome === "pong") return undefined;
  return json.code ? texts.refusedHook(hook, status, json.code, json.detail ?? "") : stranger(texts, hook, answer);
}

/** @type {Record<string, (texts: object, relay: URL, json: object, ahead?: number) => string>} */
const MEANINGS = {
  misconfigured,
  "invalid-signature": (texts, relay) => texts.invalidSignature(relay, isLoopback(relay)),
  "stale-timestamp": (texts, _relay, _json, ahead) => texts.staleTimestamp(clock(texts, ahead)),
  "unknown-type": (texts, relay) => texts.unknownType(relay),
  "unsupported-media-type": (texts) => texts.contentTypeChanged,
  "method-not-allowed": (texts) => texts.methodChanged,
};

function clock(texts, ahead) {
  if (ahead === undefined) return texts.clockOff(CLOCK_LIMIT_S, new Date(Date.now()).toISOString());
  return ahead > 0 ? texts.clockAhead(ahead, CLOCK_LIMIT_S) : texts.clockBehind(-ahead, CLOCK_LIMIT_S);
}

/** The relay's own words for each setting, which are English. */
function misconfigured(texts, relay, { settings = [] }) {
  const lines = settings.map(({ name, detail }) => `  ${name} ${detail}.\n`);
  return texts.misconfigured(relay, isLoopback(relay), lines.join(""));
}

function stranger(texts, relay, { status, headers }) {
  const location = headers.get("location");
  if (location) return texts.redirects(relay, location);
  if (headers.get("cf-mitigated")) return texts.botProtection(status);
  const type = headers.get("content-type") ?? texts.noContentType;
  const isWorkersDev = relay.hostname.endsWith(".workers.dev");
  return [texts.noRelay(relay, status, type), ...(isWorkersDev ? [texts.notDeployed] : [])].join("\n");
}

/** By how many seconds this machine's clock is ahead of the one behind the answer; unknown when it says no time. */
function clockAhead({ headers }) {
  const theirs = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(theirs) ? undefined : Math.round((Date.now() - theirs) / 1000);
}
