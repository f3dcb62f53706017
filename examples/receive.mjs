// Receives the relay's events in a shop: Node 22.13 or later and the official `standardwebhooks`.
//
//   npm install standardwebhooks
//   export EVENTS_SECRET=whsec_… SHOP_DB=shop.sqlite
//   node examples/receive.mjs add 1001 158000   an order of 1580.00 TL that waits for its payment
//   PORT=8791 node examples/receive.mjs         the endpoint
//   node examples/receive.mjs list              what is paid, and what a person must look at
//
// EVENTS_SECRET is what the relay has in EVENTS_SECRETS; while it is rotated, the old and the new one, separated by a
// blank.
//
// In scope: the signature, each event once, the order's state. Not in scope: what follows from it. Mails and parcels are
// slow and belong to a job that looks for paid orders: the relay waits 15 seconds for an answer.
import { existsSync, realpathSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { Webhook } from "standardwebhooks";

const MAX_BODY_BYTES = 65536;
const TYPES = ["link.paid", "link.payment_review"];
const { EVENTS_SECRET = "", SHOP_DB, PORT = "8791" } = process.env;
/** Whether this file is what was started, by whatever name. */
const [, started = ""] = process.argv;
const isProgram = existsSync(started) && realpathSync(started) === realpathSync(fileURLToPath(import.meta.url));
/** For the program alone: a shop with a database of its own takes `receiver`, and needs no SQLite in its Node. */
const { DatabaseSync } = isProgram ? await importSqlite() : {};

/**
 * Makes what answers a request with a status. `secrets` is what the relay has in EVENTS_SECRETS; `store(id, event)` takes
 * an event once, whether it comes once or twice, and throws if it cannot.
 */
export function receiver(secrets, store) {
  const webhooks = secrets.trim().split(/\s+/).map((secret) => new Webhook(secret));
  return async (request) => {
    if (request.method !== "POST") return 405;
    const body = await rawBody(request);
    if (!body) return 413;
    if (!webhooks.some((webhook) => isSigned(webhook, body, request.headers))) {
      console.error("Event refused: EVENTS_SECRET does not sign it, or not now.");
      return 401;
    }
    try {
      const event = JSON.parse(body);
      // Other types are those of a later relay.
      if (TYPES.includes(event.type)) store(request.headers["webhook-id"], event);
      return 204;
    } catch (error) {
      console.error(`Event not stored: ${error.message}`);
      return 500;
    }
  };
}

/** The bytes as they came: JSON that was parsed and written again is another text. Undefined if there are too many. */
async function rawBody(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isSigned(webhook, body, headers) {
  try {
    webhook.verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

/**
 * Takes an event once. The event and what it does to the order are one transaction: after a crash in between there is
 * neither, and the relay comes again.
 */
function store(id, { type, data }) {
  const reference = data.reference ?? null;
  const review = type === "link.paid" ? null : data.reasons.join(" ");
  withShop((shop) => {
    shop.exec("BEGIN");
    const { changes: isNew } = shop
      .prepare("INSERT INTO events (webhook_id, reference, merchant_oid, review) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
      .run(id, reference, data.payment.merchant_oid, review);
    if (isNew && review === null) {
      // That its link is paid does not say that the order is: the link may be of before the order changed.
      const paid = shop
        .prepare("UPDATE orders SET state = 'paid' WHERE reference = ? AND state = 'open' AND price = ? AND currency = ?")
        .run(reference, data.link.price, data.link.currency);
      if (paid.changes === 0) {
        // Money for another total than the order's, or for an order that is unknown, cancelled, or paid already.
        const isOpen = shop.prepare("SELECT 1 FROM orders WHERE reference = ? AND state = 'open'").get(reference);
        shop.prepare("UPDATE events SET review = ? WHERE webhook_id = ?").run(isOpen ? "other_total" : "no_open_order", id);
      }
    }
    shop.exec("COMMIT");
  });
}

/**
 * The shop's database. In a shop of your own `orders` is there already, and `events` lies beside it. The relay's ids have
 * 68 characters. `price` is in minor units, and `currency` is PayTR's word, which for the lira is TL.
 */
function withShop(use) {
  const shop = new DatabaseSync(SHOP_DB);
  try {
    shop.exec(`PRAGMA busy_timeout = 5000;
      CREATE TABLE IF NOT EXISTS orders
        (reference VARCHAR(64) PRIMARY KEY, price BIGINT NOT NULL, currency CHAR(3) NOT NULL, state VARCHAR(9) NOT NULL);
      CREATE TABLE IF NOT EXISTS events
        (webhook_id VARCHAR(68) PRIMARY KEY, reference VARCHAR(64), merchant_oid VARCHAR(64) NOT NULL,
         review VARCHAR(255));`);
    return use(shop);
  } finally {
    shop.close(); // What is not committed is undone.
  }
}

/** An order that waits for its payment. */
function add(shop, reference, price, currency = "TL") {
  const insert = shop.prepare("INSERT INTO orders (reference, price, currency, state) VALUES (?, ?, ?, 'open')");
  insert.run(reference, Number(price), currency === "TRY" ? "TL" : currency);
}

/** What the shop's staff sees. */
function list(shop) {
  for (const { reference, state } of shop.prepare("SELECT reference, state FROM orders ORDER BY reference").iterate()) {
    console.log(`order ${reference}: ${state}`);
  }
  for (const event of shop.prepare("SELECT * FROM events WHERE review IS NOT NULL ORDER BY webhook_id").iterate()) {
    console.log(`needs review: order ${event.reference ?? "unknown"}, payment ${event.merchant_oid}: ${event.review}`);
  }
}

function serve() {
  const receive = receiver(EVENTS_SECRET, store);
  const server = createServer(async (request, response) => {
    response.writeHead(await receive(request).catch(() => 400)).end();
  });
  server.listen(Number(PORT), "127.0.0.1", () => {
    console.log(`Events are taken at http://127.0.0.1:${server.address().port}/`);
  });
}

/** SQLite is in Node from 22.13 on. */
async function importSqlite() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) return import("node:sqlite");
  console.error(`This needs Node 22.13 or newer, and is run by ${process.versions.node}.`);
  return process.exit(2);
}

if (isProgram) {
  const [command, ...order] = process.argv.slice(2);
  if (SHOP_DB && command === "add" && /^[1-9][0-9]*$/.test(order[1])) {
    withShop((shop) => add(shop, ...order));
  } else if (SHOP_DB && command === "list") {
    withShop(list);
  } else if (SHOP_DB && EVENTS_SECRET && !command) {
    serve();
  } else {
    console.error("usage: SHOP_DB=… node receive.mjs add REFERENCE PRICE [CURRENCY]|list");
    console.error("       EVENTS_SECRET=… SHOP_DB=… PORT=… node receive.mjs");
    console.error("       PRICE in minor units: 1445 is 14.45");
    process.exit(2);
  }
}
