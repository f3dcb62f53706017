// openapi.yaml as the tests read it: the document, what its references point to, and its answers.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { inRoot } from "../../examples/support/paths.mjs";

export const FILE = inRoot("openapi.yaml");
export const DOCUMENT = parse(readFileSync(FILE, "utf8"));

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** What stands at a JSON pointer (RFC 6901), references followed: `{ pointer, node }`. */
export function find(pointer) {
  const names = pointer.split("/").slice(1).map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  let at = { pointer: "", node: DOCUMENT };
  for (const name of names) {
    const { [name]: node } = at.node;
    if (node === undefined) throw new Error(`openapi.yaml has nothing at ${pointer}`);
    at = node.$ref ? find(node.$ref.slice(1)) : { pointer: `${at.pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, node };
  }
  return at;
}

/** The members of what stands at a pointer, each as {@link find} has it, by name. None if there is nothing. */
export function members(pointer, name) {
  const { pointer: place, node } = find(pointer);
  return Object.fromEntries(Object.keys(node[name] ?? {}).map((key) => [key, find(`${place}/${name}/${escape(key)}`)]));
}

const escape = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1");

/**
 * Every answer there is: `{ operation, status, headers, mediaType, schema, example, body }`, one for each example of a
 * body, and one without `mediaType` for an answer without a body. `schema` is a pointer, `headers` are as
 * {@link members} has them.
 */
export const ANSWERS = Object.entries(DOCUMENT.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => item[method]).flatMap((method) =>
    Object.entries(members(`/paths/${escape(path)}/${method}`, "responses")).flatMap(([status, { pointer }]) => {
      const answer = { operation: `${method.toUpperCase()} ${path}`, status: Number(status), headers: members(pointer, "headers") };
      const contents = Object.entries(members(pointer, "content"));
      if (contents.length === 0) return [answer];
      return contents.flatMap(([mediaType, content]) =>
        Object.entries(members(content.pointer, "examples")).map(([example, { node }]) => {
          return { ...answer, mediaType, schema: `${content.pointer}/schema`, example, body: node.value };
        }),
      );
    }),
  ),
);

const REQUEST = find("/paths/~1webhook/post/requestBody/content/application~1json");

/** The schema of a message, as a pointer. */
export const MESSAGE_SCHEMA = `${REQUEST.pointer}/schema`;

/** The examples of messages, by name. */
export const MESSAGES = Object.fromEntries(
  Object.entries(members(REQUEST.pointer, "examples")).map(([name, { node }]) => [name, node.value]),
);

/** The parameters of an operation, by name. */
export const parameters = (operationPointer) =>
  Object.fromEntries(Object.values(members(operationPointer, "parameters")).map((parameter) => [parameter.node.name, parameter]));
