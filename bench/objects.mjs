// `npm run bench:objects`: what a new recipient's object costs, part by part, and how much of it is the relay's. Workers of
// a few lines that open an object for every request and do ever more in it take turns with the relay, with and without
// its ledger. `-- --rounds 9 --requests 1500 --callers 16` are the defaults: about five minutes.
//
// What an object costs is what a Worker takes over the same Worker without one. An object that keeps one row is 1.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildPrograms, buildWorkers, objectVariants, variants } from "./lib/build.mjs";
import { slice, startUpstream } from "./lib/measure.mjs";
import { out } from "./lib/paths.mjs";
import { table } from "./lib/report.mjs";
import { bindings } from "./lib/settings.mjs";
import { median } from "./lib/statistics.mjs";
import { Workerd } from "./lib/workerd.mjs";

const WARM_UP_ROUNDS = 2;
/** Row, the Worker with an object, and the same without. */
const ROWS = [
  ["an object that keeps nothing", "empty", "floor"],
  ["one that keeps one row", "row", "floor"],
  ["and sets an alarm", "alarm", "floor"],
  ["and writes again after PayTR's answer", "second-commit", "floor"],
  ["the hand-written Worker's", "handwritten", "handwritten-without-ledger"],
  ["the relay's", "relay", "relay-without-ledger"],
];

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    requests: { type: "string", default: "1500" },
    callers: { type: "string", default: "16" },
  },
});
const [rounds, count, callers] = [options.rounds, options.requests, options.callers].map(Number);

await buildWorkers();
const program = await buildPrograms();
const upstream = await startUpstream(program);
const needed = new Set(ROWS.flatMap(([, ...names]) => names));
const running = [];
for (const variant of [...variants(), ...objectVariants()].filter(({ name }) => needed.has(name))) {
  const workerd = await Workerd.start(variant, bindings(upstream.port, variant.bindings));
  running.push({ name: variant.name, workerd, cpuUs: [] });
}
for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
  for (const { workerd, cpuUs } of round % 2 === 0 ? running : running.toReversed()) {
    const measured = await slice(program, upstream, workerd, { count, callers });
    if (round >= 0) cpuUs.push(measured.cpuUs);
  }
  if (round >= 0) console.error(`round ${round + 1} of ${rounds}`);
}
for (const { workerd } of running) await workerd.stop();

const text = report();
mkdirSync(out, { recursive: true });
writeFileSync(join(out, "objects.md"), `${text}\n`);
console.log(text);
process.exit(0);

function report() {
  const cpu = Object.fromEntries(running.map(({ name, cpuUs }) => [name, cpuUs]));
  const cost = ([, whole, without]) => cpu[whole].map((cpuUs, round) => cpuUs - cpu[without][round]);
  const floor = cost(ROWS.find(([, name]) => name === "row"));
  const rows = ROWS.map((row) => {
    const costs = cost(row);
    const ratio = median(costs.map((value, round) => value / floor[round]));
    return [row[0], ratio.toFixed(2), `${median(costs).toFixed(0)} µs`];
  });
  return table(["a new object", "CPU, of one row's", "this run"], rows);
}
