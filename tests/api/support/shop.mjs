// A shop with a page: signs, posts, and knows its relay.
import { createHmac } from "node:crypto";
import { SECRET } from "../../support/secrets.mjs";
import { DOCUMENT } from "./document.mjs";

const PATIENCE_MS = 30_000;
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

const now = () => String(Math.floor(Date.now() / 1000));

export class Shop {
  #url;
  #outbox;

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

  /** Waits until PayTR has been asked to send to a recipient. */
  async untilAsked(recipient) {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
      if ((await this.#outbox.to(recipient)).length > 0) return;
    }
    throw new Error("PayTR was not asked");
  }
}
