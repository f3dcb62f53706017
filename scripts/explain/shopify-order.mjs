// What a rightly signed delivery of Shopify wants of the relay: what src/storefront/shopify.rs does, as far as a person wants to
// know it. tests/vectors/shopify/cases.json holds both to the same.
//
// In scope: one order as it came. Not in scope: what the relay knows of it already; whom it would write to.
import { PLATFORMS } from "./forms/headers.mjs";
import { isReference, linkOver, minorUnits, parse, textOrNumber } from "./order.mjs";

const TOPICS = ["orders/create", "orders/updated", "orders/cancelled", "orders/paid"];
const TEST_ORDER_ID = "820982911946154508";
const UNPAID = ["pending", "partially_paid"];
const OVER = ["refunded", "voided"];
const TOTALS = [
  ["current_total_price", "current_total_price_set"],
  ["total_price", "total_price_set"],
];

/**
 * @param {Record<string, string>} headers by their names in lower case
 * @param {Buffer} body
 * @param {string[]} [payByLink] the storefront's; without it every payment method is one
 * @returns {import("./order.mjs").Reading}
 */
export function readShopifyOrder(headers, body, payByLink) {
  if (!TOPICS.includes(headers[PLATFORMS.shopify.topic])) return { says: "not-ours", why: "other-topic" };
  const order = parse(body, withWholeNumbers);
  if (order === undefined) return { says: "unreadable", why: "no-json" };
  if (!isObject(order)) return { says: "unreadable", why: "no-object" };
  const id = textOrNumber(order.id);
  if (!/^\d{1,20}$/.test(id ?? "")) return { says: "unreadable", why: "no-id" };
  if (typeof order.financial_status !== "string") return { says: "unreadable", why: "no-status" };
  const number = [textOrNumber(order.name), textOrNumber(order.order_number), id].find(isReference);
  const isTest = id === TEST_ORDER_ID || order.test === true || headers["x-shopify-test"]?.toLowerCase() === "true";
  const found = isTest ? { says: "nothing", why: "test" } : wish(order, payByLink);
  return { ...found, number, order: judgedBy(order) };
}

function wish(order, payByLink) {
  const status = order.financial_status;
  if (payByLink && !methodsOf(order).some((method) => payByLink.includes(method))) return { says: "nothing", why: "other-method" };
  if (status === "paid") return { says: "close", why: "paid" };
  if (isThere(order.cancelled_at) || OVER.includes(status)) return { says: "close", why: "cancelled" };
  if (!UNPAID.includes(status)) return { says: "close", why: "other-status" };
  return outstanding(order);
}

/** What is still to be paid, in the currency that the customer was shown. */
function outstanding(order) {
  const amount = textOrNumber(amountOf(order));
  const [shops, customers] = [order.currency, order.presentment_currency];
  if (!isThere(customers) || customers === shops) return linkOver(amount, shops);
  const price = minorUnits(amount);
  if (price === undefined) return { says: "nothing", why: "amount" };
  if (price === 0n) return { says: "nothing", why: "nothing-to-pay" };
  const total = TOTALS.find(([name]) => minorUnits(textOrNumber(order[name])) === price);
  if (!total) return { says: "nothing", why: "amount" };
  const money = order[total[1]]?.presentment_money;
  if (typeof customers !== "string" || money?.currency_code !== customers) return { says: "nothing", why: "currency" };
  return linkOver(textOrNumber(money.amount), customers);
}

const isThere = (value) => (value ?? null) !== null;
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const methodsOf = ({ payment_gateway_names: names }) => (Array.isArray(names) ? names : []);
const amountOf = (order) => (isThere(order.total_outstanding) ? order.total_outstanding : order.current_total_price);
const statusOf = (order) => (isThere(order.cancelled_at) ? "cancelled" : order.financial_status);
const judgedBy = (order) => ({
  method: methodsOf(order).join(", "),
  status: statusOf(order),
  total: amountOf(order),
  currency: order.presentment_currency ?? order.currency,
});

/** Ids of Shopify are over 2^53: numbers of so many digits are read as text. */
function withWholeNumbers(json) {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) => (/^\d{16,}$/.test(token) ? `"${token}"` : token));
}
