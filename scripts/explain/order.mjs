// What a rightly signed delivery of WooCommerce wants of the relay: what src/storefront/woocommerce.rs does, as far as a person
// wants to know it. tests/vectors/woocommerce/cases.json holds both to the same.
//
// In scope: one order as it came. Not in scope: what the relay knows of it already; whom it would write to.
import { PLATFORMS } from "./forms/headers.mjs";

const DRAFTS = ["checkout-draft", "auto-draft", "draft", "new"];
const UNPAID = ["on-hold", "pending"];
const PAID = ["processing", "completed"];
const OVER = ["cancelled", "refunded", "failed", "trash"];
const CURRENCIES = { TL: "TL", TRY: "TL", EUR: "EUR", USD: "USD", GBP: "GBP", RUB: "RUB" };
const MOST_MINOR_UNITS = 9_999_999_999n;

/**
 * @typedef {object} Reading
 * @property {"link" | "nothing" | "close" | "not-ours" | "unreadable"} says
 * @property {string} [why] the relay's own word for it
 * @property {string} [number] the order's, if it has one that a link can have
 * @property {bigint} [price] minor units
 * @property {string} [currency] PayTR's name
 * @property {{method: string, status: string, total: string, currency: string}} [order] what it was judged by
 */

/**
 * @param {Record<string, string>} headers by their names in lower case
 * @param {Buffer} body
 * @param {string[]} [payByLink] the storefront's; without it every payment method is one
 * @returns {Reading}
 */
export function readOrder(headers, body, payByLink) {
  const topic = headers[PLATFORMS.woocommerce.topic];
  if (!topic?.startsWith("order.")) return { says: "not-ours", why: "other-topic" };
  const order = parse(body);
  if (order === undefined) return { says: "unreadable", why: "no-json" };
  if (order === null || typeof order !== "object" || Array.isArray(order)) return { says: "unreadable", why: "no-object" };
  const id = textOrNumber(order.id);
  if ("order" in order && !("id" in order)) return { says: "unreadable", why: "api-version-is-not-v3" };
  if (!/^\d{1,20}$/.test(id ?? "")) return { says: "unreadable", why: "no-id" };
  if (topic === "order.deleted" && Object.keys(order).length === 1) return { says: "close", why: "cancelled", number: id };
  if (typeof order.status !== "string") return { says: "unreadable", why: "no-status" };
  const number = [textOrNumber(order.number), id].find(isReference);
  return { ...wish(order, payByLink), number, order: judgedBy(order) };
}

function wish(order, payByLink) {
  const { status } = order;
  if (DRAFTS.includes(status)) return { says: "nothing", why: "draft" };
  if (payByLink && !payByLink.includes(methodOf(order))) return { says: "nothing", why: "other-method" };
  if (PAID.includes(status) || (order.date_paid_gmt ?? null) !== null) return { says: "close", why: "paid" };
  if (OVER.includes(status)) return { says: "close", why: "cancelled" };
  if (!UNPAID.includes(status)) return { says: "close", why: "other-status" };
  return linkOver(textOrNumber(order.total), order.currency);
}

/** A link for this amount in this currency, or why there is none. */
export function linkOver(amount, currencyName) {
  const price = minorUnits(amount);
  if (price === 0n) return { says: "nothing", why: "nothing-to-pay" };
  if (price === undefined || price > MOST_MINOR_UNITS) return { says: "nothing", why: "amount" };
  const currency = Object.hasOwn(CURRENCIES, currencyName) ? CURRENCIES[currencyName] : undefined;
  return currency ? { says: "link", price, currency } : { says: "nothing", why: "currency" };
}

/** Whether an order can be known by it. */
export const isReference = (text) => /^[\w.:/#-]{1,64}$/.test(text ?? "");

const methodOf = ({ payment_method: method }) => (typeof method === "string" ? method : "");
const judgedBy = (order) => ({ method: methodOf(order), status: order.status, total: order.total, currency: order.currency });

export function textOrNumber(value) {
  if (typeof value === "string") return value;
  return Number.isInteger(value) && value >= 0 ? String(value) : undefined;
}

/** Digits, and up to two decimals behind a point that count; further ones must be zeros. */
export function minorUnits(text) {
  const [, whole, cents = ""] = /^(\d+)(?:\.(\d{1,2})0*)?$/.exec(text ?? "") ?? [];
  return whole === undefined ? undefined : BigInt(whole + cents.padEnd(2, "0"));
}

/**
 * As patient as the relay: control characters are blanks, and a byte order mark in front is none. `change` may change the text
 * before it is read.
 */
export function parse(body, change = (text) => text) {
  const plain = Buffer.from(body.map((byte) => Math.max(byte, 0x20)));
  try {
    return JSON.parse(change(plain.toString().replace(/^[\ufeff ]+/, "")));
  } catch {
    return undefined;
  }
}
