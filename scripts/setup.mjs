// What `npm start`, `npm test` and `npm run build` do before anything else, from a bare checkout on. What is done
// already is skipped.
import { existsSync } from "node:fs";
import path from "node:path";
import { preparePackages } from "./packages.mjs";
import { ROOT } from "./paths.mjs";
import { run } from "./processes.mjs";
import { prepareTools } from "./tools.mjs";

/** How many steps {@link setUp} takes. */
export const SETUP_STEPS = 3;

/**
 * Prepares the tools and the packages and builds the Worker.
 *
 * @param {ReturnType<import("./steps.mjs").steps>} step
 * @returns {Promise<NodeJS.ProcessEnv>} the environment in which all the tools are found
 */
export async function setUp(step) {
  const env = await step("Checking Node, Rust and Rust's wasm32 target", prepareTools);
  await step("npm packages (the first time: half a minute)", () => preparePackages(env));
  await step("Building the Worker (the first time: a few minutes)", () =>
    run("cargo", ["run", "--locked", "-p", "bundle"], { ...env, ...onlyTrouble() }),
  );
  return env;
}

/** Cargo's progress is of use the first time. After that it would only repeat, at every build, that it has finished. */
function onlyTrouble() {
  const isBuilt = existsSync(path.join(ROOT, "build", "index.js"));
  return isBuilt ? { CARGO_TERM_QUIET: "true" } : {};
}
