// `npm run trigger -- EVENT URL`: posts a signed sample of an event to a receiver of one's own, on this machine or not, and says
// what came back and what the relay would make of it. No relay is asked, and nothing is paid.
//
// It signs with all of EVENTS_SECRETS, as the relay does; webhook-secret.mjs says where they come from. It speaks Turkish where the
// locale is Turkish, else English. Ends with 0 if the relay would count the event as delivered, with 1 if not, with 2 if the
// command is wrong.
import { randomBytes, randomUUID } from "node:crypto";
import { isLoopback } from "./loopback.mjs";
import { readOptions } from "./options.mjs";
import { signedHeaders } from "./signed-headers.mjs";
import { eventOptions, orderOf } from "./trigger/order.mjs";
import { EVENT_TYPES, sampleEvent } from "./trigger/samples.mjs";
import { textsFor } from "./trigger/texts.mjs";
import { verdict, whyNoAnswer } from "./trigger/verdict.mjs";
import { UsageError, UserError, runMain } from "./user-error.mjs";
import { eventsKeys } from "./webhook-secret.mjs";

/** As long as the relay waits. */
const PATIENCE_MS = 15_000;
const texts = textsFor(process.env);

await runMain(
  async () => {
    const known = { string: eventOptions, words: 2 };
    const { words, options } = readOptions(texts, process.argv.slice(2), known, process.env);
    if (options.help) return console.log(texts.usage(EVENT_TYPES));
    const [type, text] = words;
    if (!EVENT_TYPES.includes(type)) throw new UsageError(texts.noEvent(type, EVENT_TYPES));
    const url = receiverAddress(text);
    const order = orderOf(texts, type, options);

    const keys = await eventsKeys(texts, { isLoopback: isLoopback(url) });
    // A payment of its own each time: an event that was done counts once at the receiver.
    const made = { merchantOid: `LNK${randomUUID().replaceAll("-", "").slice(0, 12).toUpperCase()}`, ...order };
    const id = options.id ?? `evt_${randomBytes(32).toString("hex")}`;
    const body = JSON.stringify(sampleEvent(type, made, new Date().toISOString().replace(/\.\d+Z$/, "Z")));
    console.log(texts.posting(type, id, url.href));
    const { isDelivered, text: said } = verdict(texts, await post(url, signedHeaders(keys, id, body), body));
    if (!isDelivered) throw new UserError(said);
    console.log(said);
  },
  { wrongUse: 2 },
);

/** An address that the relay would post to: https, or on this machine. */
function receiverAddress(text) {
  if (!text) throw new UsageError(texts.receiverMissing);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!/^https?:$/.test(url?.protocol)) throw new UsageError(texts.noReceiver(text));
  if (url.protocol === "http:" && !isLoopback(url)) throw new UsageError(texts.plainHttp(url));
  return url;
}

/** Posts as the relay does, which follows no redirect and reads no more than the status. */
async function post(url, headers, body) {
  const start = performance.now();
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    await answer.body?.cancel();
    return { answer, milliseconds: Math.round(performance.now() - start) };
  } catch (error) {
    throw new UserError(whyNoAnswer(texts, url, error, PATIENCE_MS));
  }
}
