// The shop's orders, in one JSON file: what was ordered, its link, whom it was sent to, and what the relay told of payments.
//
// In scope: what an order is, and what changes it. Not in scope: asking the relay for anything. A shop of your own has a
// database instead; what counts is that an event and what it does to the order are written together, and before the relay
// is answered.
import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** What every customer of this shop buys. Prices in kuruş. */
const ITEMS = [
  { name: { tr: "Çay fincanı, kobalt mavisi", en: "Tea cup, cobalt blue" }, count: 2, price: 48_000 },
  { name: { tr: "Ekmek tabağı, sırlı", en: "Bread plate, glazed" }, count: 1, price: 62_000 },
];
/** PayTR's word for the lira, in which all of them are. */
const CURRENCY = "TL";
const FIRST_NUMBER = 1001;
/** Orders whose link was made elsewhere, under ids at which the sandbox misbehaves, so that every answer can be seen. */
const MADE_ELSEWHERE = { 901: "sandbox-slow", 902: "sandbox-failed", 903: "sandbox-hang" };

/** What is in the cart, before there is an order. */
export const cart = () => structuredClone(ITEMS);

export const total = ({ items }) => items.reduce((sum, { count, price }) => sum + count * price, 0);

export class Orders {
  #file;
  #data;

  /** Reads the file; one that is not there is a shop's first day. */
  constructor(file) {
    this.#file = file;
    try {
      this.#data = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
      this.#data = { orders: [], unmatched: [] };
      for (const [number, id] of Object.entries(MADE_ELSEWHERE)) this.#add({ number, link: { id } });
      this.#save();
    }
  }

  /** Newest first. */
  all() {
    return this.#data.orders.toReversed();
  }

  find(number) {
    return this.#data.orders.find((order) => order.number === number);
  }

  /** Events of payments that belong to no order. */
  get unmatched() {
    return this.#data.unmatched;
  }

  /**
   * One press of the button is one order, however often it arrives. `send` says whom the link is to be sent to, if
   * anybody: `{ channel, recipient }`. `link` is one that was made elsewhere.
   */
  place({ press, lang, send, link }) {
    const earlier = this.#data.orders.find((order) => order.press === press);
    if (earlier) return earlier;
    const placed = this.#data.orders.filter(({ number }) => Number(number) >= FIRST_NUMBER);
    const order = this.#add({ number: String(FIRST_NUMBER + placed.length), press, lang, send, link });
    this.#save();
    return order;
  }

  #add(more) {
    const order = { placedAt: Date.now(), items: cart(), isPaid: false, messages: [], events: [], ...more };
    this.#data.orders.push(order);
    return order;
  }

  change(order, changes) {
    Object.assign(order, changes);
    this.#save();
  }

  /** Keeps a message under its id, or what became of it. */
  keepMessage(order, message) {
    const earlier = order.messages.find(({ id }) => id === message.id);
    if (earlier) Object.assign(earlier, message);
    else order.messages.push({ at: Date.now(), ...message });
    this.#save();
  }

  /**
   * Takes an event of the relay, once. Only `link.paid` of a link for the order's own total makes an order paid. Everything
   * else has reasons, and waits for a person.
   */
  take(id, { type, data: { reference, link, payment, reasons = [] } }) {
    const order = this.find(reference);
    const events = order?.events ?? this.#data.unmatched;
    const earlier = events.find((event) => event.id === id);
    if (earlier) {
      earlier.times += 1;
    } else {
      const fits = order && link.price === total(order) && link.currency === CURRENCY;
      const pays = type === "link.paid" && fits && !order.isPaid;
      events.push({
        id,
        at: Date.now(),
        times: 1,
        merchantOid: payment.merchant_oid,
        amount: payment.total_amount,
        currency: link?.currency,
        // Money for another total, or for an order that is unknown or paid already, is for a person to look at too.
        reasons: type === "link.paid" && !pays ? [order && !order.isPaid ? "other_total" : "no_open_order"] : reasons,
      });
      if (pays) order.isPaid = true;
    }
    this.#save();
  }

  /** Notes what a person did about a payment. */
  refunded(order, id) {
    const event = order.events.find((event) => event.id === id);
    if (event?.reasons.length > 0) event.isRefunded = true;
    this.#save();
    return Boolean(event?.isRefunded);
  }

  /** Whole or not at all: a crash in the middle leaves the file as it was. */
  #save() {
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#data, null, 1), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/** Payments that a person has to decide on. */
export const openReviews = ({ events }) => events.filter(({ reasons, isRefunded }) => reasons.length > 0 && !isRefunded);

/** `preparing`, `failed`, `open`, `paid`, `review`, `refunded` or `deleted`. Parcels leave for `paid` alone. */
export function stateOf(order) {
  if (order.isPaid) return "paid";
  if (openReviews(order).length > 0) return "review";
  if (order.events.length > 0) return "refunded";
  if (order.isDeleted) return "deleted";
  if (order.link) return "open";
  return order.refusal ? "failed" : "preparing";
}
