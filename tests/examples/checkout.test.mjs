// The demo shop's back end: what a page, or somebody who is no page, can get out of it, and what it asks of the relay.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import { parse } from "yaml";
import { Mishaps } from "../../examples/checkout/mishaps.mjs";
import { Orders, stateOf } from "../../examples/checkout/orders.mjs";
import { money } from "../../examples/checkout/page/elements.js";
import { canonical, hasForeignLetter } from "../../examples/checkout/page/recipient.js";
import { EVENTS_PATH, shop } from "../../examples/checkout/shop.mjs";
import { STAFF_WORDS } from "../../examples/checkout/page/staff-words.js";
import { WORDS, clock, duration, languageOf } from "../../examples/checkout/page/words.js";
import { inRoot } from "../../scripts/paths.mjs";
import { withRelays } from "../api/support/place.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import { startFlakyProxy } from "../support/flaky-proxy.mjs";
import { listen } from "../support/listen.mjs";
import * as people from "../support/people.mjs";
import { REFUSAL, startRefusingPaytr } from "../support/refusing-paytr.mjs";
import { startRelays } from "../support/relay.mjs";
import { EVENTS_SECRET, FOREIGN_SECRET, SECRET } from "../support/secrets.mjs";
import { until } from "../support/until.mjs";
import { getJson, paymentEvent, post as postTo, postSigned, signed } from "./support.mjs";

const RELAY = "https://relay.example";
const keep = endings();
const directory = ownFolder("shop");
const server = createServer();
let origin;
before(async () => ({ url: origin } = await keep(listen(server))));

/** A shop whose orders are those of `file`. */
function open(file, { relayUrl = RELAY, ...options } = {}) {
  const orders = new Orders(file);
  const listener = shop({ relay: { url: relayUrl, secret: SECRET }, eventsSecrets: EVENTS_SECRET, orders, ...options });
  server.removeAllListeners("request").on("request", listener);
  return orders;
}

let files = 0;
const newFile = () => join(directory, `${(files += 1)}.json`);

/** A shop that has sent nothing yet, with two orders whose links were made elsewhere. */
function fresh(options) {
  const orders = open(newFile(), options);
  for (const id of ["NB2Zlz3", "NB2Zlz4"]) orders.place({ press: randomUUID(), link: { id } });
  return orders;
}

async function ask(asked, { order = 1001, type = "application/json" } = {}) {
  const answer = await postTo(`${origin}/api/orders/${order}/messages`, asked, { "content-type": type });
  return { status: answer.status, json: await answer.json(), headers: answer.headers };
}

const wish = (more) => ({ press: randomUUID(), channel: "sms", recipient: "05321234567", ...more });

describe("the shop's back end", () => {
  it("signs the exact message, of press, channel and recipient alone, as the official library verifies it", async () => {
    fresh();
    const evil = { id: "other", linkId: "other", type: "link.delete", url: "https://evil.example", data: { id: "x" } };
    for (const [channel, recipient, data, more] of [
      ["sms", "0532 123 45 67", { id: "NB2Zlz3", cell_phone: "0532 123 45 67" }],
      ["sms", "05321234567", { id: "NB2Zlz3", cell_phone: "05321234567" }, evil],
      ["email", "musteri+1@example.com", { id: "NB2Zlz3", email: "musteri+1@example.com" }],
    ]) {
      const { status, json } = await ask(wish({ channel, recipient, ...more }));
      assert.equal(status, 200);
      assert.equal(json.url, `${RELAY}/webhook`);
      assert.deepEqual(new Webhook(SECRET).verify(json.body, json.headers), { type: `link.send_${channel}`, data });
    }
  });

  it("gives one press one id, and every other press, recipient, channel and order another", async () => {
    fresh();
    const one = wish();
    const idOf = async (asked, options) => (await ask(asked, options)).json.headers["webhook-id"];
    const id = await idOf(one);
    assert.match(id, /^msg_[0-9a-f]{40}$/);
    assert.equal(await idOf(one), id);
    const others = [{ press: randomUUID() }, { recipient: "05321234568" }, { channel: "email" }];
    const ids = await Promise.all(others.map((other) => idOf({ ...one, ...other })));
    assert.equal(new Set([id, ...ids, await idOf(one, { order: 1002 })]).size, 5);
  });

  it("signs one message to the letter for one press, however the recipient is written", async () => {
    fresh();
    const press = randomUUID();
    for (const [channel, ...spellings] of [
      ["sms", "0533 000 11 22", "+90 533 000 11 22", "(533) 000-11.22"],
      ["email", "Musteri@example.com", "musteri@Example.com"],
    ]) {
      const messages = [];
      for (const recipient of spellings) messages.push((await ask(wish({ press, channel, recipient }))).json);
      assert.equal(new Set(messages.map(({ headers }) => headers["webhook-id"])).size, 1);
      assert.equal(new Set(messages.map(({ body }) => body)).size, 1);
      assert.ok(messages[0].body.includes(spellings[0]), messages[0].body);
    }
  });

  it("writes to ten recipients for one order and no more, but signs anew what it has signed", async () => {
    fresh({ now: () => 0 });
    const wishes = Array.from({ length: 10 }, (_, index) => wish({ recipient: `0532123456${index}` }));
    for (const asked of wishes) assert.equal((await ask(asked)).status, 200);
    const refused = await ask(wish({ recipient: "05329999999" }));
    assert.deepEqual([refused.status, refused.json], [429, { code: "order-limit" }]);
    assert.equal((await ask(wishes[3])).status, 200);
    assert.equal((await ask(wish(), { order: 1002 })).status, 200);
  });

  it("says how long ten recipients are enough, mistyped ones too, and writes to others after that", async () => {
    let now = 1_000_000;
    fresh({ now: () => now });
    for (let count = 0; count < 10; count += 1) {
      assert.equal((await ask(wish({ recipient: "0532 mistyped" }))).status, 200);
      now += 1000;
    }
    const email = wish({ channel: "email", recipient: "musteri@example.com" });
    const refused = await ask(email);
    assert.deepEqual([refused.status, refused.headers.get("retry-after")], [429, "590"]);
    now += 589_999;
    assert.equal((await ask(email)).headers.get("retry-after"), "1");
    now += 1;
    assert.equal((await ask(email)).status, 200);
    const next = await ask(wish());
    assert.deepEqual([next.status, next.headers.get("retry-after")], [429, "1"]);
  });

  const malformed = [
    ["no JSON", "{"], ["no object", "null"], ["a list", "[]"], ["a text", '"x"'],
    ["no press", wish({ press: undefined })], ["a press that is no name of one", wish({ press: "1" })],
    ["a press that is no text", wish({ press: [randomUUID()] })],
    ["an unknown channel", wish({ channel: "fax" })], ["a channel that every object has", wish({ channel: "toString" })],
    ["no recipient", wish({ recipient: undefined })], ["an empty recipient", wish({ recipient: "" })],
    ["a number for a recipient", wish({ recipient: 5321234567 })], ["a long recipient", wish({ recipient: "5".repeat(201) })],
    ["a body that is too long", JSON.stringify(wish({ more: "x".repeat(5000) }))],
  ];
  for (const [what, asked] of malformed) {
    it(`signs nothing for ${what}`, async () => {
      fresh();
      const { status, json } = await ask(asked);
      assert.deepEqual([status, json], [400, { code: "malformed" }]);
    });
  }

  it("does not answer what a form of a foreign page can send", async () => {
    fresh();
    const paths = ["orders", "orders/1001/messages", "staff/orders/1001/send", "staff/orders/1001/delete", "staff/shop-is-back"];
    for (const path of paths) {
      for (const type of ["text/plain", "application/x-www-form-urlencoded"]) {
        const { status, headers } = await fetch(`${origin}/api/${path}`, { method: "POST", headers: { "content-type": type }, body: "{}" });
        assert.equal(status, 415, `${path} ${type}`);
        assert.equal(headers.get("access-control-allow-origin"), null);
      }
    }
    const preflight = await fetch(`${origin}/api/orders/1001/messages`, { method: "OPTIONS" });
    assert.equal(preflight.status, 405);
  });

  const paths = [
    ["GET", "/", 200], ["GET", "/orders/1001", 200], ["GET", "/page/page.js", 200], ["GET", "/api/orders/1001", 200],
    ["GET", "/staff", 200], ["GET", "/page/staff-words.js", 200], ["GET", "/api/cart", 200], ["GET", "/api/staff/orders", 200],
    ["GET", "/api/orders", 405], ["GET", EVENTS_PATH, 405], ["GET", "/api/staff/orders/1001", 200],
    ["GET", "/api/staff/orders/9999", 404], ["POST", "/api/staff/orders/9999/send", 404], ["POST", "/api/staff/orders", 405],
    ["POST", "/api/staff/orders/1001/toString", 404], ["GET", "/page/staff.html", 404], ["GET", "/page/..%2fsign.mjs", 404],
    ["GET", "/orders/9999", 404], ["GET", "/api/orders/9999", 404], ["POST", "/api/orders/9999/messages", 404],
    ["GET", "/page/../sign.mjs", 404], ["GET", "/page/%2e%2e/sign.mjs", 404], ["GET", "/sign.mjs", 404],
    ["GET", "/page/index.html", 404], ["GET", "/page/none.js", 404], ["POST", "/orders/1001", 405],
    ["POST", "/api/orders/1001", 405], ["GET", "/api/orders/1001/messages", 405], ["GET", "//", 404],
  ];
  it("answers its own paths only, all with a policy that lets the page reach shop and relay", async () => {
    fresh();
    for (const [method, path, status] of paths) {
      const answer = await fetch(`${origin}${path}`, { method, headers: { "content-type": "application/json" } });
      await answer.arrayBuffer();
      assert.equal(answer.status, status, `${method} ${path}`);
      assert.match(answer.headers.get("content-security-policy"), /default-src 'none'.*connect-src 'self' https:\/\/relay\.example$/);
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    }
  });
});

/** What the page asks for when an order is placed. */
const placing = (more) => ({ press: randomUUID(), lang: "tr", ...more });

async function post(path, body) {
  const answer = await postTo(`${origin}${path}`, body);
  return { status: answer.status, json: await answer.json() };
}

const get = (path) => getJson(`${origin}${path}`);
const first = () => get("/api/orders/1001");

describe("an order of the shop", () => {
  // One relay for each shop: they all begin with the same number.
  const names = ["once", "again", "flaky", "mistyped", "staff"];
  const refused = { PAYTR_MERCHANT_KEY: "another+key/90=x" };
  const place = withRelays({ ...Object.fromEntries(names.map((name) => [name, {}])), refused });

  /** The first order, once it has its link or has none. */
  const made = () => until(first, ({ state }) => state !== "preparing");
  const messages = async () => (await place.sandbox.read("/outbox/messages")).messages;
  const creates = async () => (await messages()).filter(({ channel }) => channel === "create");

  it("is one order with one link, sent once, however often it is placed", async () => {
    const orders = open(newFile(), { relayUrl: place.urls.once });
    const before = (await creates()).length;
    const to = people.phone();
    const asked = placing({ send: { channel: "sms", recipient: to } });
    const answers = await Promise.all(Array(5).fill(asked).map((each) => post("/api/orders", each)));
    const told = { status: 201, json: { number: "1001", send: { channel: "sms", recipient: to } } };
    assert.deepEqual(answers, Array(5).fill(told));
    const order = await made();
    assert.equal(order.state, "open");
    assert.deepEqual(order.sent, { channel: "sms", outcome: "sent", seconds: 0 });
    assert.equal((await creates()).length, before + 1);
    assert.equal((await place.sandbox.outbox.to(to)).length, 1);
    const kept = orders.find("1001");
    const atPaytr = await place.sandbox.read(`/sandbox/links/${kept.link.id}`);
    const { name, price, lang, max_count, link, expires_at } = atPaytr;
    assert.deepEqual([name, price, lang, max_count, link], ["Sipariş 1001", 158_000, "tr", 1, order.payAt]);
    assert.equal(expires_at, Math.floor(kept.placedAt / 1000) * 1000 + 7 * 86_400_000);
    // The next press is the next order.
    assert.equal((await post("/api/orders", placing())).json.number, "1002");
  });

  it("has the same link in the shop's next run, even if the last one had no time to write it down", async () => {
    const file = newFile();
    const orders = open(file, { relayUrl: place.urls.again });
    await post("/api/orders", placing());
    await made();
    const { link } = orders.find("1001");
    const before = await creates();
    orders.change(orders.find("1001"), { link: undefined });
    const next = open(file, { relayUrl: place.urls.again });
    await made();
    assert.deepEqual(next.find("1001").link, link);
    assert.deepEqual(await creates(), before);
  });

  it("is placed at once, and gets its link when the relay can be reached", async (test) => {
    const proxy = await startFlakyProxy(place.urls.flaky, (count) => (count === 1 ? "answer" : undefined));
    test.after(proxy.stop);
    open(newFile(), { relayUrl: proxy.url });
    const before = (await creates()).length;
    assert.equal((await post("/api/orders", placing())).status, 201);
    assert.equal((await first()).state, "preparing");
    assert.equal((await made()).state, "open");
    assert.deepEqual(new Set(proxy.seen.map(({ id }) => id)).size, 1);
    assert.equal((await creates()).length, before + 1);
  });

  it("gets its link even if the number is none, and says so of the number", async () => {
    const orders = open(newFile(), { relayUrl: place.urls.mistyped });
    await post("/api/orders", placing({ send: { channel: "sms", recipient: "0212 123 45 67" } }));
    const { state, sent } = await made();
    assert.deepEqual([state, sent.outcome], ["open", "invalid"]);
    const { id } = orders.find("1001").link;
    assert.deepEqual((await messages()).filter(({ link_id, channel }) => link_id === id && channel !== "create"), []);
  });

  it("has no link if PayTR makes none, and tells the staff why", async () => {
    open(newFile(), { relayUrl: place.urls.refused });
    await post("/api/orders", placing());
    const order = await made();
    assert.deepEqual([order.state, order.payAt], ["failed", undefined]);
    assert.match((await get("/api/staff/orders/1001")).refusal, /paytr_token/);
  });

  it("gets its link when the staff asks again, once the cause of PayTR's refusal is mended", async (test) => {
    const paytr = await startRefusingPaytr(place.sandbox.url);
    test.after(paytr.stop);
    const ownRelay = await startRelays(paytr.url, { own: {} });
    test.after(ownRelay.stop);
    open(newFile(), { relayUrl: ownRelay.urls.own });
    await post("/api/orders", placing());
    assert.equal((await made()).state, "failed");
    assert.equal((await get("/api/staff/orders/1001")).refusal, REFUSAL);
    const ask = () => post("/api/staff/orders/1001/link", {});
    assert.deepEqual((await ask()).json, { outcome: "asked" });
    await until(() => paytr.asked(), (asked) => asked === 2);
    assert.equal((await made()).state, "failed");
    paytr.mend();
    assert.deepEqual((await ask()).json, { outcome: "asked" });
    assert.equal((await made()).state, "open");
    assert.deepEqual((await ask()).json, { code: "malformed" });
  });

  it("tells whoever knows its number neither whom it is for nor any secret", async () => {
    const orders = fresh();
    const to = people.phone();
    const order = orders.find("1001");
    orders.keepMessage(order, { id: "msg_1", by: "order", channel: "sms", recipient: to, outcome: "sent" });
    const told = JSON.stringify(await first());
    for (const part of [to, SECRET, EVENTS_SECRET, "msg_1"]) assert.ok(!told.includes(part), told);
  });

  for (const [what, asked] of [
    ["no press", { press: undefined }], ["another language", { lang: "de" }], ["nobody to send it to", { send: {} }],
    ["null for whom to send it to", { send: null }], ["an unknown channel", { send: { channel: "toString", recipient: "x" } }],
  ]) {
    it(`is not placed with ${what}`, async () => {
      const orders = fresh();
      assert.deepEqual(await post("/api/orders", placing(asked)), { status: 400, json: { code: "malformed" } });
      assert.equal(orders.find("1003"), undefined);
    });
  }

  it("is not sent any more once it is paid", async () => {
    const orders = fresh();
    orders.take("evt_1", event("link.paid", "1001"));
    assert.deepEqual((await ask(wish())).json, { code: "not-open" });
  });

  it("is read, sent again, told again and deleted by the staff through the relay", async () => {
    const orders = open(newFile(), { relayUrl: place.urls.staff });
    const to = people.email();
    await post("/api/orders", placing({ send: { channel: "email", recipient: to } }));
    await made();
    const act = async (name, body = {}) => (await post(`/api/staff/orders/1001/${name}`, body)).json;
    const [{ id }] = orders.find("1001").messages;
    const press = randomUUID();
    // One press twice is one message, another press is another.
    for (const each of [press, press, randomUUID()]) {
      assert.deepEqual(await act("send", { message: id, press: each }), { outcome: "sent" });
    }
    assert.equal((await place.sandbox.outbox.to(to)).length, 3);
    assert.deepEqual(await act("replay"), { outcome: "replayed", events: 0 });
    const detail = await get("/api/staff/orders/1001");
    assert.deepEqual([detail.record.state, detail.record.reference, detail.messages.length], ["open", "1001", 3]);
    assert.deepEqual(await act("delete"), { outcome: "deleted" });
    assert.equal((await first()).state, "deleted");
    assert.equal((await get("/api/staff/orders/1001")).record.state, "deleted");
    for (const [name, body] of [["send", { message: "none", press }], ["send", { message: id }], ["refund", { event: "none" }], ["mishap", { kind: "twice" }]]) {
      assert.deepEqual(await act(name, body), { code: "malformed" }, name);
    }
  });

  it("is seen by the staff under a loopback name alone", async () => {
    fresh();
    const { port } = new URL(origin);
    const status = (host) => new Promise((resolve) => {
      httpRequest({ port, path: "/api/staff/orders", headers: { host } }, (answer) => resolve(answer.resume().statusCode)).end();
    });
    assert.deepEqual(await Promise.all(["127.0.0.1", `localhost:${port}`, "shop.example", `127.0.0.1.shop.example:${port}`].map(status)), [200, 200, 403, 403]);
  });
});

const event = (type, reference, reasons) => paymentEvent(type, reference, reasons && { reasons });

/** Posts an event as the relay signs it, and gives the answer's status. */
const tell = async (id, told, secret = EVENTS_SECRET) =>
  (await postSigned(`${origin}${EVENTS_PATH}`, signed(id, told, { secrets: [secret] }))).status;

describe("the relay's events", () => {
  const paid = () => event("link.paid", "1001");
  const review = (...reasons) => event("link.payment_review", "1001", reasons);
  const paidLink = (price, currency) => paymentEvent("link.paid", "1001", { link: { price, currency } });
  for (const [what, events, state, reasons] of [
    ["a payment that fits", [paid()], "paid", []],
    ["a payment that does not", [review("too_little")], "review", ["too_little"]],
    ["both", [review("too_little"), paid()], "paid", ["too_little"]],
    ["a second payment", [paid(), review("paid_before")], "paid", ["paid_before"]],
    ["a payment that fits, though the order is paid", [paid(), paid()], "paid", ["no_open_order"]],
    ["a payment of a link over less than the order", [paidLink(157_999, "TL")], "review", ["other_total"]],
    ["a payment of a link over more than the order", [paidLink(158_001, "TL")], "review", ["other_total"]],
    ["a payment of a link in another currency", [paidLink(158_000, "EUR")], "review", ["other_total"]],
    ["a payment of a former link, and then one of its own", [paidLink(99_000, "TL"), paid()], "paid", ["other_total"]],
    ["a type of a later relay", [event("link.viewed", "1001")], "open", []],
  ]) {
    it(`make an order ${state} by ${what}, each once, and the shop's next run knows it`, async () => {
      const file = newFile();
      open(file).place({ press: randomUUID(), link: { id: "NB2Zlz3" } });
      open(file);
      for (const [index, told] of events.entries()) {
        for (let time = 0; time < 2; time += 1) assert.equal(await tell(`evt_${index}`, told), 204);
      }
      const known = events.filter(({ type }) => type !== "link.viewed").length;
      for (const orders of [undefined, open(file)]) {
        const order = orders ? orders.find("1001") : new Orders(file).find("1001");
        assert.equal(stateOf(order), state);
        assert.deepEqual(order.events.map(({ times }) => times), Array(known).fill(2));
        assert.deepEqual((await get("/api/staff/orders/1001")).reasons, reasons);
      }
    });
  }

  it("are kept for the staff if they belong to no order", async () => {
    fresh();
    const stray = event("link.payment_review", undefined, ["unknown_link"]);
    assert.equal(await tell("evt_1", stray), 204);
    const foreign = event("link.paid", "9999");
    assert.equal(await tell("evt_2", foreign), 204);
    const { unmatched } = await get("/api/staff/orders");
    assert.deepEqual(unmatched.map(({ reasons, merchantOid }) => [reasons, merchantOid]), [
      [["unknown_link"], stray.data.payment.merchant_oid],
      [["no_open_order"], foreign.data.payment.merchant_oid],
    ]);
  });

  it("change nothing if somebody else has signed them", async () => {
    const orders = fresh();
    assert.equal(await tell("evt_1", paid(), FOREIGN_SECRET), 401);
    assert.equal(await tell("evt_1", paid(), SECRET), 401);
    assert.equal(stateOf(orders.find("1001")), "open");
  });

  it("are refused while the shop is down", async () => {
    const mishaps = new Mishaps("http://127.0.0.1:9");
    const orders = fresh({ mishaps });
    mishaps.isShopDown = true;
    assert.equal(await tell("evt_1", paid()), 503);
    assert.equal(stateOf(orders.find("1001")), "open");
    await post("/api/staff/shop-is-back", {});
    assert.equal(await tell("evt_1", paid()), 204);
    assert.equal(stateOf(orders.find("1001")), "paid");
  });

  it("of a payment under review are over once the money went back", async () => {
    const orders = fresh();
    await tell("evt_1", review("too_little"));
    assert.deepEqual((await post("/api/staff/orders/1001/refund", { event: "evt_1" })).json, { outcome: "refunded" });
    assert.equal(stateOf(orders.find("1001")), "refunded");
    await tell("evt_2", paid());
    // What was paid in full is no refund.
    assert.deepEqual((await post("/api/staff/orders/1001/refund", { event: "evt_2" })).json, { code: "malformed" });
    assert.equal(stateOf(orders.find("1001")), "paid");
  });
});

/** What the relay's own tests hold it to. */
const vectors = (name) =>
  readFileSync(inRoot(`tests/vectors/${name}`), "utf8").trim().split("\n").map((line) => JSON.parse(line));

describe("the recipient in one form", () => {
  const phones = vectors("cell-phones.jsonl");
  it("is the same for every spelling of a number that the relay takes for the same", () => {
    const taken = phones.filter(({ number }) => number);
    assert.ok(taken.length >= 50);
    for (const { written, number } of taken) assert.equal(`0${canonical("sms", written)}`, number, JSON.stringify(written));
  });

  it("is no number for what the relay takes for none", () => {
    const refused = phones.filter(({ refusal }) => refusal);
    assert.ok(refused.length >= 20);
    for (const { written } of refused) assert.doesNotMatch(canonical("sms", written), /^5\d{9}$/, JSON.stringify(written));
  });

  it("is the address that the relay takes, in lower case", () => {
    const taken = vectors("emails.jsonl").filter(({ address }) => address);
    assert.ok(taken.length >= 5);
    for (const { written, address } of taken) {
      assert.equal(canonical("email", written), address.toLowerCase(), JSON.stringify(written));
      assert.equal(hasForeignLetter("email", written), false, JSON.stringify(written));
    }
  });

  it("is another one for another recipient", () => {
    const others = ["05330001122", "05330001123", "0533000112", "053300011220", "0533000112O", "+49 533 000 11 22", "", "x"];
    assert.equal(new Set(others.map((phone) => canonical("sms", phone))).size, others.length);
    assert.notEqual(canonical("email", "a.b@example.com"), canonical("email", "ab@example.com"));
  });

  it("shows the slip of a Turkish keyboard in an address", () => {
    for (const slip of ["ayse@gmaıl.com", "ayşe@example.com", "AYSE@GMAİL.COM", "ayse@münchen.example"]) {
      assert.equal(hasForeignLetter("email", slip), true, slip);
    }
    assert.equal(hasForeignLetter("email", "ayse@xn--mnchen-3ya.example"), false);
    assert.equal(hasForeignLetter("sms", "ı"), false);
  });
});

describe("the page's words", () => {
  const shapeOf = (value) =>
    typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)])) : typeof value;

  it("are there in both languages", () => {
    assert.deepEqual(shapeOf(WORDS.tr), shapeOf(WORDS.en));
    assert.deepEqual(shapeOf(STAFF_WORDS.tr), shapeOf(STAFF_WORDS.en));
  });

  it("explain every reason that the relay has to have a payment looked at", () => {
    const reasons = parse(readFileSync(inRoot("openapi.yaml"), "utf8")).components.schemas.Reasons.items.enum;
    assert.ok(reasons.length >= 7);
    for (const { reasons: said } of Object.values(STAFF_WORDS)) assert.deepEqual(reasons.filter((reason) => !said[reason]), []);
  });

  it("explain the reasons that the shop has itself, and those of the next relay", () => {
    for (const reason of ["no_open_order", "other_total", "unreadable", "deleted", "changed"]) {
      for (const { reasons } of Object.values(STAFF_WORDS)) assert.ok(reasons[reason], reason);
    }
  });

  it("show every amount, whatever PayTR says of its currency, and that there is none", () => {
    for (const [minor, currency, shown] of [
      [158_000, undefined, "₺1,580.00"], [158_000, "EUR", "€1,580.00"], [5, "TRY", "₺0.05"],
      [158_000, "₺", "1,580.00 ₺"], [158_000, "US", "1,580.00 US"], [158_000, "x".repeat(33), `1,580.00 ${"x".repeat(33)}`],
      [158_000, "tl", "1,580.00 tl"], [undefined, "TRY", "?"], [undefined, "₺", "?"],
    ]) {
      assert.equal(money("en", minor, currency).replaceAll("\u00a0", " "), shown);
    }
  });

  it("are Turkish for those who read it", () => {
    const languages = { tr: "tr", "tr-TR": "tr", TR: "tr", en: "en", "de-DE": "en", trv: "en", "": "en" };
    for (const [tag, language] of Object.entries(languages)) assert.equal(languageOf(tag), language, tag);
    assert.equal(languageOf(undefined), "en");
  });

  it("say times that never promise too much", () => {
    for (const [seconds, english, turkish, clocked] of [
      [1, "1 second", "1 saniye", "0:01"],
      [60, "60 seconds", "60 saniye", "1:00"],
      [91, "2 minutes", "2 dakika", "1:31"],
      [5400, "90 minutes", "90 dakika", "1:30:00"],
      [86_399, "24 hours", "24 saat", "23:59:59"],
    ]) {
      assert.deepEqual([duration("en", seconds), duration("tr", seconds), clock(seconds)], [english, turkish, clocked]);
    }
  });
});
