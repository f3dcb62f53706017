// For a shop whose platform sends its own webhooks: takes WooCommerce's webhooks of an order, and has the relay create that
// order's payment link, send it to the customer, and delete it when the amount changes or the order is cancelled.
//
// WooCommerce itself needs no program: the relay takes its webhooks (docs/woocommerce.md), and marks the order as paid too.
// This one is where to begin for another platform: change isSigned, isToBePaidByLink and linkOf.
//
//   npm install standardwebhooks
//   export RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_…
//   WC_SECRET=… WC_PAYMENT_METHOD=bacs LINKS_DB=links.sqlite PORT=8792 node examples/forward-order.mjs
//
// In WooCommerce, Settings → Advanced → Webhooks: "Order created", "Order updated" and "Order deleted", with this program's
// https address as delivery URL and WC_SECRET as secret. WooCommerce waits for a minute and never comes again by itself,
// and it switches a webhook off, without a word, at the seventh answer in a row that is an error. So this program answers
// 200 to whatever asking again cannot mend, and writes a line with "needs a person", which is for somebody to look for. It
// answers 502 when the relay could not be reached: then saving the order again asks again.
//
// In scope: whose webhook it is, which orders get a link, and one open link for each. Not in scope: marking the order paid
// (receive.mjs, with the order's id as reference). It needs Node 22.13 or later, for its SQLite.
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { ask, createLink, needsNode, readBytes } from "./send.mjs";

const MAX_BODY_BYTES = 1_048_576;
/** How long after the order its link can be paid. */
const EXPIRES_AFTER_MS = 7 * 24 * 60 * 60 * 1000;
/** A paid order's link stays: PayTR closes it by itself. */
const PAID = ["processing", "completed", "refunded"];
const { WC_SECRET, WC_PAYMENT_METHOD, RELAY_URL, WEBHOOK_SECRET, LINKS_DB = "links.sqlite", PORT = "8792" } = process.env;
const relay = { url: RELAY_URL, secret: WEBHOOK_SECRET };
needsNode(22, 13);
if (!WC_SECRET || !WC_PAYMENT_METHOD || !RELAY_URL || !WEBHOOK_SECRET) {
  console.error("usage: WC_SECRET=… WC_PAYMENT_METHOD=… RELAY_URL=… WEBHOOK_SECRET=… node forward-order.mjs");
  console.error("       LINKS_DB=links.sqlite and PORT=8792, unless they are set");
  process.exit(2);
}
const { DatabaseSync } = await import("node:sqlite");

/** What a webhook is answered with: a status. */
async function forward(request) {
  if (request.method !== "POST") return 405;
  const body = await readBytes(request, MAX_BODY_BYTES);
  if (!body) return 413;
  // What WooCommerce sends when a webhook is saved: not signed, and only 200 will do.
  if (/^webhook_id=\d+$/.test(body)) return 200;
  if (!isSigned(body, request.headers["x-wc-webhook-signature"])) return 401;
  if (!/^order\./.test(request.headers["x-wc-webhook-topic"])) return 200;
  const order = JSON.parse(body);
  if (Number.isSafeInteger(order?.id)) return work(order);
  console.error("A webhook needs a person: it is not of WooCommerce's API version v3. Choose that one.");
  return 200;
}

/** WooCommerce's own scheme: base64 of the HMAC-SHA256 of the body as it came, under the secret as text. */
function isSigned(body, signature = "") {
  const expected = createHmac("sha256", WC_SECRET).update(body).digest();
  const given = Buffer.from(signature, "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const turns = new Map();

/** Works the webhooks of an order, which come two at a time, one after the other. Resolves with WooCommerce's status. */
function work(order) {
  const { id } = order;
  const turn = (turns.get(id) ?? Promise.resolve())
    .then(() => settle(order))
    .then(() => 200, (error) => {
      // What the relay has answered, and not for trouble of its own, it would answer again.
      const isFinal = error.cause?.status < 500;
      const message = error.message.replaceAll("\n", " ");
      if (isFinal) tellPerson(order, message);
      else console.error(`Order ${id}: ${message}`);
      return isFinal ? 200 : 502;
    })
    .finally(() => turns.get(id) === turn && turns.delete(id));
  turns.set(id, turn);
  return turn;
}

/** Brings the order's link to what the order says. */
async function settle(order) {
  const { id, date_modified_gmt: modified = "" } = order;
  let kept = links.get(id) ?? { modified, total: null, changes: 0, link: null };
  if (modified && modified < kept.modified) return; // Older news.
  clearTimeout(retries.get(id));
  const data = isToBePaidByLink(order) ? linkOf(order) : undefined;
  const total = data && `${data.price} ${data.currency}`;
  if (kept.link && total !== kept.total && !PAID.includes(order.status)) {
    const { link } = kept;
    const isDeleted = await deleteLink(link);
    kept = { ...kept, modified, changes: kept.changes + 1, link: null };
    links.set(id, kept);
    if (!isDeleted) {
      const what = `PayTR did not delete its former link ${link.url}`;
      tellPerson(order, `${what}; see that nobody pays it, then save the order again.`);
      return;
    }
  }
  if (data && data.price === undefined) tellPerson(order, "its total is no amount with two decimals.");
  else if (data) await makeLink(order, data, { ...kept, modified, total });
}

/**
 * Has the link made and sent. Its name is the order, the amount, and how often that changed before: the link of an amount
 * that comes back is not the first one again, which is deleted.
 */
async function makeLink(order, data, kept) {
  try {
    const created = await createLink(data, relay, `${order.id} ${kept.total} ${kept.changes}`);
    links.set(order.id, { ...kept, link: created.link });
    report(order, created);
  } catch (error) {
    if (error.cause?.json.code !== "webhook-id-reused" || !kept.link) throw error;
    tellPerson(order, `it changed after its link was made, and nobody new was written to. The link stays: ${kept.link.url}`);
  }
}

/**
 * Placed, not paid, and with the payment method that stands for a link. Other methods have their own ways, and an order
 * that is paid comes here too, as an update.
 */
const isToBePaidByLink = ({ status, payment_method: method }) => status === "on-hold" && method === WC_PAYMENT_METHOD;

/** The data of `link.create`: the same whenever the same order comes, so the expiry counts from when it was placed. */
function linkOf({ id, number, total, currency, billing, date_created_gmt: placed }) {
  const send = { cell_phone: billing?.phone, email: billing?.email };
  const expiry = new Date(Date.parse(`${placed}Z`) + EXPIRES_AFTER_MS);
  return {
    name: `Sipariş ${number}`,
    price: minorUnits(total),
    currency,
    reference: String(id),
    expiry_date: Number.isNaN(expiry.getTime()) ? undefined : expiry.toISOString(),
    send,
  };
}

/** 158000 for "1580.00", "1580.0" and "1580", by the digits: 19.99 times 100 is not 1999 in floating point. */
function minorUnits(total) {
  const [, whole, part = ""] = /^(\d+)(?:\.(\d{1,2})0*)?$/.exec(total) ?? [];
  return whole && Number(whole + part.padEnd(2, "0"));
}

/** Whether PayTR has deleted the link. An id of its own each time: deleting twice does no harm. */
async function deleteLink({ id, callback_id: callbackId }) {
  const data = callbackId ? { callback_id: callbackId } : { ids: [id] };
  const answer = await ask(relay, `msg_${randomUUID()}`, { type: "link.delete", data }, [409, 503]);
  const { outcome, code, detail } = answer.json;
  if (outcome === "deleted") return true;
  if (code === "paytr-rejected") return false;
  throw new Error(detail ?? `HTTP ${answer.status}`, { cause: answer });
}

/** Writes down what became of a link, and has what was `limited` sent once its time has come. */
function report(order, { link, sends = [], leftOut }) {
  const outcomes = sends.map(({ type, outcome }) => `${type} ${outcome}`);
  const [seconds] = sends.flatMap(({ retry_after: after }) => after ?? []).sort((one, other) => one - other);
  if (seconds) retries.set(order.id, setTimeout(work, seconds * 1000, order));
  console.log(`Order ${order.id}: ${[link.url, ...outcomes].join(", ")}${seconds ? `, again in ${seconds} s` : ""}`);
  for (const { pointer, detail } of leftOut) tellPerson(order, `${pointer} ${detail}.`);
  for (const { type, outcome, paytr } of sends) {
    const what = [`${type} ${outcome}`, paytr?.reason].filter(Boolean).join(": ");
    if (outcome === "rejected" || outcome === "unknown") tellPerson(order, what);
  }
  if (sends.length === 0) tellPerson(order, `its link was sent to nobody: ${link.url}`);
}

const tellPerson = ({ id }, what) => console.error(`Order ${id} needs a person: ${what}`);

/** By order, what waits to be asked again. Lost when this program ends: then saving the order again asks again. */
const retries = new Map();

/** The link of each order: `{ modified, total, changes, link }`, of which `link` is null once it is deleted. */
class Links {
  #database;

  constructor(file) {
    this.#database = new DatabaseSync(file);
    this.#database.exec("CREATE TABLE IF NOT EXISTS links (order_id INTEGER PRIMARY KEY, kept TEXT NOT NULL)");
  }

  get(id) {
    const row = this.#database.prepare("SELECT kept FROM links WHERE order_id = ?").get(id);
    return row && JSON.parse(row.kept);
  }

  set(id, kept) {
    this.#database.prepare("INSERT OR REPLACE INTO links (order_id, kept) VALUES (?, ?)").run(id, JSON.stringify(kept));
  }
}

const links = new Links(LINKS_DB);
const server = createServer(async (request, response) => {
  response.writeHead(await forward(request).catch(() => 400)).end();
});
server.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`Orders are taken at http://127.0.0.1:${server.address().port}/`);
});
