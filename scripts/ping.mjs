// `npm run ping -- URL`: is a relay there, are its settings good, does it take what this secret signs? Nobody gets a
// message. URL is the relay's address, with or without /webhook; webhook-secret.mjs says where the secret comes from.
import { createHmac, randomUUID } from "node:crypto";
import { isLoopback } from "./loopback.mjs";
import { events, pong, whyNoAnswer, whyNoPong, whyNotHealthy } from "./ping-messages.mjs";
import { UserError, runMain } from "./user-error.mjs";
import { webhookSecret } from "./webhook-secret.mjs";

const PATIENCE_MS = 10_000;
const BODY = '{"type":"relay.ping"}';

await runMain(async () => {
  const relay = relayAddress(process.argv[2]);
  const { answer: health } = await ask(new URL("/health", relay), { method: "GET" });
  stopIf(whyNotHealthy(relay, health));
  console.log(`${relay.origin} is a relay, and its settings are good.\n${events(health)}`);

  const key = await webhookSecret({ isLoopback: isLoopback(relay) });
  const { answer, milliseconds } = await ask(new URL("/webhook", relay), signed(key));
  stopIf(whyNoPong(relay, answer));
  console.log(pong(answer, milliseconds));
});

function stopIf(trouble) {
  if (trouble) throw new UserError(trouble);
}

function relayAddress(text) {
  if (!text) throw new UserError("Whom? The relay's address is missing:\n  npm run ping -- https://relay.example");
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!/^https?:$/.test(url?.protocol)) throw new UserError(`${text} is not an address such as https://relay.example`);
  if (!/^\/(?:webhook\/?|health\/?)?$/.test(url.pathname) || url.search || url.username) {
    throw new UserError(
      `No relay has an address such as ${url.origin}${url.pathname}. Try:\n  npm run ping -- ${url.origin}`,
    );
  }
  if (url.protocol === "http:" && !isLoopback(url)) {
    throw new UserError(`Plain http is for this machine only. Use https://${url.host}`);
  }
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
    throw new UserError(whyNoAnswer(url, error, PATIENCE_MS));
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
