// `npm run bench:growth`: does a request cost more as recipients become more, or as one recipient's ledger grows old?
// `-- --recipients 1,1000,10000,100000 --rows 1,1000,10000 --requests 500 --only relay,handwritten` are the defaults.
//
// CPU of workerd per request, as a ratio to a fresh process of the same Worker that takes turns with it: of requests to
// new recipients when so many have a ledger already, and of requests to one phone and one address whose ledgers have so
// many rows together. SEND_LIMITS lets through more than anybody sends here, so that rows are looked through for it.
//
// It says how many requests it will send, and every half minute how many of them are through and how long the rest takes.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildPrograms, buildWorkers, variants } from "./lib/build.mjs";
import { slice, startUpstream } from "./lib/measure.mjs";
import { out } from "./lib/paths.mjs";
import { phone, unique } from "./lib/requests.mjs";
import { bindings } from "./lib/settings.mjs";
import { ratio } from "./lib/statistics.mjs";
import { Workerd } from "./lib/workerd.mjs";

const CALLERS = 16;
const WARM_UP = 4000;
/** The most requests that are signed at once, so that none is stale before its turn and their ledgers can be open. */
const BATCH = 5000;
const SLICES = 5;
const SAYS_SOMETHING_AFTER_MS = 30_000;
const SETTINGS = { SEND_LIMITS: '[{"count": 1000, "seconds": 1}]' };

const { values: options } = parseArgs({
  options: {
    recipients: { type: "string", default: "1,1000,10000,100000" },
    rows: { type: "string", default: "1,1000,10000" },
    requests: { type: "string", default: "500" },
    only: { type: "string", default: "relay,handwritten" },
  },
});
const steps = (name) => options[name].split(",").map(Number);
const count = Number(options.requests);
const names = options.only.split(",");

console.error("Building the Workers (the first time: some minutes)");
await buildWorkers();
const program = await buildPrograms();
const compared = variants().filter(({ name, ledger }) => ledger && names.includes(name));
const upstream = await startUpstream(program);
const progress = startProgress(compared.length * (requestsOf(steps("recipients")) + requestsOf(steps("rows"))));

const tables = [
  await grow("recipients", steps("recipients"), () => undefined),
  await grow("rows of two recipients", steps("rows"), one),
];
mkdirSync(out, { recursive: true });
writeFileSync(join(out, "growth.md"), `${tables.join("\n\n")}\n`);
console.log(tables.join("\n\n"));
process.exit(0);

/** A row of ratios for each Worker: CPU per request with so many of `what`, to that of a fresh process of the same. */
async function grow(what, sizes, recipientOf) {
  const lines = [];
  for (const variant of compared) {
    const grown = await warm(variant);
    const recipient = recipientOf();
    let there = 0;
    const cells = [];
    for (const size of sizes) {
      while (there < size) {
        const more = Math.min(BATCH, size - there);
        await load(grown, more, recipient);
        there += more;
      }
      const young = await warm(variant);
      const costs = { grown: [], young: [] };
      // By turns, so that what else the machine does weighs on both.
      for (let number = 0; number < SLICES; number += 1) {
        costs.grown.push((await load(grown, count, recipient)).cpuUs);
        costs.young.push((await load(young, count, recipientOf())).cpuUs);
      }
      there += SLICES * count;
      await young.stop();
      cells.push(ratio(costs.grown, costs.young).toFixed(2));
      console.error(`${variant.name}, ${size} ${what}: ${cells.at(-1)}`);
    }
    await grown.stop();
    lines.push(`| ${variant.title} | ${cells.join(" | ")} |`);
  }
  const head = `| CPU per request by ${what}, of a fresh one's | ${sizes.join(" | ")} |`;
  return [head, `| --- |${" ---: |".repeat(sizes.length)}`, ...lines].join("\n");
}

async function warm(variant) {
  const workerd = await Workerd.start(variant, bindings(upstream.port, SETTINGS));
  await load(workerd, WARM_UP, one());
  return workerd;
}

/** One slice, which counts as progress. */
async function load(workerd, requests, recipient) {
  const measured = await slice(program, upstream, workerd, { callers: CALLERS, count: requests, recipient });
  progress(requests);
  return measured;
}

/** How many requests {@link grow} sends to one Worker. */
function requestsOf(sizes) {
  const measured = SLICES * count;
  let there = 0;
  for (const size of sizes) there = Math.max(there, size) + measured;
  return there + sizes.length * measured + (1 + sizes.length) * WARM_UP;
}

/** Makes a function that is told of requests that are through, and now and then says how far everything is. */
function startProgress(total) {
  const start = Date.now();
  let [done, saidAt] = [0, -Infinity];
  console.error(`${total.toLocaleString("en")} requests in all. With many rows they take longer than at first.`);
  return (requests) => {
    done += requests;
    const now = Date.now();
    if (now - saidAt < SAYS_SOMETHING_AFTER_MS) return;
    saidAt = now;
    const minutes = Math.ceil(((now - start) / 60_000 / done) * (total - done));
    console.error(`${Math.floor((100 * done) / total)} % are through, about ${minutes} min to go`);
  };
}

/** Everything goes to one phone and one address, so to two ledgers. */
function one() {
  const [number, address] = [phone(), `musteri${unique()}@example.com`];
  return { phone: () => number, email: () => address };
}
