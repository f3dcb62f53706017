// The example for a shop whose platform sends its own webhooks, as a program: WooCommerce's webhooks are posted to it,
// signed as WooCommerce signs them, and what it asks of the relay is looked at.
//
// In scope: which webhooks become which message, with a relay that answers by a script, and what comes of orders that change,
// with the built Worker and the sandbox. Not in scope: how it asks the relay again (create.test.mjs).
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { inRoot } from "../../scripts/paths.mjs";
import { Service } from "../../scripts/processes.mjs";
import { call } from "../support/call.mjs";
import * as people from "../support/people.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { SECRET } from "../support/secrets.mjs";
import { NODE } from "../support/tools.mjs";

const PATIENCE_MS = 60_000;
/** A Node with SQLite in it, which not every Node is that runs these tests. */
const EXAMPLE = inRoot("examples/forward-order.mjs");
const WC_SECRET = 'a "secret" of WooCommerce: text, ğ';

/** When all orders were placed, as WooCommerce writes it, and a week later. */
const PLACED = new Date().toISOString().slice(0, 19);
const EXPIRY = new Date(Date.parse(`${PLACED}Z`) + 7 * 86_400_000).toISOString();

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
  date_created_gmt: PLACED,
  date_modified_gmt: "2026-11-25T10:00:00",
  ...more,
});

/** Starts a relay that answers everything with `answer`, and the example. Resolves with that of `start`, and `seen`. */
async function startExample(test, answer = created) {
  const seen = [];
  const relay = createServer(async (request, response) => {
    const body = await text(request);
    new Webhook(SECRET).verify(body, request.headers);
    const id = request.headers["webhook-id"];
    const message = JSON.parse(body);
    seen.push({ id, message });
    const { status, json } = answer(id, message);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
  }).listen(0, "127.0.0.1");
  await once(relay, "listening");
  test.after(() => relay.close());
  return { seen, ...(await start(test, `http://127.0.0.1:${relay.address().port}`)) };
}

/**
 * Starts the example. Resolves with `{ post, postUnsigned, url, output, said, restart }`: `post` posts a webhook's text as
 * WooCommerce signs it, `postUnsigned` with the signature that is given.
 */
async function start(test, relayUrl) {
  const directory = await mkdtemp(join(tmpdir(), "forward-"));
  const env = { WC_SECRET, WC_PAYMENT_METHOD: "bacs", RELAY_URL: relayUrl, WEBHOOK_SECRET: SECRET, LINKS_DB: join(directory, "links.sqlite"), PORT: "0" };
  let example;
  let url;
  const restart = async () => {
    await example?.stop("SIGKILL");
    example = new Service("example", NODE, [EXAMPLE], { env });
    url = await example.first((line) => line.match(/http:\S+/)?.[0], PATIENCE_MS);
  };
  await restart();
  test.after(async () => {
    await example.stop("SIGKILL");
    await rm(directory, { recursive: true });
  });
  const postUnsigned = async (body, signature, topic = "order.updated") => {
    const headers = { ...(signature && { "x-wc-webhook-signature": signature }), "x-wc-webhook-topic": topic };
    const { status } = await fetch(url, { method: "POST", headers, body });
    return status;
  };
  return {
    post: (webhook, topic) => postUnsigned(webhook, sign(webhook), topic),
    postUnsigned,
    url,
    restart,
    output: () => example.output(),
    said: (find) => example.first(find, PATIENCE_MS),
  };
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
const sends = (...all) => (id) => ({ status: 200, json: { ...created(id).json, sends: all } });
const unsent = sends();
const problem = (status, code, more) => () => ({ status, json: { code, detail: "What to do.", ...more } });
const refused = () => {
  const errors = [{ pointer: "/data/currency", detail: "is none" }];
  return { status: 422, json: { code: "invalid-field", detail: "Change the fields listed under errors.", errors } };
};
const rejected = () => {
  const paytr = { status: "error", reason: "no such shop" };
  return { status: 422, json: { code: "paytr-rejected", detail: "PayTR did not create the link.", paytr } };
};

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
          expiry_date: EXPIRY,
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

  for (const [what, placed] of [["says nothing of when it was placed", undefined], ["was placed at no time that there is", "soon"]]) {
    it(`makes a link without an end when an order ${what}`, async (test) => {
      const { post, seen } = await startExample(test);
      assert.equal(await post(JSON.stringify(order({ date_created_gmt: placed }))), 200);
      assert.ok(!("expiry_date" in seen[0].message.data));
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
    ["the relay refuses it", refused, {}, "Change the fields listed under errors. /data/currency is none."],
    ["PayTR refuses it", rejected, {}, "PayTR did not create the link. PayTR's words: no such shop Once the cause is mended, ask again for this order: its next id is taken by itself."],
    ["the relay does not take its signature", problem(401, "invalid-signature"), {}, "What to do."],
    ["its total is none", created, { total: "19.999" }, "its total is no amount with two decimals."],
    ["nobody is left to send it to", unsent, {}, "its link was sent to nobody: https://www.paytr.com/link/NB2Zlz3"],
    ["a send was refused", sends({ type: "link.send_sms", outcome: "rejected", paytr: { reason: "no such number" } }), {}, "link.send_sms rejected: no such number"],
    ["nobody knows whether it was sent", sends({ type: "link.send_sms", outcome: "unknown" }), {}, "link.send_sms unknown"],
    ["it is none of this API version", created, { id: undefined }, undefined],
  ]) {
    it(`answers 200, as asking again cannot mend it, and asks for a person when ${what}`, async (test) => {
      const { post, said } = await startExample(test, answer);
      const line = said((line) => (why ? line === `Order 1001 needs a person: ${why}` : line.includes("needs a person")) || undefined);
      assert.equal(await post(JSON.stringify(order(more))), 200);
      await line;
    });
  }

  for (const [what, answer] of [
    ["its settings are wrong", problem(500, "misconfigured")],
    ["nobody knows whether there is a link", problem(502, "outcome-unknown", { resend_safe: true })],
  ]) {
    it(`shows as a failed delivery, with the reason in its log, when the relay says that ${what}`, async (test) => {
      const { post, said } = await startExample(test, answer);
      const line = said((line) => line === "Order 1001: What to do." || undefined);
      assert.equal(await post(JSON.stringify(order())), 502);
      await line;
    });
  }

  it("takes webhooks of other things than orders, and asks for nothing", async (test) => {
    const { post, seen } = await startExample(test);
    assert.equal(await post(JSON.stringify(order()), "product.updated"), 200);
    assert.deepEqual(seen, []);
  });

  it("works one order's webhooks one after the other", async (test) => {
    const { post, seen } = await startExample(test);
    const webhooks = ["order.created", "order.updated", "order.updated"].map((topic) => post(JSON.stringify(order()), topic));
    assert.deepEqual(await Promise.all(webhooks), [200, 200, 200]);
    assert.equal(new Set(seen.map(({ id }) => id)).size, 1);
  });

  it("takes POST alone", async (test) => {
    const { url } = await startExample(test);
    assert.equal((await fetch(url)).status, 405);
  });

  it("says how it is called when a setting is missing", async () => {
    const { status, err } = await call([NODE, EXAMPLE], [], { WC_SECRET });
    assert.equal(status, 2);
    assert.match(err, /^usage: /);
  });
});

describe("forward-order.mjs with the built Worker", { concurrency: true }, () => {
  let sandbox;
  let relays;
  before(async () => {
    sandbox = await startSandbox();
    const events = { EVENTS_URL: "http://127.0.0.1:9/events" };
    const limited = { ...events, SEND_LIMITS: '[{"count": 1, "seconds": 3}]' };
    const names = ["bad", "expiry", "changed", "cancelled", "recipient", "restarted", "paid", "deletion", "limited"];
    relays = await startRelays(sandbox.url, Object.fromEntries(names.map((name) => [name, name === "limited" ? limited : events])));
  });
  after(async () => {
    await relays?.stop();
    await sandbox?.stop();
  });

  let seconds = 0;
  /** A webhook of an order that was changed after every one before. */
  const webhook = (more) => JSON.stringify(order({ date_modified_gmt: new Date(Date.UTC(2026, 10, 25) + 1000 * (seconds += 1)).toISOString().slice(0, 19), ...more }));
  const linksTo = async (recipient) => (await sandbox.outbox.to(recipient)).map(({ link_id }) => link_id);
  const linkOf = async (id) => (await fetch(`${sandbox.url}/sandbox/links/${id}`)).json();
  const stateOf = async (id) => (await linkOf(id)).state;

  for (const [what, phone] of [
    ["a land line", "0212 555 66 77"], ["a foreign number", "+49 170 1234567"], ["no number at all", "call me"],
  ]) {
    it(`sends an order's link by e-mail alone when its phone is ${what}, and asks for a person`, async (test) => {
      const { post, output } = await start(test, relays.urls.bad);
      const email = people.email();
      assert.equal(await post(webhook({ id: 2001 + seconds, billing: { phone, email } })), 200);
      const [id] = await linksTo(email);
      assert.equal(await stateOf(id), "open");
      assert.match(output(), /^Order \d+: http\S+, link\.send_email sent$/m);
      assert.match(output(), /^Order \d+ needs a person: \/data\/send\/cell_phone .+\.$/m);
    });
  }

  it("has the former link deleted and the next one made whenever the amount changes, back and forth as well", async (test) => {
    const { post, output } = await start(test, relays.urls.changed);
    const email = people.email();
    const billing = { phone: "", email };
    for (const total of ["1580.00", "1600.00", "1600.0", "1580.00", "99.90"]) assert.equal(await post(webhook({ total, billing })), 200);
    const ids = await linksTo(email);
    const made = await Promise.all(ids.map(linkOf));
    assert.deepEqual(made.map(({ price, state }) => [price, state]), [
      [158_000, "deleted"], [160_000, "deleted"], [158_000, "deleted"], [9990, "open"],
    ]);
    assert.doesNotMatch(output(), /needs a person/);
  });

  it("has a link made that can be paid until a week after the order", async (test) => {
    const { post, output } = await start(test, relays.urls.expiry);
    const [email, late] = [people.email(), people.email()];
    assert.equal(await post(webhook({ billing: { phone: "", email } })), 200);
    const [id] = await linksTo(email);
    assert.equal((await linkOf(id)).expires_at, Date.parse(EXPIRY));
    const old = { id: 1002, date_created_gmt: "2026-01-01T10:00:00", billing: { phone: "", email: late } };
    assert.equal(await post(webhook(old)), 200);
    assert.match(output(), /^Order 1002 needs a person: .*\/data\/expiry_date has passed; give a time to come\.$/m);
    assert.deepEqual(await linksTo(late), []);
  });

  it("has the link deleted of an order that is cancelled or deleted, and another one made if it comes back", async (test) => {
    const { post } = await start(test, relays.urls.cancelled);
    const email = people.email();
    const billing = { phone: "", email };
    for (const more of [{}, { status: "cancelled" }, {}]) assert.equal(await post(webhook({ billing, ...more })), 200);
    assert.equal(await post('{"id":1001}', "order.deleted"), 200);
    const states = await Promise.all((await linksTo(email)).map(stateOf));
    assert.deepEqual(states, ["deleted", "deleted"]);
  });

  it("leaves the link of an order that is paid alone", async (test) => {
    const { post, output } = await start(test, relays.urls.paid);
    const email = people.email();
    for (const status of ["on-hold", "processing", "completed"]) assert.equal(await post(webhook({ status, billing: { phone: "", email } })), 200);
    const [id, ...more] = await linksTo(email);
    assert.deepEqual([await stateOf(id), more], ["open", []]);
    assert.doesNotMatch(output(), /needs a person/);
  });

  it("asks for a person when only the recipient has changed, and leaves the link", async (test) => {
    const { post, output } = await start(test, relays.urls.recipient);
    const [first, second] = [people.email(), people.email()];
    for (const email of [first, second]) assert.equal(await post(webhook({ billing: { phone: "", email } })), 200);
    const [id] = await linksTo(first);
    assert.deepEqual([await stateOf(id), await linksTo(second)], ["open", []]);
    assert.match(output(), /^Order 1001 needs a person: it changed after its link was made, and nobody new was written to\. The link stays: http\S+$/m);
  });

  it("knows its links after it was killed, and does nothing for older news", async (test) => {
    const { post, restart } = await start(test, relays.urls.restarted);
    const email = people.email();
    const billing = { phone: "", email };
    const older = webhook({ total: "1.00", billing });
    assert.equal(await post(webhook({ billing })), 200);
    await restart();
    assert.equal(await post(older), 200);
    assert.equal(await post(webhook({ total: "1600.00", billing })), 200);
    const states = await Promise.all((await linksTo(email)).map(stateOf));
    assert.deepEqual(states, ["deleted", "open"]);
  });

  it("asks for a person when PayTR does not delete the former link, and makes the next one after that", async (test) => {
    const { post, output } = await start(test, relays.urls.deletion);
    const email = people.email();
    const billing = { phone: "", email };
    assert.equal(await post(webhook({ billing })), 200);
    const [id] = await linksTo(email);
    // Deleted already, behind everybody's back.
    await call([NODE, "--input-type=module", "--eval", `
      import { ask } from ${JSON.stringify(inRoot("examples/send.mjs"))};
      await ask({ url: process.env.RELAY_URL, secret: process.env.WEBHOOK_SECRET }, "msg_1", { type: "link.delete", data: { ids: ["${id}"] } }, []);
    `], [], { RELAY_URL: relays.urls.deletion, WEBHOOK_SECRET: SECRET });
    assert.equal(await post(webhook({ total: "1600.00", billing })), 200);
    assert.match(output(), /^Order 1001 needs a person: PayTR did not delete its former link http\S+; see that nobody pays it, then save the order again\.$/m);
    assert.equal(await post(webhook({ total: "1600.00", billing })), 200);
    assert.deepEqual((await Promise.all((await linksTo(email)).map(linkOf))).map(({ price }) => price), [158_000, 160_000]);
  });

  it("sends the link of a second order to one number once the limit's time is over", async (test) => {
    const { post, said } = await start(test, relays.urls.limited);
    const phone = people.phone();
    const limited = said((line) => line.match(/^Order (\d+): \S+, link\.send_sms limited, again in \d s$/)?.[1]);
    // Order by order, until one comes within the limit's time, however slow the machine is.
    for (let id = 1001, last; ; id += 1) {
      assert.equal(await post(webhook({ id, billing: { phone, email: "" } })), 200);
      last = await Promise.race([limited, sleep(100)]);
      if (last) break;
    }
    const id = await limited;
    await said((line) => new RegExp(`^Order ${id}: \\S+, link\\.send_sms sent$`).test(line) || undefined);
    const ids = await linksTo(phone);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(ids.length, Number(id) - 1000);
  });
});
