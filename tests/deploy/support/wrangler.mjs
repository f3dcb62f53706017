// wrangler, called as the documentation says.
import { spawn } from "node:child_process";
import { inRoot } from "../../support/paths.mjs";

/**
 * Runs `npx wrangler`, and resolves with `{ status, output }`. `input` is what is piped into it.
 *
 * @param {string[]} args
 * @param {{env?: Record<string, string>, input?: string}} [options]
 */
export function wrangler(args, { env, input = "" } = {}) {
  const quiet = {
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_WRITE_LOGS: "false",
    FORCE_COLOR: "0",
  };
  const child = spawn("npx", ["wrangler", ...args], { cwd: inRoot(""), env: { ...process.env, ...quiet, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // Without the colours that it prints all the same.
    child.once("close", (status) => resolve({ status, output: output.replace(/\x1b\[[\d;]*m/g, "") }));
  });
}
