// What the answers to `npm run ping` mean, in texts (texts.mjs) that say what to do. What other commands are answered too is in
// ../asking/answers.mjs.
import { clocksApart, misconfigured, stranger } from "../asking/answers.mjs";

const PLATFORMS = { woocommerce: "WooCommerce", shopify: "Shopify" };

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

/** What a pong tells. */
export function pong(texts, answer, milliseconds) {
  const ray = answer.headers.get("cf-ray");
  return [texts.pong(milliseconds), clocksApart(texts, answer), ray && texts.requestId(ray)].filter(Boolean).join("\n");
}

/**
 * What a pong says of the event that was posted to EVENTS_URL, and whether it was taken.
 *
 * @returns {{isTaken: boolean, text: string}}
 */
export function eventTried(texts, { events: { outcome, http_status: status, reason } = {} }) {
  const text = {
    delivered: () => texts.eventDelivered(status),
    refused: () => texts.eventRefused(status),
    "no-answer": () => texts.eventNotAnswered(reason),
    off: () => texts.eventsOff,
  }[outcome];
  return { isTaken: outcome === "delivered", text: text?.() ?? texts.eventsCannotBeTried };
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
