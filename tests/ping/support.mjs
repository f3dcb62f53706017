// `npm run ping` as a person at a terminal has it, and servers that are no relay.
import { createServer } from "node:http";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";
import { listen } from "../support/listen.mjs";

const PING = inRoot("scripts/ping.mjs");

/** Runs the script; `input` is what is piped into it, `clock` by how many seconds its clock is wrong. Resolves as `call` does. */
export function ping(args, { env = {}, input = "", clock = 0 } = {}) {
  const shift = `const { now } = Date; Date.now = () => now() + ${clock * 1000};`;
  const node = [process.execPath, "--import", `data:text/javascript,${encodeURIComponent(shift)}`, PING];
  return call(node, args, { DEV_DIR: "/nowhere", ...env }, undefined, input);
}

/** A server with an answer, `[status, headers, body]`, to each request line such as `GET /health`, or silence. */
export function startServer(answers, create = createServer) {
  const server = create((request, response) => {
    request.resume();
    const answer = answers[`${request.method} ${request.url}`];
    if (answer) response.writeHead(answer[0], answer[1]).end(answer[2]);
  });
  return listen(server);
}
