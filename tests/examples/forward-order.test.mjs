// The example for a shop whose platform sends its own webhooks, as a program: WooCommerce's webhooks are posted to it,
// signed as WooCommerce signs them, and what it asks of the relay is looked at.
//
// In scope: which webhooks become which message. Not in scope: how it asks the relay again (create.test.mjs).
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import { inRoot } from "../../scripts/paths.mjs";
import { Service } from "../../scripts/processes.mjs";
import { call } from "../support/call.mjs";
import { SECRET } from "../support/secrets.mjs";

const PATIENCE_MS = 60_000;
const EXAMPLE = inRoot("examples/forward-order.mjs");
const WC_SECRET = 'a "secret" of WooCommerce: text, ğ';

/** An order as WooCommerce's REST API shows it, of the members that matter here and some that do not. */
const order = (more = {}) => ({
  id: 1001,
  number: "2026-1001",
  status: "on-hold",
  currency: "TRY",
  total: "1580.00",
  payment_method: "bacs",
  billing: { first_name: "Ayşe", phone: "0532 123 45 67", email: "musteri@example.com" },
  line_items: [{ name: "Çay fincanı" }],
  ...more,
});

/** Starts the example and a relay that answers everything with `answer`. Resolves with `{ post, seen, output, said }`. */
async function startExample(test, answer = created) {
  const seen = [];
  const relay = createServer(async (request, response) => {
    const body = await text(request);
    new Webhook(SECRET).verify(body, request.headers);
    const id = request.headers["webhook-id"];
    seen.push({ id, message: JSON.parse(body) });
    const { status, json } = answer(id);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
  }).listen(0, "127.0.0.1");
  await once(relay, "listening");
  test.after(() => relay.close());
  const env = { WC_SECRET, WC_PAYMENT_METHOD: "bacs", RELAY_URL: `http://127.0.0.1:${relay.address().port}`, WEBHOOK_SECRET: SECRET };
  const example = new Service("example", process.execPath, [EXAMPLE], { env: { ...env, PORT: "0" } });
  test.after(() => example.stop("SIGKILL"));
  const url = await example.first((line) => line.match(/http:\S+/)?.[0], PATIENCE_MS);
  const post = async (body, signature) => {
    const headers = { ...(signature && { "x-wc-webhook-signature": signature }), "x-wc-webhook-topic": "order.updated" };
    const { status } = await fetch(url, { method: "POST", headers, body });
    return status;
  };
  return { post: (webhook) => post(webhook, sign(webhook)), postUnsigned: post, url, seen, output: () => example.output(), said: (find) => example.first(find, PATIENCE_MS) };
}

const sign = (body) => createHmac("sha256", WC_SECRET).update(body).digest("base64");
const created = (id) => ({
  status: 200,
  json: {
    outcome: "created",
    webhook_id: id,
    link: { id: "NB2Zlz3", url: "https://www.paytr.com/link/NB2Zlz3" },
    sends: [{ type: "link.send_sms", outcome: "sent" }],
  },
});
const refused = () => ({ status: 422, json: { code: "invalid-field", detail: "Change the fields listed under errors." } });

describe("forward-order.mjs", { concurrency: true }, () => {
  it("has the relay create an order's link and send it", async (test) => {
    const { post, seen, output, said } = await startExample(test);
    const line = said((line) => /^Order 1001: https:\/\/www\.paytr\.com\/link\/NB2Zlz3, link\.send_sms sent$/.test(line) || undefined);
    assert.equal(await post(JSON.stringify(order())), 200);
    assert.deepEqual(seen.map(({ message }) => message), [
      {
        type: "link.create",
        data: {
          name: "Sipariş 2026-1001",
          price: 158000,
          currency: "TRY",
          reference: "1001",
          send: { cell_phone: "0532 123 45 67", email: "musteri@example.com" },
        },
      },
    ]);
    await line;
    assert.doesNotMatch(output(), /0532|@|Ayşe/);
  });

  it("asks under one id however often an order's webhook comes, and under another one for another order", async (test) => {
    const { post, seen } = await startExample(test);
    for (const each of [order(), order(), order({ id: 1002 })]) assert.equal(await post(JSON.stringify(each)), 200);
    const [first, again, other] = seen.map(({ id }) => id);
    assert.equal(again, first);
    assert.notEqual(other, first);
  });

  for (const [total, price] of [["19.99", 1999], ["1580", 158000], ["1580.5", 158050], ["0.29", 29], ["1580.000", 158000]]) {
    it(`counts ${total} as ${price} minor units`, async (test) => {
      const { post, seen } = await startExample(test);
      assert.equal(await post(JSON.stringify(order({ total }))), 200);
      assert.equal(seen[0].message.data.price, price);
    });
  }

  for (const [what, billing, send] of [
    ["no number", { phone: "", email: "musteri@example.com" }, { email: "musteri@example.com" }],
    ["no address", { phone: "05321234567", email: "" }, { cell_phone: "05321234567" }],
    ["neither", { phone: "", email: "" }, undefined],
  ]) {
    it(`sends to whom it can when an order has ${what}`, async (test) => {
      const { post, seen } = await startExample(test);
      assert.equal(await post(JSON.stringify(order({ billing }))), 200);
      assert.deepEqual(seen[0].message.data.send, send);
    });
  }

  for (const [what, more] of [
    ["is paid", { status: "processing" }],
    ["is not placed yet", { status: "pending" }],
    ["is cancelled", { status: "cancelled" }],
    ["is paid in another way", { payment_method: "cod" }],
  ]) {
    it(`takes the webhook of an order that ${what}, and asks for nothing`, async (test) => {
      const { post, seen } = await startExample(test);
      assert.equal(await post(JSON.stringify(order(more))), 200);
      assert.deepEqual(seen, []);
    });
  }

  it("answers WooCommerce's unsigned ping with exactly 200, and asks for nothing", async (test) => {
    const { postUnsigned, seen } = await startExample(test);
    assert.equal(await postUnsigned("webhook_id=17"), 200);
    assert.deepEqual(seen, []);
  });

  const body = JSON.stringify(order());
  for (const [what, forged, signature] of [
    ["has no signature", body, undefined],
    ["is signed with another secret", body, createHmac("sha256", "another").update(body).digest("base64")],
    ["was altered", body.replace("1580", "1.00"), sign(body)],
    ["has a signature that is cut off", body, sign(body).slice(0, 40)],
    ["has more than a ping's text", "webhook_id=17&x=1", undefined],
  ]) {
    it(`refuses a webhook that ${what}, and asks for nothing`, async (test) => {
      const { postUnsigned, seen } = await startExample(test);
      assert.equal(await postUnsigned(forged, signature), 401);
      assert.deepEqual(seen, []);
    });
  }

  for (const [what, answer, more, why] of [
    ["the relay refuses it", refused, {}, "Change the fields listed under errors."],
    ["its total is none", created, { total: "19.999" }, "The order's total is no amount with two decimals."],
  ]) {
    it(`shows as a failed delivery, with the reason in its log, when ${what}`, async (test) => {
      const { post, said } = await startExample(test, answer);
      const line = said((line) => line.includes(`Order 1001: ${why}`) || undefined);
      assert.equal(await post(JSON.stringify(order(more))), 502);
      await line;
    });
  }

  it("takes POST alone", async (test) => {
    const { url } = await startExample(test);
    assert.equal((await fetch(url)).status, 405);
  });

  it("says how it is called when a setting is missing", async () => {
    const { status, err } = await call([process.execPath, EXAMPLE], [], { WC_SECRET });
    assert.equal(status, 2);
    assert.match(err, /^usage: /);
  });
});
