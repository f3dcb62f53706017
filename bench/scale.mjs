// `npm run bench:scale`: what links cost, what the free plan carries, and which limit is reached first, computed from what
// was counted and measured (scale.json) and what the platform publishes (platform.json). It prints what docs/scale.md has
// between its marks, in a second.
//
// `-- --write` puts it there. `-- --check` fails if that page says anything else. `-- --measure` counts and measures anew
// first, in about two minutes, and writes scale.json.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { options } from "./lib/options.mjs";
import { bench, root } from "./lib/paths.mjs";
import { withFigures } from "./lib/report.mjs";
import { report } from "./lib/usage/report.mjs";

const PAGE = join(root, "docs/scale.md");
const MEASURED = join(bench, "scale.json");

const given = options({ measure: false, write: false, check: false });
if (given.measure) await measure();

const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const figures = report(read(MEASURED), read(join(bench, "platform.json")));
const renewed = withFigures(PAGE, figures);

if (given.write) writeFileSync(PAGE, renewed);
if (!given.check) console.log(figures);
else if (renewed === readFileSync(PAGE, "utf8")) console.log("docs/scale.md says what is computed.");
else {
  console.error("docs/scale.md says something else than is computed. Run: npm run bench:scale -- --write");
  process.exit(1);
}
process.exit(0);

async function measure() {
  // Here, because what is measured with has to be built, and what only computes need not wait for it.
  const { measureCpu } = await import("./lib/usage/cpu.mjs");
  const { measureUsage } = await import("./lib/usage/measure.mjs");
  console.error("Building (the first time: some minutes)");
  const cpuMs = await measureCpu();
  console.error("Counting rows and requests (20 s)");
  const usage = await measureUsage();
  const measured = { on: new Date().toISOString().slice(0, 10), ...usage, cpuMs };
  // A line for each operation.
  const text = JSON.stringify(measured, null, 2).replace(/\{[^{}]*\}/g, (object) => object.replace(/\s+/g, " "));
  writeFileSync(MEASURED, `${text}\n`);
}
