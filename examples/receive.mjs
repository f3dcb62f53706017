// Receives the relay's events in a shop: Node 22.13 or later and the official `standardwebhooks`.
//
//   npm install standardwebhooks
//   export EVENTS_SECRET=whsec_… SHOP_DB=shop.sqlite
//   node examples/receive.mjs add 1001      an order that waits for its payment
//   PORT=8791 node examples/receive.mjs     the endpoint
//   node examples/receive.mjs list          what is paid, and what a person must look at
//
// EVENTS_SECRET is what the relay has in EVENTS_SECRETS; while it is rotated, the old and the new one, separated by a
// blank.
//
// In scope: the signature, each event once, the order's state. Not in scope: what follows from it. Mails and parcels are
// slow and belong to a job that looks for paid orders: the relay waits 15 seconds for an answer.
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const MAX_BODY_BYTES = 65536;
const TYPES = ["link.paid", "link.payment_review"];
const { EVENTS_SECRET = "", SHOP_DB, PORT = "8791" } = process.env;
const isProgram = import.meta.filename === process.argv[1];
/** For the program alone: a shop with a database of its own takes `receiver`, and needs no SQLite in its Node. */
const { DatabaseSync } = isProgram ? await import("node:sqlite") : {};

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
    if (!webhooks.some((webhook) => isSigned(webhook, body, request.headers))) return 401;
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
      const paid = shop.prepare("UPDATE orders SET state = 'paid' WHERE reference = ? AND state = 'open'").run(reference);
      if (paid.changes === 0) {
        // Money for an order that is unknown, cancelled, or paid already.
        shop.prepare("UPDATE events SET review = 'no_open_order' WHERE webhook_id = ?").run(id);
      }
    }
    shop.exec("COMMIT");
  });
}

/** The shop's database. In a shop of your own `orders` is there already, and `events` lies beside it. */
function withShop(use) {
  const shop = new DatabaseSync(SHOP_DB);
  try {
    shop.exec(`PRAGMA busy_timeout = 5000;
      CREATE TABLE IF NOT EXISTS orders (reference TEXT PRIMARY KEY, state TEXT NOT NULL DEFAULT 'open');
      CREATE TABLE IF NOT EXISTS events
        (webhook_id TEXT PRIMARY KEY, reference TEXT, merchant_oid TEXT NOT NULL, review TEXT);`);
    return use(shop);
  } finally {
    shop.close(); // What is not committed is undone.
  }
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

if (isProgram) {
  const [command, reference] = process.argv.slice(2);
  if (SHOP_DB && command === "add" && reference) {
    withShop((shop) => shop.prepare("INSERT INTO orders (reference) VALUES (?)").run(reference));
  } else if (SHOP_DB && command === "list") {
    withShop(list);
  } else if (SHOP_DB && EVENTS_SECRET && !command) {
    serve();
  } else {
    console.error("usage: SHOP_DB=… node receive.mjs add REFERENCE|list");
    console.error("       EVENTS_SECRET=… SHOP_DB=… PORT=… node receive.mjs");
    process.exit(2);
  }
}
