// The project's own wrangler, and a Node that it runs on.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { execaSync } from "execa";
import semver from "semver";
import { machineTexts } from "./machine-texts.mjs";
import { inRoot } from "./paths.mjs";
import { UserError } from "./user-error.mjs";

// In a folder that has this as a package, npm puts wrangler beside it.
const MANIFEST = createRequire(import.meta.url).resolve("wrangler/package.json");
const WRANGLER = path.join(path.dirname(MANIFEST), "bin", "wrangler.js");

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
  const texts = machineTexts();
  throw new UserError(texts.wranglerNeeds(engines.node, existsSync(inRoot("node_modules/node")) ? texts.nodePackage : texts.newerNode));
}

const versionOf = (node, env) => execaSync(node, ["--version"], { env, extendEnv: false, reject: false }).stdout ?? "";
