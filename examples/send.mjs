// Sends a PayTR payment link from a shop's back end: Node and the official `standardwebhooks`.
//
//   npm install standardwebhooks
//   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… node examples/send.mjs sms NB2Zlz3 05321234567
//   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… node examples/send.mjs email NB2Zlz3 musteri@example.com
//
// In scope: one message, signed, sent, and asked for again where that is safe. Not in scope: making the link, and
// remembering what was sent.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";

const TRIES = 5;
const LONGEST_WAIT_S = 30;
const FIELDS = { sms: "cell_phone", email: "email" };

/**
 * Resolves once PayTR has taken the message; throws the relay's `detail` otherwise. Keep the id with the order before
 * you call: with the same id the relay sends once, however often it is asked.
 */
export async function sendLink(channel, linkId, recipient, id = `msg_${randomUUID()}`) {
  const { RELAY_URL, WEBHOOK_SECRET } = process.env;
  const webhook = new Webhook(WEBHOOK_SECRET);
  const body = JSON.stringify({ type: `link.send_${channel}`, data: { id: linkId, [FIELDS[channel]]: recipient } });
  for (let tried = 1; ; tried += 1) {
    const now = new Date();
    const answer = await fetch(new URL("/webhook", RELAY_URL), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(now / 1000)),
        "webhook-signature": webhook.sign(id, now, body),
      },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(30_000),
    }).then(read).catch(() => undefined);
    if (answer?.json.outcome === "sent") return id;
    if (answer && ![409, 503].includes(answer.status)) throw new Error(whyNot(answer));
    if (tried === TRIES) {
      throw new Error(`No final answer from the relay after several tries. Asking again as ${id} is safe.`);
    }
    const seconds = answer?.retryAfter || 2 ** (tried - 1);
    await sleep(Math.min(seconds, LONGEST_WAIT_S) * 1000);
  }
}

async function read({ status, headers, body }) {
  const text = await new Response(body).text();
  return { status, retryAfter: Number(headers.get("retry-after")), json: parse(text) };
}

function whyNot({ status, json: { detail = `HTTP ${status}`, errors = [] } }) {
  return [detail, ...errors.map((error) => `${error.pointer} ${error.detail}.`)].join(" ");
}

/** Nothing but a relay says `outcome` or `detail`; a page of some other server is an empty object. */
function parse(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

if (import.meta.filename === process.argv[1]) {
  const [channel, linkId, recipient] = process.argv.slice(2);
  if (!recipient || !FIELDS[channel] || !process.env.RELAY_URL || !process.env.WEBHOOK_SECRET) {
    console.error("usage: RELAY_URL=… WEBHOOK_SECRET=… node send.mjs sms|email LINK_ID RECIPIENT");
    process.exit(2);
  }
  await sendLink(channel, linkId, recipient).then(
    (id) => console.log(`Sent (${id}).`),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
