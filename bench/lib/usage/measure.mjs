// What each operation uses of what the platform bills, counted in workerd: the built Worker with a counter around it
// (counted.js), the sandbox as PayTR, and a shop that takes events or does not.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { listen } from "../../../tests/support/listen.mjs";
import { startSandbox } from "../../../tests/support/sandbox.mjs";
import { age } from "../storage.mjs";
import { delivery, order, storefronts } from "../woocommerce.mjs";
import { Counted } from "./relay.mjs";

const PRICE = 158_000;
const PARTITIONS = 32;
const PATIENCE_MS = 30_000;
/** Nothing counted for so long: what an operation started has ended. */
const QUIET_MS = 150;
/** So many payments has a link, and sends a recipient, when one more of each is counted. */
const KEPT = [0, 10, 100];
/** So many links, and recipients, are stored to see how many bytes one takes, after so many that make every table. */
const STORED = { before: 160, measured: 640 };
const CALLERS = 16;

/** Counts every operation: `{ operations, growth, stored }`, the same on every machine but for a few bytes that are stored. */
export async function measureUsage() {
  const usage = await Usage.start();
  try {
    return await usage.measure();
  } finally {
    await usage.stop();
  }
}

class Usage {
  #customers = 0;
  #relay;
  /** By object: the size of its database. */
  #sizes = {};

  static async start() {
    const self = new Usage();
    self.sandbox = await startSandbox();
    self.shop = await startShop();
    await self.#startRelay();
    return self;
  }

  async #startRelay() {
    this.#relay = await Counted.start({
      PAYTR_BASE_URL: this.sandbox.url,
      // Limits, so that rows are looked through for them, and none that is reached.
      SEND_LIMITS: '[{"count": 1000, "seconds": 86400}]',
      EVENTS_URL: `${this.shop.url}/events`,
      STOREFRONTS: storefronts(this.shop.url),
    });
    // As after the first cron: every partition has its tables.
    await fetch(`${this.#relay.url}/cron`);
    await this.#settled();
  }

  async stop() {
    this.shop?.stop();
    await this.sandbox?.stop();
    await this.#relay?.stop();
  }

  async measure() {
    const operations = {};
    const measure = async (name, operation) => {
      await operation();
      operations[name] = await this.#settled();
      return operations[name];
    };
    await measure("ping", () => this.#post({ type: "relay.ping" }));

    let link;
    const id = "msg_usage_create";
    await measure("create", async () => (link = await this.#create({}, id)));
    await measure("replayed", () => this.#create({}, id));
    await measure("get", () => this.#post({ type: "link.get", data: { callback_id: link.callback_id } }));
    const phone = this.#phone();
    const send = () => this.#post({ type: "link.send_sms", data: { id: link.id, cell_phone: phone } });
    await measure("firstSend", send);
    await measure("nextSend", send);

    let sold;
    await measure("createWithSend", async () => (sold = await this.#create({ send: { cell_phone: this.#phone() } })));
    await measure("payment", () => this.#pay(sold));
    await measure("noticeAgain", () => this.#noticeAgain(sold));
    await measure("replay", () => this.#told(() => this.#post({ type: "event.replay", data: { callback_id: sold.callback_id } })));

    this.shop.status = 503;
    const unlucky = await this.#create({});
    await this.#settled();
    await measure("paymentNotTaken", () => this.#pay(unlucky));
    this.shop.status = 204;
    await measure("furtherTry", () => this.#told(() => {}));

    const deleted = await this.#create({});
    await this.#settled();
    await measure("delete", () => this.#post({ type: "link.delete", data: { callback_id: deleted.callback_id } }));
    const alsoDeleted = await this.#create({});
    await this.#settled();
    await measure("deleteByIds", () => this.#post({ type: "link.delete", data: { ids: [alsoDeleted.id] } }));

    await measure("order", () => this.#deliver());
    await measure("orderAgain", () => this.#deliver());
    await measure("orderPaid", async () => this.#pay(await this.#newestLink()));

    const growth = { payments: await this.#payments(), sends: await this.#sends(link) };
    Object.assign(operations, await this.#expiry());
    return { operations, growth, stored: await this.#stored(link) };
  }

  /** Bytes of a link that is paid, and of a recipient with one send. */
  async #stored({ id }) {
    const each = async (count, action) => {
      let next = 0;
      const caller = async () => {
        while (next < count) await action((next += 1));
      };
      await Promise.all(Array.from({ length: CALLERS }, caller));
      await this.#settled();
    };
    const links = async (count, from) => {
      await each(count, async (number) => this.#notice(await this.#create({}, `msg_stored_${from + number}`), from + number));
      return this.#bytes();
    };
    const recipients = async (count) => {
      await each(count, () => this.#post({ type: "link.send_sms", data: { id, cell_phone: this.#phone() } }));
      return this.#bytes();
    };
    const { before, measured } = STORED;
    await recipients(before);
    const none = await links(before, 0);
    const withLinks = await links(measured, before);
    const withBoth = await recipients(measured);
    return { link: Math.round((withLinks - none) / measured), recipient: Math.round((withBoth - withLinks) / measured) };
  }

  #bytes() {
    return Object.values(this.#sizes).reduce((sum, size) => sum + size, 0);
  }

  /** A link that is paid again and again: what one more payment reads and writes. */
  async #payments() {
    const link = await this.#create({ link_type: "flex", flex_max_price: PRICE, reusable: true });
    await this.#settled();
    return this.#growing((number) => this.#told(() => this.#notice(link, number)));
  }

  #sends(link) {
    const cell_phone = this.#phone();
    return this.#growing(() => this.#post({ type: "link.send_sms", data: { id: link.id, cell_phone } }));
  }

  /** What `one` more reads and writes when so many of them are kept. */
  async #growing(one) {
    const rows = [];
    let before = 0;
    for (const kept of KEPT) {
      for (; before < kept; before += 1) await one(before);
      await this.#settled();
      await one(before);
      before += 1;
      const { rowsRead, rowsWritten } = await this.#settled();
      rows.push({ kept, rowsRead, rowsWritten });
    }
    return rows;
  }

  /** What the daily look through all tables takes, and what more if a send, or a paid link, has been kept long enough. */
  async #expiry() {
    await this.#relay.stop();
    await this.#startRelay();
    // The first one has an alarm, which was set when the tables were made.
    await this.#sweptAfter(1);
    const sweep = await this.#sweptAfter(1);
    const link = await this.#create({ send: { cell_phone: this.#phone() } });
    await this.#pay(link);
    await this.#settled();
    const more = (used) => Object.fromEntries(Object.entries(used).map(([name, value]) => [name, value - sweep[name]]));
    const [sendExpires, linkExpires] = [more(await this.#sweptAfter(8)), more(await this.#sweptAfter(30))];
    return { sweep, sendExpires, linkExpires };
  }

  /** What is used when everything is older by so many days, until every partition has looked through its tables. */
  async #sweptAfter(days) {
    await this.#relay.restart((storage) => age(storage, days));
    // The look through the tables has no alarm of its own: the cron asks for it, and is counted by itself.
    await fetch(`${this.#relay.url}/cron`);
    const total = { objectRequests: -PARTITIONS };
    for (const deadline = Date.now() + PATIENCE_MS; (total.alarms ?? 0) < PARTITIONS; ) {
      for (const [name, value] of Object.entries(await this.#settled())) total[name] = (total[name] ?? 0) + value;
      if (Date.now() > deadline) throw new Error("the partitions do not look through their tables");
    }
    return total;
  }

  async #create(terms, id) {
    const data = { name: "Çay takımı", price: PRICE, link_type: "product", max_count: 1, reference: "1001", ...terms };
    if (data.link_type !== "product") delete data.max_count;
    return (await this.#post({ type: "link.create", data }, id)).link;
  }

  #post(message, id) {
    return this.#relay.answer(message, id);
  }

  /** A shop platform's delivery of an order that is to be paid by link. */
  async #deliver() {
    const { status } = await this.#relay.ask(delivery(order()));
    if (status !== 200) throw new Error(`the relay answered a delivery with ${status}`);
  }

  async #newestLink() {
    const { messages } = await (await fetch(`${this.sandbox.url}/outbox/messages`)).json();
    return { id: messages[0].link_id };
  }

  /** A payment, until the shop was told of it. */
  #pay({ id }) {
    return this.#told(() => this.#sandbox(`links/${id}/pay`, 201));
  }

  /** PayTR's notice, with a merchant_oid that looks random and is the same in every run: on it depends how full pages are. */
  #notice({ callback_id }, number) {
    const digits = createHash("sha256").update(`${number}`).digest().readUIntBE(0, 6) % 1e10;
    return this.#relay.notice(callback_id, `LNK${digits}`);
  }

  async #noticeAgain({ id }) {
    const answer = await fetch(`${this.sandbox.url}/sandbox/links/${id}`);
    const { payments } = await answer.json();
    await this.#sandbox(`payments/${payments[0].merchant_oid}/notify`, 202);
  }

  async #sandbox(path, expected) {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
    const { status } = await fetch(`${this.sandbox.url}/sandbox/${path}`, init);
    if (status !== expected) throw new Error(`the sandbox answered ${path} with ${status}`);
  }

  /** Does something, and waits until the shop got an event after it. */
  async #told(what) {
    const before = this.shop.events;
    await what();
    for (const deadline = Date.now() + PATIENCE_MS; this.shop.events === before; await sleep(10)) {
      if (Date.now() > deadline) throw new Error("the shop is not told");
    }
  }

  /** All that was used since the last time, once nothing more is. */
  async #settled() {
    const total = {};
    let isQuiet = false;
    while (!isQuiet) {
      await sleep(QUIET_MS);
      const { objects, ...counts } = await this.#relay.used();
      isQuiet = Object.values(counts).every((value) => value === 0);
      Object.assign(this.#sizes, objects);
      for (const [name, value] of Object.entries(counts)) total[name] = (total[name] ?? 0) + value;
    }
    return total;
  }

  #phone() {
    this.#customers += 1;
    return `0532${String(1_000_000 + this.#customers)}`;
  }
}

async function startShop() {
  const shop = { status: 204, events: 0 };
  const server = createServer(async (request, response) => {
    await request.resume().toArray();
    if (request.url.startsWith("/wp-json/")) {
      response.writeHead(200, { "content-type": "application/json" }).end(answerOfShop(request));
      return;
    }
    shop.events += 1;
    response.writeHead(shop.status).end();
  });
  return Object.assign(shop, await listen(server));
}

/** As much of WooCommerce as one order meets that has no notes yet. */
function answerOfShop({ method, url }) {
  if (method !== "GET") return "{}";
  return url.includes("/notes") ? "[]" : JSON.stringify({ id: 11, status: "on-hold", total: "1580.00", currency: "TRY", transaction_id: "" });
}
