// A command that sends a request: curl's, as browsers ("Copy as cURL", for sh and for Windows), Postman and people write
// it, and wget's.
//
// In scope: what the command sends. Not in scope: how a shell reads it (words.mjs); what it does besides.
import { parseArgs } from "node:util";
import { Unreadable, said } from "../said.mjs";
import { SIGNING, hasSigning, isSignedEndpoint, keyOf, put, withHost } from "./headers.mjs";
import { commandsIn, isUnknown, unknownIn } from "./words.mjs";

const IS_COMMAND = /(?:^|[\s;&|$>(])(?:curl(?:\.exe)?|wget)\s+(?:[-'"^$\\]|https?:|[\w.]+[.:/])/;
const NAMES = ["curl", "curl.exe", "wget"];
/** Those that matter here, and the short ones that take a value, which else would be taken for an address. */
const OPTIONS = {
  header: { type: "string", short: "H", multiple: true },
  data: { type: "string", short: "d", multiple: true },
  "data-ascii": { type: "string", multiple: true },
  "data-raw": { type: "string", multiple: true },
  "data-binary": { type: "string", multiple: true },
  json: { type: "string", multiple: true },
  form: { type: "string", short: "F", multiple: true },
  "form-string": { type: "string", multiple: true },
  "upload-file": { type: "string", short: "T" },
  get: { type: "boolean", short: "G" },
  request: { type: "string", short: "X" },
  url: { type: "string" },
  // wget's
  "body-data": { type: "string", multiple: true },
  "post-data": { type: "string", multiple: true },
  "body-file": { type: "string" },
  "post-file": { type: "string" },
  ...Object.fromEntries([..."AbcCDeEKmoPQrtuUwxyYz"].map((short) => [`-${short}`, { type: "string", short }])),
};
/** Each as it stands on the command line, but for `--data @file`. */
const AS_THEY_ARE = ["data-raw", "body-data", "post-data"];

/**
 * @param {string} text
 * @returns {Promise<import("../captured-request.mjs").CapturedRequest[] | undefined>} nothing if there is no such command
 */
export async function readCommandLine(text) {
  if (!IS_COMMAND.test(text)) return undefined;
  const commands = await commandsIn(text);
  const requests = commands.flatMap(({ words, input }) => {
    const start = words.findIndex((word) => NAMES.includes(word));
    return start === -1 ? [] : [requestOf(words.slice(start + 1), input)];
  });
  const all = requests.map((request, at) => ({
    ...request,
    name: said("nameOfCommand", at + 1, requests.length, request.address),
  }));
  const signed = all.filter(({ headers }) => hasSigning(headers));
  const chosen = signed.length > 0 ? signed : all.filter(({ address }) => isSignedEndpoint(pathOf(address)));
  return chosen.length === 0 ? undefined : chosen.map((request) => captured(request, requests.length > 1));
}

function captured({ name, address, headers, ...rest }, isOneOfSeveral) {
  return { ...(isOneOfSeveral ? { name } : {}), path: pathOf(address), headers: withHost(headers, address), ...rest };
}

const pathOf = (address) => address.replace(/^(?:https?:\/\/)?[^/]*/, "");

function requestOf(args, input) {
  const { tokens } = parseArgs({ args, options: OPTIONS, strict: false, allowPositionals: true, tokens: true });
  const given = tokens.filter(({ kind }) => kind === "option");
  const headers = {};
  for (const { name, value } of given) if (name === "header" && value) putLine(headers, value);
  const words = tokens.flatMap(({ kind, name, value }) => (kind === "positional" || name === "url" ? [value] : []));
  const address =
    words.find((word) => /^https?:\/\//.test(word)) ?? words.find((word) => /^[\w.-]+[:/]/.test(word)) ?? "";
  return { address: address.split("?")[0], headers, ...bodyOf(given, input) };
}

function putLine(headers, line) {
  const [, name, value] = /^([^:;]+)[:;]\s*(.*?)\s*$/s.exec(line) ?? [];
  if (!name) return;
  const unknown = unknownIn(value);
  if (unknown && SIGNING.includes(keyOf(name))) {
    throw new Unreadable("variableInHeader", unknown, name);
  }
  put(headers, name, value);
}

function bodyOf(given, input) {
  const names = given.map(({ name }) => name);
  if (names.includes("form") || names.includes("form-string")) return { noBody: said("commandSendsForm") };
  const parts = given.flatMap(({ name, value }) => partsOf(name, value ?? "", input));
  const file = parts.find(({ from }) => from !== undefined);
  if (file) return { noBody: fileNeeded(file), isReadByLines: file.isReadByLines };
  if (parts.some(({ text }) => isUnknown(text))) {
    return { noBody: said("bodyIsVariable") };
  }
  if (parts.length === 0 || names.includes("get")) return { noBody: said("commandSendsNone") };
  return { body: Buffer.from(parts.map(({ text }) => text).join(names.includes("json") ? "" : "&")) };
}

function partsOf(name, value, input) {
  if (AS_THEY_ARE.includes(name)) return [{ text: value }];
  if (["upload-file", "body-file", "post-file"].includes(name)) return [{ from: value, shown: `--${name} ${value}` }];
  if (!["data", "data-ascii", "data-binary", "json"].includes(name)) return [];
  if (!value.startsWith("@")) return [{ text: value }];
  const isReadByLines = name === "data" || name === "data-ascii";
  if (value === "@-" && input !== undefined) return [{ text: isReadByLines ? withoutLineEnds(input) : input }];
  return [{ from: value.slice(1), shown: `--${name} ${value}`, isReadByLines }];
}

/** What curl makes of a file that it reads with `-d`. */
export const withoutLineEnds = (text) => text.replace(/[\r\n\0]/g, "");

function fileNeeded({ from, shown }) {
  if (from === "-") return said("bodyFromInput", shown);
  const name = /^[\w./-]+$/.test(from) ? from : `'${from}'`;
  return said("bodyInFile", shown, name);
}
