// The receivers with a relay before them: links that send.mjs creates are paid in the sandbox, and the built Worker tells
// each receiver.
//
// In scope: which order is paid by which link. Not in scope: what else can be in an event (receivers.test.mjs).
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createLink } from "../../examples/send.mjs";
import { withRelays } from "../api/support/place.mjs";
import { EVENTS_SECRET, SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { RECEIVERS, startReceiver } from "./receivers.mjs";
import { pay } from "./support.mjs";

const PATIENCE_MS = 30_000;

for (const program of RECEIVERS) {
  describe(`${program.name}, told by a relay`, { skip: whySkip(program.needs) }, () => {
    let receiver;
    const place = withRelays(async () => {
      await program.prepare?.();
      receiver = await startReceiver(program, EVENTS_SECRET);
      return { shop: { EVENTS_URL: new URL("/paytr-events", receiver.urls[0]).href } };
    });
    after(() => receiver?.stop());

    const create = (reference, price, more) =>
      createLink({ name: `Order ${reference}`, price, reference, ...more }, { url: place.urls.shop, secret: SECRET });

    /** What the staff sees, once it is what it should be, or after all patience. */
    async function list(expected) {
      for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(100)) {
        const lines = (await receiver.list()).map((line) => line.replace(/payment \S+:/, "payment …:")).sort();
        if (Date.now() > deadline || lines.join() === expected.join()) return lines;
      }
    }

    it("marks an order paid by a link over its total, and shows one that was paid over another", async () => {
      await receiver.add("1001", "158000");
      await receiver.add("1002", "160000");
      await receiver.add("1003", "5000", "EUR");
      await receiver.add("1004", "5000", "USD");
      // The second order had another amount when its link was made, and the fourth another currency.
      const links = [
        await create("1001", 158_000), await create("1002", 158_000),
        await create("1003", 5000, { currency: "EUR" }), await create("1004", 5000),
      ];
      for (const { link } of links) assert.equal((await pay(place.sandbox, link)).status, 201);
      const expected = [
        "needs review: order 1002, payment …: other_total", "needs review: order 1004, payment …: other_total",
        "order 1001: paid", "order 1002: open", "order 1003: paid", "order 1004: open",
      ];
      assert.deepEqual(await list(expected), expected);
    });
  });
}
