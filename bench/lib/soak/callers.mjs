// Everybody who asks the relay for something: a shop's back end that retries until it has an answer, with clients that
// leave in the middle, and customers who pay.

import { setTimeout as sleep } from "node:timers/promises";
import { withId } from "../requests.mjs";

/** One of each now and then, by weight. */
const STEPS = { create: 6, createWithSends: 8, send: 10, replay: 8, pay: 12, get: 6, replayEvents: 3, leave: 6 };
const RECIPIENTS = 150;
const PRICE = 158_000;
const RETRY_MS = 150;
/** A client that leaves does so within this. */
const LEAVES_WITHIN_MS = 40;
const PATIENCE_MS = 120_000;

export class Callers {
  /** By `webhook-id`: `{ id, body, type, link, recipient, answer }`; `answer` is `{ status, text }`, once there is one. */
  messages = new Map();
  /** Links with an address: what the relay said of them, and their `kind`. */
  links = [];
  /** Payments that PayTR took: `{ merchantOid, callbackId, linkId }`. */
  payments = [];
  /** By `callback_id`: times at which its events were asked for again. */
  replayedAt = new Map();
  /** What must not be, in words. */
  wrong = [];
  counts = {};
  #sent = new Set();
  #reads = 0;

  constructor(random, relay, sandbox) {
    Object.assign(this, { random, relay, sandbox });
  }

  /** One step; the first are creates, as there is nothing else to do yet. */
  async step() {
    const wanted = this.random.weighted(STEPS);
    const step = this.links.length > 0 ? wanted : "create";
    this.counts[step] = (this.counts[step] ?? 0) + 1;
    try {
      await this[step]();
    } catch (error) {
      this.wrong.push(`${step}: ${error.message}`);
    }
  }

  async create(send) {
    await this.#answered(this.#createMessage(send));
  }

  async createWithSends() {
    await this.create({ cell_phone: this.#phone(), ...(this.random.below(2) === 0 ? { email: this.#email() } : {}) });
  }

  async send() {
    await this.#answered(this.#sendMessage());
  }

  /** Asks for something once more that was answered. */
  async replay() {
    const answered = [...this.messages.values()].filter(({ answer }) => answer);
    if (answered.length > 0) await this.isAnsweredAlike(this.random.of(answered));
  }

  async pay() {
    const link = this.random.of(this.links);
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
    const answer = await fetch(`${this.sandbox}/sandbox/links/${link.id}/pay`, init);
    const { merchant_oid } = await answer.json();
    // 409: it cannot be paid again.
    if (answer.status === 201) this.payments.push({ merchantOid: merchant_oid, callbackId: link.callback_id, linkId: link.id });
    else if (answer.status !== 409) throw new Error(`the sandbox answered ${answer.status}`);
  }

  async get() {
    const { callback_id } = this.random.of(this.links);
    await this.#asked({ type: "link.get", data: { callback_id } }, 200);
  }

  async replayEvents() {
    const { callbackId: callback_id } = this.payments.length > 0 ? this.random.of(this.payments) : {};
    if (!callback_id) return;
    this.replayedAt.set(callback_id, [...(this.replayedAt.get(callback_id) ?? []), Date.now()]);
    // 404: PayTR's notice is still on its way.
    await this.#asked({ type: "event.replay", data: { callback_id } }, 200, 404);
  }

  /** A client that leaves in the middle, and asks again later under the same id. */
  async leave() {
    const message = this.random.below(2) === 0 ? this.#sendMessage() : this.#createMessage();
    const patience = AbortSignal.timeout(this.random.below(LEAVES_WITHIN_MS));
    await this.relay.ask(withId(message.body, message.id), patience).catch(() => {});
    await sleep(this.random.below(RETRY_MS));
    await this.#answered(message);
  }

  /** Whether an answered message has the same answer again. Notes it if not. */
  async isAnsweredAlike(message) {
    const { status, text } = await this.#final(message);
    const { answer } = message;
    if (status !== answer.status || text !== answer.text) {
      this.wrong.push(`${message.id} was answered ${answer.status} ${answer.text}, and then ${status} ${text}`);
    }
  }

  #createMessage(send) {
    const kind = this.random.weighted({ product: 6, collection: 2, flex: 2 });
    const terms = {
      product: { link_type: "product", max_count: 1 },
      collection: { link_type: "collection", email: "satis@example.com" },
      flex: { link_type: "flex", flex_max_price: PRICE, reusable: true },
    }[kind];
    const expiry_date = "2038-12-31T23:59:59+03:00";
    // The sandbox takes its time over the second.
    const name = this.random.weighted({ "Çay takımı": 97, "Çay takımı sandbox-slow": 3 });
    const data = { name, price: PRICE, reference: "1001", expiry_date, ...terms, send };
    return this.#message("link.create", data);
  }

  /** To a recipient that did not get this link before, so that PayTR's requests can be told from one another. */
  #sendMessage() {
    const isSms = this.random.below(3) > 0;
    for (;;) {
      const { id } = this.random.of(this.links);
      const recipient = isSms ? this.#phone() : this.#email();
      if (this.#sent.has(`${id} ${recipient}`)) continue;
      this.#sent.add(`${id} ${recipient}`);
      return isSms
        ? this.#message("link.send_sms", { id, cell_phone: recipient })
        : this.#message("link.send_email", { id, email: recipient });
    }
  }

  #message(type, data) {
    const id = `msg_soak_${this.messages.size}`;
    const message = { id, type, data, body: JSON.stringify({ type, data }) };
    this.messages.set(id, message);
    return message;
  }

  async #answered(message) {
    message.answer = await this.#final(message);
    if (message.type !== "link.create" || message.answer.status !== 200) return;
    const { link } = JSON.parse(message.answer.text);
    for (const recipient of Object.values(message.data.send ?? {})) this.#sent.add(`${link.id} ${recipient}`);
    this.links.push(link);
  }

  async #asked({ type, data }, ...expected) {
    const message = { id: `msg_soak_read_${(this.#reads += 1)}`, body: JSON.stringify({ type, data }) };
    const { status, text } = await this.#final(message, expected);
    if (!expected.includes(status)) throw new Error(`${type} was answered ${status} ${text}`);
  }

  /** Asks until there is an answer that stays: what a shop does that follows the README. */
  async #final(message, expected = [200]) {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(RETRY_MS)) {
      const answer = await this.relay.ask(withId(message.body, message.id)).catch(() => undefined);
      if (!answer) continue;
      if (expected.includes(answer.status)) return answer;
      const { code } = JSON.parse(answer.text);
      if (code === "outcome-unknown" || code === "paytr-rejected") return answer;
      if (code !== "in-progress" && code !== "ledger-unavailable") throw new Error(`${message.id}: ${answer.status} ${answer.text}`);
    }
    throw new Error(`${message.id} has no answer after ${PATIENCE_MS / 1000} s`);
  }

  #phone() {
    return `0532${String(1_000_000 + this.random.below(RECIPIENTS))}`;
  }

  #email() {
    return `musteri${this.random.below(RECIPIENTS)}@example.com`;
  }
}
