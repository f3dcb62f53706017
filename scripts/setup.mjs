// What `npm start` and `npm test` do before anything else, from a bare checkout on. What is done already is skipped.
import { preparePackages } from "./packages.mjs";
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
    run("cargo", ["run", "--locked", "-p", "bundle"], env),
  );
  return env;
}
