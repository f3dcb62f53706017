// `npm run demo` as a person has it: on free ports, with a folder of its own.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { after, it } from "node:test";
import { NpmStart, endAllStarted, ownPlace } from "../support/npm-start.mjs";

after(endAllStarted);

it("npm run demo starts a shop whose messages reach the outbox, and ends without leaving anything", async (test) => {
  const place = await ownPlace();
  test.after(() => rm(place.directory, { recursive: true, force: true }));
  const demo = new NpmStart(place, "demo");
  await demo.says("Nothing leaves this machine.");
  const [shop, outbox, relay] = ["Shop", "Outbox", "Relay"].map(
    (name) => new RegExp(`^ +${name} +(http://\\S+?)/?$`, "m").exec(demo.output)?.[1],
  );
  const urls = [place.shopPort, place.sandboxPort, place.relayPort].map((port) => `http://127.0.0.1:${port}`);
  assert.deepEqual([shop, outbox, relay], urls);

  const signed = await fetch(`${shop}/api/orders/1001/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ press: randomUUID(), channel: "sms", recipient: "05321234567" }),
  });
  const { url, headers, body } = await signed.json();
  const answer = await fetch(url, { method: "POST", headers: { ...headers, origin: shop }, body });
  assert.deepEqual([answer.status, (await answer.json()).outcome], [200, "sent"]);
  assert.equal(answer.headers.get("access-control-allow-origin"), shop);
  const { messages } = await (await fetch(`${outbox}/outbox/messages`)).json();
  assert.deepEqual(messages.map(({ recipient, delivered }) => [recipient, delivered]), [["05321234567", true]]);

  await demo.interrupt();
  for (const port of [place.shopPort, place.relayPort, place.sandboxPort]) {
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`), undefined, `something still listens on ${port}`);
  }
});
