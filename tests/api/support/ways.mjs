// How each documented answer comes about.
//
// In scope: the table, one line or more for every example of openapi.yaml. Not in scope: comparing.
import { FOREIGN_SECRET } from "../../examples/support/secrets.mjs";
import { DOCUMENT, MESSAGES } from "./document.mjs";
import { PAGE } from "./shop.mjs";

const { WebhookId, WebhookTimestamp, WebhookSignature } = DOCUMENT.components.parameters;
/** The secret that the headers' examples are signed with, as the document says. */
const DOCUMENTED_SECRET = /`(whsec_\S+)`/.exec(WebhookSignature.description)[1];

const QUICK = { PAYTR_TIMEOUT_MS: "500" };
const WRONG = { SEND_LIMITS: "none" };
const sms = (id, cell_phone = "05321234567") => ({ type: "link.send_sms", data: { id, cell_phone } });
const text = (body) => (shop) => shop.post(Buffer.from(body));
const once = (message, how) => (shop) => shop.post(message, how);
const twice = (message) => async (shop) => {
  await (await shop.post(message)).text();
  return shop.post(message);
};

/** A way to an answer: what the shop does, and the settings of its relay that are not the usual ones. */
const way = (act, settings = {}) => ({ act, settings });

/** By operation, status and example: the ways that lead there. */
export const WAYS = {
  "POST /webhook 200 sent": [way(once(MESSAGES.sms)), way(twice(MESSAGES.email))],
  "POST /webhook 200 pong": [way(once(MESSAGES.ping))],
  "POST /webhook 400 not-json": [way(text("type=link.send_sms"))],
  "POST /webhook 400 cut-off": [way(text('{"type": "link.send_sms", "data": {'))],
  "POST /webhook 400 not-utf-8": [way((shop) => shop.post(Buffer.from('{"type": "\u00fc"}', "latin1")))],
  "POST /webhook 400 byte-order-mark": [way(text('\ufeff{"type": "relay.ping"}'))],
  "POST /webhook 400 key-twice": [way(text('{"type": "link.send_sms", "type": "relay.ping"}'))],
  "POST /webhook 400 no-object": [way(once([MESSAGES.sms]))],
  "POST /webhook 400 no-type": [way(once({ data: MESSAGES.sms.data })), way(once({ ...MESSAGES.sms, type: 1 }))],
  "POST /webhook 400 too-many-members": [
    way(
      once({
        type: "link.send_sms",
        data: Object.fromEntries(Array.from({ length: 33 }, (_, number) => [`a${number}`, 1])),
      }),
    ),
  ],
  "POST /webhook 400 no-data": [way(once({ type: "link.send_sms" })), way(once({ type: "link.send_email", data: [] }))],
  "POST /webhook 400 ping-with-other-data": [way(once({ ...MESSAGES.ping, data: [] }))],
  "POST /webhook 401 invalid-signature": [
    way(once(MESSAGES.sms, { secret: FOREIGN_SECRET })),
    way(once(MESSAGES.sms, { id: "two.parts" })),
    way((shop) => shop.ask("POST", "/webhook", { headers: { "content-type": "application/json" }, body: "{}" })),
  ],
  // The examples of the three headers as they stand: this answer comes only if their signature is right.
  "POST /webhook 401 stale-timestamp": [
    way(
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
    way(once(MESSAGES.sms, { path: "/webhook/" })),
    way(once(MESSAGES.sms, { path: "//webhook" })),
  ],
  "POST /webhook 405 method-not-allowed": [
    way((shop) => shop.ask("GET", "/webhook")),
    way(once(MESSAGES.sms, { method: "PUT" })),
    way((shop) => shop.ask("DELETE", "/webhook")),
  ],
  "POST /webhook 409 in-progress": [
    way(async (shop) => {
      const message = sms("sandbox-hang", "05321234501");
      shop.post(message).catch(() => {});
      await shop.untilAsked("05321234501");
      return shop.post(message);
    }),
  ],
  "POST /webhook 413 body-too-large": [way((shop) => shop.post(Buffer.alloc(16_385, " ")))],
  "POST /webhook 415 unsupported-media-type": [
    way(once(MESSAGES.sms, { headers: { "content-type": "text/plain" } })),
    way(once(MESSAGES.sms, { headers: { "content-type": "application/json; charset=iso-8859-9" } })),
    way(once(MESSAGES.sms, { headers: { "content-encoding": "gzip" } })),
  ],
  "POST /webhook 422 invalid-field": [
    way(once({ type: "link.send_sms", data: { id: "NB2 Zlz3", cellphone: "05321234567" } })),
  ],
  "POST /webhook 422 unknown-type": [way(once({ ...MESSAGES.sms, type: "link.delete" }))],
  "POST /webhook 422 webhook-id-reused": [
    way(async (shop) => {
      await (await shop.post(sms("NB2Zlz3"))).text();
      return shop.post(sms("NB2Zlz4"));
    }),
  ],
  "POST /webhook 422 paytr-rejected": [way(once(sms("sandbox-rejected"))), way(twice(sms("sandbox-rejected")))],
  "POST /webhook 429 recipient-limit": [
    way(
      async (shop) => {
        await (await shop.post(MESSAGES.sms)).text();
        return shop.post(MESSAGES.sms, { id: "msg_another" });
      },
      { SEND_LIMITS: '[{"count": 1, "seconds": 60}]' },
    ),
  ],
  "POST /webhook 500 misconfigured": [way(once(MESSAGES.sms), WRONG), way(once(MESSAGES.ping), WRONG)],
  "POST /webhook 502 not-understood": ["sandbox-html", "sandbox-500", "sandbox-403", "sandbox-redirect", "sandbox-huge"].map((link) =>
    way(once(sms(link))),
  ),
  "POST /webhook 502 connection-lost": [
    way(once(sms("sandbox-closed"))),
    way(once(MESSAGES.sms), { PAYTR_BASE_URL: "http://127.0.0.1:9" }),
  ],
  "POST /webhook 502 interrupted": [
    way(async (shop) => {
      const message = sms("sandbox-hang", "05321234502");
      shop.post(message).catch(() => {});
      await shop.untilAsked("05321234502");
      await shop.restart();
      return shop.post(message);
    }),
  ],
  // A text in the place of the ledger: to the door that is a platform which fails on the way there.
  "POST /webhook 503 ledger-unavailable": [way(once(MESSAGES.sms), { LEDGER: "none" })],
  "POST /webhook 504 timed-out": [way(once(sms("sandbox-hang")), QUICK), way(twice(sms("sandbox-hang")), QUICK)],
  "OPTIONS /webhook 204": [
    way((shop) =>
      shop.ask("OPTIONS", "/webhook", {
        headers: { "access-control-request-method": "POST", "access-control-request-headers": "webhook-id" },
      }),
    ),
    way((shop) => shop.ask("OPTIONS", "/webhook"), WRONG),
  ],
  "GET /health 200 healthy": [way((shop) => shop.ask("GET", "/health"))],
  "GET /health 405 method-not-allowed": [
    way((shop) => shop.ask("POST", "/health")),
    way((shop) => shop.ask("PUT", "/health")),
  ],
  "GET /health 500 misconfigured": [way((shop) => shop.ask("GET", "/health"), WRONG)],
  "HEAD /health 200": [way((shop) => shop.ask("HEAD", "/health"))],
  "HEAD /health 500": [way((shop) => shop.ask("HEAD", "/health"), WRONG)],
};

/** What every relay of these tests has: a page that may post. */
export const USUAL = { ALLOWED_ORIGINS: JSON.stringify([PAGE]) };
