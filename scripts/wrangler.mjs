// The project's own wrangler, and a Node that it runs on.
import { readFileSync } from "node:fs";
import { execaSync } from "execa";
import semver from "semver";
import { inRoot } from "./paths.mjs";
import { UserError } from "./user-error.mjs";

const WRANGLER = inRoot("node_modules/wrangler");

/**
 * The program to start for wrangler, and its first argument. Node is the project's own, else the one that runs this.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, string]}
 * @throws {UserError} when neither is new enough
 */
export function wranglerCommand(env) {
  const { engines } = JSON.parse(readFileSync(`${WRANGLER}/package.json`, "utf8"));
  const candidates = [inRoot("node_modules/.bin/node"), process.execPath];
  const node = candidates.find((candidate) => semver.satisfies(versionOf(candidate, env), engines.node));
  if (node) return [node, `${WRANGLER}/bin/wrangler.js`];
  throw new UserError(
    `wrangler needs Node ${engines.node}. The package "node" brings one by its install script, which did ` +
      "not run:\nperhaps ignore-scripts is set in your npm configuration. Either let it run,\n" +
      "  npm rebuild node --ignore-scripts=false\nor install a newer Node: https://nodejs.org",
  );
}

const versionOf = (node, env) => execaSync(node, ["--version"], { env, extendEnv: false, reject: false }).stdout ?? "";
