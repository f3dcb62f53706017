// The project's own wrangler, and a Node that it runs on.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { execaSync } from "execa";
import semver from "semver";
import { inRoot } from "./paths.mjs";
import { UserError } from "./user-error.mjs";

// In a folder that has this as a package, npm puts wrangler beside it.
const MANIFEST = createRequire(import.meta.url).resolve("wrangler/package.json");
const WRANGLER = path.join(path.dirname(MANIFEST), "bin", "wrangler.js");
const NODE_PACKAGE =
  'The package "node" brings one by its install script, which did not run:\n' +
  "perhaps ignore-scripts is set in your npm configuration. Either let it run,\n" +
  "  npm rebuild node --ignore-scripts=false\nor install a newer Node: https://nodejs.org";

/**
 * The program to start for wrangler, and its first argument. Node is the project's own, else the one that runs this.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, string]}
 * @throws {UserError} when neither is new enough
 */
export function wranglerCommand(env) {
  const { engines } = JSON.parse(readFileSync(MANIFEST, "utf8"));
  const candidates = [inRoot("node_modules/.bin/node"), process.execPath];
  const node = candidates.find((candidate) => semver.satisfies(versionOf(candidate, env), engines.node));
  if (node) return [node, WRANGLER];
  const how = existsSync(inRoot("node_modules/node")) ? NODE_PACKAGE : "Install a newer Node: https://nodejs.org";
  throw new UserError(`wrangler needs Node ${engines.node}. ${how}`);
}

const versionOf = (node, env) => execaSync(node, ["--version"], { env, extendEnv: false, reject: false }).stdout ?? "";
