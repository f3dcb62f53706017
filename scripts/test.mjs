// `npm test`: everything that is tested, from a bare checkout on. What fails does not stop the rest.
import { existsSync, readdirSync } from "node:fs";
import { inRoot } from "./paths.mjs";
import { BUILD_WORKER, buildEnv, setUp, steps } from "./setup.mjs";
import { UserError, runMain } from "./user-error.mjs";

const APT = "/usr/bin/apt-get";
const NODE_TESTS = [
  ["Testing npm start", "start"],
  ["Testing openapi.yaml against the relay (the first time: half a minute more)", "api"],
  ["Testing the deploy", "deploy"],
  ["Testing the package (the first time: half a minute more)", "package"],
  ["Testing npm run ping", "ping"],
  ["Testing npm run relay and npm run trigger", "relay"],
  ["Testing npm run explain", "explain"],
  ["Testing what links cost, and everything at once for 20 s", "load"],
  ["Testing the examples (the first time: a minute more)", "examples"],
  ["Testing the documentation: links, commands, the first payment", "docs"],
  ["Testing the checkout page in Chromium", "browser"],
];

await runMain(async () => {
  // What the tests read of other commands is English, whatever the language of this terminal.
  const env = { ...(await setUp()), LC_ALL: "C.UTF-8" };
  const { endAll, endAllOnSignals, run } = await import("./processes.mjs");
  endAllOnSignals();
  try {
    const step = steps(3 + NODE_TESTS.length);
    await step("Building the Worker (the first time: a few minutes)", () => run(...BUILD_WORKER, buildEnv(env)));
    await step("Looking for what only the tests need", () => prepareTestTools(run, env));
    const failures = [];
    const test = (title, ...command) =>
      step(title, () =>
        run(...command, env).catch((error) => {
          if (!(error instanceof UserError)) throw error;
          failures.push(title);
          console.error(error.message);
        }),
      );
    await test("Testing relay and sandbox (the first time: a few minutes)", "cargo", ["test", "--workspace", "--locked", "--no-fail-fast"]);
    for (const [title, folder] of NODE_TESTS) {
      await test(title, process.execPath, ["--test", "--test-concurrency=1", ...testFiles(folder)]);
    }
    if (failures.length > 0) throw new UserError(`These failed; the reasons are above:\n${failures.map((title) => `  ${title}\n`).join("")}`);
  } finally {
    await endAll();
  }
});

function testFiles(folder) {
  const files = readdirSync(inRoot(`tests/${folder}`)).filter((file) => file.endsWith(".test.mjs"));
  return files.map((file) => `tests/${folder}/${file}`);
}

/**
 * PHP, Python, Chromium and the like: in CI, where no test is skipped, installs what is missing. On somebody's own
 * machine it only says what is, and the tests that need it are skipped.
 */
async function prepareTestTools(run, env) {
  const { TOOLS } = await import("../tests/support/tools.mjs");
  const missing = Object.keys(TOOLS).filter((name) => !TOOLS[name].isThere());
  if (missing.length === 0) return;
  const packages = missing.flatMap((name) => TOOLS[name].packages);
  if (process.env.CI !== "true") {
    console.log(`      Not installed: ${missing.join(", ")}. The tests that need it are skipped.`);
    if (existsSync(APT)) console.log(`      To have them run: sudo apt install ${packages.join(" ")}`);
    return;
  }
  if (!existsSync(APT)) throw new UserError(`In CI no test is skipped, and these are not installed: ${missing.join(", ")}`);
  const apt = (...args) => run(...asRoot([APT, "-qq", ...args]), { ...env, DEBIAN_FRONTEND: "noninteractive" });
  await apt("update");
  await apt("install", "-y", "--no-install-recommends", ...packages);
}

/** CI's user may do anything, if not always by itself. */
function asRoot(command) {
  const [program, ...args] = process.getuid() === 0 ? command : ["sudo", "--non-interactive", "--preserve-env", ...command];
  return [program, args];
}
