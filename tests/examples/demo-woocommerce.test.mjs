// `npm run demo -- --woocommerce` as a person has it: on free ports, with a folder of its own.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, it } from "node:test";
import { NpmStart, endAllStarted, ownPlace } from "../support/npm-start.mjs";
import { until } from "../support/until.mjs";
import { assertNothingListens, getJson as get, pay, post, shown } from "./support.mjs";

after(endAllStarted);

it("npm run demo -- --woocommerce sends an order's link, replaces it, and marks the order as paid", async (test) => {
  const place = await ownPlace();
  test.after(() => rm(place.directory, { recursive: true, force: true }));
  const demo = new NpmStart(place, "demo", ["--woocommerce"]);
  await demo.says("Nothing leaves this machine.");
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
