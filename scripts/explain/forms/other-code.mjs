// Code in a language that is not parsed here: Python, Java, C#, Go, Ruby, Swift, Rust, C, as Postman writes it for their HTTP
// clients. Its texts in quotes are read, and nothing else.
//
// In scope: headers that sign and a body, where they stand in it as texts. Not in scope: everything that is worked out.
import { ESCAPES, SETTINGS, writeJson } from "../body-spellings.mjs";
import { SIGNING, hasSigning, keyOf, put, withHost } from "./headers.mjs";
import { said } from "../said.mjs";

/** Calls of the usual clients. Their names alone stand in a user-agent too. */
const CLIENTS =
  /^[ \t]*(?:import (?:requests|httpx|aiohttp|http\.client|urllib)|from (?:urllib|httpx|requests) import)\b|\b(?:requests\.(?:post|request)\(|http\.client\.\w|OkHttpClient|HttpClient\(|HttpRequestMessage\(|HttpRequest\.newBuilder|RestClient[(.]|RestRequest\(|Unirest\.\w|URLRequest\(|Net::HTTP|http\.NewRequest|reqwest::|ureq::|Faraday\.\w|HTTParty\.\w|curl_slist_append\()/m;
/** A text in quotes: Python's long ones, Go's and Ruby's raw ones, and C's. */
const TEXT = /`([^`]*)`|(?:\b[bfru]{1,2}|[@$]{1,2})?(?:("""|''')([^]*?)\2|(["'])((?:\\[^]|(?!\4)[^\\\n])*)\4)/gi;
/** What stands between a name and its value: `"name", "value"`, `'name': 'value'`, `["name"] = "value"`. */
const BETWEEN = /^[\s\])}]*(?:[,:=]|=>)[\s({[]*$/;

/**
 * @param {string} text
 * @returns {import("../captured-request.mjs").CapturedRequest[] | undefined} nothing if it is none
 */
export function readOtherCode(text) {
  if (!CLIENTS.test(text)) return undefined;
  const texts = [...text.matchAll(TEXT)].map((match) => ({
    value: valueOf(match),
    start: match.index,
    end: match.index + match[0].length,
  }));
  const headers = headersIn(texts, text);
  if (!hasSigning(headers)) return undefined;
  const body = bodyIn(texts, text);
  return [
    { headers: withHost(headers, text), ...(body === undefined ? { noBody: said("codeHasNoBody") } : { body: Buffer.from(body) }) },
  ];
}

function valueOf([whole, raw, , long, , short]) {
  if (raw !== undefined) return raw;
  const text = long ?? short;
  if (/^[bu]?r|^\$?@/i.test(whole)) return text;
  const escapes = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
  return text.replace(/\\(?:u\{?([0-9a-f]{4,6})\}?|x([0-9a-f]{2})|\n|([^]))/gi, (_, unicode, hex, other = "") =>
    unicode || hex ? String.fromCodePoint(Number.parseInt(unicode ?? hex, 16)) : (escapes[other] ?? other),
  );
}

function headersIn(texts, text) {
  const headers = {};
  for (const [at, { value, start, end }] of texts.entries()) {
    const next = texts[at + 1];
    const before = texts[at - 1];
    const [, name, given] = /^([\w-]+):\s*(.*)$/.exec(value) ?? [];
    if (name && SIGNING.includes(keyOf(name))) put(headers, name, given);
    if (!SIGNING.includes(keyOf(value))) continue;
    // Swift has the value in front: addValue("…", forHTTPHeaderField: "name").
    if (before && /forHTTPHeaderField:\s*$/.test(text.slice(before.end, start))) put(headers, value, before.value);
    else if (next && BETWEEN.test(text.slice(end, next.start))) put(headers, value, next.value);
  }
  return headers;
}

/** A text that is a JSON object by itself; or one that Python's `json.dumps({…})` writes, or Ruby's `JSON.dump({…})`. */
function bodyIn(texts, text) {
  const whole = texts.find(({ value }) => /^\s*\{/.test(value) && parsed(value) !== undefined);
  if (whole) return whole.value;
  const [, writer, written] =
    /\b(json\.dumps|JSON\.(?:dump|generate))\(\s*(\{[^]*?\})\s*\)\s*(?:\n|$|\.encode|,)/.exec(text) ?? [];
  const value =
    written &&
    parsed(written.replace(/\b(?:True|False)\b/g, (word) => word.toLowerCase()).replace(/\b(?:None|nil)\b/g, "null"));
  if (!value) return undefined;
  return writer === "json.dumps"
    ? ESCAPES["letters escaped"](writeJson(value, SETTINGS.spaced))
    : JSON.stringify(value);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
