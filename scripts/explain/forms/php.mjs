// PHP that sends a request: what Postman writes for curl, Guzzle, HTTP_Request2 and pecl_http, stream contexts, Laravel's
// Http, and people's own of the like.
import { ESCAPES, SETTINGS, writeJson } from "../body-spellings.mjs";
import { library } from "../../library.mjs";
import { UNKNOWN, isKnown, joined, nodesIn, requestsOf } from "./code.mjs";
import { Unreadable } from "../said.mjs";

/** Calls of the usual clients. Their names alone stand in a user-agent too. */
const IS_PHP =
  /<\?php|\bcurl_(?:init|setopt)|\bnew HTTP_Request2\b|\bGuzzleHttp\\[A-Z]|\bstream_context_create\(|->setHeaders?\(|\bHttp::with/;

/**
 * @param {string} text
 * @returns {Promise<import("../captured-request.mjs").CapturedRequest[] | undefined>} nothing if it is none
 */
export async function readPhp(text) {
  if (!IS_PHP.test(text)) return undefined;
  const nodes = nodesIn(await parsed(text));
  const scope = new Map();
  for (const { kind, left, right, operator } of nodes) {
    if (kind === "assign" && operator === "=" && left.kind === "variable") scope.set(left.name, right);
  }
  const values = nodes.filter(({ kind }) => kind === "array").map((node) => valueOf(node, scope));
  const calls = nodes
    .filter(({ kind }) => kind === "call" || kind === "new")
    .map((node) => ({ name: nameOf(node.what).toLowerCase(), args: node.arguments.map((arg) => valueOf(arg, scope)) }));
  return requestsOf({ values, calls, toJson: (value) => jsonEncode(value, []) }, text);
}

async function parsed(text) {
  const { Engine } = await library("php-parser");
  const engine = new Engine({ parser: { extractDoc: false }, ast: { withPositions: false } });
  try {
    return text.includes("<?php") ? engine.parseCode(text, "request.php") : engine.parseEval(text);
  } catch (error) {
    throw new Unreadable("brokenCode", "PHP", error.message);
  }
}

const nameOf = ({ name, offset }) =>
  String(offset?.name ?? name ?? "")
    .split("\\")
    .at(-1);

/** The value that an expression has, whenever it is run; `UNKNOWN` if that depends. `within` are the names being read. */
function valueOf(node, scope, within = []) {
  const read = (inner) => valueOf(inner, scope, within);
  switch (node?.kind) {
    case "string":
    case "nowdoc":
    case "boolean":
      return node.value;
    case "number":
      return Number(node.value);
    case "nullkeyword":
      return null;
    case "encapsed":
      return joined(node.value.map(({ expression }) => read(expression)));
    case "bin":
      return node.type === "." ? joined([read(node.left), read(node.right)]) : UNKNOWN;
    case "array":
      return arrayOf(node.items, read);
    case "name":
      return nameOf(node);
    case "variable":
      if (!scope.has(node.name) || within.includes(node.name)) return UNKNOWN;
      return valueOf(scope.get(node.name), scope, [...within, node.name]);
    case "call":
      return called(node, read);
    default:
      return UNKNOWN;
  }
}

function called({ what, arguments: args }, read) {
  const value = args.length > 0 ? read(args[0]) : UNKNOWN;
  if (nameOf(what) !== "json_encode") return UNKNOWN;
  return isKnown(value)
    ? jsonEncode(
        value,
        nodesIn(args[1] ?? []).map((node) => nameOf(node)),
      )
    : UNKNOWN;
}

/** A list if nothing in it has a key. */
function arrayOf(items, read) {
  const entries = items.filter(Boolean).map(({ key, value }) => [key && read(key), read(value)]);
  if (entries.every(([key]) => !key)) return entries.map(([, value]) => value);
  return Object.fromEntries(entries.map(([key, value], at) => [typeof key === "symbol" ? at : (key ?? at), value]));
}

/** As json_encode writes it: slashes and letters are escaped, but for these flags. */
function jsonEncode(value, flags) {
  const text = writeJson(value, flags.includes("JSON_PRETTY_PRINT") ? SETTINGS["indented by 4"] : SETTINGS.compact);
  const slashed = flags.includes("JSON_UNESCAPED_SLASHES") ? text : ESCAPES["slashes escaped"](text);
  return flags.includes("JSON_UNESCAPED_UNICODE") ? slashed : ESCAPES["letters escaped"](slashed);
}
