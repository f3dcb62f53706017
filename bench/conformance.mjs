// Do all Workers keep the contract of the two sends? A table of requests to each of them, and what has to come of each:
// status, code, how often PayTR was asked, and with which form; then the responses to what was sent, compared. The
// pass-throughs keep no contract and are not asked.

import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { buildWorkers, variants } from "./lib/build.mjs";
import { email, phone, post, sign, signedHeaders, sms, unique, withId } from "./lib/requests.mjs";
import { MERCHANT_ID, MERCHANT_KEY, MERCHANT_SALT, bindings } from "./lib/settings.mjs";
import { differences } from "./lib/compare-responses.mjs";
import { Workerd } from "./lib/workerd.mjs";

const now = () => Math.floor(Date.now() / 1000);
const envelope = (data, more) => JSON.stringify({ type: "link.send_sms", data, ...more });

/** `[what, request, status, code, calls to PayTR]`; the recipient is unlike all others unless a case says so. */
function cases() {
  const good = sms(phone());
  return [
    ["a good SMS", post(sms("+90 (532) 123-45.67")), 200, "sent", 1],
    ["a good e-mail", post(email("a+b%c/d!e'f*g@example.com")), 200, "sent", 1],
    ["debug_on", post(envelope({ id: 7, cell_phone: phone(), debug_on: 1 })), 200, "sent", 1],
    ["a wrong signature", post(good, { over: { "webhook-signature": sign("other", now(), good) } }), 401,
      "invalid-signature", 0],
    ["one right signature of three", threeSignatures(), 200, "sent", 1],
    ["no signature", post(good, { headers: { "content-type": "application/json" } }), 401, "invalid-signature", 0],
    ["two ids", post(good, { over: { "webhook-id": "a, a" } }), 401, "invalid-signature", 0],
    ["a timestamp with a sign", signedWith(good, "msg_sign", `+${now()}`), 401, "invalid-signature", 0],
    ["stale", signedWith(good, "msg_stale", now() - 302), 401, "stale-timestamp", 0],
    ["from the future", signedWith(good, "msg_future", now() + 310), 401, "stale-timestamp", 0],
    ["stale with a wrong signature", post(good, { headers: { ...signedHeaders(good), "webhook-timestamp": "1" } }), 401,
      "invalid-signature", 0],
    ["no JSON", post("{"), 400, "malformed-body", 0],
    ["a key twice", post('{"type":"link.send_sms","type":"link.send_sms","data":{}}'), 400, "malformed-body", 0],
    ["a list", post("[]"), 400, "malformed-body", 0],
    ["no data", post('{"type":"link.send_sms"}'), 400, "malformed-body", 0],
    ["an unknown type", post('{"type":"link.update","data":{"id":"A"}}'), 422, "unknown-type", 0],
    ["no recipient", post(envelope({ id: "A" })), 422, "invalid-field", 0],
    ["a number as phone", post(envelope({ id: "A", cell_phone: 5321234567 })), 422, "invalid-field", 0],
    ["an id that is no id", post(envelope({ id: "A B", cell_phone: phone() })), 422, "invalid-field", 0],
    ["an unknown field", post(envelope({ id: "A", cell_phone: phone(), sms: 1 })), 422, "invalid-field", 0],
    ["an unknown member", post(envelope({ id: "A", cell_phone: phone() }, { extra: 1 })), 422, "invalid-field", 0],
    ["an address that is none", post(email("a@b")), 422, "invalid-field", 0],
    ["a body too large", post(" ".repeat(16_385)), 413, "body-too-large", 0],
    ["text", post(good, { over: { "content-type": "text/plain" } }), 415, "unsupported-media-type", 0],
    ["Latin-1", post(good, { over: { "content-type": "application/json; charset=latin1" } }), 415,
      "unsupported-media-type", 0],
    ["PayTR says no", post(sms(phone(), "error")), 422, "paytr-rejected", 1],
    ["PayTR says nonsense", post(sms(phone(), "nonsense")), 502, "outcome-unknown", 1],
    ["PayTR redirects", post(sms(phone(), "redirect")), 502, "outcome-unknown", 1],
  ];
}

function ledgerCases() {
  const to = phone();
  const body = sms(to);
  const id = `msg_ledger_${unique()}`;
  const rejected = sms(phone(), "error");
  const rejectedId = `msg_ledger_${unique()}`;
  return [
    ["the first", withId(body, id), 200, "sent", 1],
    ["the same again", post(body, { headers: signedHeaders(body, id, now() + 1) }), 200, "sent", 0, true],
    ["the same id, another link", withId(sms(to, "another"), id), 422, "webhook-id-reused", 0],
    ["too soon", post(sms(to)), 429, "recipient-limit", 0],
    ["an address", post(email(`a${to}@shop.example`)), 200, "sent", 1],
    ["too soon to it in capitals", post(email(`A${to}@SHOP.example`)), 429, "recipient-limit", 0],
    ["rejected", withId(rejected, rejectedId), 422, "paytr-rejected", 1],
    ["rejected again", withId(rejected, rejectedId), 422, "paytr-rejected", 0, true],
  ];
}

function signedWith(body, id, timestamp) {
  return post(body, { headers: signedHeaders(body, id, timestamp) });
}

function threeSignatures() {
  const body = sms(phone());
  const headers = signedHeaders(body);
  const wrong = sign("other", 1, body);
  return post(body, { headers: { ...headers, "webhook-signature": `v1a,x ${wrong} ${headers["webhook-signature"]}` } });
}

/** A PayTR that answers by the link's id, and keeps what it got. */
async function startPaytr() {
  const forms = [];
  const server = createServer(async (request, response) => {
    let form = "";
    for await (const piece of request) form += piece;
    forms.push({ path: request.url, type: request.headers["content-type"], form });
    const id = new URLSearchParams(form).get("id");
    if (id === "slow") await new Promise((resolve) => setTimeout(resolve, 700));
    const replies = {
      error: [200, '{"status":"error","err_msg":"no"}'],
      nonsense: [200, "<html>"],
      redirect: [307, '{"status":"success"}'],
    };
    const [status, text] = replies[id] ?? [200, '{"status":"success"}'];
    response.writeHead(status, { "content-type": "text/html; charset=UTF-8", location: "/elsewhere" }).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: server.address().port, forms, stop: () => server.close() && server.closeAllConnections() };
}

function rightForm({ path, type, form }) {
  const fields = new URLSearchParams(form);
  const field = path.endsWith("/send-sms") ? "cell_phone" : "email";
  const message = fields.get("id") + MERCHANT_ID + fields.get(field) + MERCHANT_SALT;
  const token = createHmac("sha256", MERCHANT_KEY).update(message).digest("base64");
  const names = ["merchant_id", "id", field, "debug_on", "paytr_token"].join();
  return (
    type === "application/x-www-form-urlencoded" &&
    [...fields.keys()].join() === names &&
    fields.get("paytr_token") === token &&
    (field === "email" || /^05\d{9}$/.test(fields.get(field)))
  );
}

async function ask(workerd, request) {
  const { status, replayed, text } = await workerd.ask(request);
  const { code, outcome } = JSON.parse(text);
  return { status, code: code ?? outcome, replayed };
}

/** What one Worker does otherwise than it should, one line for each. */
async function flaws(variant, paytr) {
  const found = [];
  const workerd = await Workerd.start(variant, bindings(paytr.port));
  try {
    const table = [...cases(), ...(variant.ledger ? ledgerCases() : [])];
    for (const [what, request, status, code, calls, replayed = false] of table) {
      paytr.forms.length = 0;
      const is = await ask(workerd, request);
      const got = [is.status, is.code, paytr.forms.length, is.replayed].join(" ");
      const want = [status, code, calls, replayed].join(" ");
      if (got !== want) found.push(`${what}: ${got} instead of ${want}`);
      if (!paytr.forms.every(rightForm)) found.push(`${what}: the form is wrong`);
    }
    if (variant.ledger) found.push(...(await parallelFlaws(workerd, paytr)));
  } finally {
    await workerd.stop();
  }
  return found.map((flaw) => `${variant.name}: ${flaw}`);
}

/** Of eight at once with one id, one is sent and the others are answered that they must wait. */
async function parallelFlaws(workerd, paytr) {
  const body = sms(phone(), "slow");
  const request = post(body);
  paytr.forms.length = 0;
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(workerd, request)));
  const codes = answers.map(({ status, code }) => `${status} ${code}`).sort();
  const right = codes[0] === "200 sent" && codes.slice(1).every((code) => code === "409 in-progress");
  return right && paytr.forms.length === 1 ? [] : [`eight at once: ${codes.join()}, ${paytr.forms.length} calls`];
}

/** Throws unless every Worker keeps the contract. */
export async function checkConformance(compared) {
  const paytr = await startPaytr();
  const asked = compared.filter(({ bare }) => !bare);
  const found = [];
  for (const variant of asked) found.push(...(await flaws(variant, paytr)));
  found.push(...(await differences(asked, bindings(paytr.port))));
  paytr.stop();
  if (found.length > 0) throw new Error(`the Workers differ:\n${found.join("\n")}`);
  console.error(`${asked.length} Workers keep the same contract`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildWorkers();
  await checkConformance(variants());
}
