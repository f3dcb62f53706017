// A request in JSON: what tools export, functions are called with, and logs write down.
//
// In scope: an object with the headers, and the body's text beside it. Not in scope: HAR (har.mjs).
import { SIGNING, hasSigning, keyOf, put } from "./headers.mjs";
import { said } from "../said.mjs";

/** Where a body's text stands, in the objects around the headers. */
const BODIES = [
  "rawBody",
  "raw_body",
  "bodyRaw",
  "body",
  "request_body",
  "requestBody",
  "content",
  "text",
  "data",
  "payload",
  "raw",
];

/**
 * @param {unknown} value
 * @param {boolean} isLine whether it stands on a line by itself, as logs have it
 * @returns {import("../captured-request.mjs").CapturedRequest[]} none if there are no headers that sign
 */
export function readJson(value, isLine) {
  if (isRelaysLine(value)) return [{ headers: {}, noBody: said("relaysLine", reasonOf(value)) }];
  return requestsIn(value, []).map(({ headers, around }) => ({ headers, ...bodyOf(headers, around, isLine) }));
}

/** The relay's own line of a message: it names the outcome, and nothing that was signed but the id. */
const isRelaysLine = (value) => ["outcome", "code", "total_ms"].every((name) => value?.[name] !== undefined);

const reasonOf = ({ code, reason }) => [code, reason].filter((text) => /^[\w -]{1,60}$/.test(text ?? "")).join(", ");

/** Every object that holds headers, with the objects that it stands in, the nearest first. */
function requestsIn(value, around) {
  if (value === null || typeof value !== "object") return [];
  const headers = headersOf(value);
  // One alone is an id that an answer or a log repeats.
  const isSigned = SIGNING.filter((name) => headers[name] !== undefined).length > 1;
  if (isSigned) return [{ headers, around: [value, ...around] }];
  return Object.values(value).flatMap((inner) => requestsIn(inner, [value, ...around]));
}

/** Of an object by name, of a list of `{name, value}`, of `[name, value]`, or of names and values in turn. */
export function headersOf(value) {
  const headers = {};
  for (const [name, given] of pairsOf(value)) {
    const values = [given].flat().filter((text) => ["string", "number"].includes(typeof text));
    if (typeof name === "string") for (const text of values) put(headers, name, String(text));
  }
  return headers;
}

function pairsOf(value) {
  if (!Array.isArray(value)) return Object.entries(value);
  if (value.every((item) => typeof item === "string")) {
    return value.flatMap((item, at) => (at % 2 === 0 ? [[item, value[at + 1]]] : []));
  }
  return value.flatMap((item) => {
    if (Array.isArray(item)) return [[item[0], item[1]]];
    return item === null || typeof item !== "object" ? [] : [[item.name ?? item.key, item.value]];
  });
}

function bodyOf(headers, around, isLine) {
  let isParsed = false;
  for (const place of around.filter((candidate) => !Array.isArray(candidate))) {
    for (const name of BODIES) {
      const own = Object.entries(place).find(([key]) => keyOf(key) === keyOf(name));
      const body = own?.[1]?.raw ?? own?.[1]?.text ?? own?.[1];
      const isBase64 = place.isBase64Encoded === true || [place.encoding, own?.[1]?.encoding].includes("base64");
      if (typeof body === "string") return { body: Buffer.from(body, isBase64 ? "base64" : "utf8") };
      isParsed ||= body !== null && typeof body === "object" && !hasSigning(headersOf(body));
    }
  }
  return { noBody: said(isParsed ? "bodyWasParsed" : isLine ? "logHasNoBody" : "onlyHeaders") };
}
