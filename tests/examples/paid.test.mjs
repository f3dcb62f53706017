// The receivers with a relay before them: links that send.mjs creates are paid in the sandbox, and the built Worker tells
// each receiver.
//
// In scope: which order is paid by which link. Not in scope: what else can be in an event (receivers.test.mjs).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createLink } from "../../examples/send.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { EVENTS_SECRET, SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { RECEIVERS, startReceiver } from "./receivers.mjs";

const PATIENCE_MS = 30_000;

for (const program of RECEIVERS) {
  describe(`${program.name}, told by a relay`, { skip: whySkip(program.needs) }, () => {
    let sandbox;
    let receiver;
    let relays;
    before(async () => {
      await program.prepare?.();
      sandbox = await startSandbox();
      receiver = await startReceiver(program, EVENTS_SECRET);
      relays = await startRelays(sandbox.url, { shop: { EVENTS_URL: new URL("/paytr-events", receiver.urls[0]).href } });
    });
    after(async () => {
      await relays?.stop();
      await receiver?.stop();
      await sandbox?.stop();
    });

    const create = (reference, price, more) =>
      createLink({ name: `Order ${reference}`, price, reference, ...more }, { url: relays.urls.shop, secret: SECRET });

    async function pay({ link }, payment = {}) {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${sandbox.url}/sandbox/links/${link.id}/pay`, { method: "POST", headers, body: JSON.stringify(payment) });
      assert.equal(answer.status, 201);
    }

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
      for (const link of links) await pay(link);
      const expected = [
        "needs review: order 1002, payment …: other_total", "needs review: order 1004, payment …: other_total",
        "order 1001: paid", "order 1002: open", "order 1003: paid", "order 1004: open",
      ];
      assert.deepEqual(await list(expected), expected);
    });
  });
}
