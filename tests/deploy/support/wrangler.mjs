// wrangler, called as the documentation says.
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { ROOT } from "../../../scripts/paths.mjs";

/** What keeps it quiet. */
export const QUIET = { WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true", WRANGLER_WRITE_LOGS: "false" };

/** Runs `npx wrangler`, with `input` piped into it, and resolves with `{ status, output }`. */
export async function wrangler(args, { env, input = "" } = {}) {
  const options = { cwd: ROOT, env: { ...QUIET, FORCE_COLOR: "0", ...env }, input, all: true, reject: false };
  const { exitCode, all } = await execa("npx", ["wrangler", ...args], options);
  // Without the colours that it prints all the same.
  return { status: exitCode, output: stripVTControlCharacters(all) };
}
