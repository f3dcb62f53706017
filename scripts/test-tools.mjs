// What only the tests need and the system may have a package for: PHP, Python, Chromium and the like.
import { existsSync } from "node:fs";
import { TOOLS } from "../tests/support/tools.mjs";
import { run } from "./processes.mjs";
import { Trouble } from "./user-error.mjs";

const APT = "/usr/bin/apt-get";

/**
 * In CI, where no test is skipped, installs what is missing. On somebody's own machine it only says what is, and the
 * tests that need it are skipped.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export async function prepareTestTools(env) {
  const missing = Object.keys(TOOLS).filter((name) => !TOOLS[name].isThere());
  if (missing.length === 0) return;
  const packages = missing.flatMap((name) => TOOLS[name].packages);
  if (process.env.CI !== "true") {
    console.log(`      Not installed: ${missing.join(", ")}. The tests that need it are skipped.`);
    if (existsSync(APT)) console.log(`      To have them run: sudo apt install ${packages.join(" ")}`);
    return;
  }
  if (!existsSync(APT) || process.getuid() !== 0) {
    throw new Trouble(`In CI no test is skipped, and these are not installed: ${missing.join(", ")}`);
  }
  const quiet = { ...env, DEBIAN_FRONTEND: "noninteractive" };
  await run(APT, ["update", "-qq"], quiet);
  await run(APT, ["install", "-y", "-qq", "--no-install-recommends", ...packages], quiet);
}
