// Creates and sends PayTR payment links from a shop's back end: Node and the official `standardwebhooks`.
//
//   npm install standardwebhooks
//   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… node examples/send.mjs sms NB2Zlz3 05321234567
//   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… node examples/send.mjs email NB2Zlz3 musteri@example.com
//   … node examples/send.mjs create "Order 1001" 158000 --reference 1001 --cell-phone 05321234567 --email musteri@example.com
//
// In scope: one message, signed, sent, and asked for again where that is safe. Not in scope: remembering what was sent.
import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Webhook } from "standardwebhooks";

const TRIES = 5;
const TRIES_OF_A_LINK = 3;
const LONGEST_WAIT_S = 30;
/** What PayTR calls the recipient of each channel. */
export const FIELDS = { sms: "cell_phone", email: "email" };

/** Where the relay is, and the secret that messages to it are signed with. */
const relayOfEnvironment = () => ({ url: process.env.RELAY_URL, secret: process.env.WEBHOOK_SECRET });

/**
 * Resolves once PayTR has taken the message; throws the relay's `detail` otherwise. Keep the id with the order before
 * you call: with the same id the relay sends once, however often it is asked.
 */
export async function sendLink(channel, linkId, recipient, id = `msg_${randomUUID()}`) {
  const answer = await ask(relayOfEnvironment(), id, sendMessage(channel, linkId, recipient), [409, 503]);
  if (answer.json.outcome === "sent") return id;
  throw new Error(whyNot(answer), { cause: answer });
}

/** The message that sends a link; `channel` is `sms` or `email`. */
export const sendMessage = (channel, linkId, recipient) => ({
  type: `link.send_${channel}`,
  data: { id: linkId, [FIELDS[channel]]: recipient },
});

/**
 * Resolves with the relay's answer once the link exists, whatever became of its `sends`; throws the relay's `detail`
 * otherwise, with the answer as its `cause`. `data` is that of `link.create`, with the order as its `reference`.
 *
 * The id comes from the order alone: a double click, a job that runs twice and a program that is started again all ask
 * for the same link. Where nobody knows whether PayTR made it, nobody has its address and it harms nobody, so the
 * order's next id is taken. Those that ended so on an earlier run are replayed, and passed over.
 */
export async function createLink(data, relay = relayOfEnvironment()) {
  const order = createHash("sha256").update(data.reference).digest("hex").slice(0, 32);
  for (let number = 1, asked = 0; ; number += 1) {
    const answer = await ask(relay, `order_${order}_${number}`, { type: "link.create", data }, [409, 429, 503]);
    if (answer.json.outcome === "created") return answer.json;
    if (!answer.replayed) asked += 1;
    const isHarmless = answer.json.code === "outcome-unknown" && answer.json.resend_safe === true;
    if (!isHarmless || asked === TRIES_OF_A_LINK) throw new Error(whyNot(answer), { cause: answer });
  }
}

/**
 * The first answer that is final: `{ status, retryAfter, replayed, json }`. Asks again, with the same id, while there is
 * none or its status is one of `again`, so many times in all.
 */
export async function ask(relay, id, message, again, tries = TRIES) {
  for (let tried = 1; ; tried += 1) {
    const { url, headers, body } = signMessage(relay, id, message);
    const answer = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(30_000),
    }).then(read).catch(() => undefined);
    if (answer && !again.includes(answer.status)) return answer;
    if (tried === tries) {
      throw new Error(`No final answer from the relay after several tries. Asking again as ${id} is safe.`);
    }
    const seconds = answer?.retryAfter || 2 ** (tried - 1);
    await sleep(Math.min(seconds, LONGEST_WAIT_S) * 1000);
  }
}

/** A message as it is posted: `{ url, headers, body }`. Good for five minutes from `now` on. */
export function signMessage({ url, secret }, id, message, now = new Date()) {
  const body = JSON.stringify(message);
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, now, body),
  };
  return { url: new URL("/webhook", url).href, headers, body };
}

async function read({ status, headers, body }) {
  const text = await new Response(body).text();
  const replayed = headers.get("idempotency-replayed") === "true";
  return { status, retryAfter: Number(headers.get("retry-after")), replayed, json: parse(text) };
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

function usage() {
  console.error("usage: RELAY_URL=… WEBHOOK_SECRET=… node send.mjs sms|email LINK_ID RECIPIENT");
  console.error("       … node send.mjs create NAME PRICE --reference ORDER [--cell-phone NUMBER] [--email ADDRESS]");
  console.error("       PRICE in minor units: 1445 is 14.45");
  process.exit(2);
}

async function create(args) {
  const { reference, send, name, price } = createArguments(args);
  const { webhook_id, link, sends = [] } = await createLink({ name, price: Number(price), reference, send });
  console.log(`Created (${webhook_id}).`);
  for (const member of ["id", "url", "callback_id"]) if (link[member]) console.log(`${member}: ${link[member]}`);
  for (const { type, outcome, code, retry_after: seconds } of sends) {
    console.log(`${type}: ${outcome}${code ? ` (${code})` : ""}${seconds ? `, ask again in ${seconds} s` : ""}`);
  }
  if (sends.some(({ outcome }) => outcome !== "sent")) process.exitCode = 1;
}

function createArguments(args) {
  const options = { reference: { type: "string" }, "cell-phone": { type: "string" }, email: { type: "string" } };
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const [name, price, ...more] = positionals;
    if (!values.reference || !/^[1-9][0-9]*$/.test(price) || more.length > 0) return usage();
    const send = { cell_phone: values["cell-phone"], email: values.email };
    return { name, price, reference: values.reference, send: send.cell_phone || send.email ? send : undefined };
  } catch {
    return usage();
  }
}

if (import.meta.filename === process.argv[1]) {
  const [command, ...args] = process.argv.slice(2);
  const [linkId, recipient] = args;
  if (!process.env.RELAY_URL || !process.env.WEBHOOK_SECRET) usage();
  if (command !== "create" && (!recipient || !FIELDS[command])) usage();
  const send = () => sendLink(command, linkId, recipient).then((id) => console.log(`Sent (${id}).`));
  await (command === "create" ? create(args) : send()).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
