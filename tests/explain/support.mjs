// `npm run explain` as a person has it, and a relay's place in which requests are captured byte by byte.
import { createServer } from "node:net";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";
import { listen } from "../support/listen.mjs";

const ANSWER_BODY = '{"code":"invalid-signature"}';

/** Runs the script, and resolves with `{ status, output }`. `input` is what is piped into it. */
export function explain(args, { env = {}, input = "" } = {}) {
  const program = [process.execPath, inRoot("scripts/explain.mjs")];
  return call(program, args, { DEV_DIR: "/nowhere", ...env }, undefined, input);
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
