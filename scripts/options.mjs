// What stands behind a command: its options and words. What it does not know is refused in words, and so is what npm kept for
// itself because the `--` in front was forgotten.
//
// In scope: commands that ask a relay or a receiver, which may be run before any package is installed. Not in scope: the options of
// wrangler's (deploy/options.mjs).
import { parseArgs } from "node:util";
import { UsageError } from "./user-error.mjs";

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
  const types = { ...typed(string, "string"), ...typed([...boolean, "help"], "boolean"), help: { type: "boolean", short: "h" } };
  const { tokens } = parseArgs({ args, options: types, strict: false, tokens: true });
  const given = tokens.filter(({ kind }) => kind === "option");
  const kept = [...string, ...boolean].filter((name) => isKept(env, name) && !given.some((token) => token.name === name));
  if (kept.length > 0) throw new UsageError(texts.keptByNpm(kept.map((name) => `--${name}`).join(" ")));
  const options = {};
  for (const { name, rawName, value, inlineValue } of given) {
    const type = Object.hasOwn(types, name) ? types[name].type : undefined;
    if (!type || (type === "boolean" && inlineValue)) throw new UsageError(texts.unknownOption(value === undefined ? rawName : `${rawName}=${value}`));
    if (Object.hasOwn(options, name)) throw new UsageError(texts.optionTwice(rawName));
    if (type === "string" && (!value || (!inlineValue && value.startsWith("--")))) throw new UsageError(texts.optionWithoutValue(rawName));
    options[name] = value ?? true;
  }
  const words = tokens.filter(({ kind }) => kind === "positional").map(({ value }) => value);
  if (words.length > most) throw new UsageError(texts.wordTooMany(words[most]));
  return { words, options };
}

const typed = (names, type) => Object.fromEntries(names.map((name) => [name, { type }]));

/** `npm run ping --events`, without the `--`: npm takes it for its own, and leaves it in a variable. */
function isKept(env, name) {
  const value = env[`npm_config_${name.replaceAll("-", "_")}`];
  return value !== undefined && value !== "" && value !== "false";
}
