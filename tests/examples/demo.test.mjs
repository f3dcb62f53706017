// `npm run demo` as a person has it: on free ports, with a folder of its own.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { after, it } from "node:test";
import { NpmStart, endAllStarted, ownPlace } from "../support/npm-start.mjs";
import { until } from "../support/until.mjs";

after(endAllStarted);

it("npm run demo starts a shop whose orders are sent and paid, and ends without leaving anything", async (test) => {
  const place = await ownPlace();
  test.after(() => rm(place.directory, { recursive: true, force: true }));
  const demo = new NpmStart(place, "demo");
  await demo.says("Nothing leaves this machine.");
  const [shop, outbox, staff, relay] = ["Shop", "Outbox", "Staff", "Relay"].map(
    (name) => new RegExp(`^ +${name} +(http://\\S+?)/?$`, "m").exec(demo.output)?.[1],
  );
  const urls = [place.shopPort, place.sandboxPort, place.relayPort].map((port) => `http://127.0.0.1:${port}`);
  assert.deepEqual([shop, outbox, relay, staff], [...urls, `${shop}/staff`]);

  const get = async (url) => (await fetch(url)).json();
  const placed = await fetch(`${shop}/api/orders`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ press: randomUUID(), lang: "tr", send: { channel: "sms", recipient: "05321234567" } }),
  });
  const { number } = await placed.json();
  const order = () => get(`${shop}/api/orders/${number}`);
  const { payAt } = await until(order, ({ state }) => state === "open");
  const { messages } = await get(`${outbox}/outbox/messages`);
  assert.deepEqual(messages.map(({ channel, recipient }) => [channel, recipient]), [["sms", "05321234567"], ["create", null]]);

  const signed = await fetch(`${shop}/api/orders/${number}/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ press: randomUUID(), channel: "email", recipient: "musteri@example.com" }),
  });
  const { url, headers, body } = await signed.json();
  const answer = await fetch(url, { method: "POST", headers: { ...headers, origin: shop }, body });
  assert.deepEqual([answer.status, (await answer.json()).outcome], [200, "sent"]);
  assert.equal(answer.headers.get("access-control-allow-origin"), shop);

  const link = payAt.split("/").pop();
  await fetch(`${outbox}/sandbox/links/${link}/pay`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  await until(order, ({ state }) => state === "paid");

  await demo.interrupt();
  for (const port of [place.shopPort, place.relayPort, place.sandboxPort]) {
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`), undefined, `something still listens on ${port}`);
  }
});
