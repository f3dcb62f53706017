// The page's conversation with shop and relay, without a browser: what it makes of answers, and of answers that fail.
//
// In scope: what is certain at the end. Not in scope: what the customer sees of it (tests/browser).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ask } from "../../examples/checkout/page/ask.js";

const SIGNED = { url: "https://relay.example/webhook", headers: {}, body: "{}" };
const LOST = "lost";
const json = (status, value, headers) => new Response(JSON.stringify(value), { status, headers });
const signed = () => json(200, SIGNED);
const failing = () => json(500, {});
const refusal = (status, code) => () => json(status, { code });
const stale = refusal(401, "stale-timestamp");

/** Has the conversation with these answers of shop and relay, one after the other. */
async function converse(test, { shop, relay = [], isOpen = false }) {
  const next = async (answers) => {
    const answer = answers.shift();
    if (answer === LOST) throw new TypeError("fetch failed");
    return answer();
  };
  test.mock.method(globalThis, "fetch", () => next(relay));
  test.mock.method(globalThis, "setTimeout", (done) => setImmediate(done));
  test.mock.method(console, "error", () => {});
  const { kind } = await ask(() => next(shop), () => {}, isOpen);
  assert.deepEqual([shop.length, relay.length], [0, 0], "ended too early");
  return kind;
}

describe("the page's conversation", () => {
  for (const { what, kind, ...answers } of [
    { what: "the shop does not sign", shop: [failing], kind: "broken" },
    { what: "the shop has signed too often", shop: [() => json(429, {})], kind: "order-limit" },
    { what: "the relay does not take the message", shop: [signed], relay: [refusal(401, "invalid-signature")], kind: "broken" },
    { what: "the signature is too old, and the shop does not sign again", shop: [signed, failing], relay: [stale], kind: "broken" },
  ]) {
    it(`is certain that nothing was sent when ${what}`, async (test) => {
      assert.equal(await converse(test, answers), kind);
    });
  }

  for (const { what, ...answers } of [
    { what: "the shop does not sign again after a lost answer", shop: [signed, failing], relay: [LOST, stale] },
    { what: "the shop will not sign again after a lost answer", shop: [signed, () => json(429, {})], relay: [LOST, stale] },
    { what: "the shop does not sign again in mid-send", shop: [signed, failing], relay: [refusal(409, "in-progress"), stale] },
    { what: "the relay's settings fail after a lost answer", shop: [signed], relay: [LOST, refusal(500, "misconfigured")] },
    { what: "the ledger fails, and then the settings", shop: [signed], relay: [refusal(503, "ledger-unavailable"), refusal(500, "misconfigured")] },
    { what: "the shop does not sign again what was posted before", shop: [failing], isOpen: true },
    { what: "the relay does not take what was posted before", shop: [signed], relay: [refusal(500, "misconfigured")], isOpen: true },
  ]) {
    it(`does not say that nothing was sent when ${what}`, async (test) => {
      assert.equal(await converse(test, answers), "unreachable");
    });
  }

  it("is sent when the relay says so, whatever was lost before", async (test) => {
    const sent = () => json(200, { outcome: "sent" });
    assert.equal(await converse(test, { shop: [LOST, signed], relay: [LOST, sent] }), "sent");
  });
});
