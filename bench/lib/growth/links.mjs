// Does a request cost more as links become more?

import { table } from "../report.mjs";
import { post } from "../requests.mjs";
import { inTurns, median, ratio } from "../statistics.mjs";
import { age, copyRows } from "../storage.mjs";

const SLICES = 5;
/** The most links, or sends, that are made at once, so that none is stale before its turn. */
const BATCH = 3000;
/** More links than so many are copies, by rows, of those that were made. */
const MADE_AT_MOST = 10_000;
/** After so many days what a recipient had is forgotten. */
const SWEPT_AFTER_DAYS = 8;

/** Links with a send and a recipient each: CPU of what is new, and of forgetting the sends; and memory. */
export async function links(bench, sizes, count) {
  const grown = await bench.warm();
  const rows = { sends: [], creates: [], payments: [], sweeps: [], memory: [] };
  let there = 0;
  for (const size of sizes) {
    while (there < size) {
      const more = Math.min(BATCH, size - there);
      await bench.creates(grown, more, { isSent: true });
      there += more;
      if (size > MADE_AT_MOST) {
        await grown.restart((storage) => copyRows(storage, size, size));
        await bench.warmUp(grown);
        there = grown.sends = size;
      }
    }
    rows.memory.push((grown.memory() / 1e6).toFixed(0));
    const young = await bench.warm();
    const [sends, creates, payments] = [0, 1, 2].map(() => ({ grown: [], young: [] }));
    await inTurns([["grown", grown], ["young", young]], { rounds: SLICES, isTold: false }, async ([name, workerd]) => {
      sends[name].push((await bench.sends(workerd, count)).cpuUs);
      const { cpuUs, links } = await bench.creates(workerd, count);
      creates[name].push(cpuUs);
      payments[name].push((await bench.payments(workerd, links)).cpuUs);
    });
    await young.stop();
    for (const [name, cost] of Object.entries({ sends, creates, payments })) rows[name].push(ofYoung(cost));
    rows.sweeps.push(await sweep(bench, grown));
    const last = Object.entries(rows).map(([name, cells]) => `${name} ${cells.at(-1)}`);
    console.error(`${number(size)} links: ${last.join(", ")}`);
  }
  await grown.stop();
  return table(["links, each with a recipient", ...sizes.map(number)], [
    ["CPU of a send to a new recipient, of a fresh process's", ...rows.sends],
    ["of a create", ...rows.creates],
    ["of a payment, until the shop has its event", ...rows.payments],
    ["CPU of forgetting a send after its days", ...rows.sweeps],
    ["memory, MB", ...rows.memory],
  ]);
}

/** Lets days pass, so that all sends that were made since the last time are forgotten: CPU of one, and how many. */
async function sweep(bench, workerd) {
  const { sends } = workerd;
  await workerd.restart();
  const without = await restOfAll(workerd);
  await workerd.restart((storage) => age(storage, SWEPT_AFTER_DAYS));
  const cpu = (await restOfAll(workerd)) - without;
  workerd.sends = 0;
  await bench.warmUp(workerd);
  return `${((cpu / sends) * 1e6).toFixed(0)} µs (of ${number(sends)})`;
}

/** Asks every partition something, so that each does what is due: CPU seconds until all have. */
async function restOfAll(workerd) {
  const { status, text } = await workerd.ask(post(JSON.stringify({ type: "relay.status" })));
  if (status !== 200) throw new Error(`relay.status is answered with ${text}`);
  return workerd.rest();
}

const ofYoung = ({ grown, young }) => `${ratio(grown, young).toFixed(2)} (${median(grown).toFixed(0)} µs)`;
const number = (value) => value.toLocaleString("en");
