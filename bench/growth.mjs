// `npm run bench:growth`: does a request cost more as links become more, or while events wait for a shop that hangs? CPU of
// workerd per request, as a ratio to a fresh process that takes turns with the grown one; what it takes to forget; memory.
//
// `-- --links 1,1000,10000,100000,1000000 --hanging 2000 --requests 600` are the defaults, and take about half an hour. An
// empty list leaves a part out. It says now and then how many requests are through. Results also go to `bench/build/`.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPrograms, buildRelay } from "./lib/build.mjs";
import { hangs } from "./lib/growth/hanging.mjs";
import { links } from "./lib/growth/links.mjs";
import { Bench } from "./lib/growth/slices.mjs";
import { startUpstream } from "./lib/measure.mjs";
import { options } from "./lib/options.mjs";
import { out } from "./lib/paths.mjs";

const SAYS_SOMETHING_AFTER_MS = 30_000;
const PARTS = { hanging: hangs, links };

const { requests, ...sizes } = options({ links: "1,1000,10000,100000,1000000", hanging: "2000", requests: 600 });

console.error("Building (the first time: some minutes)");
const relay = await buildRelay();
const program = await buildPrograms();
const bench = new Bench(program, await startUpstream(program), relay, startProgress());
mkdirSync(out, { recursive: true });
const texts = [];
for (const [name, measure] of Object.entries(PARTS)) {
  const ofPart = sizes[name].split(",").filter(Boolean).map(Number);
  if (ofPart.length === 0) continue;
  texts.push(await measure(bench, ofPart, requests));
  // At once, so that what is done is there if the rest fails.
  writeFileSync(join(out, "growth.md"), `${texts.join("\n\n")}\n`);
}
console.log(texts.join("\n\n"));
process.exit(0);

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
