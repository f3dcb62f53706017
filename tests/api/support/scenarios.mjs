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
const without = (name) =>
  callback(new URLSearchParams(Object.entries(NOTICES.paid).filter(([field]) => field !== name)));
const again = (name) => callback(`${notice(NOTICES.paid)}&${name}=x`);
/** Rightly signed, whatever is wrong with it. */
const signed = (fields) => callback(notice({ ...NOTICES.paid, hash: undefined, ...fields }));

const text = (body) => (shop) => shop.post(Buffer.from(body));
const once = (message, how) => (shop) => shop.post(message, how);
const twice = (message) => after(once(message), once(message));
const done = (message, how) => (shop) => shop.done(message, how);
const ask = (method, path, how) => (shop) => shop.ask(method, path, how);
/** One after the other: what the last one is answered is the answer. */
function after(...acts) {
  return async (shop) => {
    for (const act of acts.slice(0, -1)) await (await act(shop))?.text?.();
    return acts.at(-1)(shop);
  };
}
/** A link, and a payment of it of which the shop was told. */
const paidFor = after(done(create({ reference: "1001" })), callback(notice(NOTICES.paid)), (shop) =>
  shop.untilTold(MESSAGES.get, { id: OTHER_ID }),
);
/** A message while PayTR has not answered what came before, of the same recipient. */
const meanwhile = (recipient, { ids = [undefined], before = async () => {} } = {}) => async (shop) => {
  const message = sms("sandbox-hang", recipient);
  for (const id of ids) shop.post(message, { id }).catch(() => {});
  await shop.untilAsked(recipient, ids.length);
  await before(shop);
  return shop.post(message);
};

/** What every relay with storefronts has, and what a storefront's own webhook posts. */
const SHOPS = { STOREFRONTS };
const deliver = (order, how) => (shop) => shop.deliver(Buffer.from(JSON.stringify(order)), how);
const HOOK_PING = new URLSearchParams(HOOK_PINGS.ping);
const order = (members) => ({ ...DELIVERIES.order, ...members });

/**
 * By the name of each documented message: the name of the answer that it gets, under `id`; what happens before; and
 * the settings.
 */
const taken = (answer, settings = {}) => ({ answer, id: ID, before: async () => {}, settings });
const about = (answer, before, settings = {}) => ({ answer, id: OTHER_ID, before, settings });
const madeAndSent = done(MESSAGES["create-and-send"]);
export const TAKEN = {
  sms: taken("sent"),
  "sms-with-everything": taken("sent"),
  email: taken("sent"),
  "email-with-a-number": taken("sent"),
  create: taken("created"),
  "create-and-send": taken("created-and-sent", EVENTS_ON),
  "create-product": taken("created-with-qr", EVENTS_ON),
  "create-collection": taken("created", EVENTS_ON),
  "create-flex": taken("created", EVENTS_ON),
  delete: taken("deleted", OWN),
  "delete-own": about("deleted-own", done(MESSAGES.create)),
  get: about("found", madeAndSent),
  "get-further": about("found", madeAndSent),
  replay: about("replayed", paidFor, EVENTS_ON),
  "replay-since": about("replayed", paidFor, EVENTS_ON),
  "replay-dead": taken("none-replayed"),
  "list-links": about("listed-links", madeAndSent),
  "list-links-of-an-order": about("listed-links", madeAndSent),
  "list-links-further": taken("no-links-listed"),
  "list-events": taken("no-events-listed"),
  status: about("status", paidFor, EVENTS_ON),
  ping: taken("pong"),
  "ping-with-events": taken("pong-with-events", EVENTS_ON),
  "ping-with-data": taken("pong"),
};

/** A scenario: what the shop does, and the settings of its relay that are not the usual ones, if there are any. */
const scenario = (each) => {
  const [act, settings = {}] = [each].flat();
  return { act, settings };
};
const ANOTHER = { id: "msg_another" };
const OTHER = { id: OTHER_ID };
const WITH_LIMIT = { SEND_LIMITS: ONE_A_MINUTE };
const NO_LEDGER = { LEDGER: "none" };
const typed = (type) => once(MESSAGES.sms, { headers: type });
const HEALTH = ask("GET", "/health");
const inHex = (right) => Buffer.from(right, "base64").toString("hex");

/** By operation, status and example: the scenarios that lead there. */
const WAYS = {
  "POST /webhook 200 sent": [once(MESSAGES.sms), twice(MESSAGES.email)],
  "POST /webhook 200 created": [
    once(MESSAGES.create),
    [twice(MESSAGES.create), EVENTS_ON],
    once(create({ link_type: null, max_count: null, send: null, reference: null, email: null })),
  ],
  "POST /webhook 200 created-and-sent": [twice(MESSAGES["create-and-send"])],
  "POST /webhook 200 created-with-qr": [twice(MESSAGES["create-product"])],
  "POST /webhook 200 created-and-limited": [
    [after(done(MESSAGES.sms, OTHER), once(MESSAGES["create-and-send"])), WITH_LIMIT],
  ],
  "POST /webhook 200 created-and-obsolete": [
    [
      after(
        done(MESSAGES.sms, OTHER),
        madeAndSent,
        done(MESSAGES["delete-own"], ANOTHER),
        once(MESSAGES["create-and-send"]),
      ),
      WITH_LIMIT,
    ],
  ],
  "POST /webhook 200 deleted": [[twice(MESSAGES.delete), OWN]],
  "POST /webhook 200 deleted-own": [after(done(MESSAGES.create), once(MESSAGES["delete-own"], OTHER))],
  "POST /webhook 200 deleted-in-part": [
    [after(done(MESSAGES.delete), once(remove("NB2Zlz3", "NB2Zlz4", "NB2Zlz5"), OTHER)), OWN],
  ],
  "POST /webhook 200 found": [after(madeAndSent, once(MESSAGES.get))],
  "POST /webhook 200 found-paid": [[after(paidFor, once(MESSAGES.get)), EVENTS_ON]],
  "POST /webhook 200 found-unknown": [after(once(create({ name: "Sipariş sandbox-html" })), once(MESSAGES.get))],
  "POST /webhook 200 replayed": [
    [after(paidFor, once(MESSAGES.replay)), EVENTS_ON],
    // A payment of a link that the relay does not know has its event, too.
    after(callback(notice(NOTICES.least)), once(MESSAGES.replay)),
  ],
  "POST /webhook 200 none-replayed": [once(MESSAGES["replay-dead"])],
  "POST /webhook 200 listed-links": [
    after(madeAndSent, once({ type: "link.list", data: { state: "open", limit: 1 } }, OTHER)),
  ],
  "POST /webhook 200 no-links-listed": [once(MESSAGES["list-links-further"]), once({ type: "link.list", data: null })],
  "POST /webhook 200 listed-events": [
    [after(paidFor, once({ type: "event.list", data: { state: "delivered" } }, ANOTHER)), EVENTS_ON],
  ],
  "POST /webhook 200 no-events-listed": [once(MESSAGES["list-events"])],
  "POST /webhook 200 status": [[after(paidFor, once(MESSAGES.status, ANOTHER)), EVENTS_ON]],
  "POST /webhook 200 pong-with-events": [[once(MESSAGES["ping-with-events"]), EVENTS_ON]],
  "POST /webhook 200 pong": [once(MESSAGES.ping), once({ ...MESSAGES.ping, data: null })],
  "POST /webhook 200 pong-with-storefronts": [[once(MESSAGES.ping), SHOPS]],
  "POST /webhook 400 not-json": [text("type=link.send_sms")],
  "POST /webhook 400 cut-off": [text('{"type": "link.send_sms", "data": {')],
  "POST /webhook 400 not-utf-8": [text(Buffer.from('{"type": "\u00fc"}', "latin1"))],
  "POST /webhook 400 byte-order-mark": [text('\ufeff{"type": "relay.ping"}')],
  "POST /webhook 400 key-twice": [text('{"type": "link.send_sms", "type": "relay.ping"}')],
  "POST /webhook 400 no-object": [once([MESSAGES.sms])],
  "POST /webhook 400 no-type": [once({ data: MESSAGES.sms.data }), once({ ...MESSAGES.sms, type: 1 })],
  "POST /webhook 400 too-many-members": [
    once({ type: "link.send_sms", data: Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`a${at}`, 1])) }),
  ],
  "POST /webhook 400 no-data": [once({ type: "link.send_sms" }), once({ type: "link.send_email", data: [] })],
  "POST /webhook 400 ping-with-other-data": [once({ ...MESSAGES.ping, data: [] })],
  "POST /webhook 401 invalid-signature": [
    once(MESSAGES.sms, { secret: FOREIGN_SECRET }),
    once(MESSAGES.sms, { id: "two.parts" }),
    ask("POST", "/webhook", { headers: { "content-type": "application/json" }, body: "{}" }),
  ],
  // The examples of the three headers as they stand: this answer comes only if their signature is right.
  "POST /webhook 401 stale-timestamp": [
    [
      typed({
        "webhook-id": WebhookId.example,
        "webhook-timestamp": WebhookTimestamp.example,
        "webhook-signature": WebhookSignature.example,
      }),
      { WEBHOOK_SECRETS: DOCUMENTED_SECRET },
    ],
  ],
  "POST /webhook 404 not-found": ["/webhook/", "//webhook"].map((path) => once(MESSAGES.sms, { path })),
  "POST /webhook 404 link-not-found": [MESSAGES.get, MESSAGES.replay, MESSAGES["delete-own"]].map((each) => once(each)),
  "POST /webhook 405 method-not-allowed": [
    ask("GET", "/webhook"),
    once(MESSAGES.sms, { method: "PUT" }),
    ask("DELETE", "/webhook"),
  ],
  "POST /webhook 409 in-progress": [meanwhile("05321234501")],
  "POST /webhook 413 body-too-large": [text(Buffer.alloc(16_385, " "))],
  "POST /webhook 415 unsupported-media-type": [
    typed({ "content-type": "text/plain" }),
    typed({ "content-type": "application/json; charset=iso-8859-9" }),
    typed({ "content-encoding": "gzip" }),
  ],
  "POST /webhook 422 invalid-field": [
    once({ type: "link.send_sms", data: { id: "NB2 Zlz3", cellphone: "05321234567" } }),
  ],
  "POST /webhook 422 invalid-link": [
    once(create({ price: 14.45, link_type: "collection", max_count: 1, callback_link: "https://shop.example" })),
  ],
  "POST /webhook 422 expired": [once(create({ expiry_date: "2025-12-31T23:59:59+03:00" }))],
  "POST /webhook 422 unknown-type": [once({ ...MESSAGES.sms, type: "link.update" })],
  "POST /webhook 422 webhook-id-reused": [
    after(once(sms("NB2Zlz3")), once(sms("NB2Zlz4"))),
    after(done(create()), once(create({ price: 158001 }))),
  ],
  "POST /webhook 422 paytr-rejected": [once(sms("sandbox-rejected")), twice(sms("sandbox-rejected"))],
  "POST /webhook 422 create-rejected": [twice(create({ name: "Sipariş sandbox-400-json" }))],
  "POST /webhook 422 delete-rejected": [
    [twice(remove("sandbox-rejected")), OWN],
    [after(done(MESSAGES.delete), once(MESSAGES.delete, OTHER)), OWN],
  ],
  "POST /webhook 429 recipient-limit": [[after(once(MESSAGES.sms), once(MESSAGES.sms, ANOTHER)), WITH_LIMIT]],
  "POST /webhook 500 misconfigured": [[once(MESSAGES.sms), WRONG], [once(MESSAGES.ping), WRONG]],
  "POST /webhook 502 not-understood": ["sandbox-html", "sandbox-500", "sandbox-redirect", "sandbox-huge"].map((link) =>
    once(sms(link)),
  ),
  "POST /webhook 502 connection-lost": [
    once(sms("sandbox-closed")),
    [once(MESSAGES.sms), { PAYTR_BASE_URL: "http://127.0.0.1:9" }],
  ],
  "POST /webhook 502 interrupted": [meanwhile("05321234502", { before: (shop) => shop.restart() })],
  "POST /webhook 502 create-not-understood": [
    ...["html", "empty", "no-id", "odd-id", "no-link", "http-link", "javascript-link"].map((word) =>
      once(create({ name: `Sipariş sandbox-${word}` })),
    ),
    [twice(create({ name: "Sipariş sandbox-500" })), EVENTS_ON],
  ],
  "POST /webhook 502 delete-not-understood": [
    [twice(remove("sandbox-html")), OWN],
    [once(remove("NB2Zlz3", "sandbox-unknown-status")), OWN],
  ],
  // A text in the place of the ledger: to the router that is a platform which fails on the way there.
  "POST /webhook 503 ledger-unavailable": [
    [once(MESSAGES.sms), NO_LEDGER],
    // One recipient is of one partition, and four of its requests may wait for PayTR at once.
    meanwhile("05321234503", { ids: ["msg_1", "msg_2", "msg_3", "msg_4"] }),
  ],
  "POST /webhook 504 timed-out": [[once(sms("sandbox-hang")), QUICK], [twice(sms("sandbox-hang")), QUICK]],
  "POST /webhook 504 create-timed-out": [[twice(create({ name: "Sipariş sandbox-hang" })), QUICK]],
  "POST /webhook 504 delete-timed-out": [[twice(remove("sandbox-hang")), { ...OWN, ...QUICK }]],
  "OPTIONS /webhook 204": [
    ask("OPTIONS", "/webhook", {
      headers: { "access-control-request-method": "POST", "access-control-request-headers": "webhook-id" },
    }),
    [ask("OPTIONS", "/webhook"), WRONG],
  ],
  "POST /callback 200 ok": [
    callback(new URLSearchParams(NOTICES.paid)),
    callback(new URLSearchParams(NOTICES.least)),
    signed({ more: "1", currency: "₺", test_mode: "maybe" }),
    signed({ total_amount: "1580.00" }),
    signed({ total_amount: "1".repeat(16) }),
    callback(`${notice({ ...NOTICES.paid, more: "1" })}&more=2`),
    [after(callback(notice(NOTICES.paid)), callback(notice(NOTICES.paid))), EVENTS_ON],
  ],
  "POST /callback 400 bad-hash": [
    callback(notice({ ...NOTICES.paid, total_amount: "158001" })),
    callback(notice({ ...NOTICES.paid, status: "failed" })),
    callback(notice({ ...NOTICES.paid, hash: "bm90IGEgaGFzaA==" })),
    // The boundary between two signed fields, moved.
    callback(notice({ ...NOTICES.paid, callback_id: `${NOTICES.paid.callback_id.slice(1)}0` })),
  ],
  "POST /callback 400 too-large": [signed({ more: "x".repeat(16_384) })],
  "POST /callback 400 no-hash": [without("hash"), callback(""), callback("{}")],
  "POST /callback 400 no-callback-id": [without("callback_id")],
  "POST /callback 400 no-merchant-oid": [without("merchant_oid")],
  "POST /callback 400 no-status": [without("status")],
  "POST /callback 400 no-total-amount": [without("total_amount")],
  "POST /callback 400 hash-twice": [again("hash")],
  "POST /callback 400 callback-id-twice": [again("callback_id")],
  "POST /callback 400 merchant-oid-twice": [again("merchant_oid")],
  "POST /callback 400 status-twice": [again("status")],
  "POST /callback 400 total-amount-twice": [again("total_amount")],
  "POST /callback 400 other-field-twice": [again("test_mode"), again("currency")],
  "POST /callback 400 other-callback-id": ["1001", "0".repeat(63), "A".repeat(64)].map((callback_id) =>
    signed({ callback_id }),
  ),
  "POST /callback 400 odd-merchant-oid": ["", "LNK 1", "x".repeat(65)].map((merchant_oid) => signed({ merchant_oid })),
  "POST /callback 400 odd-status": ["success1", ""].map((status) => signed({ status })),
  "POST /callback 400 odd-total-amount": ["-1", ".5", "1 580", "158000₺"].map((amount) =>
    signed({ total_amount: amount }),
  ),
  "POST /callback 405 method-not-allowed": ["GET", "PUT", "DELETE"].map((method) => ask(method, "/callback")),
  "POST /callback 500 misconfigured": [[signed({}), WRONG]],
  "POST /callback 500 not-stored": [[signed({}), NO_LEDGER]],
  "POST /hooks/{name} 200 stored": [
    [deliver(DELIVERIES.order), SHOPS],
    [deliver(DELIVERIES.deleted, { topic: "order.deleted" }), SHOPS],
    // A status that nobody knows closes a link, and there may be one to close.
    [deliver(order({ status: "processing" })), SHOPS],
  ],
  "POST /hooks/{name} 200 ignored": ["cod", ""].map((method) => [deliver(order({ payment_method: method })), SHOPS]),
  "POST /hooks/{name} 200 unreadable": [[deliver({ order: DELIVERIES.order }), SHOPS]],
  "POST /hooks/{name} 200 pong": [[ask("POST", "/hooks/second", { body: HOOK_PING }), SHOPS]],
  "POST /hooks/{name} 401 invalid-signature": [
    [deliver(DELIVERIES.order, { name: "second" }), SHOPS],
    [deliver(DELIVERIES.order, { write: inHex }), SHOPS],
    [deliver(DELIVERIES.order, { write: (right) => right.replace("=", "") }), SHOPS],
    [ask("POST", "/hooks/shop", { body: JSON.stringify(DELIVERIES.order) }), SHOPS],
    [ask("POST", "/hooks/shop", { body: "webhook_id=1&more=1" }), SHOPS],
  ],
  "POST /hooks/{name} 404 not-found": [
    deliver(DELIVERIES.order),
    ...["another", "shop/", ""].map((name) => [deliver(DELIVERIES.order, { name }), SHOPS]),
  ],
  "POST /hooks/{name} 405 method-not-allowed": ["GET", "PUT", "DELETE"].map((method) => [
    ask(method, "/hooks/shop"),
    SHOPS,
  ]),
  "POST /hooks/{name} 413 body-too-large": [[(shop) => shop.deliver(Buffer.alloc(512 * 1024 + 1, " ")), SHOPS]],
  "POST /hooks/{name} 500 misconfigured": [[deliver(DELIVERIES.order), { ...SHOPS, ...WRONG }]],
  "POST /hooks/{name} 503 ledger-unavailable": [[deliver(DELIVERIES.order), { ...SHOPS, ...NO_LEDGER }]],
  "GET /health 200 storefronts": [[HEALTH, SHOPS]],
  "GET /health 200 events-on": [[HEALTH, EVENTS_ON]],
  "GET /health 200 healthy": [HEALTH],
  "GET /health 405 method-not-allowed": [ask("POST", "/health"), ask("DELETE", "/health")],
  "GET /health 500 misconfigured": [[HEALTH, WRONG]],
  "GET /health 500 events-misconfigured": [
    [HEALTH, { EVENTS_URL: "http://shop.example/", EVENTS_SECRETS: SECRET }],
  ],
  "HEAD /health 200": [ask("HEAD", "/health")],
  "HEAD /health 500": [[ask("HEAD", "/health"), WRONG]],
};
export const SCENARIOS = Object.fromEntries(Object.entries(WAYS).map(([place, ways]) => [place, ways.map(scenario)]));

/** What every relay of these tests has: a page that may post. */
export const USUAL = { ALLOWED_ORIGINS: JSON.stringify([PAGE]) };
