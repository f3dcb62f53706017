// `npm run explain` as a person has it, and a relay's place in which requests are captured byte by byte.
import { once } from "node:events";
import { createServer } from "node:net";
import { inRoot } from "../examples/support/paths.mjs";
import { run } from "../ping/support.mjs";

const ANSWER_BODY = '{"code":"invalid-signature"}';

/** Runs the script, and resolves with `{ status, output }`. `input` is what is piped into it. */
export function explain(args, { env = {}, input = "" } = {}) {
  const { PATH, HOME } = process.env;
  const program = [process.execPath, inRoot("scripts/explain.mjs"), ...args];
  return run(program, { env: { PATH, HOME, DEV_DIR: "/nowhere", ...env }, input });
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
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, captured, stop: () => server.close() };
}

function isWhole(bytes) {
  const text = bytes.toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  const [, length = 0] = /^content-length: *(\d+)/im.exec(text) ?? [];
  return end !== -1 && text.length - end - 4 >= Number(length);
}
