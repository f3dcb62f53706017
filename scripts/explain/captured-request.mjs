// A request as somebody has captured it, in whichever form they have it: to its headers and the bytes of its body.
//
// In scope: which form it is. Not in scope: each form (forms/); what the headers mean.
import { readCommandLine } from "./forms/command-line.mjs";
import { isLog, readDump } from "./forms/dump.mjs";
import { isHar, readHar } from "./forms/har.mjs";
import { speaksOfSigning } from "./forms/headers.mjs";
import { readHttpText } from "./forms/http-text.mjs";
import { readJavaScript } from "./forms/javascript.mjs";
import { readJson } from "./forms/json.mjs";
import { readOtherCode } from "./forms/other-code.mjs";
import { readPhp } from "./forms/php.mjs";
import { readPowerShell } from "./forms/powershell.mjs";
import { Unreadable, said } from "./said.mjs";

/**
 * @typedef {import("./said.mjs").Said} Said
 *
 * @typedef {object} CapturedRequest
 * @property {Said} [name] which one it is, where the capture has several
 * @property {Record<string, string>} headers by their names in lower case; one that came twice joined with ", "
 * @property {Buffer} [body]
 * @property {string} [path] that of its address, if the capture has one
 * @property {number} [status] that of its answer, if the capture has one
 * @property {Said} [noBody] without a body: why there is none, and what to do
 * @property {boolean} [isReadByLines] whether the client takes the line ends out of the file that has the body
 * @property {{seconds: number, what: Said}} [at] when it came, in Unix seconds, and what says so, if the capture does
 */

/**
 * Reads a capture.
 *
 * @param {Buffer} capture
 * @returns {Promise<CapturedRequest[]>} at least one
 * @throws {Unreadable} when there is no request in it
 */
export async function readCaptures(capture) {
  const bytes = inUtf8(capture);
  // One character for each byte, so that every byte of the body is kept.
  const raw = bytes.toString("latin1");
  const text = bytes.toString();
  const found =
    (await withBodyOfCommand(readHttpText(raw), text)) ??
    readWholeJson(text) ??
    (await readPhp(text)) ??
    readPowerShell(text) ??
    (await readCommandLine(text)) ??
    readOtherCode(text) ??
    (await readJavaScript(text)) ??
    readPrinted(raw, text);
  if (found?.length === 1) return found;
  if (found?.length > 1) {
    return found.map((request, at) => ({ name: said("nameOfRequest", at + 1, found.length), ...request }));
  }
  throw new Unreadable(whyNothing(text));
}

/** What a terminal shows of `curl -v` begins with the command, and that has the body. */
async function withBodyOfCommand(requests, text) {
  if (!requests?.some(({ body }) => body === undefined)) return requests;
  const command = text.slice(0, Math.max(0, text.search(/^[*>] /m)));
  const [{ body } = {}] = (await readCommandLine(command)) ?? [];
  return body ? requests.map((request) => ({ ...request, body: request.body ?? body })) : requests;
}

/** Windows writes UTF-16, and marks in front of UTF-8. */
function inUtf8(capture) {
  if (capture.subarray(0, 2).equals(Buffer.from([0xff, 0xfe])))
    return Buffer.from(capture.subarray(2).toString("utf16le"));
  if (capture.subarray(0, 2).equals(Buffer.from([0xfe, 0xff]))) {
    return Buffer.from(Buffer.from(capture.subarray(2)).swap16().toString("utf16le"));
  }
  return capture.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? capture.subarray(3) : capture;
}

function readWholeJson(text) {
  const value = parsed(text);
  if (value === undefined) return undefined;
  return isHar(value) ? readHar(value) : readJson(value, !text.trim().includes("\n"));
}

/** Headers with a body behind them; else a log's lines, which may have it in JSON. */
function readPrinted(raw, text) {
  const dump = readDump(raw);
  if (dump?.[0].body) return dump;
  const logged = text.split("\n").flatMap((line) => {
    const start = line.indexOf("{");
    const value = start === -1 ? undefined : parsed(line.slice(start, line.lastIndexOf("}") + 1));
    return value === undefined ? [] : readJson(value, true);
  });
  const whole = logged.filter(({ body }) => body);
  return whole.length > 0 ? whole : logged.length > 0 ? logged.slice(0, 1) : dump;
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}

function whyNothing(text) {
  if (isLog(text)) return "logHasNoBody";
  if (speaksOfSigning(text)) return "unknownForm";
  return parsed(text) === undefined ? "noRequest" : "noRequestInJson";
}
