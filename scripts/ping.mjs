// `npm run ping -- URL`: is a relay there, are its settings good, does it take what this secret signs? Nobody gets a
// message. Of each storefront it says which address the shop's webhooks take, and whether that answers. With --events the
// relay posts an event to EVENTS_URL, and it says what came back. URL is the relay's address, with or without /webhook;
// webhook-secret.mjs says where the secret comes from. It speaks Turkish where the locale is Turkish, else English.
import { whyRefused } from "./asking/answers.mjs";
import { ask, askSigned, relayAddress } from "./asking/relay.mjs";
import { isLoopback } from "./loopback.mjs";
import { readOptions } from "./options.mjs";
import { eventTried, events, pong, storefront, whyHookIsSilent, whyNotHealthy } from "./ping/messages.mjs";
import { textsFor } from "./ping/texts.mjs";
import { UserError, runMain } from "./user-error.mjs";
import { webhookSecret } from "./webhook-secret.mjs";

const PONG = { type: "relay.ping", outcome: "pong" };
/** The relay waits 15 s for EVENTS_URL. */
const EVENTS_PATIENCE_MS = 25_000;
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
  const { words, options } = readOptions(texts, process.argv.slice(2), { boolean: ["events"], words: 1 }, process.env);
  if (options.help) return console.log(texts.usage);
  const relay = relayAddress(texts, words[0] ?? process.env.RELAY_URL, (address) => `npm run ping -- ${address}`);
  const { answer: health } = await ask(texts, new URL("/health", relay), { method: "GET" });
  stopIf(whyNotHealthy(texts, relay, health));
  console.log(`${texts.healthy(relay)}\n${events(texts, health)}`);

  const key = await webhookSecret(texts, { isLoopback: isLoopback(relay) });
  const { answer, milliseconds } = await askSigned(texts, relay, key, { type: PONG.type });
  stopIf(whyRefused(texts, relay, answer, PONG));
  console.log(pong(texts, answer, milliseconds));
  await pingHooks(relay, health, answer.json.storefronts ?? []);
  if (options.events) await tryEvents(relay, key);
});

async function pingHooks(relay, health, shops) {
  for (const shop of shops) {
    const hook = new URL(shop.hook, relay);
    console.log(storefront(texts, hook, shop, health));
    const ping = HOOK_PINGS[shop.platform];
    if (!ping) continue;
    const { answer: heard } = await ask(texts, hook, ping);
    stopIf(whyHookIsSilent(texts, hook, heard));
    console.log(texts.hookAnswers);
  }
}

async function tryEvents(relay, key) {
  const { answer } = await askSigned(texts, relay, key, { type: PONG.type, data: { events: true } }, EVENTS_PATIENCE_MS);
  if (answer.json.code === "invalid-field") throw new UserError(texts.eventsCannotBeTried);
  stopIf(whyRefused(texts, relay, answer, PONG));
  const { isTaken, text } = eventTried(texts, answer.json);
  if (!isTaken) throw new UserError(text);
  console.log(text);
}

function stopIf(trouble) {
  if (trouble) throw new UserError(trouble);
}
