// The shop's back end: pages, orders, a signed message for every press of the button, and the relay's events.
//
// In scope: what a customer may ask for, and how often. Not in scope: what the staff may (staff.mjs). The page posts signed
// messages to the relay by itself, and the secrets stay here. A real shop asks who the customer is before any of this; here
// an order's number is enough.
import { readFile } from "node:fs/promises";
import { receiver } from "../receive.mjs";
import { FIELDS } from "../send.mjs";
import { linkMaker } from "./links.mjs";
import { cart, stateOf } from "./orders.mjs";
import { isPress, json, readJson } from "./requests.mjs";
import { sign } from "./sign.mjs";
import { staffRoutes } from "./staff.mjs";

/** Where the relay's events arrive: the path of its EVENTS_URL. */
export const EVENTS_PATH = "/paytr-events";
/**
 * The relay limits what one recipient gets; this limits how many recipients one order can write to. Mistyped ones count:
 * only the relay knows them, and the page could say of all that they were. So the time is short enough to wait for.
 */
const LIMIT = { count: 10, seconds: 600 };
const MAX_RECIPIENT_CHARS = 200;

const TYPES = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/**
 * Makes the listener of a `node:http` server.
 *
 * `relay` is `{ url, secret }`: where the shop and its page find the relay, whose ALLOWED_ORIGINS must hold this shop's
 * origin, and its current webhook secret, `whsec_…`. `eventsSecrets` is its EVENTS_SECRETS. `orders` are the shop's own.
 * `mishaps`, in the demo alone, lets the staff bring some about. `now` is the time in milliseconds.
 */
export function shop({ relay, eventsSecrets, orders, mishaps, now = Date.now }) {
  const makeLink = linkMaker({ orders, relay });
  const receive = receiver(eventsSecrets, (id, event) => orders.take(id, event));
  const headers = {
    "cache-control": "no-store",
    "content-security-policy":
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; ` +
      `frame-ancestors 'none'; connect-src 'self' ${new URL(relay.url).origin}`,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
  const ofOrder = (respond) => (request, number, ...more) => {
    const order = orders.find(number);
    return order ? respond(order, request, ...more) : json(404, { code: "not-found" });
  };
  /** Method, path, and what answers; it gets what the path has in brackets. */
  const routes = [
    ["GET", /^\/$/, () => file("index.html")],
    ["GET", /^\/orders\/(\d+)$/, ofOrder(() => file("index.html"))],
    ["GET", /^\/page\/([a-z-]+\.(?:css|js|svg))$/, (_, name) => file(name)],
    ["GET", /^\/api\/cart$/, () => json(200, { items: cart() })],
    ["POST", /^\/api\/orders$/, place],
    ["GET", /^\/api\/orders\/(\d+)$/, ofOrder((order) => json(200, viewOf(order)))],
    ["POST", /^\/api\/orders\/(\d+)\/messages$/, ofOrder(signOne)],
    ["POST", new RegExp(`^${EVENTS_PATH}$`), takeEvent],
    ["GET", /^\/staff$/, () => file("staff.html")],
    ...staffRoutes({ relay, orders, makeLink, mishaps, ofOrder }),
  ];
  // Those that the shop's last run did not get to.
  for (const order of orders.all()) makeLink(order);

  async function answer(request) {
    const [pathname] = request.url.split("?");
    const fitting = routes.filter(([, path]) => path.test(pathname));
    const [, path, respond] = fitting.find(([method]) => method === request.method) ?? [];
    if (respond) return respond(request, ...pathname.match(path).slice(1));
    return fitting.length > 0 ? json(405, { code: "method-not-allowed" }) : json(404, { code: "not-found" });
  }

  /** The order is kept before anybody is asked for its link, so that nothing that fails after this can lose it. */
  async function place(request) {
    const asked = await readJson(request);
    if (!asked) return json(415, { code: "unsupported-media-type" });
    const { press, lang, send } = asked;
    if (!isPress(press) || !["tr", "en"].includes(lang) || (send !== undefined && !isSend(send))) {
      return json(400, { code: "malformed" });
    }
    const order = orders.place({ press, lang, send: send && { channel: send.channel, recipient: send.recipient } });
    makeLink(order);
    return json(201, { number: order.number, send: order.send });
  }

  /** What the page may know of an order. */
  function viewOf(order) {
    const state = stateOf(order);
    const { channel, outcome, reason, waitUntil = 0 } = order.messages.find(({ by }) => by === "order") ?? {};
    const seconds = Math.max(0, Math.ceil((waitUntil - now()) / 1000));
    return {
      number: order.number,
      items: order.items,
      state,
      payAt: state === "open" ? order.link.url : undefined,
      sent: outcome && { channel, outcome, reason, seconds },
    };
  }

  /** Takes from the page whom to write to and how, and the press's name. Everything else is the shop's decision. */
  async function signOne(order, request) {
    const asked = await readJson(request);
    if (!asked) return json(415, { code: "unsupported-media-type" });
    const { press, channel, recipient } = asked;
    if (!isPress(press) || !isSend(asked)) return json(400, { code: "malformed" });
    if (stateOf(order) !== "open") return json(409, { code: "not-open" });
    const message = sign({ relay, order, press, channel, recipient });
    const id = message.headers["webhook-id"];
    const earlier = order.messages.find((message) => message.id === id);
    // One id is one message to the letter, however the recipient is written the next time.
    if (earlier) return json(200, sign({ relay, order, press, channel, recipient: earlier.recipient }));
    const wait = secondsToWait(order);
    if (wait > 0) return json(429, { code: "order-limit" }, { "retry-after": String(wait) });
    orders.keepMessage(order, { id, by: "page", channel, recipient, at: now() });
    return json(200, message);
  }

  /** Until one more message may go out; 0 if it may now. */
  function secondsToWait(order) {
    const oldest = order.messages.filter(({ by }) => by !== "staff").at(-LIMIT.count);
    return oldest ? Math.max(0, Math.ceil((oldest.at - now()) / 1000 + LIMIT.seconds)) : 0;
  }

  /** The relay comes again until it gets 2xx. */
  async function takeEvent(request) {
    return { status: mishaps?.isShopDown ? 503 : await receive(request) };
  }

  return (request, response) => {
    answer(request)
      .catch((error) => {
        console.error(error);
        return json(500, { code: "broken" });
      })
      .then(({ status, more, body }) => response.writeHead(status, { ...headers, ...more }).end(body));
  };
}

/** Whether it says whom to write to, and how. */
function isSend(send) {
  const { channel, recipient } = Object(send);
  const isText = typeof recipient === "string" && recipient.length > 0 && recipient.length <= MAX_RECIPIENT_CHARS;
  return isText && Object.hasOwn(FIELDS, channel);
}

async function file(name) {
  const body = await readFile(new URL(`page/${name}`, import.meta.url)).catch(() => undefined);
  const type = TYPES[name.split(".").pop()];
  return body ? { status: 200, more: { "content-type": type }, body } : json(404, { code: "not-found" });
}
