// What a deploy is asked to do: the options of `wrangler deploy`, read as wrangler reads them.
//
// In scope: what npm has kept for itself, words that belong to no option, which of the two relays is meant. Not in scope:
// whether an option does any good; wrangler says that.
import yargs from "yargs-parser";
import { UserError } from "../user-error.mjs";
import { deployTexts } from "./texts.mjs";

/** Those of `wrangler deploy --help`, by what stands behind them. */
export const OPTIONS = {
  string: [
    "config",
    "cwd",
    "env",
    "profile",
    "name",
    "tag",
    "message",
    "outdir",
    "outfile",
    "compatibility-date",
    "assets",
    "jsx-factory",
    "jsx-fragment",
    "tsconfig",
    "secrets-file",
    "durable-objects-code-update-mode",
    "metafile",
    "dispatch-namespace",
    "containers-rollout",
  ],
  number: ["old-asset-ttl"],
  array: [
    "env-file",
    "compatibility-flags",
    "var",
    "define",
    "alias",
    "triggers",
    "routes",
    "zone",
    "zone-id",
    "domains",
  ],
  boolean: [
    "help",
    "install-skills",
    "version",
    "no-bundle",
    "latest",
    "minify",
    "upload-source-maps",
    "dry-run",
    "keep-vars",
    "strict",
    "experimental-route-zones",
    "logpush",
    "autoconfig",
  ],
  alias: {
    config: ["c"],
    env: ["e"],
    help: ["h"],
    version: ["v"],
    "compatibility-flags": ["compatibility-flag"],
    triggers: ["schedule", "schedules"],
    routes: ["route"],
    "experimental-route-zones": ["x-route-zones"],
    zone: ["zones"],
    "zone-id": ["zone-ids"],
    domains: ["domain"],
  },
};
/** npm has settings of its own by these names, so that they stand in its variables says nothing. */
const NPMS_OWN = ["message", "tag"];

/**
 * @param {string[]} args as they came from npm
 * @param {NodeJS.ProcessEnv} env npm's variables among them
 * @returns {{isSaid: boolean, env?: string, config?: string, var?: string[], "dry-run"?: boolean}} whether it is said which
 *   relay is meant, and all options by their names
 * @throws {UserError} when another deploy would come of it than was meant
 */
export function readOptions(args, env) {
  const { _: words, ...options } = yargs(args, { ...OPTIONS, string: [...OPTIONS.string, ...OPTIONS.array] });
  const kept = keptByNpm(env);
  if (kept.length > 0) throw new UserError(whatNpmKept(kept, words, args));
  if (words.length > 0) throw new UserError(whatIsNoOption(words, args));
  for (const name of ["env", "config"]) {
    if (Array.isArray(options[name])) throw new UserError(deployTexts().twice(`--${name}`));
  }
  if (options.cwd !== undefined) throw new UserError(deployTexts().otherFolder);
  // Cloudflare's own builds run the script as it is, and deploy production. Anybody else may have been misheard.
  const isSaid = options.env !== undefined || Boolean(env.CLOUDFLARE_ENV) || env.WORKERS_CI === "1";
  return { ...options, isSaid };
}

/** `npm run deploy --env=test`, without the `--`: npm takes options for its own, and leaves them in variables. */
function keptByNpm(env) {
  const { string, number, array, boolean } = OPTIONS;
  const names = [...string, ...number, ...array, ...boolean].filter((name) => !NPMS_OWN.includes(name));
  return names.flatMap((name) => {
    const spellings = [name.replaceAll("-", "_"), name.replaceAll("-", "")];
    const value = spellings.map((spelling) => env[`npm_config_${spelling}`]).find((found) => found !== undefined);
    const isMissing = value === undefined || (boolean.includes(name) && value !== "true");
    return isMissing ? [] : [{ name, value }];
  });
}

function whatNpmKept(kept, words, args) {
  const names = kept.map(({ name }) => `--${name}`);
  const pairs = words.filter((word) => word.includes(":"));
  const others = words.filter((word) => !word.includes(":"));
  const options = kept.flatMap(({ name, value }) => {
    if (OPTIONS.boolean.includes(name)) return [`--${name}`];
    // With a blank in between, npm keeps the option and hands on the value.
    if (value === "true") return [`--${name}`, ...(OPTIONS.array.includes(name) ? pairs : others.splice(0, 1))];
    return value === "" ? [`--${name}=""`] : [`--${name}`, value];
  });
  const whole = [...options, ...without(words, args)];
  return deployTexts().keptByNpm(names, command(whole));
}

function whatIsNoOption(words, args) {
  const isName = /^[a-z][a-z0-9_-]*$/i.test(words[0]);
  const meant = isName ? ["--env", words[0], ...without(words, args)] : ["--env", "test"];
  return deployTexts().noOption(words.join(" "), command(meant));
}

const without = (words, args) => args.filter((arg) => !words.includes(arg));
const command = (args) => ["npm run deploy --", ...args.map(quoted)].join(" ");
const quoted = (arg) => (/^[\w./:=,@"-]+$/.test(arg) ? arg : `'${arg}'`);
