// Do the Workers that are compared keep the same contract? The very same requests to each: status, code, what PayTR was
// asked, and of what succeeds the whole answer and the line of the log, have to be the relay's. Whether those are right is
// for tests/worker. Words of refusals are measured nowhere, so they may differ.

import { createServer } from "node:http";
import { setTimeout } from "node:timers/promises";
import { listen } from "../tests/support/listen.mjs";
import { callback, create, email, notice, phone, post, sign, signedHeaders, sms, unique, withId } from "./lib/requests.mjs";
import { Workerd } from "./lib/workerd.mjs";

const LOG_PATIENCE_MS = 5000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const now = () => Math.floor(Date.now() / 1000);

/** Throws unless all that keep a contract keep the relay's. */
export async function checkConformance({ relay, handwritten, contract }) {
  const paytr = await startPaytr();
  const [sends, all] = [sendRequests(), [...ledgerRequests(), ...linkRequests()]];
  const asked = await answers(relay, paytr, [...sends, ...all]);
  const found = [];
  for (const variant of [handwritten, contract].filter(Boolean)) {
    const given = await answers(variant, paytr, variant.ledger ? [...sends, ...all] : sends);
    for (const [what, answer] of given) {
      if (answer !== asked.get(what)) found.push(`${variant.title}, ${what}: ${answer} instead of ${asked.get(what)}`);
    }
  }
  paytr.stop();
  if (found.length > 0) throw new Error(`the Workers differ:\n${found.join("\n")}`);
  console.error(`${asked.size} requests: the Workers keep the same contract`);
}

/** `[what, request]` of what does not take a ledger, signed once for all. */
function sendRequests() {
  const good = sms(phone());
  const data = (data, more) => post(JSON.stringify({ type: "link.send_sms", data, ...more }));
  const wrong = sign("other", now(), good);
  const stale = (timestamp) => post(good, { headers: signedHeaders(good, `msg_stale_${unique()}`, timestamp) });
  return [
    ["an SMS", post(sms("+90 (532) 123-45.67"), { over: { "cf-ray": "8f3c2b1a0d9e7f65-IST" } })],
    ["an e-mail", post(email("a+b%c/d!e'f*g@example.com"))],
    ["debug_on", data({ id: 7, cell_phone: phone(), debug_on: 1 })],
    ["an id with a number in it", withId(sms(phone()), "msg_+90(532)123-45-67")],
    ["an id with a time in it", withId(sms(phone()), "order-1795000000123")],
    ["one right signature of three", severalSignatures(sms(phone()), wrong)],
    ["a wrong signature", post(good, { over: { "webhook-signature": wrong } })],
    ["no signature", post(good, { headers: { "content-type": "application/json" } })],
    ["two ids", post(good, { over: { "webhook-id": "a, a" } })],
    ["a timestamp with a sign", stale(`+${now()}`)],
    ["stale", stale(now() - 302)],
    ["from the future", stale(now() + 310)],
    ["no JSON", post("{")],
    ["a key twice", post('{"type":"link.send_sms","type":"link.send_sms","data":{}}')],
    ["a list", post("[]")],
    ["no data", post('{"type":"link.send_sms"}')],
    ["an unknown type", post('{"type":"link.update","data":{"id":"A"}}')],
    ["no recipient", data({ id: "A" })],
    ["a number as phone", data({ id: "A", cell_phone: 5321234567 })],
    ["an id that is no id", data({ id: "A B", cell_phone: phone() })],
    ["an unknown field", data({ id: "A", cell_phone: phone(), sms: 1 })],
    ["an unknown member", data({ id: "A", cell_phone: phone() }, { extra: 1 })],
    ["an address that is none", post(email("a@b"))],
    ["a body too large", post(" ".repeat(16_385))],
    ["text", post(good, { over: { "content-type": "text/plain" } })],
    ["Latin-1", post(good, { over: { "content-type": "application/json; charset=latin1" } })],
    ["PayTR says no", post(sms(phone(), "error"))],
    ["PayTR says nonsense", post(sms(phone(), "nonsense"))],
    ["PayTR redirects", post(sms(phone(), "redirect"))],
  ];
}

function ledgerRequests() {
  const to = phone();
  const [body, rejected] = [sms(to), sms(phone(), "error")];
  const [id, rejectedId] = [`msg_ledger_${unique()}`, `msg_ledger_${unique()}`];
  return [
    ["a send", withId(body, id)],
    ["the same again", post(body, { headers: signedHeaders(body, id, now() + 1) })],
    ["the same id, another link", withId(sms(to, "another"), id)],
    ["too soon", post(sms(to))],
    ["an address", post(email(`a${to}@shop.example`))],
    ["too soon to it in capitals", post(email(`A${to}@SHOP.example`))],
    ["rejected", withId(rejected, rejectedId)],
    ["rejected again", withId(rejected, rejectedId)],
    ["eight at once", Array(8).fill(post(sms(phone(), "slow")))],
  ];
}

function linkRequests() {
  const id = `msg_compare_${unique()}`;
  const body = create({ cell_phone: phone(), email: `a${unique()}@shop.example` });
  const changed = (change) => (name) => callback(change(notice(name, "OID1")));
  const data = (data) => post(JSON.stringify({ type: "link.create", data }));
  return [
    ["a create with two sends", withId(body, id)],
    ["it again", post(body, { headers: signedHeaders(body, id) })],
    ["its id, another link", withId(create(), id)],
    ["no name", data({ price: 1 })],
    ["a price as text", data({ name: "Tea 1", price: "1" })],
    ["fewer at most than at least", data({ name: "Tea 1", price: 1, min_count: 2, max_count: 1 })],
    ["a notice", changed(String)],
    ["the same notice again", changed(String)],
    ["a bad hash", changed((form) => form.replace("total_amount=158000", "total_amount=158001"))],
    ["no hash", changed((form) => form.replace(/hash=[^&]*&/, ""))],
    ["a field twice", changed((form) => `${form}&status=success`)],
  ];
}

function severalSignatures(body, wrong) {
  const headers = signedHeaders(body);
  return post(body, { headers: { ...headers, "webhook-signature": `v1a,x ${wrong} ${headers["webhook-signature"]}` } });
}

/** What became of each request, by what it is, as text to compare. */
async function answers(variant, paytr, requests) {
  const lines = [];
  const settings = { PAYTR_BASE_URL: paytr.url, EVENTS_URL: `${paytr.url}/events` };
  const workerd = await Workerd.start(variant, settings, (line) => line.startsWith("{") && lines.push(line));
  const all = new Map();
  /** The link's, which each Worker gives by itself. */
  let name;
  try {
    for (const [what, request] of requests) {
      paytr.forms.length = lines.length = 0;
      const asked = [request].flat().map((each) => (typeof each === "function" ? each(name) : each));
      const given = await Promise.all(asked.map((each) => workerd.ask(each)));
      name ??= /"callback_id":"([0-9a-f]{64})"/.exec(given[0].text)?.[1];
      const isSend = given.every(({ text }) => text.includes('"outcome":"sent"'));
      const { sends = [] } = isSend && !given[0].replayed ? JSON.parse(given[0].text) : {};
      const texts = given.map(({ status, type, replayed, text }) => `${status} ${type} ${replayed ? "replayed " : ""}${wordsOf(status, text)}`);
      const became = [...texts.sort(), ...paytr.forms.toSorted(), ...(isSend ? await linesOf(lines, 1 + sends.length) : [])].join(" ");
      all.set(what, name ? withoutName(became, name) : became);
    }
  } finally {
    await workerd.stop();
  }
  return all;
}

/** Without the link's name, and what follows from it: PayTR's id of it, and the tokens of its sends. */
function withoutName(text, name) {
  const unnamed = text.replaceAll(name, "its name").replaceAll(linkOf(name), "ITS-ID");
  return unnamed.replaceAll(/(id=ITS-ID\S*paytr_token=)[^&\s]+/g, "$1…");
}

const linkOf = (name) => `L${name?.slice(0, 8)}`;

function wordsOf(status, text) {
  if (status === 200) return text;
  return text.startsWith("{") ? JSON.parse(text).code : "";
}

/** The lines, once so many were written, in one order, without what differs from run to run. */
async function linesOf(lines, count) {
  for (const deadline = Date.now() + LOG_PATIENCE_MS; lines.length < count; await setTimeout(5)) {
    if (Date.now() > deadline) return ["no line"];
  }
  const words = lines.map((line) => {
    const members = Object.entries(JSON.parse(line)).map(([name, value]) => {
      if (name.endsWith("_ms") && Number.isInteger(value) && value >= 0) return [name, "a time"];
      return name === "request_id" && UUID.test(value) ? [name, "a UUID"] : [name, value];
    });
    return JSON.stringify(Object.fromEntries(members.sort()));
  });
  return words.sort();
}

/** A PayTR that answers by the link's id, and by the `callback_id`, and keeps what it was asked. It is the shop, too. */
async function startPaytr() {
  const forms = [];
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    if (request.url === "/events") return response.writeHead(204).end();
    const form = new URLSearchParams(text);
    const [id, callbackId] = [form.get("id"), form.get("callback_id")];
    if (form.has("callback_link")) form.set("callback_link", new URL(form.get("callback_link")).pathname);
    form.sort();
    forms.push(`${request.url} ${request.headers["content-type"]} ${form}`);
    if (id === "slow") await setTimeout(700);
    const link = linkOf(callbackId);
    const success = callbackId ? { id: link, link: `https://www.paytr.com/link/${link}` } : {};
    const replies = {
      error: [200, '{"status":"error","err_msg":"no"}'],
      nonsense: [200, "<html>"],
      redirect: [307, '{"status":"success"}'],
    };
    const [status, reply] = replies[id] ?? [200, JSON.stringify({ status: "success", ...success })];
    response.writeHead(status, { "content-type": "text/html; charset=UTF-8", location: "/elsewhere" }).end(reply);
  });
  return { forms, ...(await listen(server)) };
}
