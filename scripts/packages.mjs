// The npm packages of package-lock.json: wrangler, esbuild, wasm-opt, and a Node that is new enough for wrangler.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./paths.mjs";
import { run } from "./processes.mjs";
import { Trouble } from "./user-error.mjs";
import { isAtLeast } from "./versions.mjs";

const WRANGLER_MINIMUM_NODE = "22.12";

/**
 * Installs the packages, unless the ones of package-lock.json are there.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export async function preparePackages(env) {
  if (areInstalled()) return;
  if (isWithinThem()) {
    throw new Trouble("The npm packages are not those of package-lock.json. Install them and try again:\n  npm ci");
  }
  await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], env);
}

/**
 * The Node to run wrangler with: the project's own, else the one that runs this.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string} its path
 */
export function nodeForWrangler(env) {
  const candidates = [path.join(ROOT, "node_modules", ".bin", "node"), process.execPath];
  const node = candidates.find((candidate) => isAtLeast(versionOf(candidate, env), WRANGLER_MINIMUM_NODE));
  if (node) return node;
  throw new Trouble(
    `wrangler needs Node ${WRANGLER_MINIMUM_NODE} or newer. The package "node" brings one by its install script, which did ` +
      "not run:\nperhaps ignore-scripts is set in your npm configuration. Either let it run,\n" +
      "  npm rebuild node --ignore-scripts=false\nor install a newer Node: https://nodejs.org",
  );
}

/** npm notes in node_modules what it has put there. It does so last: after an interrupted install there is no note. */
function areInstalled() {
  const wanted = lockedPackages("package-lock.json");
  const present = lockedPackages(path.join("node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(([place, { version, optional }]) => {
    const isTheProject = place === "";
    const isForAnotherPlatform = optional && !present[place];
    return isTheProject || isForAnotherPlatform || present[place]?.version === version;
  });
}

/** A build that the project's own wrangler has started must not replace that wrangler while it runs. */
function isWithinThem() {
  return Boolean(process.env.WRANGLER_COMMAND) && existsSync(path.join(ROOT, "node_modules", "wrangler"));
}

function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(ROOT, file), "utf8")).packages;
  } catch {
    return {};
  }
}

function versionOf(node, env) {
  try {
    return execFileSync(node, ["--version"], { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).slice(1);
  } catch {
    return "0";
  }
}
