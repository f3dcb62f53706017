// Creates and sends PayTR payment links from a shop's back end: Node and the official `standardwebhooks`.
//
//   npm install standardwebhooks
//   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… node examples/send.mjs sms NB2Zlz3 05321234567
//   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… node examples/send.mjs email NB2Zlz3 musteri@example.com
//   … node examples/send.mjs create "Order 1001" 158000 --reference 1001 --cell-phone 05321234567 --email musteri@example.com
//       --expiry-date "2036-12-31 23:59:59"    until when it can be paid, in Istanbul time; the same for the same order
//
// In scope: one message, signed, sent, and asked for again where that is safe. Not in scope: remembering what was sent.
import { createHash, randomUUID } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Webhook } from "standardwebhooks";

const TRIES = 5;
const TRIES_OF_A_LINK = 3;
const LONGEST_WAIT_S = 30;
/** The relay's own limit is a message a minute, unless SEND_LIMITS says otherwise. */
const LONGEST_LIMIT_S = 90;
const MAX_ANSWER_BYTES = 1_048_576;
/** How fetch names a connection that was made and lost. */
const LOST = ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"];
/** What PayTR calls the recipient of each channel. */
export const FIELDS = { sms: "cell_phone", email: "email" };

/** What a person does about an order that has no link. */
const GO_ON = {
  "paytr-rejected": () => "Once the cause is mended, ask again for this order: its next id is taken by itself.",
  "webhook-id-reused": ({ reference }) =>
    "This order was asked for with other data before. Ask with the same, or delete that link and take another " +
    `reference, such as ${reference}-2.`,
};

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
 * Resolves with the relay's answer once the link exists, whatever became of its `sends`, and two members more:
 * `isReplayed`, whether the answer was recorded by an earlier run, and `leftOut`, the relay's `errors` of recipients that
 * are none and whom the link was not sent to. Throws the relay's `detail` otherwise, with the answer as its `cause`.
 * `data` is that of `link.create`, with the order as its `reference`.
 *
 * The id comes from `name`, which is the order, alone: a double click, a job that runs twice and a program that is
 * started again all ask for the same link. The order's next id is taken where there is no link under this one: where
 * nobody knows whether PayTR made it, since nobody has its address and it harms nobody, and where PayTR refused it on an
 * earlier run, since its cause may be mended.
 */
export async function createLink(data, relay = relayOfEnvironment(), name = data.reference) {
  const order = createHash("sha256").update(name).digest("hex").slice(0, 32);
  const leftOut = [];
  let send = recipients(data.send);
  let asked = 0;
  for (let number = 1; ; ) {
    const message = { type: "link.create", data: { ...data, send } };
    const answer = await ask(relay, `order_${order}_${number}`, message, [409, 429, 503]);
    const { outcome, code, resend_safe: isSafe, errors = [] } = answer.json;
    if (outcome === "created") return { ...answer.json, isReplayed: answer.isReplayed, leftOut };
    const bad = errors.map(({ pointer }) => pointer.replace("/data/send/", ""));
    if (bad.length > 0 && bad.every((field) => send?.[field])) {
      // The same id: the relay keeps nothing of a message whose fields it refuses.
      send = recipients(send, bad);
      leftOut.push(...errors);
      continue;
    }
    if (!answer.isReplayed) asked += 1;
    const isLost = code === "outcome-unknown" && isSafe === true && asked < TRIES_OF_A_LINK;
    const wasRefused = code === "paytr-rejected" && answer.isReplayed;
    if (!isLost && !wasRefused) {
      const lines = [whyNot(answer), GO_ON[code]?.(data)].filter(Boolean);
      throw new Error(lines.join("\n"), { cause: answer });
    }
    number += 1;
  }
}

/** Those whom a link can be sent to, without those under `bad` fields; undefined if nobody is left. */
function recipients(send, bad = []) {
  const left = Object.entries(send ?? {}).filter(([field, recipient]) => recipient && !bad.includes(field));
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

/**
 * The first answer that is final: `{ status, retryAfter, isReplayed, json }`. Asks again, with the same id, while there is
 * none or its status is one of `again`, so many times in all. `isReplayed` says that it was recorded before this call.
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
    }).then(read).catch((error) => tried === 1 && sayIfUnreachable(url, error));
    if (answer && !again.includes(answer.status)) return { ...answer, isReplayed: answer.isReplayed && tried === 1 };
    if (tried === tries) {
      throw new Error(`No final answer from the relay after several tries. Asking again as ${id} is safe.`);
    }
    const seconds = answer?.retryAfter || 2 ** (tried - 1);
    await sleep(Math.min(seconds, LONGEST_WAIT_S) * 1000);
  }
}

/** A name or a port that is wrong is seen at once, not after all tries. */
function sayIfUnreachable(url, { name, cause }) {
  if (name === "TimeoutError" || !cause || LOST.includes(cause.code)) return;
  console.error(`No answer from ${url} yet (${cause.message || cause.code}); trying again.`);
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
  const text = (await readBytes(body ?? [], MAX_ANSWER_BYTES))?.toString();
  const isReplayed = headers.get("idempotency-replayed") === "true";
  return { status, retryAfter: Number(headers.get("retry-after")), isReplayed, json: parse(text) };
}

/** The bytes of a body as they came. Undefined if there are more than `limit`, and then the rest is not read. */
export async function readBytes(body, limit) {
  const chunks = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function whyNot({ status, isReplayed, json: { detail = `HTTP ${status}`, errors = [], paytr } }) {
  const lines = [[detail, ...errors.map(sentence)].join(" ")];
  if (paytr?.reason) lines.push(`PayTR's words: ${paytr.reason}`);
  if (isReplayed) lines.push("This answer was recorded earlier, and PayTR was not asked again.");
  return lines.join("\n");
}

const sentence = ({ pointer, detail }) => `${pointer} ${detail}.`;

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
  console.error("       … node send.mjs create NAME PRICE --reference ORDER [--expiry-date TIME] [--cell-phone NUMBER] [--email ADDRESS]");
  console.error("       PRICE in minor units: 1445 is 14.45");
  process.exit(2);
}

/** Ends the program if this Node is older than it may be. */
export function needsNode(major, minor) {
  const [ownMajor, ownMinor] = process.versions.node.split(".").map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  console.error(`This needs Node ${major}.${minor} or newer, and is run by ${process.versions.node}.`);
  process.exit(2);
}

async function create(args) {
  const data = createArguments(args);
  const first = await createLink(data);
  const { webhook_id: id, link, isReplayed } = first;
  if (isReplayed) console.log(`Created earlier (${id}); a second link on purpose takes another --reference.`);
  else console.log(`Created (${id}).`);
  for (const member of ["id", "url", "callback_id"]) if (link[member]) console.log(`${member}: ${link[member]}`);
  const { sends = [], leftOut } = await sendLimited(data, first);
  for (const { type, outcome, code, retry_after: seconds, paytr } of sends) {
    const why = [code && ` (${code})`, seconds && `, ask again in ${seconds} s`, paytr?.reason && `: ${paytr.reason}`];
    console.log([`${type}: ${outcome}`, ...why.filter(Boolean)].join(""));
  }
  for (const error of leftOut) console.log(`left out: ${sentence(error)}`);
  if (leftOut.length > 0 || sends.some(({ outcome }) => outcome !== "sent")) process.exitCode = 1;
}

/** Has what was `limited` sent once its time has come, if that is soon. The same message sends nothing twice. */
async function sendLimited(data, created) {
  const waits = (created.sends ?? []).map(({ retry_after: after = 0 }) => after);
  const seconds = Math.max(0, ...waits.filter((after) => after <= LONGEST_LIMIT_S));
  if (seconds === 0) return created;
  console.error(`The recipient has had a message not long ago; asking again in ${seconds} s.`);
  await sleep(seconds * 1000);
  return createLink(data);
}

/** The data of `link.create`. */
function createArguments(args) {
  const names = ["reference", "expiry-date", "cell-phone", "email"];
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const [name, price, ...more] = positionals;
    if (!values.reference || !/^[1-9][0-9]*$/.test(price) || more.length > 0) return usage();
    const { reference, "expiry-date": expiryDate, "cell-phone": cellPhone, email } = values;
    const send = cellPhone || email ? { cell_phone: cellPhone, email } : undefined;
    return { name, price: Number(price), reference, expiry_date: expiryDate, send };
  } catch {
    return usage();
  }
}

/** Whether this file is what was started, by whatever name. */
function isProgram() {
  const [, started = ""] = process.argv;
  return existsSync(started) && realpathSync(started) === realpathSync(fileURLToPath(import.meta.url));
}

if (isProgram()) {
  needsNode(20, 12);
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
