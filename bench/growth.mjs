// `npm run bench:growth`: what grows, and what does not, as links, the rows of one object, and events that wait become more:
// CPU of workerd per request, as a ratio to a fresh process that takes turns with the grown one; its memory; bytes stored;
// and how fast events come when a shop is back.
//
// `-- --links 1,1000,10000,100000 --rows 1,1000,10000 --payments 1,100,1000,10000 --events 1,100,1000,10000 --requests 300`
// are the defaults, and take about an hour: most of it waiting until idle objects close their files. An empty list leaves a
// part out. It says now and then how many requests are through. Results also go to `bench/build/`.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildPrograms, buildRelay, variants } from "./lib/build.mjs";
import { computed, measured, plot } from "./lib/growth/herd.mjs";
import { Bench } from "./lib/growth/slices.mjs";
import { links, payments, rows } from "./lib/growth/tables.mjs";
import { startUpstream } from "./lib/measure.mjs";
import { out } from "./lib/paths.mjs";

const SAYS_SOMETHING_AFTER_MS = 30_000;
/** Up to so many events are posted before the first of them is tried again after 5 s. */
const WITHIN_SECONDS = 1000;

const { values: options } = parseArgs({
  options: {
    links: { type: "string", default: "1,1000,10000,100000" },
    rows: { type: "string", default: "1,1000,10000" },
    payments: { type: "string", default: "1,100,1000,10000" },
    events: { type: "string", default: "1,100,1000,10000" },
    requests: { type: "string", default: "300" },
  },
});
const sizes = (name) => options[name].split(",").filter(Boolean).map(Number);
const count = Number(options.requests);

console.error("Building (the first time: some minutes)");
await buildRelay();
const program = await buildPrograms();
const relay = variants().find(({ name }) => name === "relay");
const bench = new Bench(program, await startUpstream(program), relay, startProgress());
mkdirSync(out, { recursive: true });

const parts = [];
if (sizes("rows").length > 0) keep(await rows(bench, sizes("rows"), count));
const few = sizes("events").filter((size) => size <= WITHIN_SECONDS);
const many = sizes("events").filter((size) => size > WITHIN_SECONDS);
if (few.length > 0) keep(`The shop is back before the second try:\n\n${(await measured(bench, few, 1)).text}`);
if (many.length > 0) {
  const { text, curve } = await measured(bench, many, 2);
  keep(`The shop is back after the second try:\n\n${text}`);
  writeFileSync(join(out, "herd.svg"), plot(curve, 1000, `${many.at(-1).toLocaleString("en")} events when the shop is back`));
}
keep(`Computed, 10,000 events:\n\n${await computed(bench)}`);
if (sizes("links").length > 0) keep(await links(bench, sizes("links"), count));
if (sizes("payments").length > 0) keep(await payments(bench, sizes("payments"), count));
console.log(parts.join("\n\n"));
process.exit(0);

/** At once, so that what is done is there if the rest fails. */
function keep(part) {
  parts.push(part);
  writeFileSync(join(out, "growth.md"), `${parts.join("\n\n")}\n`);
}

/** Makes a function that is told of requests that are through, and now and then says how many. */
function startProgress() {
  const start = Date.now();
  let [done, saidAt] = [0, start];
  return (requests) => {
    done += requests;
    const now = Date.now();
    if (now - saidAt < SAYS_SOMETHING_AFTER_MS) return;
    saidAt = now;
    console.error(`${Math.round((now - start) / 60_000)} min: ${done.toLocaleString("en")} requests are through`);
  };
}
