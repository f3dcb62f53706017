// `npm run bench`: a send, every Worker side by side in one run: same machine, same upstream, same kind of requests, taking
// turns. `-- --rounds 9 --requests 2000 --callers 16 --warm-up 4000 --cold-starts 7` are the defaults. `--before` names a
// checkout or a commit, whose relay is measured too; `--write` renews the figures of docs/performance.md and docs/benchmarks.md, and
// the plot.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkConformance } from "./conformance.mjs";
import { buildPrograms, buildWorkers } from "./lib/build.mjs";
import { coldStart, slice, startUpstream } from "./lib/measure.mjs";
import { out, root } from "./lib/paths.mjs";
import { bars } from "./lib/plot.mjs";
import { cpuOfFloor, details, summary } from "./lib/report.mjs";
import { bindings } from "./lib/settings.mjs";
import { sizes } from "./lib/sizes.mjs";
import { inTurns } from "./lib/statistics.mjs";
import { Workerd } from "./lib/workerd.mjs";

const MARKS = ["<!-- figures -->", "<!-- /figures -->"];

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    requests: { type: "string", default: "2000" },
    callers: { type: "string", default: "16" },
    "warm-up": { type: "string", default: "4000" },
    "cold-starts": { type: "string", default: "7" },
    before: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const [rounds, count, callers, warmUp, coldStarts] = ["rounds", "requests", "callers", "warm-up", "cold-starts"].map(
  (name) => Number(options[name]),
);

const workers = await buildWorkers(options.before);
const program = await buildPrograms();
await checkConformance(workers);
const results = await measure();
const pages = { "docs/performance.md": summary(results), "docs/benchmarks.md": details(results) };
const text = Object.values(pages).join("\n\n");
const plot = bars("CPU per request, the bare pass-through being 1", cpuOfFloor(results));
mkdirSync(out, { recursive: true });
writeFileSync(join(out, "results.json"), JSON.stringify({ options, results }, null, 2));
writeFileSync(join(out, "table.md"), `${text}\n`);
console.log(text);
if (options.write) writeDocumentation();
process.exit(0);

async function measure() {
  const upstream = await startUpstream(program);
  const running = [];
  for (const [name, variant] of Object.entries(workers)) {
    const workerd = await Workerd.start(variant, bindings(upstream.port));
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
    result.rounds.coldMs.push(await coldStart(result.variant, bindings(upstream.port)));
  });
  return Object.fromEntries(running.map(({ name, result }) => [name, result]));
}

function writeDocumentation() {
  for (const [page, figures] of Object.entries(pages)) writeFigures(join(root, page), figures);
  writeFileSync(join(root, "docs/images/performance.svg"), plot);
}

function writeFigures(file, figures) {
  const [begin, end] = MARKS;
  const old = readFileSync(file, "utf8");
  const from = old.indexOf(begin) + begin.length;
  const to = old.indexOf(end);
  if (from < begin.length || to < from) throw new Error(`${file} lacks the marks for its figures`);
  writeFileSync(file, `${old.slice(0, from)}\n${figures}\n${old.slice(to)}`);
}
