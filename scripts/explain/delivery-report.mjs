// What was found of a delivery, in words for a terminal. A secret is never among its arguments.
import { NAMES } from "./delivery.mjs";
import { numbered } from "./report.mjs";

/** How much of both texts is shown around the place where they begin to differ. */
const AROUND = 24;
/**
 * @param {object} texts
 * @param {ReturnType<import("./delivery.mjs").findDeliverySlips>} found
 * @param {import("./order.mjs").Reading} [reading] of a signature that is right
 * @param {Buffer} body as it arrived
 * @param {keyof typeof NAMES} platform
 * @returns {string}
 */
export function reportDelivery(texts, { outcome, slips, shop, signed }, reading, body, platform) {
  if (outcome === "ping") {
    return texts.hooksPing;
  }
  if (outcome === "right") {
    return `${texts.deliveryRight(shop?.name)}\n\n${whatFollows(texts, reading, shop, platform)}`;
  }
  const headline = outcome === "unexplained" ? texts.unexplained : texts.wrong(slips.length);
  const parts = [headline, ...numbered({ ...texts.slips, ...texts.deliverySlips }, texts, slips)];
  if (outcome === "unexplained") parts.push(texts.deliveryLeft(platform, NAMES[platform].platform), texts.bodyBegins(body.length, excerpt(body, 0)));
  if (signed) parts.push(difference(texts, signed, body));
  return parts.join("\n\n");
}

/** In one line, but for what somebody has to change. */
function whatFollows(texts, { says, why, number, price, currency, order }, shop, platform) {
  const quoted = (text) => JSON.stringify(text) ?? texts.nothing;
  if (says === "unreadable") return texts.unreadable(texts.whyUnreadable[why]);
  if (says === "not-ours") return texts.otherTopic(platform);
  if (says === "link") return texts.makesLink(amount(price), currency, number, shop?.payByLink ? undefined : quoted(order.method));
  const { status, method, total, currency: currencyGiven } = order ?? {};
  const facts = { total: quoted(total), status: quoted(status), method: quoted(method), currency: quoted(currencyGiven) };
  const reason = why === "cancelled" && !order ? "deleted" : why;
  return texts.makesNone(number, texts.noLinkSince[reason]({ ...facts, methods: shop?.payByLink?.map(quoted).join(", ") }));
}

/** As it is written in Turkey: `1.580,00`. */
function amount(minorUnits) {
  const digits = String(minorUnits).padStart(3, "0");
  return `${digits.slice(0, -2).replace(/\B(?=(?:\d{3})+$)/g, ".")},${digits.slice(-2)}`;
}

function difference(texts, signed, body) {
  const found = signed.findIndex((byte, at) => byte !== body[at]);
  const at = found === -1 ? signed.length : found;
  return texts.bodiesDiffer(at, excerpt(signed, at), excerpt(body, at));
}

function excerpt(bytes, at) {
  const [start, end] = [Math.max(0, at - AROUND), Math.min(bytes.length, at + AROUND)];
  return [start > 0 ? "… " : "", JSON.stringify(bytes.subarray(start, end).toString("latin1")).replace(/[^ -~]/g, "·"), end < bytes.length ? " …" : ""].join("");
}
