// `npm run demo` as a person has it: on free ports, with a folder of its own.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { after, it } from "node:test";
import { NpmStart, endAllStarted, ownPlace } from "../support/npm-start.mjs";
import { until } from "../support/until.mjs";
import { assertNothingListens, getJson as get, pay, post, shown } from "./support.mjs";

after(endAllStarted);

it("npm run demo starts a shop whose orders are sent and paid, and ends without leaving anything", async (test) => {
  const place = await ownPlace();
  test.after(() => rm(place.directory, { recursive: true, force: true }));
  const demo = new NpmStart(place, "demo");
  await demo.says("Nothing leaves this machine.");
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
