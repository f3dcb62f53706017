// The example for a shop whose platform sends its own webhooks, as a program: WooCommerce's webhooks are posted to it,
// signed as WooCommerce signs them, and what it asks of the relay is looked at.
//
// In scope: which webhooks become which message, with a relay that answers by a script, and what comes of orders that change,
// with the built Worker and the sandbox. Not in scope: how it asks the relay again (create.test.mjs).
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../../examples/send.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { Service } from "../../scripts/processes.mjs";
import { withRelays } from "../api/support/place.mjs";
import { call } from "../support/call.mjs";
import * as people from "../support/people.mjs";
import { SECRET } from "../support/secrets.mjs";
import { NODE } from "../support/tools.mjs";
import { SMS, created, invalid, problem, refused, startScriptedRelay, unknown } from "./scripted-relay.mjs";

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
async function startExample(test, answer = created([SMS])) {
  const { url, seen } = await startScriptedRelay(test, [answer]);
  return { seen, ...(await start(test, url)) };
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

const sign = (body, secret = WC_SECRET) => createHmac("sha256", secret).update(body).digest("base64");

describe("forward-order.mjs", { concurrency: true }, () => {
  const full = {
    name: "Sipariş 2026-1001",
    price: 158000,
    currency: "TRY",
    reference: "1001",
    expiry_date: EXPIRY,
    send: { cell_phone: "0532 123 45 67", email: "musteri@example.com" },
  };
  it("has the relay create an order's link and send it", async (test) => {
    const { post, seen, output, said } = await startExample(test);
    const made = /^Order 1001: https:\/\/www\.paytr\.com\/link\/NB2Zlz3, link\.send_sms sent$/;
    const line = said((line) => made.test(line) || undefined);
    assert.equal(await post(JSON.stringify(order())), 200);
    assert.deepEqual(seen.map(({ message }) => message), [{ type: "link.create", data: full }]);
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

  const [number, address] = ["05321234567", "musteri@example.com"];
  const billing = (phone, email) => ({ billing: { phone, email } });
  const endless = { expiry_date: undefined };
  for (const [what, more, data] of [
    ["counts 19.99 as 1999 minor units", { total: "19.99" }, { price: 1999 }],
    ["counts 1580 as 158000 minor units", { total: "1580" }, { price: 158000 }],
    ["counts 1580.5 as 158050 minor units", { total: "1580.5" }, { price: 158050 }],
    ["counts 0.29 as 29 minor units", { total: "0.29" }, { price: 29 }],
    ["counts 1580.000 as 158000 minor units", { total: "1580.000" }, { price: 158000 }],
    ["sends by e-mail where there is no number", billing("", address), { send: { email: address } }],
    ["sends by SMS where there is no address", billing(number, ""), { send: { cell_phone: number } }],
    ["sends to nobody where there is neither", billing("", ""), { send: undefined }],
    ["makes a link without an end of an order without a time", { date_created_gmt: undefined }, endless],
    ["makes a link without an end of an order placed at no time", { date_created_gmt: "soon" }, endless],
  ]) {
    it(what, async (test) => {
      const { post, seen } = await startExample(test);
      assert.equal(await post(JSON.stringify(order(more))), 200);
      assert.deepEqual(seen[0].message.data, JSON.parse(JSON.stringify({ ...full, ...data })));
    });
  }

  const body = JSON.stringify(order());
  const changed = (more) => JSON.stringify(order(more));
  for (const [what, status, webhook, signature = sign(webhook), topic] of [
    ["takes the webhook of an order that is paid", 200, changed({ status: "processing" })],
    ["takes the webhook of an order that is not placed yet", 200, changed({ status: "pending" })],
    ["takes the webhook of an order that is cancelled", 200, changed({ status: "cancelled" })],
    ["takes the webhook of an order that is paid in another way", 200, changed({ payment_method: "cod" })],
    ["takes webhooks of other things than orders", 200, body, sign(body), "product.updated"],
    ["answers WooCommerce's unsigned ping with exactly 200", 200, "webhook_id=17", ""],
    ["refuses a webhook that has no signature", 401, body, ""],
    ["refuses a webhook that is signed with another secret", 401, body, sign(body, "another")],
    ["refuses a webhook that was altered", 401, body.replace("1580", "1.00"), sign(body)],
    ["refuses a webhook that has a signature that is cut off", 401, body, sign(body).slice(0, 40)],
    ["refuses a webhook that has more than a ping's text", 401, "webhook_id=17&x=1", ""],
  ]) {
    it(`${what}, and asks for nothing`, async (test) => {
      const { postUnsigned, seen } = await startExample(test);
      assert.equal(await postUnsigned(webhook, signature, topic), status);
      assert.deepEqual(seen, []);
    });
  }

  const sms = (more) => created([{ ...SMS, ...more }]);
  const noNumber = sms({ outcome: "rejected", paytr: { reason: "no such number" } });
  const nobody = "its link was sent to nobody: https://www.paytr.com/link/NB2Zlz3";
  const words = "What to do. PayTR's words: no such shop";
  const goOn = "Once the cause is mended, ask again for this order: its next id is taken by itself.";
  for (const [what, answer, more, why] of [
    ["the relay refuses it", invalid("currency"), {}, "What to do. /data/currency is none."],
    ["PayTR refuses it", refused("no such shop"), {}, `${words} ${goOn}`],
    ["the relay does not take its signature", problem(401, "invalid-signature"), {}, "What to do."],
    ["its total is none", created(), { total: "19.999" }, "its total is no amount with two decimals."],
    ["nobody is left to send it to", created([]), {}, nobody],
    ["a send was refused", noNumber, {}, "link.send_sms rejected: no such number"],
    ["nobody knows whether it was sent", sms({ outcome: "unknown" }), {}, "link.send_sms unknown"],
    ["it is none of this API version", created(), { id: undefined }, undefined],
  ]) {
    it(`answers 200, as asking again cannot mend it, and asks for a person when ${what}`, async (test) => {
      const { post, said } = await startExample(test, answer);
      const isIt = (line) => (why ? line === `Order 1001 needs a person: ${why}` : line.includes("needs a person"));
      const line = said((line) => isIt(line) || undefined);
      assert.equal(await post(JSON.stringify(order(more))), 200);
      await line;
    });
  }

  for (const [what, answer] of [
    ["its settings are wrong", problem(500, "misconfigured")],
    ["nobody knows whether there is a link", unknown(true)],
  ]) {
    it(`shows as a failed delivery, with the reason in its log, when the relay says that ${what}`, async (test) => {
      const { post, said } = await startExample(test, answer);
      const line = said((line) => line === "Order 1001: What to do." || undefined);
      assert.equal(await post(JSON.stringify(order())), 502);
      await line;
    });
  }

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
  const events = { EVENTS_URL: "http://127.0.0.1:9/events" };
  const names = ["bad", "expiry", "changed", "cancelled", "recipient", "restarted", "paid", "deletion"];
  const place = withRelays({
    ...Object.fromEntries(names.map((name) => [name, events])),
    limited: { ...events, SEND_LIMITS: '[{"count": 1, "seconds": 3}]' },
  });

  let seconds = 0;
  /** A webhook of an order that was changed after every one before. */
  const webhook = (more) => {
    const changedAt = new Date(Date.UTC(2026, 10, 25) + 1000 * (seconds += 1));
    return JSON.stringify(order({ date_modified_gmt: changedAt.toISOString().slice(0, 19), ...more }));
  };
  const linksTo = async (recipient) => {
    const ids = (await place.sandbox.outbox.to(recipient)).map(({ link_id }) => link_id);
    return Promise.all(ids.map((id) => place.sandbox.read(`/sandbox/links/${id}`)));
  };
  /** The example and a customer: `change` posts a webhook of their order, `states` are their links'. */
  const begin = async (test, relay) => {
    const example = await start(test, place.urls[relay]);
    const email = people.email();
    const billing = { phone: "", email };
    const change = async (more) => assert.equal(await example.post(webhook({ billing, ...more })), 200);
    const links = () => linksTo(email);
    return { ...example, email, change, links, states: async () => (await links()).map(({ state }) => state) };
  };

  for (const [what, phone] of [
    ["a land line", "0212 555 66 77"],
    ["a foreign number", "+49 170 1234567"],
    ["no number at all", "call me"],
  ]) {
    it(`sends an order's link by e-mail alone when its phone is ${what}, and asks for a person`, async (test) => {
      const { change, email, states, output } = await begin(test, "bad");
      await change({ id: 2001 + seconds, billing: { phone, email } });
      assert.deepEqual(await states(), ["open"]);
      assert.match(output(), /^Order \d+: http\S+, link\.send_email sent$/m);
      assert.match(output(), /^Order \d+ needs a person: \/data\/send\/cell_phone .+\.$/m);
    });
  }

  it("has the former link deleted and the next one made whenever the amount changes, back and forth as well", async (test) => {
    const { change, links, output } = await begin(test, "changed");
    for (const total of ["1580.00", "1600.00", "1600.0", "1580.00", "99.90"]) await change({ total });
    assert.deepEqual((await links()).map(({ price, state }) => [price, state]), [
      [158_000, "deleted"], [160_000, "deleted"], [158_000, "deleted"], [9990, "open"],
    ]);
    assert.doesNotMatch(output(), /needs a person/);
  });

  it("has a link made that can be paid until a week after the order", async (test) => {
    const { change, links, output } = await begin(test, "expiry");
    await change();
    assert.deepEqual((await links()).map(({ expires_at }) => expires_at), [Date.parse(EXPIRY)]);
    const late = people.email();
    await change({ id: 1002, date_created_gmt: "2026-01-01T10:00:00", billing: { phone: "", email: late } });
    assert.match(output(), /^Order 1002 needs a person: .*\/data\/expiry_date has passed; give a time to come\.$/m);
    assert.deepEqual(await linksTo(late), []);
  });

  it("has the link deleted of an order that is cancelled or deleted, and another one made if it comes back", async (test) => {
    const { change, post, states } = await begin(test, "cancelled");
    for (const more of [{}, { status: "cancelled" }, {}]) await change(more);
    assert.equal(await post('{"id":1001}', "order.deleted"), 200);
    assert.deepEqual(await states(), ["deleted", "deleted"]);
  });

  it("leaves the link of an order that is paid alone", async (test) => {
    const { change, states, output } = await begin(test, "paid");
    for (const status of ["on-hold", "processing", "completed"]) await change({ status });
    assert.deepEqual(await states(), ["open"]);
    assert.doesNotMatch(output(), /needs a person/);
  });

  it("asks for a person when only the recipient has changed, and leaves the link", async (test) => {
    const { change, states, output } = await begin(test, "recipient");
    const second = people.email();
    await change();
    await change({ billing: { phone: "", email: second } });
    assert.deepEqual([await states(), await linksTo(second)], [["open"], []]);
    const why = "it changed after its link was made, and nobody new was written to. The link stays: http";
    assert.match(output(), new RegExp(`^Order 1001 needs a person: ${why.replaceAll(".", "\\.")}\\S+$`, "m"));
  });

  it("knows its links after it was killed, and does nothing for older news", async (test) => {
    const { change, post, restart, email, states } = await begin(test, "restarted");
    const older = webhook({ total: "1.00", billing: { phone: "", email } });
    await change();
    await restart();
    assert.equal(await post(older), 200);
    await change({ total: "1600.00" });
    assert.deepEqual(await states(), ["deleted", "open"]);
  });

  it("asks for a person when PayTR does not delete the former link, and makes the next one after that", async (test) => {
    const { change, links, output } = await begin(test, "deletion");
    await change();
    const [{ id }] = await links();
    // Deleted already, behind everybody's back.
    const relay = { url: place.urls.deletion, secret: SECRET };
    await ask(relay, "msg_1", { type: "link.delete", data: { ids: [id] } }, []);
    await change({ total: "1600.00" });
    assert.match(output(), /^Order 1001 needs a person: PayTR did not delete its former link http\S+; see that nobody pays it, then save the order again\.$/m);
    await change({ total: "1600.00" });
    assert.deepEqual((await links()).map(({ price }) => price), [158_000, 160_000]);
  });

  it("sends the link of a second order to one number once the limit's time is over", async (test) => {
    const { post, said } = await start(test, place.urls.limited);
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
    const ids = (await linksTo(phone)).map((link) => link.id);
    assert.deepEqual([new Set(ids).size, ids.length], [Number(id) - 1000, Number(id) - 1000]);
  });
});
