// What was found of a delivery, in words for a terminal. A secret is never among its arguments.
import { NAMES } from "./delivery.mjs";

/** How much of both texts is shown around the place where they begin to differ. */
const AROUND = 24;
const AT = "WooCommerce > Settings > Advanced > Webhooks";
const LEFT_FIRST = {
  woocommerce:
    `  - The webhook in the shop has another secret than webhook_secret. Under ${AT}, paste it once more into\n` +
    "    each webhook and save: WooCommerce makes one up where the field is left empty.\n",
  shopify:
    "  - webhook_secret is another one than the shop signs with. It stands in Shopify under Settings > Notifications > Webhooks,\n" +
    "    below the list; webhooks of an app are signed with the client secret of the app.\n",
};
const left = (platform) =>
  "What is left, in the order of how often it is the cause:\n" +
  LEFT_FIRST[platform] +
  "  - It is a webhook of another shop, or one whose secret was changed after this delivery was made.\n" +
  `  - The body below is not what ${NAMES[platform].platform} sent: something on the way reads it and changes what it says.`;
const TOPICS = {
  woocommerce: "order.created, order.updated and order.deleted are",
  shopify: "orders/create, orders/updated, orders/cancelled and orders/paid are",
};
const REASONS = {
  "api-version-is-not-v3":
    `The webhook has a legacy API version, whose form the relay does not read. Under ${AT}, choose\n` +
    "API version WP REST API Integration v3 in each webhook.",
  "no-json": "The body is not JSON.",
  "no-object": "The body is JSON, and no object.",
  "no-id": "The order has no id.",
  "no-status": "The order has no status.",
};

/**
 * @param {ReturnType<import("./delivery.mjs").findDeliverySlips>} found
 * @param {import("./order.mjs").Reading} [reading] of a signature that is right
 * @param {Buffer} body as it arrived
 * @param {keyof typeof NAMES} platform
 * @returns {string}
 */
export function reportDelivery({ outcome, slips, shop, signed }, reading, body, platform) {
  if (outcome === "ping") {
    return (
      "This is the ping that WooCommerce sends when a webhook is saved. It is not signed, and the relay answers 200:\n" +
      "nothing follows from it. What comes of orders is signed."
    );
  }
  if (outcome === "right") {
    const of = shop?.name ? `, of the storefront ${shop.name}` : "";
    return `The signature is right${of}.\n\n${whatFollows(reading, shop, platform)}`;
  }
  const numbered = slips.map(({ what, change }, at) => `${at + 1}. ${what}\n   ${change.replaceAll("\n", "\n   ")}`);
  const parts = [headline(outcome, slips), ...numbered];
  if (outcome === "unexplained") parts.push(left(platform), `The body, ${body.length} bytes, begins with\n  ${excerpt(body, 0)}`);
  if (signed) parts.push(difference(signed, body));
  return parts.join("\n\n");
}

/** What can be said of a path that no storefront has. */
export function reportNoStorefront(name, known) {
  const others = known.length > 0 ? `There are: ${known.join(", ")}.` : "There are none.";
  return `No storefront is named ${name}: the relay answers 404. ${others}\nGive the webhook in the shop the address that npm run ping says.`;
}

/** What can be said without a body. */
export function reportDeliveryWithoutBody(noBody) {
  return `No body found, and the signature is made over the body.\n${noBody}`;
}

function headline(outcome, slips) {
  if (outcome === "unexplained") return "The signature is wrong, and none of the usual slips makes it right.";
  return slips.length === 1 ? "This is what is wrong:" : `These ${slips.length} are wrong together:`;
}

/** In one line, but for what somebody has to change. */
function whatFollows({ says, why, number, price, currency, order }, shop, platform) {
  const quoted = (text) => JSON.stringify(text) ?? "nothing";
  const of = number ? `order ${number}` : "the order";
  if (says === "unreadable") return `The relay answers 200, and nothing follows: ${REASONS[why]}`;
  if (says === "not-ours") return `The relay does nothing, since its topic is none of orders: ${TOPICS[platform]}.`;
  if (says === "link") {
    const ifAny = shop?.payByLink ? "" : `, if ${quoted(order.method)} is in pay_by_link`;
    return `The relay makes a link over ${amount(price)} ${currency} for ${of}${ifAny}, unless it has such a link already.`;
  }
  const total = `its total is ${quoted(order?.total)}`;
  const reasons = {
    test: "it is a test of Shopify's, or of one of its apps",
    draft: `its status is ${quoted(order?.status)}: it is not placed yet`,
    "other-method": `its payment method is ${quoted(order?.method)}, and pay_by_link has ${shop?.payByLink?.map(quoted).join(", ")}`,
    "nothing-to-pay": total,
    paid: `it is paid, with the status ${quoted(order?.status)}`,
    cancelled: order ? `its status is ${quoted(order.status)}` : "it was deleted in the shop",
    "other-status": `its status is ${quoted(order?.status)}, which the relay does not know`,
    amount: `${total}, and PayTR makes no link over that; a note in the order says so`,
    currency: `its currency is ${quoted(order?.currency)}, which PayTR does not have; a note in the order says so`,
  };
  return `The relay makes no link for ${of}, and deletes one that is open, since ${reasons[why]}.`;
}

/** As it is written in Turkey: `1.580,00`. */
function amount(minorUnits) {
  const digits = String(minorUnits).padStart(3, "0");
  return `${digits.slice(0, -2).replace(/\B(?=(?:\d{3})+$)/g, ".")},${digits.slice(-2)}`;
}

function difference(signed, body) {
  const found = signed.findIndex((byte, at) => byte !== body[at]);
  const at = found === -1 ? signed.length : found;
  return `They differ from byte ${at} on:\n  signed   ${excerpt(signed, at)}\n  arrived  ${excerpt(body, at)}`;
}

function excerpt(bytes, at) {
  const [start, end] = [Math.max(0, at - AROUND), Math.min(bytes.length, at + AROUND)];
  return [start > 0 ? "… " : "", JSON.stringify(bytes.subarray(start, end).toString("latin1")).replace(/[^ -~]/g, "·"), end < bytes.length ? " …" : ""].join("");
}
