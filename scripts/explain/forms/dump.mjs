// Headers as a program prints them, and the body behind them after an empty line: header lines, dumps of PHP, Laravel,
// Node, Python, Ruby, Go and Java, lines of a log.
//
// In scope: names and values in any of the usual brackets and quotes. Not in scope: what is an object in JSON as a whole
// (json.mjs).
import { SIGNING, declaredLength, hasSigning, put, speaksOfSigning } from "./headers.mjs";
import { withoutEditorsLineEnd } from "./http-text.mjs";
import { said } from "../said.mjs";

/** `name: value`, `name=value`, `'name': 'value',`, `[HTTP_NAME] => value`, with or without quotes. */
const HEADER_LINE = /^[\s{(]*(["'[]?)([A-Za-z][A-Za-z0-9_-]*)["'\]]?\s*(?:=>|:|=)\s*(.*?)\s*$/;
/** `'name': 'value'`, `"name" => 5`, wherever they stand in a line. */
const QUOTED_PAIRS =
  /(["'])([A-Za-z][A-Za-z0-9_-]*)\1\]?\s*(?:=>|:)\s*(?:(["'])((?:\\.|(?!\3).)*)\3|(\d+(?:\.\d+)?)\b)/g;
/** A header's values in a list of their own, as frameworks keep them: `=> array:1 [ 0 => "value" ]`, `: ["value"]`. */
const QUOTED_ITEM = String.raw`(?:\[?\d+\]?\s*=>\s*)?(?:"[^"\n]*"|'[^'\n]*')`;
/** Laravel's page has a triangle to click on; here it is three bytes. */
const TRIANGLE = String.raw`\xe2\x96[\xb6\xbc]`;
const BARE_ITEM = String.raw`\[\d+\] => [^\n]*`;
const LIST = new RegExp(
  String.raw`(=>|:|=)\s*(?:array(?::\d+|\s*\(\d+\))?|Array)?\s*[[({](?:\s|${TRIANGLE})*((?:${QUOTED_ITEM}[\s,]*)+|(?:${BARE_ITEM}\s*)+)[\])}]`,
  "g",
);
const ITEM = /(?:\[?\d+\]?\s*=>\s*)?(?:"([^"\n]*)"|'([^'\n]*)')|\[\d+\] => ([^\n]*)/g;
const LOG_LINE =
  /"(?:GET|POST|PUT|OPTIONS|HEAD) \S+ HTTP\/[\d.]+"|^[^\n]{0,80}\b(?:INFO|WARN(?:ING)?|ERROR|DEBUG|NOTICE)\b|^\W?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|^[^\n]{0,80}\[\d\d\/\w{3}\/\d{4}:/m;

/**
 * @param {string} text one character for each byte
 * @returns {import("../captured-request.mjs").CapturedRequest[] | undefined} nothing if there are no headers that sign
 */
export function readDump(text) {
  const { head, behind } = split(text);
  const headers = readHeaders(head);
  if (!hasSigning(headers)) return undefined;
  const body = behind === "" ? symfonysString(head) : behind;
  if (body === undefined) return [{ headers, noBody: said(isLog(text) ? "logHasNoBody" : "headersAlone") }];
  return [{ headers, body: withoutEditorsLineEnd(Buffer.from(body, "latin1"), declaredLength(headers)) }];
}

/** Whether a text is a line, or a few, that a server has written down of a request. */
export function isLog(text) {
  const lines = text.trim().split("\n");
  return lines.length <= 20 && LOG_LINE.test(text);
}

/** The headers end at the first empty line behind the last of those that sign. */
function split(text) {
  const trimmed = text.trimStart();
  const last = trimmed
    .split("\n")
    .reduce(({ at, found }, line) => ({ at: at + line.length + 1, found: isHeader(line) ? at : found }), {
      at: 0,
      found: 0,
    }).found;
  const end = /\r?\n[ \t]*\r?\n/g;
  end.lastIndex = last;
  const at = end.exec(trimmed);
  if (!at) return { head: trimmed, behind: "" };
  return { head: trimmed.slice(0, at.index), behind: trimmed.slice(at.index + at[0].length) };
}

const isHeader = (line) => speaksOfSigning(line) && !/^\s*\{\s*"type"/.test(line);

function readHeaders(head) {
  const headers = {};
  const plain = head
    .replace(/=>[ \t]*\r?\n\s*/g, "=> ")
    .replace(/\bstring\(\d+\) (?=")/g, "")
    .replace(/\bint\((\d+)\)/g, "$1")
    .replace(LIST, (_, sign, items) => {
      const quote = /["']/.test(items) ? '"' : "";
      return `${sign} ${quote}${valuesOf(items).join(", ")}${quote}`;
    });
  for (const line of plain.split(/\r?\n/)) {
    const pairs = [...line.matchAll(QUOTED_PAIRS)];
    if (pairs.length > 0) {
      for (const [, , name, quote, value, number] of pairs) put(headers, name, number ?? unescaped(value, quote));
      continue;
    }
    if (SIGNING.filter((name) => mentions(line, name)).length > 1) continue;
    const [, opened, name, value] = HEADER_LINE.exec(line) ?? [];
    if (name) put(headers, name, opened ? value.replace(/,$/, "") : value);
  }
  for (const name of SIGNING) {
    const value = headers[name] === undefined ? anywhere(head, name) : undefined;
    if (value !== undefined) put(headers, name, value);
  }
  return headers;
}

const valuesOf = (items) => [...items.matchAll(ITEM)].map(([, one, other, bare]) => one ?? other ?? bare.trim());

/** In JSON, and in what looks like it, a slash or a plus may be written otherwise. */
function unescaped(value, quote) {
  if (quote !== '"' || !value.includes("\\")) return value;
  try {
    return JSON.parse(`"${value}"`);
  } catch {
    return value;
  }
}

const spelled = (name) => `(?<![a-z0-9]|wc[-_])(?:http[_-])?${name.replaceAll("-", "[-_]")}`;
const mentions = (line, name) => new RegExp(spelled(name), "i").test(line);

/** `Webhook-Id:[msg_1]`, `webhook_id="msg_1"`, `(b'webhook-id', b'msg_1')`, and a value on the line below its name. */
function anywhere(head, name) {
  const value = String.raw`(?:b?"([^"\n]*)"|b?'([^'\n]*)'|\[b?["']?([^\]\n"']*)["']?\]|((?:v1,)?[^\s,;"'[\](){}]+))`;
  const pattern = new RegExp(String.raw`${spelled(name)}["'\]]?(?:\s*(?:=>|[:=,])\s*|\r?\n\s*)${value}`, "i");
  return pattern
    .exec(head)
    ?.slice(1)
    .find((found) => found !== undefined);
}

/** Laravel's `dd($headers, $content)` prints the text behind the list: `"…"`, or between `"""` line by line. */
function symfonysString(head) {
  const [, printed] = /^\][^\n]*\r?\n("[^]*")[^"\n]*\s*$/m.exec(head) ?? [];
  if (printed === undefined) return undefined;
  const [, block] = /^"""\r?\n([^]*)\r?\n"""$/.exec(printed) ?? [];
  if (block === undefined) return printed.slice(1, -1);
  // Each line end of the text is written as \n or \r\n, and then made.
  const ends = { "\\r\\n": "\r\n", "\\n": "\n", "\\r": "\r" };
  return block
    .replace(/((?:\\r)?\\n|\\r)?\r?\n/g, (_, end) => ends[end] ?? "")
    .replace(/(?:\\r)?\\n$/, (end) => ends[end]);
}
