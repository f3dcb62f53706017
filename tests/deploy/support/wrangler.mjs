// wrangler, called as the documentation says.
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { ROOT } from "../../../scripts/paths.mjs";

/**
 * Runs `npx wrangler`, and resolves with `{ status, output }`. `input` is what is piped into it.
 *
 * @param {string[]} args
 * @param {{env?: Record<string, string>, input?: string}} [options]
 */
export async function wrangler(args, { env, input = "" } = {}) {
  const quiet = {
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_WRITE_LOGS: "false",
    FORCE_COLOR: "0",
  };
  const options = { cwd: ROOT, env: { ...quiet, ...env }, input, all: true, reject: false };
  const { exitCode, all } = await execa("npx", ["wrangler", ...args], options);
  // Without the colours that it prints all the same.
  return { status: exitCode, output: stripVTControlCharacters(all) };
}
