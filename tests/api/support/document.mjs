// openapi.yaml as the tests read it: the document, what its references point to, and its answers.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { inRoot } from "../../../scripts/paths.mjs";

export const FILE = inRoot("openapi.yaml");
export const DOCUMENT = parse(readFileSync(FILE, "utf8"));

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** What stands at a JSON pointer (RFC 6901), references followed: `{ pointer, node }`. */
export function find(pointer) {
  let at = { pointer: "", node: DOCUMENT };
  for (const name of pointer.split("/").slice(1)) {
    const node = at.node[name.replaceAll("~1", "/").replaceAll("~0", "~")];
    if (node === undefined) throw new Error(`openapi.yaml has nothing at ${pointer}`);
    at = node.$ref ? find(node.$ref.slice(1)) : { pointer: `${at.pointer}/${name}`, node };
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
 * body; without `example` where the document has none, and without `mediaType` where there is no body. `schema` is a
 * pointer, `headers` are as {@link members} has them.
 */
export const ANSWERS = Object.entries(DOCUMENT.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => item[method]).flatMap((method) =>
    Object.entries(members(`/paths/${escape(path)}/${method}`, "responses")).flatMap(([status, { pointer }]) => {
      const operation = `${method.toUpperCase()} ${path}`;
      const answer = { operation, status: Number(status), headers: members(pointer, "headers") };
      const bodies = Object.entries(members(pointer, "content")).flatMap(bodiesOf);
      return bodies.length > 0 ? bodies.map((body) => ({ ...answer, ...body })) : [answer];
    }),
  ),
);

function bodiesOf([mediaType, { pointer }]) {
  const content = { mediaType, schema: `${pointer}/schema` };
  const examples = Object.entries(members(pointer, "examples"));
  if (examples.length === 0) return [content];
  return examples.map(([example, { node }]) => ({ ...content, example, body: node.value }));
}

const REQUEST = find("/paths/~1webhook/post/requestBody/content/application~1json");

const NOTICE = find("/paths/~1callback/post/requestBody/content/application~1x-www-form-urlencoded");
const DELIVERY = find("/paths/~1hooks~1{name}/post/requestBody/content/application~1json");
const HOOK_PING = find("/paths/~1hooks~1{name}/post/requestBody/content/application~1x-www-form-urlencoded");

/** The schemas of a message and of PayTR's notice, as pointers. */
export const MESSAGE_SCHEMA = `${REQUEST.pointer}/schema`;
export const NOTICE_SCHEMA = `${NOTICE.pointer}/schema`;

/** The examples of messages, of PayTR's notices, and of WooCommerce's deliveries and its ping, by name. */
export const MESSAGES = examples(REQUEST.pointer);
export const NOTICES = examples(NOTICE.pointer);
export const DELIVERIES = examples(DELIVERY.pointer);
export const HOOK_PINGS = examples(HOOK_PING.pointer);

/** The same by the kind of request: the examples, and the schema as a pointer. */
export const REQUESTS = {
  message: [MESSAGES, MESSAGE_SCHEMA],
  notice: [NOTICES, NOTICE_SCHEMA],
  delivery: [DELIVERIES, `${DELIVERY.pointer}/schema`],
  "ping of a hook": [HOOK_PINGS, `${HOOK_PING.pointer}/schema`],
};

/** Every example of an event: `{ type, example, parameters, schema, body }`, parameters as {@link find} has them. */
export const EVENTS = Object.keys(DOCUMENT.webhooks).flatMap((type) => {
  const post = `/webhooks/${type}/post`;
  const content = find(`${post}/requestBody/content/application~1json`);
  const parameters = DOCUMENT.webhooks[type].post.parameters.map((_, at) => find(`${post}/parameters/${at}`));
  const schema = `${content.pointer}/schema`;
  const all = Object.entries(examples(content.pointer));
  return all.map(([example, body]) => ({ type, example, parameters, schema, body }));
});

function examples(pointer) {
  return Object.fromEntries(Object.entries(members(pointer, "examples")).map(([name, { node }]) => [name, node.value]));
}
