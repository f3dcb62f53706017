// The shop's back end: the page, the order, and a signed message for every press of the button.
//
// In scope: what may be asked for, and how often. Not in scope: sending; the page posts to the relay by itself, and the
// webhook secret stays here. A real shop asks who the customer is before any of this; here an order's number is enough.
import { readFile } from "node:fs/promises";
import { ORDERS } from "./orders.mjs";
import { CHANNELS, sign, webhookId } from "./sign.mjs";

/** The relay limits what one recipient gets; this limits how many recipients one order can write to. */
const MESSAGES_PER_ORDER = 10;
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
 * the relay's current webhook secret, `whsec_…`.
 */
export function shop({ relayUrl, secret }) {
  const messages = new Map(); // order number → ids. A shop keeps them with the order.
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
    const message = { relayUrl, secret, order, press, channel, recipient };
    const ids = messages.get(order.number) ?? new Set();
    const id = webhookId(message);
    if (!ids.has(id) && ids.size >= MESSAGES_PER_ORDER) return json(429, { code: "order-limit" });
    messages.set(order.number, ids.add(id));
    return json(200, sign(message));
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

function json(status, value) {
  return { status, more: { "content-type": "application/json" }, body: JSON.stringify(value) };
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
