// What the answers to `npm run ping` mean, in words that say what to do.
import { isLoopback } from "./loopback.mjs";

const CLOCK_LIMIT_S = 300;
const HOST_UNKNOWN = ["ENOTFOUND", "EAI_AGAIN"];

/**
 * Why there was no answer.
 *
 * @param {URL} url
 * @param {Error} error as fetch throws it
 * @param {number} patience milliseconds
 */
export function whyNoAnswer({ host, hostname, port }, error, patience) {
  const { code = "", message = error.message } = error.cause ?? {};
  if (error.name === "TimeoutError") {
    return `No answer from ${host} within ${patience / 1000} s. Is it the relay's address?`;
  }
  if (HOST_UNKNOWN.includes(code)) {
    return `There is no host ${hostname} (${code}). Check the spelling: wrangler deploy prints the address.`;
  }
  if (code === "ECONNREFUSED") {
    return `Nothing listens at ${host} (${code}).${port ? " Is that its port, and does it run?" : ""}`;
  }
  if (/CERT|SSL|TLS|EPROTO|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return (
      `No trusted connection to ${host} (${code}). A custom domain that is minutes old may have no certificate yet;\n` +
      "otherwise something between here and there opens the connection, such as a company's proxy."
    );
  }
  return `The connection to ${host} failed (${[code, message].filter(Boolean).join(": ")}).`;
}

/** What is wrong with an answer to `GET /health`; nothing if it is good. */
export function whyNotHealthy(relay, answer) {
  const { status, json } = answer;
  if (status === 200 && json.status === "ok") return undefined;
  return json.code === "misconfigured" ? misconfigured(relay, json) : stranger(relay, answer);
}

/** What a good answer to `GET /health` says of events. */
export function events({ json }) {
  if (json.events === "on") return "Events are on: payments are reported to EVENTS_URL.";
  if (json.events === "off") return "Events are off: EVENTS_URL is empty, so no payment is reported.";
  return "It is older than events and reports no payments. Deploy this version: npm run deploy";
}

/** What is wrong with an answer to a signed ping; nothing if it is good. */
export function whyNoPong(relay, answer) {
  const { status, json } = answer;
  if (status === 200 && json.outcome === "pong") return undefined;
  if (!json.code) return stranger(relay, answer);
  const meaning = MEANINGS[json.code];
  if (!meaning) return `It refused the ping: HTTP ${status}, ${json.code}. ${json.detail ?? ""}`;
  return meaning(relay, json, clockAhead(answer));
}

/** What a pong tells. */
export function pong(answer, milliseconds) {
  const ahead = clockAhead(answer);
  const ray = answer.headers.get("cf-ray");
  return [
    `pong in ${milliseconds} ms: it takes what this secret signs.`,
    ahead !== undefined && `Its clock and this one are ${Math.abs(ahead)} s apart; up to ${CLOCK_LIMIT_S} s are fine.`,
    ray && `The line in its log has "request_id":"${ray}".`,
  ]
    .filter(Boolean)
    .join("\n");
}

const CAUSES =
  "  1. This secret is not among the relay's WEBHOOK_SECRETS: it was rotated away, or is that of the other\n" +
  "     environment (test, production), or there is no blank between two. Put it anew:\n" +
  "       npx wrangler secret put WEBHOOK_SECRETS";
const LOCAL_CAUSES =
  "  1. This secret is not among the WEBHOOK_SECRETS of the .dev.vars that this relay was started with, or there\n" +
  "     is no blank between two. Correct the file and start the relay again.";
const LOG = 'The relay\'s log has the reason: npx wrangler tail, with --env="" for production or --env test';
const LOCAL_LOG = "The relay's log has the reason: see the terminal in which it runs.";

/** @type {Record<string, (relay: URL, json: object, ahead?: number) => string>} */
const MEANINGS = {
  misconfigured,
  "invalid-signature": (relay) =>
    `${relay.hostname} does not know this signature (invalid-signature). In the order of how often it is the cause:\n` +
    `${isLoopback(relay) ? LOCAL_CAUSES : CAUSES}\n` +
    "  2. It was copied with a character missing at its end.\n" +
    "  3. A proxy in front of the relay writes the body or the webhook- headers anew.\n" +
    (isLoopback(relay) ? LOCAL_LOG : LOG),
  "stale-timestamp": (_relay, _json, ahead) =>
    `The secret is right, and the time is not (stale-timestamp). This machine's clock ${howWrong(ahead)}\n` +
    "Set it right, best by NTP (timedatectl set-ntp true).",
  "unknown-type": ({ hostname }) =>
    `The secret is right: ${hostname} took the signature. It is an older relay that has no pings (unknown-type).\n` +
    "Deploy this version: npm run deploy",
  "unsupported-media-type": () => changed("the content type application/json did not arrive (unsupported-media-type)"),
  "method-not-allowed": () => changed("the POST did not arrive as one (method-not-allowed)"),
};

function howWrong(ahead) {
  if (ahead === undefined) return `is more than ${CLOCK_LIMIT_S} s off. It says ${new Date(Date.now()).toISOString()}.`;
  return `is ${Math.abs(ahead)} s ${ahead > 0 ? "ahead of" : "behind"} the relay's; ${CLOCK_LIMIT_S} s are allowed.`;
}

function misconfigured(relay, { settings = [] }) {
  const lines = settings.map(({ name, detail }) => `  ${name} ${detail}.\n`);
  return (
    `${relay.hostname} is a relay, and sends nothing while settings are wrong (misconfigured):\n${lines.join("")}` +
    (isLoopback(relay)
      ? "Correct them in .dev.vars and start the relay again."
      : "Secrets are set with npx wrangler secret put NAME, all else in wrangler.toml and with npm run deploy.")
  );
}

const changed = (what) =>
  `On the way to the relay ${what}. Something in front of it changes requests: a redirect, a proxy, a firewall's rule.`;

function stranger({ origin, hostname }, { status, headers }) {
  const location = headers.get("location");
  if (location) return `${origin} is no relay: it redirects to ${location}. Use the relay's own address.`;
  if (headers.get("cf-mitigated")) {
    return `Cloudflare's bot protection stopped it (HTTP ${status}). A rule of the zone must let /webhook and /health by.`;
  }
  const type = headers.get("content-type") ?? "no content type";
  const isWorkersDev = hostname.endsWith(".workers.dev");
  const hint = isWorkersDev ? "\nIf the name is right, nothing is deployed there yet: npm run deploy" : "";
  return `${origin} is no relay: it answered HTTP ${status}, ${type}.${hint}`;
}

/** By how many seconds this machine's clock is ahead of the one behind the answer; unknown when it says no time. */
function clockAhead({ headers }) {
  const theirs = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(theirs) ? undefined : Math.round((Date.now() - theirs) / 1000);
}
