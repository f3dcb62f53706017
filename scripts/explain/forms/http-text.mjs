// A request as it went over the line: raw HTTP, and what `curl --trace` and `curl -v` print of it.
//
// Nothing is mended on the way: the text has one character for each byte, and the body's bytes are the file's.
import { declaredLength, put } from "./headers.mjs";
import { Unreadable, said } from "../said.mjs";

const REQUEST_LINE = /^\s*[A-Z]+ \S+ HTTP\/[\d.]+\r?\n/;
const TRACE_EVENT = /^(?:\d\d:\d\d:\d\d\.\d+ )?(?:\[\S+\] )?(=>|<=) (Send|Recv) (SSL data|header|data), \d+ bytes/;
const TRACE_ROW = /^[0-9a-f]{4,}: ((?:[0-9a-f]{2} ){1,16})/;
/** curl's own remarks, and what it prints for a body that it does not show. */
const CURL_REMARK = /^(?:\* |\*$|[{}] \[\d+ bytes data\])/;
const TRANSFER_METER = /^\s*(?:% Total|Dload|[\d.]+k?\s+[\d.]+k?\s+[\d.]+k?\s+\d)/;
const ANSWER_BEHIND = /(?<![\r\n])(?:\r?\n)+HTTP\/[\d.]+ \d{3}[^]*$/;

/**
 * @param {string} text one character for each byte
 * @returns {import("../captured-request.mjs").CapturedRequest[] | undefined} nothing if it is none of these
 */
export function readHttpText(text) {
  const lines = text.split(/(?<=\n)/);
  if (lines.some((line) => TRACE_EVENT.test(line))) return [requestOf(splitTrace(lines), "endsBehindHeaders")];
  if (lines.some((line) => /^> \S/.test(line))) return [requestOf(splitVerbose(lines), "verboseHasNoBody")];
  if (REQUEST_LINE.test(text)) return [requestOf(splitRaw(text), "endsBehindHeaders")];
  return undefined;
}

function requestOf({ head, body, answer }, why) {
  const [, path] = /^\s*[A-Z]+ ([^\s?]+)\S* HTTP\//.exec(head) ?? [];
  const where = path === undefined ? {} : { path };
  const headers = readLines(head);
  const declared = declaredLength(headers);
  const bytes = Buffer.from(isChunked(headers) ? joinChunks(body) : body, "latin1");
  const answeredAt = Date.parse(readLines(answer).date ?? "");
  const time = Number.isNaN(answeredAt) ? {} : { at: { seconds: answeredAt / 1000, what: said("answerDate") } };
  // An empty body is one only if the headers say so.
  if (body === "" && declared !== 0) {
    const noBody = declared > 0 ? said("declaredBody", declared, said(why)) : said(why);
    return { headers, noBody, ...where, ...time };
  }
  return { headers, body: withoutEditorsLineEnd(bytes, declared), ...where, ...time };
}

function splitRaw(text) {
  const trimmed = text.trimStart();
  const at = /\r?\n[ \t]*\r?\n/.exec(trimmed);
  if (!at) return { head: trimmed, body: "", answer: "" };
  const behind = trimmed.slice(at.index + at[0].length);
  const answer = ANSWER_BEHIND.exec(`\n${behind}`);
  return {
    head: trimmed.slice(0, at.index),
    body: answer ? behind.slice(0, Math.max(0, answer.index - 1)) : behind,
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
      else if (/^[0-9a-f]{4,}: /.test(line)) throw new Unreadable("traceAscii");
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

function readLines(head) {
  const headers = {};
  for (const line of head.split(/\r?\n/)) {
    const [, name, value] = /^([A-Za-z][A-Za-z0-9_-]*)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    if (name) put(headers, name, value);
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
export function withoutEditorsLineEnd(body, declared) {
  const surplus = body.length - declared;
  const isLineEnd = ["\n", "\r\n"].includes(body.subarray(declared).toString("latin1"));
  return surplus > 0 && isLineEnd ? body.subarray(0, declared) : body;
}
