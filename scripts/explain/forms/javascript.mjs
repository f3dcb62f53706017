// JavaScript that sends a request: "Copy as fetch" of browsers, for Node too, and what Postman writes for fetch, axios,
// jQuery, XMLHttpRequest and Node's https.
import { library } from "../../library.mjs";
import { UNKNOWN, isKnown, joined, nodesIn, requestsOf } from "./code.mjs";
import { Unreadable } from "../said.mjs";

const CALLS =
  /\bfetch\s*\(|\baxios\b|\bXMLHttpRequest\b|\bajax\s*\(|\brequire\s*\(|\bhttps?\.request\s*\(|^[ \t]*(?:const|let|var)\s+\w+\s*=/m;

/**
 * @param {string} text
 * @returns {Promise<import("../captured-request.mjs").CapturedRequest[] | undefined>} nothing if it is none
 */
export async function readJavaScript(text) {
  if (!CALLS.test(text)) return undefined;
  const program = await parsed(text);
  if (!program) return undefined;
  const nodes = nodesIn(program);
  const scope = scopeOf(nodes);
  const values = nodes
    .filter(({ type }) => type === "ObjectExpression" || type === "ArrayExpression")
    .map((node) => valueOf(node, scope));
  const calls = nodes
    .filter(({ type }) => type === "CallExpression" || type === "NewExpression")
    .map((node) => ({
      name: nameOf(node.callee).toLowerCase(),
      args: node.arguments.map((arg) => valueOf(arg, scope)),
    }));
  return requestsOf({ values, calls, toJson: JSON.stringify }, text);
}

async function parsed(text) {
  const { parse } = await library("acorn");
  try {
    return parse(text, { ecmaVersion: "latest", sourceType: "module", allowReturnOutsideFunction: true });
  } catch (error) {
    if (!/\bfetch\s*\(/.test(text)) return undefined;
    throw new Unreadable("brokenCode", "JavaScript", error.message);
  }
}

/** What each name stands for, and which headers are added to it: `h.append("name", "value")`. */
function scopeOf(nodes) {
  const names = new Map();
  const added = new Map();
  for (const node of nodes) {
    if (node.type === "VariableDeclarator" && node.init) names.set(node.id.name, node.init);
    if (node.type === "AssignmentExpression" && node.left.type === "Identifier") names.set(node.left.name, node.right);
    const { object, property } = node.type === "CallExpression" ? node.callee : {};
    if (["append", "set"].includes(property?.name) && node.arguments.length === 2) {
      added.set(object.name, [...(added.get(object.name) ?? []), node.arguments]);
    }
  }
  return { names, added };
}

const nameOf = ({ name, property }) => name ?? property?.name ?? "";

/** The value that an expression has, whenever it is run; `UNKNOWN` if that depends. `within` are the names being read. */
function valueOf(node, scope, within = []) {
  const read = (inner) => valueOf(inner, scope, within);
  switch (node?.type) {
    case "Literal":
      return node.value;
    case "TemplateLiteral":
      return joined(
        node.quasis.flatMap(({ value }, at) => [value.cooked, ...node.expressions.slice(at, at + 1).map(read)]),
      );
    case "BinaryExpression":
      return node.operator === "+" ? joined([read(node.left), read(node.right)]) : UNKNOWN;
    case "AwaitExpression":
      return read(node.argument);
    case "ArrayExpression":
      return node.elements.map((element) => read(element));
    case "ObjectExpression":
      return Object.fromEntries(node.properties.flatMap((property) => entriesOf(property, read)));
    case "Identifier":
      return named(node.name, scope, within);
    case "CallExpression":
      return called(node, read);
    case "NewExpression":
      return nameOf(node.callee) === "Headers" ? headersFrom(node.arguments.map(read)[0]) : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function named(name, scope, within) {
  if (name === "undefined") return undefined;
  const init = scope.names.get(name);
  if (!init || within.includes(name)) return UNKNOWN;
  const value = valueOf(init, scope, [...within, name]);
  const isHeaders = init.type === "NewExpression" && nameOf(init.callee) === "Headers";
  if (!isHeaders) return value;
  const added = (scope.added.get(name) ?? []).map((pair) => pair.map((arg) => valueOf(arg, scope, [...within, name])));
  return [...Object.entries(value), ...added];
}

function called(node, read) {
  const { object, property } = node.callee;
  const [value, , space] = node.arguments.map(read);
  if (object?.name === "JSON" && property?.name === "stringify") {
    return isKnown(value) && isKnown(space) ? JSON.stringify(value, null, space) : UNKNOWN;
  }
  return ["toString", "trim"].includes(property?.name) && node.arguments.length === 0 ? read(object) : UNKNOWN;
}

function entriesOf({ type, key, value, computed, argument }, read) {
  if (type === "SpreadElement") return Object.entries(Object(read(argument)));
  const name = computed ? read(key) : (key.name ?? key.value);
  return typeof name === "symbol" ? [] : [[String(name), read(value)]];
}

function headersFrom(init) {
  return Array.isArray(init) ? Object.fromEntries(init) : Object(init === UNKNOWN ? {} : init);
}
