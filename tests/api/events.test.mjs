// Every event of openapi.yaml, from PayTR's notice to the shop: what comes is compared whole, with its headers and its
// signature, which the official library checks.
//
// In scope: events as documented, and what the shop's answer does to them as far as it shows at once. Not in scope:
// when a failed one comes again (tests/pure, tests/worker).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import { endings } from "../support/ends.mjs";
import { EVENTS_SECRET, LONG_SECRET } from "../support/secrets.mjs";
import { until } from "../support/until.mjs";
import { EVENTS, MESSAGES, NOTICES, find } from "./support/document.mjs";
import { withRelays } from "./support/place.mjs";
import { startReceiver } from "./support/receiver.mjs";
import { faults, headerFaults } from "./support/schemas.mjs";
import { OTHER_ID, USUAL } from "./support/scenarios.mjs";
import { Shop, notice } from "./support/shop.mjs";

/** How much earlier an event may say that it was made, in seconds. */
const SLACK_S = 5;

const create = { type: "link.create", data: { name: "Sipariş 1001", price: 158_000, reference: "1001" } };
/** By type and example: what is asked first, and the notice that the event is made of; or the message that asks for it. */
const CASES = {
  "link.paid paid": { message: create, form: notice(NOTICES.paid) },
  "link.payment_review too-little": {
    message: create,
    form: notice({ ...NOTICES.least, hash: undefined, total_amount: "100", test_mode: "1" }),
  },
  "link.payment_review unreadable": {
    message: create,
    form: notice({ ...NOTICES.least, hash: undefined, total_amount: "1580.00", currency: "TL", test_mode: "true" }),
  },
  "link.payment_review unknown-link": { form: notice(NOTICES.least) },
  "relay.ping ping": { asked: MESSAGES["ping-with-events"] },
};
const keyOf = ({ type, example }) => `${type} ${example}`;

const NAMES = [...Object.keys(CASES).map((_, at) => `case${at}`), "reasons", "once", "gone", "paytr"];
const keep = endings();
let receiver;
const place = withRelays(async () => {
  receiver = await keep(startReceiver());
  const settings = { ...USUAL, EVENTS_SECRETS: `${EVENTS_SECRET} ${LONG_SECRET}` };
  return Object.fromEntries(NAMES.map((name) => [name, { ...settings, EVENTS_URL: `${receiver.url}/${name}` }]));
});

const shopOf = (name) => new Shop({ url: () => place.urls[name] });

it("there is a case for every documented event, and none for one that is not documented", () => {
  assert.deepEqual(Object.keys(CASES).sort(), EVENTS.map(keyOf).sort());
});

describe("every documented event comes as documented", () => {
  for (const documented of EVENTS) {
    const name = `case${Object.keys(CASES).indexOf(keyOf(documented))}`;
    it(keyOf(documented), async () => {
      const { message, form, asked } = CASES[keyOf(documented)];
      const shop = shopOf(name);
      if (message) await shop.done(message);
      if (form) assert.equal(await (await shop.notify(form)).text(), "OK");
      if (asked) assert.equal((await shop.post(asked)).status, 200);
      const [event] = await receiver.events(`/${name}`, 1);
      assertIsSigned(event, documented.parameters);
      const body = JSON.parse(shop.asDocumented(event.body));
      const age = Date.now() / 1000 - Date.parse(body.timestamp) / 1000;
      assert.ok(age >= 0 && age <= SLACK_S, `an event that is ${age} s old`);
      if (shop.link) assert.equal(body.data.link.id, shop.link.id);
      if (shop.link) body.data.link.id = documented.body.data.link.id;
      assert.deepEqual({ ...body, timestamp: documented.body.timestamp }, documented.body);
    });
  }
});

describe("every documented reason comes, alone, and shows in link.get", () => {
  const paid = { ...NOTICES.paid, hash: undefined };
  const again = { type: "link.create", data: { ...create.data, max_count: 2 } };
  /** What is asked before, and the notices, of which the last speaks against the payment; and how far the link is then. */
  const against = {
    not_success: { notices: [{ status: "failed" }] },
    unreadable: { notices: [{ test_mode: "true" }] },
    other_merchant: { notices: [{ merchant_id: "7654321" }] },
    other_currency: { notices: [{ currency: "EUR" }] },
    too_little: { notices: [{ payment_amount: "157999" }] },
    test_payment: { notices: [{ test_mode: "1" }] },
    deleted: { before: [MESSAGES["delete-own"]], notices: [{}], state: "paid" },
    paid_before: { notices: [{}, { merchant_oid: "LNK0123456790" }], state: "paid" },
    changed: { link: again, notices: [{}, { total_amount: "158001" }], state: "paid" },
  };

  it("there is a case for every one", () => {
    // A link without a record, which link.get does not find either, is among the documented events.
    const reasons = find("/components/schemas/Reasons").node.items.enum.filter((reason) => reason !== "unknown_link");
    assert.deepEqual(Object.keys(against).sort(), reasons.toSorted());
  });

  for (const [reason, { link = create, before = [], notices, state = "open" }] of Object.entries(against)) {
    it(reason, async () => {
      const shop = shopOf("reasons");
      const id = `msg_${reason}`;
      await shop.done(link, { id });
      for (const message of before) await shop.done(message, { id: `${id}_before` });
      for (const fields of notices) assert.equal(await (await shop.notify(notice({ ...paid, ...fields }))).text(), "OK");
      const found = await shop.done(MESSAGES.get, { id: `${id}_get` });
      assert.deepEqual(faults("/components/schemas/Found", found), []);
      const { type, reasons } = found.payments.at(-1);
      assert.deepEqual([type, reasons], ["link.payment_review", [reason]]);
      assert.equal(found.state, state);
    });
  }
});

it("a collection link is deleted at PayTR after its first payment, and stays open if it is reusable", async () => {
  const shop = shopOf("once");
  const { data } = MESSAGES["create-collection"];
  const stateAtPaytr = async ({ id }) => (await place.sandbox.read(`/sandbox/links/${id}`)).state;
  const paid = async (reusable) => {
    const message = { type: "link.create", data: { ...data, reusable } };
    const { link } = await shop.done(message, { id: `msg_reusable_${reusable}` });
    await (await shop.notify(notice(NOTICES.paid))).text();
    await shop.untilTold(MESSAGES.get, { id: OTHER_ID });
    return link;
  };
  const reusable = await paid(true);
  const once = await paid(false);
  await until(() => stateAtPaytr(once), (state) => state === "deleted");
  assert.equal(await stateAtPaytr(reusable), "open");
});

it("after a 410 an event is dead until it is replayed, under its webhook-id and signed anew", async () => {
  const shop = shopOf("gone");
  receiver.answer("/gone", 410);
  await shop.done(create);
  await (await shop.notify(notice(NOTICES.paid))).text();
  await shop.untilTold(MESSAGES.get, { id: OTHER_ID });
  const stateOf = async () => {
    const [{ event }] = (await shop.done(MESSAGES.get)).payments;
    return [event.webhook_id, event.state, event.attempts];
  };
  const [first] = await receiver.events("/gone", 1);
  assert.deepEqual(await stateOf(), [first.headers["webhook-id"], "dead", 1]);
  receiver.answer("/gone", 204);
  assert.deepEqual(await shop.done(MESSAGES.replay), { outcome: "replayed", events: 1 });
  const [, second] = await receiver.events("/gone", 2);
  assertIsSigned(second, EVENTS[0].parameters);
  assert.deepEqual([second.headers["webhook-id"], second.body], [first.headers["webhook-id"], first.body]);
  await shop.untilTold(MESSAGES.get);
  assert.deepEqual(await stateOf(), [first.headers["webhook-id"], "delivered", 1]);
});

it("a payment at PayTR comes back by the callback_link that the relay gave, and is told to the shop", async () => {
  const shop = shopOf("paytr");
  const { link } = await shop.done(create);
  const { merchant_oid } = await place.sandbox.pay(link.id);
  const [event] = await receiver.events("/paytr", 1);
  const { parameters, schema } = EVENTS.find(({ type }) => type === "link.paid");
  assertIsSigned(event, parameters);
  const body = JSON.parse(event.body);
  assert.deepEqual(faults(schema, body), []);
  assert.deepEqual([body.data.link.id, body.data.payment.merchant_oid], [link.id, merchant_oid]);
});

/** The headers are as documented, and each of EVENTS_SECRETS alone verifies the event. */
function assertIsSigned({ headers, body }, parameters) {
  assert.equal(headers["content-type"], "application/json");
  for (const parameter of parameters) {
    assert.deepEqual(headerFaults(parameter, headers[parameter.node.name]), [], parameter.node.name);
  }
  for (const secret of [EVENTS_SECRET, LONG_SECRET]) new Webhook(secret).verify(body, headers);
}
