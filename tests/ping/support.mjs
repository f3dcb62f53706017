// `npm run ping` as a person at a terminal has it, and servers that are no relay.
import { once } from "node:events";
import { createServer } from "node:http";
import { spawn } from "node:child_process";
import { inRoot } from "../support/paths.mjs";

const PING = inRoot("scripts/ping.mjs");

/**
 * Runs the script, and resolves with `{ status, output }`.
 *
 * @param {string[]} args
 * @param {object} [how]
 * @param {Record<string, string>} [how.env]
 * @param {string} [how.input] what is piped into it
 * @param {number} [how.clock] by how many seconds its clock is wrong
 */
export function ping(args, { env = {}, input = "", clock = 0 } = {}) {
  const shift = `const { now } = Date; Date.now = () => now() + ${clock * 1000};`;
  const { PATH, HOME } = process.env;
  const node = [process.execPath, "--import", `data:text/javascript,${encodeURIComponent(shift)}`, PING, ...args];
  return run(node, { env: { PATH, HOME, DEV_DIR: "/nowhere", ...env }, input });
}

/** Runs a program to its end. */
export function run([program, ...args], { env, input }) {
  const child = spawn(program, args, { env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  // It may end without having read anything.
  child.stdin.on("error", () => {}).end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, output }));
  });
}

/** A server with an answer, `[status, headers, body]`, to each request line such as `GET /health`, or silence. */
export async function startServer(answers, create = createServer) {
  const server = create((request, response) => {
    request.resume();
    const answer = answers[`${request.method} ${request.url}`];
    if (answer) response.writeHead(answer[0], answer[1]).end(answer[2]);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { host: `127.0.0.1:${server.address().port}`, stop };
}
