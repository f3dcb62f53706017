// What stands behind a command: its options and words. What it does not know is refused in words, and so is what npm kept for
// itself because the `--` in front was forgotten.
//
// In scope: commands that ask a relay or a receiver. Not in scope: the options of wrangler's (deploy/options.mjs).
import yargs from "yargs-parser";
import { UsageError } from "./user-error.mjs";

const CONFIGURATION = {
  "boolean-negation": false,
  "camel-case-expansion": false,
  "dot-notation": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "strip-aliased": true,
  "unknown-options-as-args": true,
};

/**
 * @param {object} texts
 * @param {string[]} args
 * @param {object} known
 * @param {string[]} [known.string] options with a value
 * @param {string[]} [known.boolean] options without one; `help` is always among them
 * @param {number} [known.words] how many words there may be beside them
 * @param {NodeJS.ProcessEnv} env npm's variables among them
 * @returns {{words: string[], options: Record<string, string | true>}} the options that were given
 * @throws {UsageError}
 */
export function readOptions(texts, args, { string = [], boolean = [], words: most = 0 }, env) {
  const flags = [...boolean, "help"];
  const parsed = yargs(args, { string, boolean: flags, alias: { help: ["h"] }, configuration: CONFIGURATION });
  const { _: words, ...options } = parsed;
  const kept = [...string, ...boolean].filter((name) => isKept(env, name) && options[name] === undefined);
  if (kept.length > 0) throw new UsageError(texts.keptByNpm(kept.map((name) => `--${name}`).join(" ")));
  const unknown = words.find((word) => word.startsWith("-"));
  if (unknown) throw new UsageError(texts.unknownOption(unknown));
  for (const [name, value] of Object.entries(options)) {
    if (Array.isArray(value)) throw new UsageError(texts.optionTwice(`--${name}`));
    if (value === "") throw new UsageError(texts.optionWithoutValue(`--${name}`));
  }
  if (words.length > most) throw new UsageError(texts.wordTooMany(words[most]));
  return { words, options };
}

/** `npm run ping --events`, without the `--`: npm takes it for its own, and leaves it in a variable. */
function isKept(env, name) {
  const value = env[`npm_config_${name.replaceAll("-", "_")}`];
  return value !== undefined && value !== "" && value !== "false";
}
