// The shop's back end: the page, the order, and a signed message for every press of the button.
//
// In scope: what may be asked for, and how often. Not in scope: sending; the page posts to the relay by itself, and the
// webhook secret stays here. A real shop asks who the customer is before any of this; here an order's number is enough.
import { readFile } from "node:fs/promises";
import { ORDERS } from "./orders.mjs";
import { CHANNELS, sign, webhookId } from "./sign.mjs";

/**
 * The relay limits what one recipient gets; this limits how many recipients one order can write to. Mistyped ones count:
 * only the relay knows them, and the page could say of all that they were. So the time is short enough to wait for.
 */
const LIMIT = { count: 10, seconds: 600 };
const MAX_BODY_BYTES = 4096;
const MAX_RECIPIENT_CHARS = 200;
const PRESS = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const TYPES = { css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8", svg: "image/svg+xml" };
const FILE = /^\/page\/([a-z]+\.(css|js|svg))$/;
const ORDER = /^\/orders\/(\d+)$/;
const API = /^\/api\/orders\/(\d+)(\/messages)?$/;

/**
 * Makes the listener of a `node:http` server.
 *
 * `relayUrl` is where the page finds the relay; the relay's ALLOWED_ORIGINS must hold this shop's origin. `secret` is
 * the relay's current webhook secret, `whsec_…`. `now` is the time in milliseconds.
 */
export function shop({ relayUrl, secret, now = Date.now }) {
  // Order number → id → the recipient as first written, and when. A shop keeps them with the order.
  const messages = new Map([...ORDERS.keys()].map((number) => [number, new Map()]));
  const headers = {
    "cache-control": "no-store",
    "content-security-policy":
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; ` +
      `frame-ancestors 'none'; connect-src 'self' ${new URL(relayUrl).origin}`,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };

  async function answer(request) {
    const [pathname] = request.url.split("?");
    const asked = `${request.method} ${pathname}`;
    if (asked === "GET /") return { status: 302, more: { location: "/orders/1001" } };
    const [, file, kind] = pathname.match(FILE) ?? [];
    if (file && request.method === "GET") return fileAnswer(file, TYPES[kind]);
    const [, api, signing] = pathname.match(API) ?? [];
    const order = ORDERS.get(api ?? pathname.match(ORDER)?.[1]);
    if (!order) return json(404, { code: "not-found" });
    if (signing) return request.method === "POST" ? signed(request, order) : json(405, { code: "method-not-allowed" });
    if (request.method !== "GET") return json(405, { code: "method-not-allowed" });
    return api ? json(200, { number: order.number, items: order.items }) : fileAnswer("index.html", "text/html; charset=utf-8");
  }

  /** Takes from the page whom to write to and how, and the press's name. Everything else is the shop's decision. */
  async function signed(request, order) {
    // A page of another origin cannot send this content type without a preflight, which nobody answers here.
    if (request.headers["content-type"] !== "application/json") return json(415, { code: "unsupported-media-type" });
    const { press, channel, recipient } = Object(await readJson(request));
    const isText = typeof recipient === "string" && recipient.length > 0 && recipient.length <= MAX_RECIPIENT_CHARS;
    if (!isText || !CHANNELS.includes(channel) || typeof press !== "string" || !PRESS.test(press)) {
      return json(400, { code: "malformed" });
    }
    const signedBefore = messages.get(order.number);
    const id = webhookId({ order, press, channel, recipient });
    if (!signedBefore.has(id)) {
      const wait = secondsToWait(signedBefore);
      if (wait > 0) return json(429, { code: "order-limit" }, { "retry-after": String(wait) });
      signedBefore.set(id, { recipient, at: now() });
    }
    // One id is one message to the letter, however the recipient is written the next time.
    return json(200, sign({ relayUrl, secret, order, press, channel, recipient: signedBefore.get(id).recipient }));
  }

  /** Until one more message may go out; 0 if it may now. */
  function secondsToWait(signedBefore) {
    const oldest = [...signedBefore.values()].at(-LIMIT.count);
    return oldest ? Math.max(0, Math.ceil((oldest.at - now()) / 1000 + LIMIT.seconds)) : 0;
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

function json(status, value, more) {
  return { status, more: { "content-type": "application/json", ...more }, body: JSON.stringify(value) };
}

async function fileAnswer(name, type) {
  const body = await readFile(new URL(`page/${name}`, import.meta.url)).catch(() => undefined);
  return body ? { status: 200, more: { "content-type": type }, body } : json(404, { code: "not-found" });
}

async function readJson(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > MAX_BODY_BYTES) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
