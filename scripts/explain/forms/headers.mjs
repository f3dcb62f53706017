// Headers of a capture, however they were written down: by their names in lower case.

const NAMES = ["id", "timestamp", "signature"];
export const PREFIXES = ["webhook-", "svix-"];
/** Of the deliveries of each shop platform: the header that signs, and the one that says what the body is. */
export const PLATFORMS = {
  woocommerce: { signature: "x-wc-webhook-signature", topic: "x-wc-webhook-topic" },
  shopify: { signature: "x-shopify-hmac-sha256", topic: "x-shopify-topic" },
};
const OF_DELIVERIES = Object.values(PLATFORMS).flatMap((headers) => Object.values(headers));
/** Each of the headers that sign, in either spelling, and those of the platforms. */
export const SIGNING = [...PREFIXES.flatMap((prefix) => NAMES.map((name) => prefix + name)), ...OF_DELIVERIES];
/** The path of a storefront's hook. */
const HOOK = /^\/hooks\/([^/?#]+)$/;

/** @typedef {Record<string, string>} Headers one that came twice is joined with ", ", as the relay sees it */

/**
 * Adds a header.
 *
 * @param {Headers} headers
 * @param {string} name as it is written: `HTTP_WEBHOOK_ID` is `webhook-id`
 * @param {string} value
 */
export function put(headers, name, value) {
  const key = keyOf(name);
  headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
}

export const keyOf = (name) =>
  name
    .toLowerCase()
    .replaceAll("_", "-")
    .replace(/^http-/, "");

/** Whether one of those that sign is among them. */
export const hasSigning = (headers) => SIGNING.some((name) => headers[name] !== undefined);

/** Whether a text speaks of one of them at all. */
export const speaksOfSigning = (text) => /(?:webhook|svix)[-_](?:id|timestamp|signature)/i.test(text);

/**
 * The three headers that sign: those of `webhook-`, or of `svix-` where no `webhook-` one is there.
 *
 * @param {Headers} headers
 * @returns {{prefix: string, id?: string, timestamp?: string, signature?: string}}
 */
export function signingHeaders(headers) {
  const prefix =
    PREFIXES.find((candidate) => NAMES.some((name) => headers[candidate + name] !== undefined)) ?? PREFIXES[0];
  return { prefix, ...Object.fromEntries(NAMES.map((name) => [name, headers[prefix + name]])) };
}

/** The name of the storefront that a request is for, if it was posted to one's hook. */
export const storefrontOf = ({ path = "" }) => HOOK.exec(path)?.[1];

/** Whether a request is a shop platform's, and no message. */
export const isDelivery = (request) =>
  storefrontOf(request) !== undefined || OF_DELIVERIES.some((name) => request.headers[name] !== undefined);

/** Whose a delivery is, by its headers; WooCommerce's, if none of them tells. */
export const platformOf = ({ headers }) =>
  Object.keys(PLATFORMS).find((name) => Object.values(PLATFORMS[name]).some((header) => headers[header] !== undefined)) ?? "woocommerce";

/** Whether an address is that of a relay's endpoint that takes signed requests. */
export const isSignedEndpoint = (path) => /\/webhook\/?$/.test(path) || HOOK.test(path);

/** What `content-length` says; nothing if it is absent or no number. */
export function declaredLength(headers) {
  return /^\d+$/.test(headers["content-length"] ?? "") ? Number(headers["content-length"]) : undefined;
}

/** Names the host of the first address in a text, unless the headers do. */
export function withHost(headers, text) {
  const [, host] = /https?:\/\/([^\s/'"`^\\<>?#]+)/.exec(text) ?? [];
  return headers.host === undefined && host ? { host, ...headers } : headers;
}
