// The demo shop's back end: what a page, or somebody who is no page, can get out of it.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import { canonical, hasForeignLetter } from "../../examples/checkout/page/recipient.js";
import { shop } from "../../examples/checkout/shop.mjs";
import { WORDS, clock, duration, languageOf } from "../../examples/checkout/page/words.js";
import { inRoot } from "../../scripts/paths.mjs";
import { listen } from "../support/listen.mjs";
import { SECRET } from "../support/secrets.mjs";

const RELAY = "https://relay.example";
let server;
let origin;
let stop;
before(async () => {
  server = createServer();
  ({ url: origin, stop } = await listen(server));
});
after(() => stop());

/** A shop that has sent nothing yet. */
const fresh = (options) =>
  server.removeAllListeners("request").on("request", shop({ relayUrl: RELAY, secret: SECRET, ...options }));

async function ask(asked, { order = 1001, type = "application/json" } = {}) {
  const body = typeof asked === "string" ? asked : JSON.stringify(asked);
  const answer = await fetch(`${origin}/api/orders/${order}/messages`, { method: "POST", headers: { "content-type": type }, body });
  return { status: answer.status, json: await answer.json(), headers: answer.headers };
}

const wish = (more) => ({ press: randomUUID(), channel: "sms", recipient: "05321234567", ...more });

describe("the shop's back end", () => {
  it("signs the exact message, in a way that the official library verifies", async () => {
    fresh();
    for (const [channel, recipient, data] of [
      ["sms", "0532 123 45 67", { id: "NB2Zlz3", cell_phone: "0532 123 45 67" }],
      ["email", "musteri+1@example.com", { id: "NB2Zlz3", email: "musteri+1@example.com" }],
    ]) {
      const { status, json } = await ask(wish({ channel, recipient }));
      assert.equal(status, 200);
      assert.equal(json.url, `${RELAY}/webhook`);
      assert.deepEqual(new Webhook(SECRET).verify(json.body, json.headers), { type: `link.send_${channel}`, data });
    }
  });

  it("takes nothing from the page but press, channel and recipient", async () => {
    fresh();
    const { json } = await ask(wish({ id: "other", linkId: "other", type: "link.delete", url: "https://evil.example", data: { id: "x" } }));
    assert.deepEqual(JSON.parse(json.body), { type: "link.send_sms", data: { id: "NB2Zlz3", cell_phone: "05321234567" } });
    assert.equal(json.url, `${RELAY}/webhook`);
  });

  it("gives one press one id, and every other press, recipient, channel and order another", async () => {
    fresh();
    const one = wish();
    const idOf = async (asked, options) => (await ask(asked, options)).json.headers["webhook-id"];
    const id = await idOf(one);
    assert.match(id, /^msg_[0-9a-f]{40}$/);
    assert.equal(await idOf(one), id);
    const others = [
      await idOf({ ...one, press: randomUUID() }),
      await idOf({ ...one, recipient: "05321234568" }),
      await idOf({ ...one, channel: "email" }),
      await idOf(one, { order: 1002 }),
    ];
    assert.equal(new Set([id, ...others]).size, 5);
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
    for (const type of ["text/plain", "application/x-www-form-urlencoded"]) {
      const { status, headers } = await ask(wish(), { type });
      assert.equal(status, 415, type);
      assert.equal(headers.get("access-control-allow-origin"), null);
    }
    const preflight = await fetch(`${origin}/api/orders/1001/messages`, { method: "OPTIONS" });
    assert.equal(preflight.status, 405);
  });

  const paths = [
    ["GET", "/orders/1001", 200], ["GET", "/page/page.js", 200], ["GET", "/api/orders/1001", 200],
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

/** What the relay's own tests hold it to. */
const vectors = (name) =>
  readFileSync(inRoot(`tests/vectors/${name}`), "utf8").trim().split("\n").map((line) => JSON.parse(line));

describe("the recipient in one form", () => {
  it("is the same for every spelling of a number that the relay takes for the same", () => {
    const taken = vectors("cell-phones.jsonl").filter(({ number }) => number);
    assert.ok(taken.length >= 50);
    for (const { written, number } of taken) assert.equal(`0${canonical("sms", written)}`, number, JSON.stringify(written));
  });

  it("is no number for what the relay takes for none", () => {
    const refused = vectors("cell-phones.jsonl").filter(({ refusal }) => refusal);
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
