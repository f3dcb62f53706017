// `npm run bench`: every Worker side by side in one run: same machine, same upstream, same kind of requests, taking
// turns. `-- --rounds 9 --requests 2000 --callers 16 --warm-up 4000 --cold-starts 7` are the defaults;
// `--only relay,handwritten` compares fewer (the floor and the baselines that ratios need are kept); `--before FOLDER`
// takes along what another commit has built there, with `without-ledger` in it or not; `--write` renews
// docs/performance.md and its plot.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkConformance } from "./conformance.mjs";
import { beforeVariants, buildPrograms, buildWorkers, variants } from "./lib/build.mjs";
import { coldStart, slice, startUpstream } from "./lib/measure.mjs";
import { out, root } from "./lib/paths.mjs";
import { bars } from "./lib/plot.mjs";
import { cpuOfFloor, report } from "./lib/report.mjs";
import { bindings } from "./lib/settings.mjs";
import { sizes } from "./lib/sizes.mjs";
import { Workerd } from "./lib/workerd.mjs";

const NEEDED = ["floor", "handwritten", "handwritten-without-ledger"];
const MARKS = ["<!-- figures -->", "<!-- /figures -->"];

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    requests: { type: "string", default: "2000" },
    callers: { type: "string", default: "16" },
    "warm-up": { type: "string", default: "4000" },
    "cold-starts": { type: "string", default: "7" },
    only: { type: "string" },
    before: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const [rounds, count, callers, warmUp, coldStarts] = ["rounds", "requests", "callers", "warm-up", "cold-starts"].map(
  (name) => Number(options[name]),
);

await buildWorkers();
const program = await buildPrograms();
const only = options.only?.split(",");
const before = options.before ? beforeVariants(options.before) : [];
const current = variants().filter(({ name }) => !only || only.includes(name) || NEEDED.includes(name));
await checkConformance(current);
const compared = [...current, ...before];

const results = await measure();
const text = report(results);
mkdirSync(out, { recursive: true });
const plot = bars("CPU per request, the bare pass-through being 1", cpuOfFloor(results));
writeFileSync(join(out, "results.json"), JSON.stringify({ options, results }, null, 2));
writeFileSync(join(out, "table.md"), `${text}\n`);
writeFileSync(join(out, "plot.svg"), plot);
console.log(text);
if (options.write) writeDocumentation();
process.exit(0);

async function measure() {
  const upstream = await startUpstream(program);
  const running = [];
  for (const variant of compared) {
    const workerd = await Workerd.start(variant, bindings(upstream.port));
    const rounds = { perSecond: [], cpuUs: [], p50Ms: [], p99Ms: [], coldMs: [] };
    running.push({ workerd, result: { variant, rounds, size: sizes(variant) } });
  }
  for (const { workerd } of running) await slice(program, upstream, workerd, { count: warmUp, callers });
  for (let round = 0; round < rounds; round += 1) {
    // Another one begins each round, so that none is always behind the same.
    for (const { workerd, result } of rotated(running, round)) {
      const measured = await slice(program, upstream, workerd, { count, callers });
      for (const [key, value] of Object.entries(measured)) result.rounds[key].push(value);
    }
    console.error(`round ${round + 1} of ${rounds}`);
  }
  for (const { workerd, result } of running) {
    result.memory = workerd.memory();
    await workerd.stop();
  }
  for (let round = 0; round < coldStarts; round += 1) {
    for (const { result } of rotated(running, round)) {
      result.rounds.coldMs.push(await coldStart(result.variant, bindings(upstream.port)));
    }
  }
  return Object.fromEntries(running.map(({ result }) => [result.variant.name, result]));
}

function rotated(list, by) {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

function writeDocumentation() {
  const file = join(root, "docs/performance.md");
  const [begin, end] = MARKS;
  const old = readFileSync(file, "utf8");
  const from = old.indexOf(begin) + begin.length;
  const to = old.indexOf(end);
  if (from < begin.length || to < from) throw new Error(`${file} lacks the marks for its figures`);
  writeFileSync(file, `${old.slice(0, from)}\n${text}\n${old.slice(to)}`);
  mkdirSync(join(root, "docs/images"), { recursive: true });
  writeFileSync(join(root, "docs/images/performance.svg"), plot);
}
