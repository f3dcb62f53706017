// `npm run bench:scale`: what links cost, what the free plan carries, and which limit is reached first, computed from what
// was counted and measured (scale.json) and what the platform publishes (platform.json). It prints what docs/scale.md has
// between its marks, in a second.
//
// `-- --write` puts it there. `-- --check` fails if that page says anything else. `-- --measure` counts and measures anew
// first, in about two minutes, and writes scale.json.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bench, root } from "./lib/paths.mjs";
import { report } from "./lib/usage/report.mjs";

const MARKS = ["<!-- figures -->", "<!-- /figures -->"];
const PAGE = join(root, "docs/scale.md");
const MEASURED = join(bench, "scale.json");

const { values: options } = parseArgs({
  options: {
    measure: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
  },
});
if (options.measure) await measure();

const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const figures = report(read(MEASURED), read(join(bench, "platform.json")));
const page = readFileSync(PAGE, "utf8");
const from = page.indexOf(MARKS[0]) + MARKS[0].length;
const to = page.indexOf(MARKS[1]);
if (from < MARKS[0].length || to < from) throw new Error(`${PAGE} lacks the marks for its figures`);
const renewed = `${page.slice(0, from)}\n${figures}\n${page.slice(to)}`;

if (options.write) writeFileSync(PAGE, renewed);
if (!options.check) console.log(figures);
else if (renewed === page) console.log("docs/scale.md says what is computed.");
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
