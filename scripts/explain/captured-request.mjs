// A request as somebody has captured it: to its headers and the bytes of its body.
//
// In scope: raw HTTP; what `curl --trace` and `curl -v` print; header lines as frameworks log them, an empty line and the
// body. Not in scope: what the headers mean. Nothing is mended on the way: the body's bytes are the file's.
import { UserError } from "../user-error.mjs";

const NAMES = ["id", "timestamp", "signature"];
const PREFIXES = ["webhook-", "svix-"];
const TRACE_EVENT = /^(?:\d\d:\d\d:\d\d\.\d+ )?(?:\[\S+\] )?(=>|<=) (Send|Recv) (SSL data|header|data), \d+ bytes/;
const TRACE_ROW = /^[0-9a-f]{4,}: ((?:[0-9a-f]{2} ){1,16})/;
/** curl's own remarks, and what it prints for a body that it does not show. */
const CURL_REMARK = /^(?:\* |\*$|[{}] \[\d+ bytes data\])/;
const TRANSFER_METER = /^\s*(?:% Total|Dload|[\d.]+k?\s+[\d.]+k?\s+[\d.]+k?\s+\d)/;
/** `name: value`, `name=value`, `'name': 'value',`, `[HTTP_NAME] => value`, with or without quotes. */
const HEADER_LINE = /^[\s{(]*(["'[]?)(?:HTTP_)?([A-Za-z][A-Za-z0-9_-]*)["'\]]?\s*(?:=>|:|=)\s*(.*?)\s*$/;
const QUOTED_PAIRS = /(["'])(?:HTTP_)?([A-Za-z][A-Za-z0-9_-]*)\1\s*(?:=>|:)\s*(["'])(.*?)\3/g;
const ANSWER_BEHIND = /(?:\r?\n)+HTTP\/[\d.]+ \d{3}[^]*$/;

/**
 * @typedef {object} CapturedRequest
 * @property {Record<string, string>} headers by their names in lower case; one that came twice joined with ", "
 * @property {Buffer} body
 * @property {number} [answeredAt] Unix seconds: the `date` of the answer, if that was captured too
 */

/**
 * Reads a capture.
 *
 * @param {Buffer} capture
 * @returns {CapturedRequest}
 * @throws {UserError} when there is no request in it
 */
export function readCapture(capture) {
  // One character for each byte, so that every byte of the body is kept.
  const text = capture.toString("latin1");
  const { head, body, answer } = split(text);
  const headers = readHeaders(head);
  if (!Object.keys(headers).some((name) => PREFIXES.some((prefix) => name.startsWith(prefix)))) {
    throw new UserError(
      "There are no webhook-… headers in it. It must be one request: header lines, an empty line, the body.\n" +
        "`curl --trace FILE …` writes such a file; so does a raw dump of the request.",
    );
  }
  const bytes = Buffer.from(isChunked(headers) ? joinChunks(body) : body, "latin1");
  const declared = declaredLength(headers);
  if (bytes.length === 0 && declared > 0) {
    throw new UserError(
      `Its body of ${declared} bytes is missing. curl -v does not print it: take \`curl --trace FILE …\`\n` +
        "in place of -v, or write the body behind the last line that begins with >, after an empty line.",
    );
  }
  const answeredAt = Date.parse(readHeaders(answer).date ?? "");
  return {
    headers,
    body: withoutEditorsLineEnd(bytes, declared),
    ...(Number.isNaN(answeredAt) ? {} : { answeredAt: answeredAt / 1000 }),
  };
}

/**
 * The three headers that sign: those of `webhook-`, or of `svix-` where no `webhook-` one is there.
 *
 * @param {Record<string, string>} headers
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

function split(text) {
  const lines = text.split(/(?<=\n)/);
  if (lines.some((line) => TRACE_EVENT.test(line))) return splitTrace(lines);
  if (lines.some((line) => /^> \S/.test(line))) return splitVerbose(lines);
  const trimmed = text.trimStart();
  const at = /\r?\n[ \t]*\r?\n/.exec(trimmed);
  if (!at) return { head: trimmed, body: "", answer: "" };
  const behind = trimmed.slice(at.index + at[0].length);
  const answer = ANSWER_BEHIND.exec(behind);
  return {
    head: trimmed.slice(0, at.index),
    body: answer ? behind.slice(0, answer.index) : behind,
    answer: answer?.[0].trimStart() ?? "",
  };
}

/** `curl --trace`: rows of hexadecimal bytes under a line for each event. */
function splitTrace(lines) {
  const parts = { "Send header": "", "Send data": "", "Recv header": "" };
  let into;
  for (const line of lines) {
    const event = TRACE_EVENT.exec(line);
    if (event) {
      into = `${event[2]} ${event[3]}`;
    } else if (into in parts) {
      const row = TRACE_ROW.exec(line);
      if (row) parts[into] += Buffer.from(row[1].replaceAll(" ", ""), "hex").toString("latin1");
      else if (/^[0-9a-f]{4,}: /.test(line)) {
        throw new UserError("`curl --trace-ascii` leaves bytes out. Capture the request with `curl --trace FILE …`");
      }
    }
  }
  return { head: parts["Send header"], body: parts["Send data"], answer: parts["Recv header"] };
}

/** `curl -v`: `> ` before what is sent, `< ` before what comes. The body is what somebody has put in between or behind. */
function splitVerbose(lines) {
  const unmarked = (mark) =>
    lines
      .filter((line) => line.startsWith(mark))
      .map((line) => line.slice(mark.length))
      .join("");
  const last = lines.findLastIndex((line) => /^>(?:\s|$)/.test(line));
  const next = lines.findIndex((line, at) => at > last && /^<\s/.test(line));
  const between = lines.slice(last + 1, next === -1 ? undefined : next);
  const body = between.filter((line) => !CURL_REMARK.test(line) && !TRANSFER_METER.test(line)).join("");
  return { head: unmarked("> "), body: body.replace(/^\r?\n/, ""), answer: unmarked("< ") };
}

function readHeaders(head) {
  const headers = {};
  const put = (name, value) => {
    const key = name.toLowerCase().replaceAll("_", "-");
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  };
  for (const line of head.split(/\r?\n/)) {
    const pairs = [...line.matchAll(QUOTED_PAIRS)];
    if (pairs.length > 0) {
      for (const [, , name, , value] of pairs) put(name, value);
      continue;
    }
    const [, opened, name, value] = HEADER_LINE.exec(line) ?? [];
    if (name) put(name, opened ? value.replace(/,$/, "") : value);
  }
  return headers;
}

const isChunked = (headers) => /\bchunked\b/i.test(headers["transfer-encoding"] ?? "");

/** Joins the chunks of a body; one that is in no chunks any more stays as it is. */
function joinChunks(body) {
  let joined = "";
  for (let rest = body; ;) {
    const size = /^([0-9A-Fa-f]{1,8})(?:;[^\r\n]*)?\r?\n/.exec(rest);
    if (!size) return body;
    const [line, digits] = size;
    const length = Number.parseInt(digits, 16);
    if (length === 0) return joined;
    joined += rest.slice(line.length, line.length + length);
    rest = rest.slice(line.length + length).replace(/^\r?\n/, "");
  }
}

/** Editors end a file with a line end, which is not the request's if `content-length` does not count it. */
function withoutEditorsLineEnd(body, declared) {
  const surplus = body.length - declared;
  const isLineEnd = ["\n", "\r\n"].includes(body.subarray(declared).toString("latin1"));
  return surplus > 0 && isLineEnd ? body.subarray(0, declared) : body;
}
