// How each documented answer comes about.
//
// In scope: the table, one scenario or more for every example of openapi.yaml. Not in scope: comparing.
import { FOREIGN_SECRET, SECRET, STOREFRONTS } from "../../support/secrets.mjs";
import { DELIVERIES, DOCUMENT, HOOK_PINGS, MESSAGES, NOTICES } from "./document.mjs";
import { ID, PAGE, notice } from "./shop.mjs";

const { WebhookId, WebhookTimestamp, WebhookSignature } = DOCUMENT.components.parameters;
/** The secret that the headers' examples are signed with, as the document says. */
const DOCUMENTED_SECRET = /`(whsec_\S+)`/.exec(WebhookSignature.description)[1];

const QUICK = { PAYTR_TIMEOUT_MS: "500" };
const ONE_A_MINUTE = '[{"count": 1, "seconds": 60}]';
const WRONG = { SEND_LIMITS: "none" };
const sms = (id, cell_phone = "05321234567") => ({ type: "link.send_sms", data: { id, cell_phone } });
const create = (data) => ({ type: "link.create", data: { name: "Sipariş 1001", price: 158000, ...data } });
const remove = (...ids) => ({ type: "link.delete", data: { ids } });
/** An id of its own for what is asked about a link that {@link ID} made. */
export const OTHER_ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4X";
/** In place of a setting: a receiver of events, and a sandbox of its own, where links can be deleted for good. */
export const RECEIVER = Symbol("receiver");
export const OWN_PAYTR = Symbol("sandbox");
const OWN = { PAYTR_BASE_URL: OWN_PAYTR };
const EVENTS_ON = { EVENTS_URL: RECEIVER };

const callback = (form) => (shop) => shop.notify(form);
const without = (name) => (shop) => {
  const form = new URLSearchParams(NOTICES.paid);
  form.delete(name);
  return shop.notify(form);
};
const again = (name) => callback(`${notice(NOTICES.paid)}&${name}=x`);
/** Rightly signed, whatever is wrong with it. */
const signed = (fields) => callback(notice({ ...NOTICES.paid, hash: undefined, ...fields }));

/** A link, and before the answer is given a payment of it of which the shop was told. */
const paidFor = async (shop) => {
  await shop.done(create({ reference: "1001" }));
  await (await shop.notify(notice(NOTICES.paid))).text();
  await shop.untilTold(MESSAGES.get, { id: OTHER_ID });
};

const text = (body) => (shop) => shop.post(Buffer.from(body));
const once = (message, how) => (shop) => shop.post(message, how);
const twice = (message) => async (shop) => {
  await (await shop.post(message)).text();
  return shop.post(message);
};

/** What every relay with storefronts has, and what a storefront's own webhook posts. */
const SHOPS = { STOREFRONTS };
const deliver = (order, how) => (shop) => shop.deliver(Buffer.from(JSON.stringify(order)), how);
const order = (members) => ({ ...DELIVERIES.order, ...members });

/** A scenario: what the shop does, and the settings of its relay that are not the usual ones. */
const scenario = (act, settings = {}) => ({ act, settings });

/**
 * By the name of each documented message: the name of the answer that it gets, under `id`; what happens before; and
 * the settings.
 */
const taken = (answer, { id = ID, before = async () => {}, settings = {} } = {}) => ({ answer, id, before, settings });
const ABOUT = (before, settings) => ({ id: OTHER_ID, before, settings });
export const TAKEN = {
  sms: taken("sent"),
  "sms-with-everything": taken("sent"),
  email: taken("sent"),
  "email-with-a-number": taken("sent"),
  create: taken("created"),
  "create-and-send": taken("created-and-sent", { settings: EVENTS_ON }),
  "create-product": taken("created-with-qr", { settings: EVENTS_ON }),
  "create-collection": taken("created", { settings: EVENTS_ON }),
  "create-flex": taken("created", { settings: EVENTS_ON }),
  delete: taken("deleted", { settings: OWN }),
  "delete-own": taken("deleted-own", ABOUT((shop) => shop.done(MESSAGES.create))),
  get: taken("found", ABOUT((shop) => shop.done(MESSAGES["create-and-send"]))),
  "get-further": taken("found", ABOUT((shop) => shop.done(MESSAGES["create-and-send"]))),
  replay: taken("replayed", ABOUT(paidFor, EVENTS_ON)),
  "replay-since": taken("replayed", ABOUT(paidFor, EVENTS_ON)),
  "replay-dead": taken("none-replayed"),
  "list-links": taken("listed-links", ABOUT((shop) => shop.done(MESSAGES["create-and-send"]))),
  "list-links-of-an-order": taken("listed-links", ABOUT((shop) => shop.done(MESSAGES["create-and-send"]))),
  "list-links-further": taken("no-links-listed"),
  "list-events": taken("no-events-listed"),
  status: taken("status", ABOUT(paidFor, EVENTS_ON)),
  ping: taken("pong"),
  "ping-with-events": taken("pong-with-events", { settings: EVENTS_ON }),
  "ping-with-data": taken("pong"),
};

/** By operation, status and example: the scenarios that lead there. */
export const SCENARIOS = {
  "POST /webhook 200 sent": [scenario(once(MESSAGES.sms)), scenario(twice(MESSAGES.email))],
  "POST /webhook 200 created": [
    scenario(once(MESSAGES.create)),
    scenario(twice(MESSAGES.create), EVENTS_ON),
    scenario(once(create({ link_type: null, max_count: null, send: null, reference: null, email: null }))),
  ],
  "POST /webhook 200 created-and-sent": [scenario(twice(MESSAGES["create-and-send"]))],
  "POST /webhook 200 created-with-qr": [scenario(twice(MESSAGES["create-product"]))],
  "POST /webhook 200 created-and-limited": [
    scenario(
      async (shop) => {
        await shop.done(MESSAGES.sms, { id: OTHER_ID });
        return shop.post(MESSAGES["create-and-send"]);
      },
      { SEND_LIMITS: ONE_A_MINUTE },
    ),
  ],
  "POST /webhook 200 created-and-obsolete": [
    scenario(
      async (shop) => {
        await shop.done(MESSAGES.sms, { id: OTHER_ID });
        await shop.done(MESSAGES["create-and-send"]);
        await shop.done(MESSAGES["delete-own"], { id: "msg_another" });
        return shop.post(MESSAGES["create-and-send"]);
      },
      { SEND_LIMITS: ONE_A_MINUTE },
    ),
  ],
  "POST /webhook 200 deleted": [scenario(twice(MESSAGES.delete), OWN)],
  "POST /webhook 200 deleted-own": [
    scenario(async (shop) => {
      await shop.done(MESSAGES.create);
      return shop.post(MESSAGES["delete-own"], { id: OTHER_ID });
    }),
  ],
  "POST /webhook 200 deleted-in-part": [
    scenario(async (shop) => {
      await shop.done(MESSAGES.delete);
      return shop.post(remove("NB2Zlz3", "NB2Zlz4", "NB2Zlz5"), { id: OTHER_ID });
    }, OWN),
  ],
  "POST /webhook 200 found": [
    scenario(async (shop) => {
      await shop.done(MESSAGES["create-and-send"]);
      return shop.post(MESSAGES.get);
    }),
  ],
  "POST /webhook 200 found-paid": [
    scenario(async (shop) => {
      await paidFor(shop);
      return shop.post(MESSAGES.get);
    }, EVENTS_ON),
  ],
  "POST /webhook 200 found-unknown": [
    scenario(async (shop) => {
      await (await shop.post(create({ name: "Sipariş sandbox-html" }))).text();
      return shop.post(MESSAGES.get);
    }),
  ],
  "POST /webhook 200 replayed": [
    scenario(async (shop) => {
      await paidFor(shop);
      return shop.post(MESSAGES.replay);
    }, EVENTS_ON),
    // A payment of a link that the relay does not know has its event, too.
    scenario(async (shop) => {
      await (await shop.notify(notice(NOTICES.least))).text();
      return shop.post(MESSAGES.replay);
    }),
  ],
  "POST /webhook 200 none-replayed": [scenario(once(MESSAGES["replay-dead"]))],
  "POST /webhook 200 listed-links": [
    scenario(async (shop) => {
      await shop.done(MESSAGES["create-and-send"]);
      return shop.post({ type: "link.list", data: { state: "open", limit: 1 } }, { id: OTHER_ID });
    }),
  ],
  "POST /webhook 200 no-links-listed": [
    scenario(once(MESSAGES["list-links-further"])),
    scenario(once({ type: "link.list", data: null })),
  ],
  "POST /webhook 200 listed-events": [
    scenario(async (shop) => {
      await paidFor(shop);
      return shop.post({ type: "event.list", data: { state: "delivered" } }, { id: "msg_another" });
    }, EVENTS_ON),
  ],
  "POST /webhook 200 no-events-listed": [scenario(once(MESSAGES["list-events"]))],
  "POST /webhook 200 status": [
    scenario(async (shop) => {
      await paidFor(shop);
      return shop.post(MESSAGES.status, { id: "msg_another" });
    }, EVENTS_ON),
  ],
  "POST /webhook 200 pong-with-events": [scenario(once(MESSAGES["ping-with-events"]), EVENTS_ON)],
  "POST /webhook 200 pong": [scenario(once(MESSAGES.ping)), scenario(once({ ...MESSAGES.ping, data: null }))],
  "POST /webhook 200 pong-with-storefronts": [scenario(once(MESSAGES.ping), SHOPS)],
  "POST /webhook 400 not-json": [scenario(text("type=link.send_sms"))],
  "POST /webhook 400 cut-off": [scenario(text('{"type": "link.send_sms", "data": {'))],
  "POST /webhook 400 not-utf-8": [scenario((shop) => shop.post(Buffer.from('{"type": "\u00fc"}', "latin1")))],
  "POST /webhook 400 byte-order-mark": [scenario(text('\ufeff{"type": "relay.ping"}'))],
  "POST /webhook 400 key-twice": [scenario(text('{"type": "link.send_sms", "type": "relay.ping"}'))],
  "POST /webhook 400 no-object": [scenario(once([MESSAGES.sms]))],
  "POST /webhook 400 no-type": [scenario(once({ data: MESSAGES.sms.data })), scenario(once({ ...MESSAGES.sms, type: 1 }))],
  "POST /webhook 400 too-many-members": [
    scenario(
      once({
        type: "link.send_sms",
        data: Object.fromEntries(Array.from({ length: 33 }, (_, number) => [`a${number}`, 1])),
      }),
    ),
  ],
  "POST /webhook 400 no-data": [scenario(once({ type: "link.send_sms" })), scenario(once({ type: "link.send_email", data: [] }))],
  "POST /webhook 400 ping-with-other-data": [scenario(once({ ...MESSAGES.ping, data: [] }))],
  "POST /webhook 401 invalid-signature": [
    scenario(once(MESSAGES.sms, { secret: FOREIGN_SECRET })),
    scenario(once(MESSAGES.sms, { id: "two.parts" })),
    scenario((shop) => shop.ask("POST", "/webhook", { headers: { "content-type": "application/json" }, body: "{}" })),
  ],
  // The examples of the three headers as they stand: this answer comes only if their signature is right.
  "POST /webhook 401 stale-timestamp": [
    scenario(
      once(MESSAGES.sms, {
        headers: {
          "webhook-id": WebhookId.example,
          "webhook-timestamp": WebhookTimestamp.example,
          "webhook-signature": WebhookSignature.example,
        },
      }),
      { WEBHOOK_SECRETS: DOCUMENTED_SECRET },
    ),
  ],
  "POST /webhook 404 not-found": [
    scenario(once(MESSAGES.sms, { path: "/webhook/" })),
    scenario(once(MESSAGES.sms, { path: "//webhook" })),
  ],
  "POST /webhook 404 link-not-found": [MESSAGES.get, MESSAGES.replay, MESSAGES["delete-own"]].map((message) =>
    scenario(once(message)),
  ),
  "POST /webhook 405 method-not-allowed": [
    scenario((shop) => shop.ask("GET", "/webhook")),
    scenario(once(MESSAGES.sms, { method: "PUT" })),
    scenario((shop) => shop.ask("DELETE", "/webhook")),
  ],
  "POST /webhook 409 in-progress": [
    scenario(async (shop) => {
      const message = sms("sandbox-hang", "05321234501");
      shop.post(message).catch(() => {});
      await shop.untilAsked("05321234501");
      return shop.post(message);
    }),
  ],
  "POST /webhook 413 body-too-large": [scenario((shop) => shop.post(Buffer.alloc(16_385, " ")))],
  "POST /webhook 415 unsupported-media-type": [
    scenario(once(MESSAGES.sms, { headers: { "content-type": "text/plain" } })),
    scenario(once(MESSAGES.sms, { headers: { "content-type": "application/json; charset=iso-8859-9" } })),
    scenario(once(MESSAGES.sms, { headers: { "content-encoding": "gzip" } })),
  ],
  "POST /webhook 422 invalid-field": [
    scenario(once({ type: "link.send_sms", data: { id: "NB2 Zlz3", cellphone: "05321234567" } })),
  ],
  "POST /webhook 422 invalid-link": [
    scenario(
      once(create({ price: 14.45, link_type: "collection", max_count: 1, callback_link: "https://shop.example" })),
    ),
  ],
  "POST /webhook 422 expired": [scenario(once(create({ expiry_date: "2025-12-31T23:59:59+03:00" })))],
  "POST /webhook 422 unknown-type": [scenario(once({ ...MESSAGES.sms, type: "link.update" }))],
  "POST /webhook 422 webhook-id-reused": [
    scenario(async (shop) => {
      await (await shop.post(sms("NB2Zlz3"))).text();
      return shop.post(sms("NB2Zlz4"));
    }),
    scenario(async (shop) => {
      await shop.done(create());
      return shop.post(create({ price: 158001 }));
    }),
  ],
  "POST /webhook 422 paytr-rejected": [scenario(once(sms("sandbox-rejected"))), scenario(twice(sms("sandbox-rejected")))],
  "POST /webhook 422 create-rejected": [scenario(twice(create({ name: "Sipariş sandbox-400-json" })))],
  "POST /webhook 422 delete-rejected": [
    scenario(twice(remove("sandbox-rejected")), OWN),
    scenario(async (shop) => {
      await shop.done(MESSAGES.delete);
      return shop.post(MESSAGES.delete, { id: OTHER_ID });
    }, OWN),
  ],
  "POST /webhook 429 recipient-limit": [
    scenario(
      async (shop) => {
        await (await shop.post(MESSAGES.sms)).text();
        return shop.post(MESSAGES.sms, { id: "msg_another" });
      },
      { SEND_LIMITS: ONE_A_MINUTE },
    ),
  ],
  "POST /webhook 500 misconfigured": [scenario(once(MESSAGES.sms), WRONG), scenario(once(MESSAGES.ping), WRONG)],
  "POST /webhook 502 not-understood": ["sandbox-html", "sandbox-500", "sandbox-redirect", "sandbox-huge"].map((link) =>
    scenario(once(sms(link))),
  ),
  "POST /webhook 502 connection-lost": [
    scenario(once(sms("sandbox-closed"))),
    scenario(once(MESSAGES.sms), { PAYTR_BASE_URL: "http://127.0.0.1:9" }),
  ],
  "POST /webhook 502 interrupted": [
    scenario(async (shop) => {
      const message = sms("sandbox-hang", "05321234502");
      shop.post(message).catch(() => {});
      await shop.untilAsked("05321234502");
      await shop.restart();
      return shop.post(message);
    }),
  ],
  "POST /webhook 502 create-not-understood": [
    ...["html", "empty", "no-id", "odd-id", "no-link", "http-link", "javascript-link"].map((word) =>
      scenario(once(create({ name: `Sipariş sandbox-${word}` }))),
    ),
    scenario(twice(create({ name: "Sipariş sandbox-500" })), EVENTS_ON),
  ],
  "POST /webhook 502 delete-not-understood": [
    scenario(twice(remove("sandbox-html")), OWN),
    scenario(once(remove("NB2Zlz3", "sandbox-unknown-status")), OWN),
  ],
  // A text in the place of the ledger: to the router that is a platform which fails on the way there.
  "POST /webhook 503 ledger-unavailable": [
    scenario(once(MESSAGES.sms), { LEDGER: "none" }),
    // One recipient is of one partition, and four of its requests may wait for PayTR at once.
    scenario(async (shop) => {
      const message = sms("sandbox-hang", "05321234503");
      for (let number = 1; number <= 4; number += 1) shop.post(message, { id: `msg_${number}` }).catch(() => {});
      await shop.untilAsked("05321234503", 4);
      return shop.post(message);
    }),
  ],
  "POST /webhook 504 timed-out": [scenario(once(sms("sandbox-hang")), QUICK), scenario(twice(sms("sandbox-hang")), QUICK)],
  "POST /webhook 504 create-timed-out": [scenario(twice(create({ name: "Sipariş sandbox-hang" })), QUICK)],
  "POST /webhook 504 delete-timed-out": [scenario(twice(remove("sandbox-hang")), { ...OWN, ...QUICK })],
  "OPTIONS /webhook 204": [
    scenario((shop) =>
      shop.ask("OPTIONS", "/webhook", {
        headers: { "access-control-request-method": "POST", "access-control-request-headers": "webhook-id" },
      }),
    ),
    scenario((shop) => shop.ask("OPTIONS", "/webhook"), WRONG),
  ],
  "POST /callback 200 ok": [
    scenario(callback(new URLSearchParams(NOTICES.paid))),
    scenario(callback(new URLSearchParams(NOTICES.least))),
    scenario(signed({ more: "1", currency: "₺", test_mode: "maybe" })),
    scenario(signed({ total_amount: "1580.00" })),
    scenario(signed({ total_amount: "1".repeat(16) })),
    scenario(callback(`${notice({ ...NOTICES.paid, more: "1" })}&more=2`)),
    scenario(async (shop) => {
      await (await shop.notify(notice(NOTICES.paid))).text();
      return shop.notify(notice(NOTICES.paid));
    }, EVENTS_ON),
  ],
  "POST /callback 400 bad-hash": [
    scenario(callback(notice({ ...NOTICES.paid, total_amount: "158001" }))),
    scenario(callback(notice({ ...NOTICES.paid, status: "failed" }))),
    scenario(callback(notice({ ...NOTICES.paid, hash: "bm90IGEgaGFzaA==" }))),
    // The boundary between two signed fields, moved.
    scenario(callback(notice({ ...NOTICES.paid, callback_id: `${NOTICES.paid.callback_id.slice(1)}0` }))),
  ],
  "POST /callback 400 too-large": [scenario(signed({ more: "x".repeat(16_384) }))],
  "POST /callback 400 no-hash": [scenario(without("hash")), scenario(callback("")), scenario(callback("{}"))],
  "POST /callback 400 no-callback-id": [scenario(without("callback_id"))],
  "POST /callback 400 no-merchant-oid": [scenario(without("merchant_oid"))],
  "POST /callback 400 no-status": [scenario(without("status"))],
  "POST /callback 400 no-total-amount": [scenario(without("total_amount"))],
  "POST /callback 400 hash-twice": [scenario(again("hash"))],
  "POST /callback 400 callback-id-twice": [scenario(again("callback_id"))],
  "POST /callback 400 merchant-oid-twice": [scenario(again("merchant_oid"))],
  "POST /callback 400 status-twice": [scenario(again("status"))],
  "POST /callback 400 total-amount-twice": [scenario(again("total_amount"))],
  "POST /callback 400 other-field-twice": [scenario(again("test_mode")), scenario(again("currency"))],
  "POST /callback 400 other-callback-id": [
    scenario(signed({ callback_id: "1001" })),
    scenario(signed({ callback_id: "0".repeat(63) })),
    scenario(signed({ callback_id: "A".repeat(64) })),
  ],
  "POST /callback 400 odd-merchant-oid": [
    scenario(signed({ merchant_oid: "" })),
    scenario(signed({ merchant_oid: "LNK 1" })),
    scenario(signed({ merchant_oid: "x".repeat(65) })),
  ],
  "POST /callback 400 odd-status": [scenario(signed({ status: "success1" })), scenario(signed({ status: "" }))],
  "POST /callback 400 odd-total-amount": [
    scenario(signed({ total_amount: "-1" })),
    scenario(signed({ total_amount: ".5" })),
    scenario(signed({ total_amount: "1 580" })),
    scenario(signed({ total_amount: "158000₺" })),
  ],
  "POST /callback 405 method-not-allowed": ["GET", "PUT", "DELETE"].map((method) =>
    scenario((shop) => shop.ask(method, "/callback")),
  ),
  "POST /callback 500 misconfigured": [scenario(signed({}), WRONG)],
  "POST /callback 500 not-stored": [scenario(signed({}), { LEDGER: "none" })],
  "POST /hooks/{name} 200 stored": [
    scenario(deliver(DELIVERIES.order), SHOPS),
    scenario(deliver(DELIVERIES.deleted, { topic: "order.deleted" }), SHOPS),
    // A status that nobody knows closes a link, and there may be one to close.
    scenario(deliver(order({ status: "processing" })), SHOPS),
  ],
  "POST /hooks/{name} 200 ignored": [
    scenario(deliver(order({ payment_method: "cod" })), SHOPS),
    scenario(deliver(order({ payment_method: "" })), SHOPS),
  ],
  "POST /hooks/{name} 200 unreadable": [scenario(deliver({ order: DELIVERIES.order }), SHOPS)],
  "POST /hooks/{name} 200 pong": [
    scenario(
      (shop) => shop.ask("POST", "/hooks/second", { body: new URLSearchParams(HOOK_PINGS.ping) }),
      SHOPS,
    ),
  ],
  "POST /hooks/{name} 401 invalid-signature": [
    scenario(deliver(DELIVERIES.order, { name: "second" }), SHOPS),
    scenario(deliver(DELIVERIES.order, { write: (right) => Buffer.from(right, "base64").toString("hex") }), SHOPS),
    scenario(deliver(DELIVERIES.order, { write: (right) => right.replace("=", "") }), SHOPS),
    scenario((shop) => shop.ask("POST", "/hooks/shop", { body: JSON.stringify(DELIVERIES.order) }), SHOPS),
    scenario((shop) => shop.ask("POST", "/hooks/shop", { body: "webhook_id=1&more=1" }), SHOPS),
  ],
  "POST /hooks/{name} 404 not-found": [
    scenario(deliver(DELIVERIES.order)),
    scenario(deliver(DELIVERIES.order, { name: "another" }), SHOPS),
    scenario(deliver(DELIVERIES.order, { name: "shop/" }), SHOPS),
    scenario(deliver(DELIVERIES.order, { name: "" }), SHOPS),
  ],
  "POST /hooks/{name} 405 method-not-allowed": ["GET", "PUT", "DELETE"].map((method) =>
    scenario((shop) => shop.ask(method, "/hooks/shop"), SHOPS),
  ),
  "POST /hooks/{name} 413 body-too-large": [
    scenario((shop) => shop.deliver(Buffer.alloc(512 * 1024 + 1, " ")), SHOPS),
  ],
  "POST /hooks/{name} 500 misconfigured": [scenario(deliver(DELIVERIES.order), { ...SHOPS, ...WRONG })],
  "POST /hooks/{name} 503 ledger-unavailable": [scenario(deliver(DELIVERIES.order), { ...SHOPS, LEDGER: "none" })],
  "GET /health 200 storefronts": [scenario((shop) => shop.ask("GET", "/health"), SHOPS)],
  "GET /health 200 events-on": [scenario((shop) => shop.ask("GET", "/health"), EVENTS_ON)],
  "GET /health 200 healthy": [scenario((shop) => shop.ask("GET", "/health"))],
  "GET /health 405 method-not-allowed": [
    scenario((shop) => shop.ask("POST", "/health")),
    scenario((shop) => shop.ask("DELETE", "/health")),
  ],
  "GET /health 500 misconfigured": [scenario((shop) => shop.ask("GET", "/health"), WRONG)],
  "GET /health 500 events-misconfigured": [
    scenario((shop) => shop.ask("GET", "/health"), { EVENTS_URL: "http://shop.example/", EVENTS_SECRETS: SECRET }),
  ],
  "HEAD /health 200": [scenario((shop) => shop.ask("HEAD", "/health"))],
  "HEAD /health 500": [scenario((shop) => shop.ask("HEAD", "/health"), WRONG)],
};

/** What every relay of these tests has: a page that may post. */
export const USUAL = { ALLOWED_ORIGINS: JSON.stringify([PAGE]) };
