// A shop with a page: signs, posts, and knows its relay. And PayTR, where it tells the relay of a payment.
import { createHmac } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { MERCHANT, SECRET } from "../../support/secrets.mjs";
import { DOCUMENT } from "./document.mjs";

const PATIENCE_MS = 30_000;
const POLL_MS = 20;
const { WebhookId, Origin } = DOCUMENT.components.parameters;

/** The id that the documented answers are about. */
export const ID = WebhookId.example;
/** The page's origin in the document. */
export const PAGE = Origin.example;

/** The documented signature, written anew: `v1,` and the base64 of the HMAC over `id.timestamp.body`. */
export function signature(secret, id, timestamp, body) {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64")}`;
}

/** PayTR's notice with these fields, and the hash that the document describes, unless one is given. */
export function notice({ hash, ...fields }) {
  const { callback_id, merchant_oid, status, total_amount } = fields;
  const { PAYTR_MERCHANT_KEY: key, PAYTR_MERCHANT_SALT: salt } = MERCHANT;
  const signed = [callback_id, merchant_oid, salt, status, total_amount].join("");
  return new URLSearchParams({ hash: hash ?? createHmac("sha256", key).update(signed).digest("base64"), ...fields });
}

const now = () => String(Math.floor(Date.now() / 1000));

export class Shop {
  #url;
  #outbox;
  /** The last link that {@link Shop.done} has made. */
  link;

  /** `url` says where the relay is now; `restart` kills it and starts it again. */
  constructor({ url, outbox, restart }) {
    this.#url = url;
    this.#outbox = outbox;
    this.restart = restart;
  }

  /** Asks the relay from the shop's page, or from no page with an empty `origin`. */
  ask(method, path, { headers, body, origin = PAGE } = {}) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const all = { ...(origin && { origin }), ...headers };
    return fetch(`${this.#url()}${path}`, { method, headers: all, body, signal, redirect: "manual" });
  }

  /**
   * Posts a message: a value, which is written as JSON, or bytes. `write` says how the right signature is written into
   * its header.
   */
  post(
    message,
    {
      id = ID,
      timestamp = now(),
      secret = SECRET,
      write = (right) => right,
      method = "POST",
      path = "/webhook",
      headers,
    } = {},
  ) {
    const body = Buffer.isBuffer(message) ? message : Buffer.from(JSON.stringify(message));
    const signed = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": write(signature(secret, id, timestamp, body)),
    };
    return this.ask(method, path, { headers: { ...signed, ...headers }, body });
  }

  /** Posts a message and expects it to be done: resolves with the answer's body. */
  async done(message, how) {
    const answer = await this.post(message, how);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${answer.status} ${text}`);
    const body = JSON.parse(text);
    if (body.outcome === "created") this.link = body.link;
    return body;
  }

  /** Tells the relay of a payment, as PayTR does. */
  notify(form) {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return this.ask("POST", "/callback", { headers, body: String(form), origin: "" });
  }

  /** Asks for a link's record until all its events have left the state `pending`. */
  async untilTold(get, how) {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
      const { payments } = await this.done(get, how);
      if (payments.length > 0 && payments.every(({ event }) => event.state !== "pending")) return;
      await setTimeout(POLL_MS);
    }
    throw new Error("the events are still pending");
  }

  /** Waits until PayTR has been asked to send to a recipient. */
  async untilAsked(recipient) {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
      if ((await this.#outbox.to(recipient)).length > 0) return;
    }
    throw new Error("PayTR was not asked");
  }
}
