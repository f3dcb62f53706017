// For a shop whose platform sends its own webhooks: takes WooCommerce's webhook of an order, and has the relay create
// that order's payment link and send it to the customer.
//
//   npm install standardwebhooks
//   export RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_…
//   WC_SECRET=… WC_PAYMENT_METHOD=bacs PORT=8792 node examples/forward-order.mjs
//
// In WooCommerce, Settings → Advanced → Webhooks: two webhooks, "Order created" and "Order updated", with this program's
// https address as delivery URL and WC_SECRET as secret. WooCommerce waits for a minute and does not come again by
// itself; when the relay could not be reached, the delivery shows as failed in its log, and saving the order again asks
// again. The message's id comes from the order, so that however many webhooks there are, there is one link.
//
// In scope: whose webhook it is, which orders get a link, and the message. Not in scope: marking the order paid
// (receive.mjs, with the order's id as reference).
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { createLink } from "./send.mjs";

const MAX_BODY_BYTES = 1_048_576;
const { WC_SECRET, WC_PAYMENT_METHOD, RELAY_URL, WEBHOOK_SECRET, PORT = "8792" } = process.env;

/** What a webhook is answered with: a status. */
async function forward(request) {
  if (request.method !== "POST") return 405;
  const body = await rawBody(request);
  if (!body) return 413;
  // What WooCommerce sends when a webhook is saved: not signed, and only 200 will do.
  if (/^webhook_id=\d+$/.test(body)) return 200;
  if (!isSigned(body, request.headers["x-wc-webhook-signature"])) return 401;
  const order = JSON.parse(body);
  if (!isToBePaidByLink(order)) return 200;
  try {
    const { link, sends = [] } = await createLink(linkOf(order));
    const outcomes = sends.map(({ type, outcome }) => `${type} ${outcome}`);
    console.log(`Order ${order.id}: ${[link.url, ...outcomes].join(", ")}`);
    return 200;
  } catch (error) {
    console.error(`Order ${order.id}: ${error.message}`);
    return 502;
  }
}

/** WooCommerce's own scheme: base64 of the HMAC-SHA256 of the body as it came, under the secret as text. */
function isSigned(body, signature = "") {
  const expected = createHmac("sha256", WC_SECRET).update(body).digest();
  const given = Buffer.from(signature, "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Placed, not paid, and with the payment method that stands for a link. Other methods have their own ways, and an order
 * that is paid comes here too, as an update.
 */
const isToBePaidByLink = ({ status, payment_method: method }) => status === "on-hold" && method === WC_PAYMENT_METHOD;

/** The data of `link.create`. */
function linkOf({ id, number, total, currency, billing }) {
  const send = { cell_phone: billing.phone || undefined, email: billing.email || undefined };
  return {
    name: `Sipariş ${number}`,
    price: minorUnits(total),
    currency,
    reference: String(id),
    send: send.cell_phone || send.email ? send : undefined,
  };
}

/** 158000 for "1580.00", "1580.0" and "1580", by the digits: 19.99 times 100 is not 1999 in floating point. */
function minorUnits(total) {
  const [, whole, part = ""] = /^(\d+)(?:\.(\d{1,2})0*)?$/.exec(total) ?? [];
  if (!whole) throw new Error("The order's total is no amount with two decimals.");
  return Number(whole + part.padEnd(2, "0"));
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

if (!WC_SECRET || !WC_PAYMENT_METHOD || !RELAY_URL || !WEBHOOK_SECRET) {
  console.error("usage: WC_SECRET=… WC_PAYMENT_METHOD=… RELAY_URL=… WEBHOOK_SECRET=… PORT=… node forward-order.mjs");
  process.exit(2);
}
const server = createServer(async (request, response) => {
  response.writeHead(await forward(request).catch(() => 400)).end();
});
server.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`Orders are taken at http://127.0.0.1:${server.address().port}/`);
});
