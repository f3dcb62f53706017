// Headers of a capture, however they were written down: by their names in lower case.

const NAMES = ["id", "timestamp", "signature"];
export const PREFIXES = ["webhook-", "svix-"];
/** Each of the headers that sign, in either spelling. */
export const SIGNING = PREFIXES.flatMap((prefix) => NAMES.map((name) => prefix + name));

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

/** What `content-length` says; nothing if it is absent or no number. */
export function declaredLength(headers) {
  return /^\d+$/.test(headers["content-length"] ?? "") ? Number(headers["content-length"]) : undefined;
}

/** Names the host of the first address in a text, unless the headers do. */
export function withHost(headers, text) {
  const [, host] = /https?:\/\/([^\s/'"`^\\<>?#]+)/.exec(text) ?? [];
  return headers.host === undefined && host ? { host, ...headers } : headers;
}
