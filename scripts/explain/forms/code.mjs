// The request that a piece of code sends, from what its parser found: the values that stand in it, and the calls.
//
// In scope: the usual names under which libraries take headers and bodies. Not in scope: how values are read from a
// language (javascript.mjs, php.mjs). Nothing of the code is run.
import { Unreadable, said } from "../said.mjs";
import { SIGNING, hasSigning, keyOf, put, withHost } from "./headers.mjs";

/** What the code works out when it runs, and nobody can know from reading it. */
export const UNKNOWN = Symbol("unknown");

const HEADERS = ["headers", "header", "CURLOPT_HTTPHEADER"];
const BODIES = ["body", "data", "content", "CURLOPT_POSTFIELDS"];
const OPTIONS = [...HEADERS, "method", "url", "CURLOPT_URL", "CURLOPT_POST", "CURLOPT_CUSTOMREQUEST"];
const HEADER_CALLS = ["append", "set", "setheader", "setrequestheader", "addheader", "withheader", "header", "add"];
const BODY_CALLS = ["send", "write", "end", "setbody", "withbody", "append", "body"];

/**
 * @typedef {object} Code
 * @property {unknown[]} values every object and list in it
 * @property {{name: string, args: unknown[]}[]} calls every call in it
 * @property {(value: unknown) => string} toJson how the language writes JSON
 */

/**
 * @param {Code} code
 * @param {string} text of it
 * @returns {import("../captured-request.mjs").CapturedRequest[] | undefined} nothing if there are no headers that sign
 */
export function requestsOf({ values, calls, toJson }, text) {
  const wholes = values.filter((value) => isObject(value) && HEADERS.some((name) => signs(value[name])));
  const requests = wholes.length > 0 ? wholes.map((whole) => ofOptions(whole)) : [scattered(values, calls)];
  const signed = requests.filter(({ headers }) => hasSigning(headers));
  if (signed.length === 0) return undefined;
  return signed.map(({ headers, body }) => {
    // What is not in the options is given by a call; whose, can only be told if there is one.
    const sent = body ?? (signed.length === 1 ? bodyOfCalls(values, calls) : undefined);
    return { headers: withHost(headers, text), ...written(sent, toJson) };
  });
}

function ofOptions(options) {
  const headers = {};
  for (const name of HEADERS) addHeaders(headers, options[name]);
  return { headers, body: bodyIn(options) };
}

function scattered(values, calls) {
  const headers = {};
  for (const value of values) if (signs(value)) addHeaders(headers, value);
  for (const { name, args } of calls) {
    if (HEADER_CALLS.includes(name) && isHeader(args)) addHeader(headers, ...args);
  }
  return { headers };
}

const isHeader = ([name, value]) => typeof name === "string" && value !== undefined && /^[\w-]+$/.test(name);

function bodyOfCalls(values, calls) {
  const options = values.filter((value) => isObject(value) && OPTIONS.some((name) => value[name] !== undefined));
  const given = [
    ...options.map(bodyIn),
    ...calls.map(({ name, args }) => {
      if (name === "curl_setopt") return args[1] === "CURLOPT_POSTFIELDS" ? args[2] : undefined;
      // Guzzle's new Request(method, address, headers, body).
      if (name === "request" && signs(args[2])) return args[3];
      // axios.post(address, body, options), and Laravel's Http::post(address, fields).
      if (name === "post" || name === "put") return args[1];
      const isWhole = name !== "append" || args.length === 1;
      return BODY_CALLS.includes(name) && isWhole ? args[0] : undefined;
    }),
  ];
  const isBody = (value) => typeof value === "string" || isObject(value) || value === UNKNOWN;
  return given.find((value) => isBody(value) && value !== UNKNOWN) ?? given.find(isBody);
}

function bodyIn(options) {
  const name = BODIES.find((candidate) => options[candidate] !== undefined && options[candidate] !== null);
  return name === undefined ? options.json : options[name];
}

/** Whether a value holds headers that sign: by name, or as lines. */
function signs(value) {
  if (typeof value === "string") return SIGNING.some((name) => new RegExp(`^${name}:`, "im").test(value));
  if (Array.isArray(value)) return value.some((item) => (Array.isArray(item) ? signs({ [item[0]]: "" }) : signs(item)));
  return isObject(value) && Object.keys(value).some((name) => SIGNING.includes(keyOf(name)));
}

function addHeaders(headers, value) {
  if (typeof value === "string") {
    for (const line of value.split(/\r?\n/)) {
      const [, name, text] = /^([\w-]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
      if (name) put(headers, name, text);
    }
  } else if (Array.isArray(value)) {
    for (const item of value) {
      if (Array.isArray(item)) addHeader(headers, ...item);
      else addHeaders(headers, item);
    }
  } else if (isObject(value)) {
    for (const [name, text] of Object.entries(value)) addHeader(headers, name, text);
  }
}

function addHeader(headers, name, value) {
  const texts = [value].flat();
  if (texts.includes(UNKNOWN) && SIGNING.includes(keyOf(name))) {
    throw new Unreadable("headerWorkedOut", name);
  }
  for (const text of texts) if (["string", "number"].includes(typeof text)) put(headers, name, String(text));
}

function written(body, toJson) {
  if (body === undefined || body === null) return { noBody: said("codeSendsNone") };
  const text = typeof body === "string" ? body : isKnown(body) ? toJson(body) : UNKNOWN;
  return text === UNKNOWN ? { noBody: said("codeWorksBodyOut") } : { body: Buffer.from(text) };
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** Whether nothing in a value is worked out by the code. */
export function isKnown(value) {
  if (value === UNKNOWN) return false;
  return value === null || typeof value !== "object" || Object.values(value).every(isKnown);
}

/** Every node of a parser's tree, an outer one before those in it. */
export function nodesIn(node) {
  if (Array.isArray(node)) return node.flatMap(nodesIn);
  if (node === null || typeof node !== "object") return [];
  const inner = Object.values(node).flatMap(nodesIn);
  return node.type || node.kind ? [node, ...inner] : inner;
}

/** Several texts as one, if all of them are known. */
export function joined(parts) {
  return parts.every((part) => ["string", "number"].includes(typeof part)) ? parts.join("") : UNKNOWN;
}
