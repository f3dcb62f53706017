// `npm run demo` as a person has it, with its own shop and with one like WooCommerce: on free ports, with a folder of its own.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { after, it } from "node:test";
import { NpmStart, endAllStarted, ownPlace } from "../support/npm-start.mjs";
import { until } from "../support/until.mjs";
import { assertNothingListens, getJson as get, pay, post, shown } from "./support.mjs";

after(endAllStarted);

async function start(test, ...demoOf) {
  const place = await ownPlace();
  test.after(() => rm(place.directory, { recursive: true, force: true }));
  const demo = new NpmStart(place, ...demoOf);
  await demo.says("Nothing leaves this machine.");
  return { demo, place };
}

it("npm run demo starts a shop whose orders are sent and paid, and ends without leaving anything", async (test) => {
  const { demo, place } = await start(test, "demo");
  const [shop, outbox, staff, relay] = shown(demo, "Shop", "Outbox", "Staff", "Relay");
  const urls = [place.shopPort, place.sandboxPort, place.relayPort].map((port) => `http://127.0.0.1:${port}`);
  assert.deepEqual([shop, outbox, relay, staff], [...urls, `${shop}/staff`]);

  const send = { channel: "sms", recipient: "05321234567" };
  const placed = await post(`${shop}/api/orders`, { press: randomUUID(), lang: "tr", send });
  const { number } = await placed.json();
  const order = () => get(`${shop}/api/orders/${number}`);
  const { payAt } = await until(order, ({ state }) => state === "open");
  const { messages } = await get(`${outbox}/outbox/messages`);
  assert.deepEqual(messages.map(({ channel, recipient }) => [channel, recipient]), [["sms", "05321234567"], ["create", null]]);

  const asked = { press: randomUUID(), channel: "email", recipient: "musteri@example.com" };
  const signed = await post(`${shop}/api/orders/${number}/messages`, asked);
  const { url, headers, body } = await signed.json();
  const answer = await fetch(url, { method: "POST", headers: { ...headers, origin: shop }, body });
  assert.deepEqual([answer.status, (await answer.json()).outcome], [200, "sent"]);
  assert.equal(answer.headers.get("access-control-allow-origin"), shop);

  await pay({ url: outbox }, { id: payAt.split("/").pop() });
  await until(order, ({ state }) => state === "paid");

  await demo.interrupt();
  await assertNothingListens(place);
});

it("npm run demo -- --woocommerce sends an order's link, replaces it, and marks the order as paid", async (test) => {
  const { demo, place } = await start(test, "demo", ["--woocommerce"]);
  const [shop, outbox] = shown(demo, "Shop", "Outbox");
  assert.deepEqual([shop, outbox], [place.shopPort, place.sandboxPort].map((port) => `http://127.0.0.1:${port}`));

  const page = await fetch(`${shop}/?lang=tr`);
  assert.deepEqual([page.status, (await page.text()).includes('lang="tr"')], [200, true]);

  const placed = await post(`${shop}/shop/orders`, { phone: "05321234567", email: "musteri@example.com", total: "1580.00" });
  const { id } = await placed.json();
  const order = async () => (await get(`${shop}/shop/orders`)).orders.find((one) => one.id === id);
  const links = async () => (await get(`${outbox}/sandbox/links`)).links.filter(({ name }) => name === `Sipariş ${id}`);
  const { notes } = await until(order, (seen) => seen.notes.length === 1);
  assert.match(notes[0].note, /PayTR ödeme linki oluşturuldu: http.*1\.580,00 TL/);
  const { messages } = await get(`${outbox}/outbox/messages`);
  const sent = messages.filter(({ recipient }) => recipient).map(({ channel, recipient }) => [channel, recipient]);
  assert.deepEqual(sent.sort(), [["email", "musteri@example.com"], ["sms", "05321234567"]]);

  assert.equal((await post(`${shop}/shop/orders/${id}`, { total: "3160.00" })).status, 204);
  const [next] = await until(links, (seen) => seen.length === 2 && seen.some(({ state }) => state === "deleted"));
  assert.deepEqual([next.state, next.price], ["open", 316_000]);
  await until(order, (seen) => seen.notes.length === 2);

  await pay({ url: outbox }, next);
  const paid = await until(order, ({ status, notes }) => status === "processing" && notes.length === 4);
  assert.match(paid.transaction_id, /^LNK\d+$/);

  await demo.interrupt();
  await assertNothingListens(place);
});
