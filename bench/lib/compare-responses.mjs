// Do all Workers use the same words? The very same requests to each of them: the body of every answer, and the line
// that it leaves in the log, have to be those of the first, the relay's, but for times and for ids made on the spot.

import { EventEmitter, once } from "node:events";
import { email, phone, post, sign, signedHeaders, sms, unique, withId } from "./requests.mjs";
import { Workerd } from "./workerd.mjs";

const PATIENCE_MS = 5000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `[what, request]`, and `true` if it takes a ledger; signed once, so that all get the same. */
function requests() {
  const message = sms(phone());
  const headers = signedHeaders(message);
  const ping = '{"type":"relay.ping"}';
  const from = (ray) => ({ over: { "cf-ray": ray } });
  return [
    ["sent", post(message, { headers, ...from("8f3c2b1a0d9e7f65-IST") })],
    ["replay", post(message, { headers }), true],
    ["sent by e-mail", post(email(`musteri${unique()}@shop.example.com`))],
    ["an id with a number in it", withId(sms(phone()), "msg_+90(532)123-45-67")],
    ["an id with a time in it", withId(sms(phone()), "order-1795000000123")],
    ["rejected", post(sms(phone(), "error"))],
    ["unknown", post(sms(phone(), "nonsense"))],
    ["a refused signature", post(message, { over: { "webhook-signature": sign("other", 1, message) } })],
    ["stale", post(message, { headers: signedHeaders(message, "msg_stale", 1_000_000_000) })],
    ["an unknown type", post('{"type":"link.delete","data":{"id":"A"}}')],
    ["an unknown field", post('{"type":"link.send_email","data":{"id":"A","email":"a@b.example","sms":1}}')],
    ["a wrong path", { method: "POST", path: "/", headers: {}, body: "" }],
    ["ping", post(ping, from("not Cloudflare's"))],
    ["a ping with a field", post('{"type":"relay.ping","data":{"id":"A"}}')],
    ["a ping with a list", post('{"type":"relay.ping","data":[]}')],
  ];
}

/** Where a Worker's words are not the first one's, one line for each. */
export async function differences(variants, bindings) {
  const table = requests();
  const first = new Map();
  const found = [];
  for (const variant of variants) {
    for (const [what, words] of await said(variant, bindings, table)) {
      if (!first.has(what)) first.set(what, words);
      if (first.get(what) !== words) found.push(`${variant.name}: ${what}: ${words} instead of ${first.get(what)}`);
    }
  }
  return found;
}

async function said(variant, bindings, table) {
  const log = new EventEmitter();
  const workerd = await Workerd.start(variant, bindings, (line) => line.startsWith("{") && log.emit("line", line));
  const words = [];
  try {
    for (const [what, request, takesLedger] of table) {
      if (takesLedger && !variant.ledger) continue;
      const line = once(log, "line", { signal: AbortSignal.timeout(PATIENCE_MS) }).then(([text]) => plain(text));
      const [{ text }, written] = await Promise.all([workerd.ask(request), line.catch(() => "no line")]);
      words.push([what, `${text} ${written}`]);
    }
  } finally {
    await workerd.stop();
  }
  return words;
}

/** A line in one order of members, without what differs from run to run. */
function plain(line) {
  const members = Object.entries(JSON.parse(line)).map(([name, value]) => {
    if (name.endsWith("_ms") && Number.isInteger(value) && value >= 0) return [name, "a time"];
    return name === "request_id" && UUID.test(value) ? [name, "a UUID"] : [name, value];
  });
  return JSON.stringify(Object.fromEntries(members.sort()));
}
