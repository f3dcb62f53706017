// Every event of openapi.yaml, from PayTR's notice to the shop: what comes is compared whole, with its headers and its
// signature, which the official library checks.
//
// In scope: events as documented, and what the shop's answer does to them as far as it shows at once. Not in scope:
// when a failed one comes again (tests/pure, tests/worker).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { EVENTS_SECRET, LONG_SECRET } from "../support/secrets.mjs";
import { EVENTS, MESSAGES, NOTICES } from "./support/document.mjs";
import { startReceiver } from "./support/receiver.mjs";
import { faults, headerFaults } from "./support/schemas.mjs";
import { OTHER_ID, USUAL } from "./support/scenarios.mjs";
import { Shop, notice } from "./support/shop.mjs";

/** How much earlier an event may say that it was made, in seconds. */
const SLACK_S = 5;

const create = { type: "link.create", data: { name: "Sipariş 1001", price: 158_000, reference: "1001" } };
/** By type and example: what is asked first, and the notice that the event is made of. */
const CASES = {
  "link.paid paid": { message: create, form: notice(NOTICES.paid) },
  "link.payment_review too-little": {
    message: create,
    form: notice({ ...NOTICES.least, hash: undefined, total_amount: "100", test_mode: "1" }),
  },
  "link.payment_review unknown-link": { form: notice(NOTICES.least) },
};
const keyOf = ({ type, example }) => `${type} ${example}`;

let sandbox;
let receiver;
let relays;
const NAMES = [...Object.keys(CASES).map((_, at) => `case${at}`), "gone", "paytr"];
before(async () => {
  sandbox = await startSandbox();
  receiver = await startReceiver();
  const settings = { ...USUAL, EVENTS_SECRETS: `${EVENTS_SECRET} ${LONG_SECRET}` };
  const deployments = NAMES.map((name) => [name, { ...settings, EVENTS_URL: `${receiver.url}/${name}` }]);
  relays = await startRelays(sandbox.url, Object.fromEntries(deployments));
});
after(async () => {
  await relays?.stop();
  receiver?.stop();
  await sandbox?.stop();
});

const shopOf = (name) => new Shop({ url: () => relays.urls[name], outbox: sandbox.outbox });

it("there is a case for every documented event, and none for one that is not documented", () => {
  assert.deepEqual(Object.keys(CASES).sort(), EVENTS.map(keyOf).sort());
});

describe("every documented event comes as documented", () => {
  for (const documented of EVENTS) {
    const name = `case${Object.keys(CASES).indexOf(keyOf(documented))}`;
    it(keyOf(documented), async () => {
      const { message, form } = CASES[keyOf(documented)];
      const shop = shopOf(name);
      if (message) await shop.done(message);
      assert.equal(await (await shop.notify(form)).text(), "OK");
      const [event] = await receiver.events(`/${name}`, 1);
      assertIsSigned(event, documented.parameters);
      const body = JSON.parse(event.body);
      const age = Date.now() / 1000 - Date.parse(body.timestamp) / 1000;
      assert.ok(age >= 0 && age <= SLACK_S, `an event that is ${age} s old`);
      if (shop.link) assert.equal(body.data.link.id, shop.link.id);
      const link = { ...body.data.link, ...(shop.link && { id: documented.body.data.link.id }) };
      const { timestamp } = documented.body;
      assert.deepEqual({ ...body, timestamp, data: { ...body.data, link } }, documented.body);
    });
  }
});

it("after a 410 an event is dead until it is replayed, under its webhook-id and signed anew", async () => {
  const shop = shopOf("gone");
  receiver.answer("/gone", 410);
  await shop.done(create);
  await (await shop.notify(notice(NOTICES.paid))).text();
  await shop.untilTold(MESSAGES.get, { id: OTHER_ID });
  const stateOf = async () => (await shop.done(MESSAGES.get)).payments.map(({ event: { state, attempts } }) => [state, attempts]);
  assert.deepEqual(await stateOf(), [["dead", 1]]);
  receiver.answer("/gone", 204);
  assert.deepEqual(await shop.done(MESSAGES.replay), { outcome: "replayed", events: 1 });
  const [first, second] = await receiver.events("/gone", 2);
  assertIsSigned(second, EVENTS[0].parameters);
  assert.deepEqual([second.headers["webhook-id"], second.body], [first.headers["webhook-id"], first.body]);
  await shop.untilTold(MESSAGES.get);
  assert.deepEqual(await stateOf(), [["delivered", 1]]);
});

it("a payment at PayTR comes back by the callback_link that the relay gave, and is told to the shop", async () => {
  const shop = shopOf("paytr");
  const { link } = await shop.done(create);
  const pay = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
  const { merchant_oid } = await (await fetch(`${sandbox.url}/sandbox/links/${link.id}/pay`, pay)).json();
  const [event] = await receiver.events("/paytr", 1);
  const { parameters, schema } = EVENTS.find(({ type }) => type === "link.paid");
  assertIsSigned(event, parameters);
  const body = JSON.parse(event.body);
  assert.deepEqual(faults(schema, body), []);
  assert.deepEqual([body.data.reference, body.data.link.id, body.data.payment.merchant_oid], ["1001", link.id, merchant_oid]);
});

/** The headers are as documented, and each of EVENTS_SECRETS alone verifies the event. */
function assertIsSigned({ headers, body }, parameters) {
  assert.equal(headers["content-type"], "application/json");
  for (const parameter of parameters) {
    assert.deepEqual(headerFaults(parameter, headers[parameter.node.name]), [], parameter.node.name);
  }
  for (const secret of [EVENTS_SECRET, LONG_SECRET]) new Webhook(secret).verify(body, headers);
}
