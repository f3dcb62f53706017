// What can be told of a deploy's secrets: those that a file brings along, and the names of those that Cloudflare has. Their
// values nobody can read back.
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { execa } from "execa";
import { UserError } from "../user-error.mjs";
import { deployTexts } from "./texts.mjs";

/**
 * The secrets of `--secrets-file`, by name; none without one.
 *
 * @param {object} options as options.mjs reads them
 * @returns {Record<string, string>}
 */
export function secretsOfFile({ "secrets-file": file }) {
  if (!file) return {};
  try {
    const text = readFileSync(file, "utf8");
    return text.trimStart().startsWith("{") ? JSON.parse(text) : parseEnv(text);
  } catch (error) {
    // What JSON.parse says repeats a part of the file.
    const texts = deployTexts();
    throw new UserError(texts.unreadable(file, error.code ?? texts.noSecretsFile));
  }
}

/**
 * The names of the secrets that the Worker of a deploy has at Cloudflare.
 *
 * @param {string[]} wrangler the command
 * @param {object} options as options.mjs reads them
 * @returns {Promise<string[] | undefined>} none of a Worker that does not exist; nothing if Cloudflare does not say
 */
export async function secretNames([program, ...args], { env, config, name }) {
  // A deploy takes a name as it is; this command would put the environment behind it.
  const where = Object.entries({ env: name === undefined ? env : "", config, name }).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option}=${value}`],
  );
  const { exitCode, stdout, stderr } = await execa(program, [...args, "secret", "list", "--format=json", ...where], {
    reject: false,
    stdin: "ignore",
  });
  if (exitCode !== 0) return /\bnot found\b/.test(stdout + stderr) ? [] : undefined;
  const list = JSON.parse(stdout.slice(Math.max(0, stdout.indexOf("["))));
  return list.map((secret) => secret.name);
}
