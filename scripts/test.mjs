// `npm test`: everything that is tested, from a bare checkout on.
import { readdirSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./paths.mjs";
import { endAll, endAllOnSignals, run } from "./processes.mjs";
import { SETUP_STEPS, setUp } from "./setup.mjs";
import { steps } from "./steps.mjs";
import { prepareTestTools } from "./test-tools.mjs";
import { checkNode } from "./tools.mjs";
import { runMain } from "./user-error.mjs";

const NODE_TESTS = [
  ["Testing npm start", "start"],
  ["Testing openapi.yaml against the relay (the first time: half a minute more)", "api"],
  ["Testing the deploy", "deploy"],
  ["Testing npm run ping", "ping"],
  ["Testing the examples (the first time: a minute more)", "examples"],
  ["Testing the checkout page in Chromium", "browser"],
];

await runMain(async () => {
  checkNode();
  endAllOnSignals();
  try {
    const step = steps(SETUP_STEPS + 2 + NODE_TESTS.length);
    const env = await setUp(step);
    await step("Looking for what only the tests need", () => prepareTestTools(env));
    await step("Testing relay and sandbox (the first time: a few minutes)", () =>
      run("cargo", ["test", "--workspace", "--locked", "--no-fail-fast"], env),
    );
    for (const [title, folder] of NODE_TESTS) {
      await step(title, () => run(process.execPath, ["--test", "--test-concurrency=1", ...testFiles(folder)], env));
    }
  } finally {
    await endAll();
  }
});

function testFiles(folder) {
  const place = path.join("tests", folder);
  const files = readdirSync(path.join(ROOT, place)).filter((file) => file.endsWith(".test.mjs"));
  return files.map((file) => path.join(place, file));
}
