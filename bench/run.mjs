// `npm run bench`: a send, every Worker side by side in one run: same machine, same upstream, same kind of requests, taking
// turns. `-- --rounds 9 --requests 2000 --callers 16 --warm-up 4000 --cold-starts 7` are the defaults. `--before` names a
// checkout or a commit, whose relay is measured too; `--write` renews the figures of docs/performance.md and docs/benchmarks.md, and
// the plot.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkConformance } from "./conformance.mjs";
import { buildPrograms, buildWorkers } from "./lib/build.mjs";
import { coldStart, slice, startUpstream } from "./lib/measure.mjs";
import { options } from "./lib/options.mjs";
import { out, root } from "./lib/paths.mjs";
import { bars } from "./lib/plot.mjs";
import { cpuOfFloor, details, summary, withFigures } from "./lib/report.mjs";
import { inTurns } from "./lib/statistics.mjs";
import { Workerd } from "./lib/workerd.mjs";

const defaults = { rounds: 9, requests: 2000, callers: 16, "warm-up": 4000, "cold-starts": 7 };
const given = options({ ...defaults, before: undefined, write: false });
const { rounds, requests: count, callers, "warm-up": warmUp, "cold-starts": coldStarts } = given;

const workers = await buildWorkers(given.before);
const program = await buildPrograms();
await checkConformance(workers);
const results = await measure();
const pages = { "docs/performance.md": summary(results), "docs/benchmarks.md": details(results) };
const text = Object.values(pages).join("\n\n");
const plot = bars("CPU per request, the bare pass-through being 1", cpuOfFloor(results));
mkdirSync(out, { recursive: true });
writeFileSync(join(out, "results.json"), JSON.stringify({ options: given, results }, null, 2));
writeFileSync(join(out, "table.md"), `${text}\n`);
console.log(text);
if (given.write) {
  for (const [page, figures] of Object.entries(pages)) {
    writeFileSync(join(root, page), withFigures(join(root, page), figures));
  }
  writeFileSync(join(root, "docs/images/performance.svg"), plot);
}
process.exit(0);

async function measure() {
  const upstream = await startUpstream(program);
  const running = [];
  for (const [name, variant] of Object.entries(workers)) {
    const workerd = await Workerd.start(variant, upstream.settings);
    const rounds = { perSecond: [], cpuUs: [], p50Ms: [], p99Ms: [], coldMs: [] };
    running.push({ name, workerd, result: { variant, rounds, size: sizes(variant) } });
  }
  for (const { workerd } of running) await slice(program, upstream, workerd, { count: warmUp, callers });
  await inTurns(running, { rounds }, async ({ workerd, result }) => {
    const measured = await slice(program, upstream, workerd, { count, callers });
    for (const [key, value] of Object.entries(measured)) result.rounds[key].push(value);
  });
  for (const { workerd, result } of running) {
    result.memory = workerd.memory();
    await workerd.stop();
  }
  console.error("cold starts");
  await inTurns(running, { rounds: coldStarts }, async ({ result }) => {
    result.rounds.coldMs.push(await coldStart(result.variant, upstream.settings));
  });
  return Object.fromEntries(running.map(({ name, result }) => [name, result]));
}

/** What is deployed, in bytes. Compressed by the program that CI measures with: zlib's implementations differ by a hundredth. */
function sizes({ modules }) {
  const files = Object.values(modules).map((path) => readFileSync(path));
  const total = (measure) => files.reduce((sum, file) => sum + measure(file), 0);
  return { raw: total(({ length }) => length), gzip: total((input) => execFileSync("gzip", ["-9", "-c"], { input }).length) };
}
