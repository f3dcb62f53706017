// Why does the relay refuse a delivery of a shop platform, and what does it do with one that it takes? Tries what shops and the
// way from them do to a secret or a body, one by one and two together, until the signature is right.
//
// In scope: the platform's signature, and what keeps it from being right. Not in scope: what the order wants (order.mjs); how it
// looks on a terminal (delivery-report.mjs). A guess is right when its HMAC is the one that arrived.
import { createHmac } from "node:crypto";
import { bodySpellings } from "./body-spellings.mjs";
import { readDigest, slip } from "./slips.mjs";

/** What WordPress writes in place of these characters when it stores a secret; WooCommerce signs with the characters. */
const ENTITIES = [
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&#039;", "'"],
  ["&amp;", "&"],
];
const MOST_GUESSES = 2;
/** How each platform is called, and its header that signs. */
export const NAMES = {
  woocommerce: { platform: "WooCommerce", header: "X-WC-Webhook-Signature" },
  shopify: { platform: "Shopify", header: "X-Shopify-Hmac-SHA256" },
};

/**
 * @typedef {object} Shop
 * @property {string} [name] its name in STOREFRONTS, if it is known
 * @property {string[]} secrets its `webhook_secret`, or both of them
 * @property {string[]} [payByLink] its `pay_by_link`, if it is known
 */

/**
 * @param {object} request
 * @param {keyof typeof NAMES} request.platform
 * @param {string} [request.signature] the header's value
 * @param {Buffer} request.body
 * @param {number} [request.declaredLength] what `content-length` says
 * @param {{own: Shop[], others: Shop[], relay: Record<string, string[]>}} secrets those that may have signed it, those of other
 *   storefronts, and the relay's own by setting
 * @returns {{outcome: "ping" | "right" | "explained" | "unexplained", slips: import("./slips.mjs").Slip[], shop?: Shop, signed?: Buffer}} `signed`
 *   is the text that was signed, if it is not the body
 */
export function findDeliverySlips({ platform, signature, body, declaredLength }, { own, others, relay }) {
  const names = NAMES[platform];
  const isPing = platform === "woocommerce" && /^webhook_id=\d{1,20}$/.test(body.toString("latin1"));
  const length = declaredLength === undefined || declaredLength === body.length ? [] : [slip("length", declaredLength, body.length)];
  if (!signature) return isPing ? { outcome: "ping", slips: [] } : { outcome: "explained", slips: [slip("no signature", names), ...length] };
  const wanted = readDigest(signature.replace(/^(["'])(.*)\1$/s, "$2"));
  const keys = [...keysOf(platform, own), ...keysOf(platform, others, otherShop), ...relayKeys(relay)];
  const found = search(wanted, keys, bodies(names, body, declaredLength));
  if (!found && isPing) return { outcome: "ping", slips: [] };
  if (!found) {
    const noDigest = wanted.some(({ hash }) => hash === "sha256") ? [] : [slip("no digest", names)];
    return { outcome: "unexplained", slips: [...noDigest, ...length] };
  }
  const quoted = signature.startsWith('"') || signature.startsWith("'") ? [slip("no digest", names)] : [];
  const slips = [...quoted, ...found.slips, ...length];
  const signed = found.body.equals(body) ? undefined : found.body;
  return { outcome: slips.length === 0 ? "right" : "explained", slips, shop: found.shop, signed };
}

const otherShop = ({ name }) => [slip("other shop", name)];

function keysOf(platform, shops, slipsOf = () => []) {
  const spelled = SPELLINGS[platform];
  return shops.flatMap((shop) => shop.secrets.flatMap((secret) => spelled(secret).map((key) => ({ ...key, slips: [...slipsOf(shop), ...key.slips], shop }))));
}

/** As the relay has it; then what else the shop may have in its place: WordPress takes it from a field, Shopify makes it. */
const SPELLINGS = { woocommerce: spellings, shopify: (text) => [{ text, slips: [], guesses: 0 }] };

function spellings(secret) {
  const typed = ENTITIES.reduce((text, [entity, character]) => text.replaceAll(entity, character), secret);
  const stored = [...ENTITIES].reverse().reduce((text, [entity, character]) => text.replaceAll(character, entity), typed);
  const others = [
    [slip("entities"), stored],
    [slip("entities"), secret],
    [slip("entities"), stored.replaceAll("&#039;", "&#39;")],
    ...["\n", "\r\n", " ", "\t"].map((end) => [slip("secret with more", "a blank or a line end behind it"), `${typed}${end}`]),
    [slip("secret with more", "a blank in front of it"), ` ${typed}`],
    [slip("secret with more", "quotes around it"), `"${typed}"`],
  ];
  const guesses = others.filter(([, text]) => text !== typed).map(([why, text]) => ({ text, slips: [why], guesses: 1 }));
  return [{ text: typed, slips: [], guesses: 0 }, ...guesses];
}

/** The secrets of messages and of events: as text, which is what a shop would have. */
function relayKeys(relay) {
  return Object.entries(relay).flatMap(([setting, secrets]) =>
    secrets.map((text) => ({ text, slips: [slip("relay's secret", setting)], guesses: 0 })),
  );
}

function bodies(names, body, declaredLength) {
  const others = bodySpellings(body, declaredLength).map(({ name, bytes }) => ({ bytes, slips: [slip("body", names, name)], guesses: 1 }));
  return [{ bytes: body, slips: [], guesses: 0 }, ...others];
}

/** With fewest guesses first, what makes one of the digests. */
function search(wanted, keys, texts) {
  const digests = wanted.filter(({ hash }) => hash === "sha256");
  if (digests.length === 0) return undefined;
  for (let guesses = 0; guesses <= MOST_GUESSES; guesses += 1) {
    for (const key of keys) {
      for (const text of texts) {
        if (key.guesses + text.guesses !== guesses) continue;
        const mac = createHmac("sha256", key.text).update(text.bytes).digest();
        const match = digests.find(({ bytes }) => bytes.equals(mac));
        if (match) return { slips: [...match.slips, ...key.slips, ...text.slips], shop: key.shop, body: text.bytes };
      }
    }
  }
  return undefined;
}
