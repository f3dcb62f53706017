// docs/which-call-when.md: each situation of its table, with the message and the webhook-id that it says, ends as it says.
//
// In scope: the built Worker in workerd against the sandbox, row by row. Not in scope: what a shop does with the answer.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { endings } from "../support/ends.mjs";
import { post } from "../support/message.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { codeSpansOf, tokensOf } from "./support/pages.mjs";

const PHONE = "05321234567";
const [, { rows: SITUATIONS }] = tokensOf("docs/which-call-when.md").filter(({ type }) => type === "table");
const order = (more) => ({ name: "Order 1001", price: 158000, reference: "1001", ...more });

describe("docs/which-call-when.md", () => {
  const keep = endings();
  let urls;
  before(async () => {
    const sandbox = await keep(startSandbox());
    const limited = { SEND_LIMITS: '[{"count": 1, "seconds": 2}]' };
    ({ urls } = await keep(startRelays(sandbox.url, { relay: { EVENTS_URL: "http://127.0.0.1:9/events" }, limited })));
  });

  const ask = (type, data, id, relay = "relay") => post(urls[relay], { type, data }, id);
  const nameOf = async () => (await place("order_1001_1")).link.callback_id;
  const place = (id) => ask("link.create", order({ send: { cell_phone: PHONE } }), id);

  /** By row: what is asked, under the row's id if it has one. Resolves with the types of the messages and the last answer. */
  const steps = [
    async (id) => [["link.create"], await place(id)],
    async () => [["link.create"], await ask("link.create", order({ reference: "1002" }), "order_1002_1")],
    async (id) => [["link.send_sms"], await ask("link.send_sms", { id: (await place("order_1001_1")).link.id, cell_phone: PHONE }, id)],
    async () => {
      // Order by order, until one comes within the limit's time, however slow the machine is.
      for (let reference = 1003; ; reference += 1) {
        const asked = [order({ reference: `${reference}`, send: { cell_phone: PHONE } }), `order_${reference}_1`, "limited"];
        const first = await ask("link.create", ...asked);
        const [{ outcome, retry_after: seconds }] = first.sends;
        if (outcome === "sent") continue;
        assert.equal(outcome, "limited");
        await sleep((seconds + 0.1) * 1000);
        const again = await ask("link.create", ...asked);
        assert.deepEqual([again.link, again.sends[0].outcome], [first.link, "sent"]);
        return [["link.create"], again];
      }
    },
    async (id) => [["link.delete"], await ask("link.delete", { callback_id: await nameOf() }, id)],
    async (id) => [["link.delete", "link.create"], await ask("link.create", order({ price: 99000 }), id)],
    async () => [["link.get"], await ask("link.get", { callback_id: await nameOf() })],
    async () => [["event.replay"], await ask("event.replay", { callback_id: await nameOf() })],
    async () => [["relay.ping"], await ask("relay.ping")],
  ];

  it("has no other situations", () => assert.equal(SITUATIONS.length, steps.length));

  for (const [at, [situation, message, id, then]] of SITUATIONS.entries()) {
    it(`is right when ${situation.text}`, async () => {
      const [ownId] = codeSpansOf(id);
      const [types, { status, outcome }] = await steps[at](ownId);
      assert.deepEqual([status, ...types.filter((type) => !codeSpansOf(message).includes(type))], [200]);
      // "as above" is a link that is created.
      assert.equal(outcome, codeSpansOf(then)[0] ?? "created");
    });
  }
});
