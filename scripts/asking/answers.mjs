// What a relay's answers mean, and silence, in texts (en.mjs, tr.mjs) that say what to do.
import { isLoopback } from "../loopback.mjs";

const CLOCK_LIMIT_S = 300;
const HOST_UNKNOWN = ["ENOTFOUND", "EAI_AGAIN"];

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Headers} headers
 * @property {object} json empty if the body is no JSON object
 */

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

/**
 * Why a signed message was not answered with this outcome; nothing if it was.
 *
 * @param {object} texts
 * @param {URL} relay
 * @param {Answer} answer
 * @param {{type: string, outcome: string}} asked
 */
export function whyRefused(texts, relay, answer, { type, outcome }) {
  const { status, json } = answer;
  if (status === 200 && json.outcome === outcome) return undefined;
  if (!json.code) return stranger(texts, relay, answer);
  const meaning = MEANINGS[json.code];
  if (!meaning) return [texts.refusedMessage(status, json.code, json.detail ?? ""), ...fieldsOf(json)].join("\n");
  return meaning(texts, relay, { json, type, ahead: clockAhead(answer) });
}

/** @type {Record<string, (texts: object, relay: URL, about: {json: object, type: string, ahead?: number}) => string>} */
const MEANINGS = {
  misconfigured: (texts, relay, { json }) => misconfigured(texts, relay, json),
  "invalid-signature": (texts, relay) => texts.invalidSignature(relay, isLoopback(relay)),
  "stale-timestamp": (texts, _relay, { ahead }) => texts.staleTimestamp(clock(texts, ahead)),
  "unknown-type": (texts, relay, { type }) => texts.unknownType(relay, type),
  "link-not-found": (texts) => texts.linkNotFound,
  "unsupported-media-type": (texts) => texts.contentTypeChanged,
  "method-not-allowed": (texts) => texts.methodChanged,
};

/** What was wrong, field by field, in the relay's own words, which are English. */
const fieldsOf = ({ errors = [] }) => errors.map(({ pointer, detail }) => `  ${pointer} ${detail}`);

function clock(texts, ahead) {
  if (ahead === undefined) return texts.clockOff(CLOCK_LIMIT_S, new Date(Date.now()).toISOString());
  return ahead > 0 ? texts.clockAhead(ahead, CLOCK_LIMIT_S) : texts.clockBehind(-ahead, CLOCK_LIMIT_S);
}

/** How far the two clocks are apart, in words; nothing if the answer says no time. */
export function clocksApart(texts, answer) {
  const ahead = clockAhead(answer);
  return ahead === undefined ? undefined : texts.clocksApart(Math.abs(ahead), CLOCK_LIMIT_S);
}

/** The relay's own words for each setting, which are English. */
export function misconfigured(texts, relay, { settings = [] }) {
  const lines = settings.map(({ name, detail }) => `  ${name} ${detail}.\n`);
  return texts.misconfigured(relay, isLoopback(relay), lines.join(""));
}

/** What no relay answers. */
export function stranger(texts, relay, { status, headers }) {
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
