// A shop with a page: signs, posts, and knows its relay. And PayTR, where it tells the relay of a payment.
//
// Every relay names its links otherwise, and the document has one name for all of them. So a shop speaks as the document does:
// the documented callback_id stands for that of its own last link, in what goes out and in what comes back.
import { createHmac } from "node:crypto";
import { MERCHANT, SECRET, SHOP_SECRET } from "../../support/secrets.mjs";
import { until } from "../../support/until.mjs";
import { DOCUMENT, NOTICES } from "./document.mjs";

const PATIENCE_MS = 30_000;
const DOCUMENTED_LINK = NOTICES.paid.callback_id;
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
  return new URLSearchParams({ hash: hash ?? paytrHash(fields), ...fields });
}

function paytrHash({ callback_id, merchant_oid, status, total_amount }) {
  const { PAYTR_MERCHANT_KEY: key, PAYTR_MERCHANT_SALT: salt } = MERCHANT;
  const signed = [callback_id, merchant_oid, salt, status, total_amount].join("");
  return createHmac("sha256", key).update(signed).digest("base64");
}

export class Shop {
  #url;
  #outbox;
  /** What the relay calls the last link that the shop created. */
  #ownLink = DOCUMENTED_LINK;
  /** By a create's webhook-id: its link, as the first answer named it. */
  #links = {};
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

  #learn(id, json) {
    this.#links[id] ??= /"callback_id":"([0-9a-f]{64})"/.exec(json)?.[1];
    this.#ownLink = this.#links[id] ?? this.#ownLink;
  }

  /** JSON from the relay, in which its link has the documented name. */
  asDocumented(json) {
    return json.replaceAll(`"${this.#ownLink}"`, `"${DOCUMENTED_LINK}"`);
  }

  /** JSON for the relay, in which the documented link has the name of its own. */
  #asOwn(json) {
    return json.replaceAll(`"${DOCUMENTED_LINK}"`, `"${this.#ownLink}"`);
  }

  /**
   * Posts a message: a value, which is written as JSON, or bytes. `write` says how the right signature is written into
   * its header.
   */
  async post(message, { id = ID, method = "POST", path = "/webhook", headers, ...how } = {}) {
    const { timestamp = String(Math.floor(Date.now() / 1000)), secret = SECRET, write = (right) => right } = how;
    const body = Buffer.isBuffer(message) ? message : Buffer.from(this.#asOwn(JSON.stringify(message)));
    const signed = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": write(signature(secret, id, timestamp, body)),
    };
    const answer = await this.ask(method, path, { headers: { ...signed, ...headers }, body });
    const text = await answer.text();
    if (message.type === "link.create") this.#learn(id, text);
    return new Response(text === "" ? null : this.asDocumented(text), answer);
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

  /** Tells the relay of a payment, as PayTR does. A form that names the documented link and has its hash gets that of its own. */
  notify(form) {
    const fields = Object.fromEntries(new URLSearchParams(form));
    if (fields.callback_id === DOCUMENTED_LINK && fields.hash === paytrHash(fields) && this.#ownLink !== DOCUMENTED_LINK) {
      form = notice({ ...fields, hash: undefined, callback_id: this.#ownLink });
    }
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return this.ask("POST", "/callback", { headers, body: String(form), origin: "" });
  }

  /**
   * Posts a delivery as WooCommerce does, to the storefront `name`. `write` says how the right signature is written into its
   * header.
   */
  deliver(body, { name = "shop", topic = "order.updated", write = (right) => right } = {}) {
    const right = createHmac("sha256", SHOP_SECRET).update(body).digest("base64");
    const headers = { "x-wc-webhook-topic": topic, "x-wc-webhook-signature": write(right) };
    return this.ask("POST", `/hooks/${name}`, { headers: { ...headers, "content-type": "application/json" }, body });
  }

  /** Asks for a link's record until all its events have left the state `pending`. */
  async untilTold(get, how) {
    const isTold = ({ payments }) => payments.length > 0 && payments.every(({ event }) => event.state !== "pending");
    await until(() => this.done(get, how), isTold);
  }

  /** Waits until PayTR has been asked to send to a recipient, so many times. */
  async untilAsked(recipient, times = 1) {
    await until(() => this.#outbox.to(recipient), (messages) => messages.length >= times);
  }
}
