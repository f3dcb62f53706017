// `npm run ping -- URL`: is a relay there, are its settings good, does it take what this secret signs? Nobody gets a
// message. Of each storefront it says which address the shop's webhooks take, and whether that answers. URL is the relay's
// address, with or without /webhook; webhook-secret.mjs says where the secret comes from. It speaks Turkish where the locale
// is Turkish, else English.
import { createHmac, randomUUID } from "node:crypto";
import { isLoopback } from "./loopback.mjs";
import { events, pong, storefront, whyHookIsSilent, whyNoAnswer, whyNoPong, whyNotHealthy } from "./ping/messages.mjs";
import { textsFor } from "./ping/texts.mjs";
import { UserError, runMain } from "./user-error.mjs";
import { webhookSecret } from "./webhook-secret.mjs";

const PATIENCE_MS = 10_000;
const BODY = '{"type":"relay.ping"}';
/** By platform: what it posts itself, unsigned, when a webhook is saved. */
const HOOK_PINGS = {
  woocommerce: {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "webhook_id=1",
  },
};
const texts = textsFor(process.env);

await runMain(async () => {
  const relay = relayAddress(process.argv[2]);
  const { answer: health } = await ask(new URL("/health", relay), { method: "GET" });
  stopIf(whyNotHealthy(texts, relay, health));
  console.log(`${texts.healthy(relay)}\n${events(texts, health)}`);

  const key = await webhookSecret(texts, { isLoopback: isLoopback(relay) });
  const { answer, milliseconds } = await ask(new URL("/webhook", relay), signed(key));
  stopIf(whyNoPong(texts, relay, answer));
  console.log(pong(texts, answer, milliseconds));
  for (const shop of answer.json.storefronts ?? []) {
    const hook = new URL(shop.hook, relay);
    console.log(storefront(texts, hook, shop, health));
    const ping = HOOK_PINGS[shop.platform];
    if (!ping) continue;
    const { answer: heard } = await ask(hook, ping);
    stopIf(whyHookIsSilent(texts, hook, heard));
    console.log(texts.hookAnswers);
  }
});

function stopIf(trouble) {
  if (trouble) throw new UserError(trouble);
}

function relayAddress(text) {
  if (!text) throw new UserError(texts.addressMissing);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!/^https?:$/.test(url?.protocol)) throw new UserError(texts.noAddress(text));
  if (!/^\/(?:webhook\/?|health\/?)?$/.test(url.pathname) || url.search || url.username) {
    throw new UserError(texts.noRelaysAddress(url));
  }
  if (url.protocol === "http:" && !isLoopback(url)) throw new UserError(texts.plainHttp(url));
  return url;
}

/** The message, signed as Standard Webhooks says. */
function signed(key) {
  const id = `msg_${randomUUID()}`;
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${BODY}`).digest("base64");
  const headers = { "webhook-id": id, "webhook-timestamp": `${timestamp}`, "webhook-signature": `v1,${signature}` };
  return { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: BODY };
}

/** Asks, and turns a connection that fails into words. */
async function ask(url, request) {
  const start = performance.now();
  try {
    const response = await fetch(url, { ...request, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
    const text = await response.text();
    const milliseconds = Math.round(performance.now() - start);
    return { milliseconds, answer: { status: response.status, headers: response.headers, json: parsed(text) } };
  } catch (error) {
    throw new UserError(whyNoAnswer(texts, url, error, PATIENCE_MS));
  }
}

/** What is no JSON object says nothing of a relay's. */
function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
