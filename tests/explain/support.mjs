// `npm run explain` as a person has it: the files that it is given, what it says, and a relay's place in which requests
// are captured byte by byte.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";
import * as ends from "../support/ends.mjs";
import { listen } from "../support/listen.mjs";
import * as secrets from "../support/secrets.mjs";

const ANSWER_BODY = '{"code":"invalid-signature"}';
/** The second at which the tests' requests were made, and with them their files. */
export const NOW = 1_795_637_400;
/** A secret of a storefront that none of {@link secrets} has. */
export const OTHER_SHOP_SECRET = "anotherShop0123456789abcdefXY";
const { SECRET, LONG_SECRET, FOREIGN_SECRET, EVENTS_SECRET, SHOP_SECRET, SHOP_API_KEY } = secrets;
const ENCODED = [SECRET, LONG_SECRET, FOREIGN_SECRET, EVENTS_SECRET].map((secret) => secret.slice(8));
const NEVER_SHOWN = [...ENCODED, SHOP_SECRET, SHOP_API_KEY, OTHER_SHOP_SECRET, "    at "];

/** A folder for the tests of where this is called. `write` gives a path; a file is as old as its request, or new. */
export function ownFolder() {
  const folder = {
    path: ends.ownFolder("explain"),
    file: (name) => join(folder.path, name),
    write(content, { name = "request.txt", encoding, isNew = false } = {}) {
      const path = folder.file(name);
      writeFileSync(path, content, encoding);
      if (!isNew) utimesSync(path, NOW, NOW);
      return path;
    },
    /** A signed request in raw HTTP, whose parts are given where they are not right. */
    request({ path = "/webhook", host = "relay.example", prefix = "webhook-", id = "msg_1", timestamp = NOW, ...more } = {}) {
      const { secret = SECRET, body = '{"a":1}', signedBody = body, end = `\r\n\r\n${body}` } = more;
      const mac = createHmac("sha256", Buffer.from(secret.slice(6), "base64"));
      const signature = mac.update(`${id}.${timestamp}.${signedBody}`).digest("base64");
      const signing = { id, timestamp, signature: `v1,${signature}` };
      const headers = Object.entries(signing).map(([name, value]) => `${prefix}${name}: ${value}`);
      return folder.write([`POST ${path} HTTP/1.1`, `host: ${host}`, ...headers].join("\r\n") + end);
    },
  };
  return folder;
}

/**
 * Runs the script, with `input` piped into it. Asserts how it ends and what it says, that it shows no secret, and no stack;
 * resolves with what it says.
 */
export async function assertExplained(args, { env = {}, input = "" }, status, ...says) {
  const program = [process.execPath, inRoot("scripts/explain.mjs")];
  const { status: ended, output } = await call(program, args, { DEV_DIR: "/nowhere", ...env }, undefined, input);
  for (const pattern of says) assert.match(output, pattern);
  assert.equal(ended, status, output);
  for (const text of NEVER_SHOWN) assert.ok(!output.includes(text), output);
  return output;
}

/** Rows as `curl --trace` writes them. */
export function traceRows(event, text, encoding) {
  const bytes = Buffer.from(text, encoding);
  const rows = [`${event}, ${bytes.length} bytes (0x${bytes.length.toString(16)})`];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const hex = row.toString("hex").replace(/../g, "$& ").padEnd(48);
    rows.push(`${at.toString(16).padStart(4, "0")}: ${hex}${row.toString("latin1").replace(/[^ -~]/g, ".")}`);
  }
  return rows;
}

/** Listens on a loopback socket, answers 401 as Cloudflare would, and keeps each connection's bytes as they came. */
export async function startCapture() {
  const captured = [];
  const server = createServer((socket) => {
    let bytes = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (!isWhole(bytes)) return;
      captured.push(bytes);
      const head = ["HTTP/1.1 401 Unauthorized", `date: ${new Date().toUTCString()}`, "connection: close"];
      socket.end([...head, `content-length: ${ANSWER_BODY.length}`, "", ANSWER_BODY].join("\r\n"));
    });
  });
  return { captured, ...(await listen(server)) };
}

function isWhole(bytes) {
  const text = bytes.toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  const [, length = 0] = /^content-length: *(\d+)/im.exec(text) ?? [];
  return end !== -1 && text.length - end - 4 >= Number(length);
}
