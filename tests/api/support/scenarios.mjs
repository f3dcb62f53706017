// How each documented answer comes about.
//
// In scope: the table, one scenario or more for every example of openapi.yaml. Not in scope: comparing.
import { FOREIGN_SECRET } from "../../support/secrets.mjs";
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

/** A scenario: what the shop does, and the settings of its relay that are not the usual ones. */
const scenario = (act, settings = {}) => ({ act, settings });

/** By operation, status and example: the scenarios that lead there. */
export const SCENARIOS = {
  "POST /webhook 200 sent": [scenario(once(MESSAGES.sms)), scenario(twice(MESSAGES.email))],
  "POST /webhook 200 pong": [scenario(once(MESSAGES.ping))],
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
  "POST /webhook 400 ping-with-other-data": [scenario(once({ ...MESSAGES.ping, data: null }))],
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
    scenario(once(MESSAGES.sms, { headers: { "content-encoding": "identity" } })),
  ],
  "POST /webhook 422 invalid-field": [
    scenario(once({ type: "link.send_sms", data: { id: "NB2 Zlz3", cellphone: "05321234567" } })),
  ],
  "POST /webhook 422 unknown-type": [scenario(once({ ...MESSAGES.sms, type: "link.delete" }))],
  "POST /webhook 422 webhook-id-reused": [
    scenario(async (shop) => {
      await (await shop.post(sms("NB2Zlz3"))).text();
      return shop.post(sms("NB2Zlz4"));
    }),
  ],
  "POST /webhook 422 paytr-rejected": [scenario(once(sms("sandbox-rejected"))), scenario(twice(sms("sandbox-rejected")))],
  "POST /webhook 429 recipient-limit": [
    scenario(
      async (shop) => {
        await (await shop.post(MESSAGES.sms)).text();
        return shop.post(MESSAGES.sms, { id: "msg_another" });
      },
      { SEND_LIMITS: '[{"count": 1, "seconds": 60}]' },
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
  // A text in the place of the ledger: to the door that is a platform which fails on the way there.
  "POST /webhook 503 ledger-unavailable": [scenario(once(MESSAGES.sms), { LEDGER: "none" })],
  "POST /webhook 504 timed-out": [scenario(once(sms("sandbox-hang")), QUICK), scenario(twice(sms("sandbox-hang")), QUICK)],
  "OPTIONS /webhook 204": [
    scenario((shop) =>
      shop.ask("OPTIONS", "/webhook", {
        headers: { "access-control-request-method": "POST", "access-control-request-headers": "webhook-id" },
      }),
    ),
    scenario((shop) => shop.ask("OPTIONS", "/webhook"), WRONG),
  ],
  "GET /health 200 healthy": [scenario((shop) => shop.ask("GET", "/health"))],
  "GET /health 405 method-not-allowed": [
    scenario((shop) => shop.ask("POST", "/health")),
    scenario((shop) => shop.ask("OPTIONS", "/health")),
  ],
  "GET /health 500 misconfigured": [scenario((shop) => shop.ask("GET", "/health"), WRONG)],
  "HEAD /health 200": [scenario((shop) => shop.ask("HEAD", "/health"))],
  "HEAD /health 500": [scenario((shop) => shop.ask("HEAD", "/health"), WRONG)],
};

/** What every relay of these tests has: a page that may post. */
export const USUAL = { ALLOWED_ORIGINS: JSON.stringify([PAGE]) };
