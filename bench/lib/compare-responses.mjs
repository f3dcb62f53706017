// Do all Workers answer a send alike, and log it alike? The very same requests to each of them: the body of every
// response, and the line that it leaves in the log, have to be those of the first, the relay's, but for times and for ids
// made on the spot. Refusals are measured nowhere, so their words may differ.

import { EventEmitter, once } from "node:events";
import { email, phone, post, signedHeaders, sms, unique, withId } from "./requests.mjs";
import { Workerd } from "./workerd.mjs";

const PATIENCE_MS = 5000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `[what, request]`, and `true` if it takes a ledger; signed once, so that all get the same. */
function requests() {
  const message = sms(phone());
  const headers = signedHeaders(message);
  const from = (ray) => ({ over: { "cf-ray": ray } });
  return [
    ["sent", post(message, { headers, ...from("8f3c2b1a0d9e7f65-IST") })],
    ["replay", post(message, { headers }), true],
    ["sent by e-mail", post(email(`musteri${unique()}@shop.example.com`))],
    ["an id with a number in it", withId(sms(phone()), "msg_+90(532)123-45-67")],
    ["an id with a time in it", withId(sms(phone()), "order-1795000000123")],
  ];
}

/** Where a Worker's responses are not the first one's, one line for each. */
export async function differences(variants, bindings) {
  const table = requests();
  const first = new Map();
  const found = [];
  for (const variant of variants) {
    for (const [what, response] of await responses(variant, bindings, table)) {
      if (!first.has(what)) first.set(what, response);
      if (first.get(what) !== response) found.push(`${variant.name}: ${what}: ${response} instead of ${first.get(what)}`);
    }
  }
  return found;
}

async function responses(variant, bindings, table) {
  const log = new EventEmitter();
  const workerd = await Workerd.start(variant, bindings, (line) => line.startsWith("{") && log.emit("line", line));
  const all = [];
  try {
    for (const [what, request, takesLedger] of table) {
      if (takesLedger && !variant.ledger) continue;
      const line = once(log, "line", { signal: AbortSignal.timeout(PATIENCE_MS) }).then(([text]) => plain(text));
      const [{ text }, written] = await Promise.all([workerd.ask(request), line.catch(() => "no line")]);
      all.push([what, `${text} ${written}`]);
    }
  } finally {
    await workerd.stop();
  }
  return all;
}

/** A line in one order of members, without what differs from run to run. */
function plain(line) {
  const members = Object.entries(JSON.parse(line)).map(([name, value]) => {
    if (name.endsWith("_ms") && Number.isInteger(value) && value >= 0) return [name, "a time"];
    return name === "request_id" && UUID.test(value) ? [name, "a UUID"] : [name, value];
  });
  return JSON.stringify(Object.fromEntries(members.sort()));
}
