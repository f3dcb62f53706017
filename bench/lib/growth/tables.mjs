// Does a request cost more as others become more? CPU as a ratio to a fresh process of the same Worker that takes turns with
// the grown one.

import { table } from "../report.mjs";
import { phone, post, unique } from "../requests.mjs";
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
    const costs = { sends: both(), creates: both(), payments: both() };
    await inTurns([["grown", grown], ["young", young]], { rounds: SLICES, isTold: false }, async ([name, workerd]) => {
      costs.sends[name].push((await bench.sends(workerd, count)).cpuUs);
      const { cpuUs, links } = await bench.creates(workerd, count);
      costs.creates[name].push(cpuUs);
      costs.payments[name].push((await bench.payments(workerd, links)).cpuUs);
    });
    await young.stop();
    for (const [name, cost] of Object.entries(costs)) rows[name].push(ofYoung(cost));
    rows.sweeps.push(await sweep(bench, grown));
    say("links", size, rows);
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

/** Sends to one phone and one address. */
export async function rows(bench, sizes, count) {
  const to = one();
  return ofOne(bench, "sends that two recipients have had", sizes, count, {
    grow: (workerd, more) => bench.sends(workerd, more, to),
    ask: (workerd) => bench.sends(workerd, count, to),
    askYoung: (workerd) => bench.sends(workerd, count, one()),
    title: "CPU of one more send, of a fresh process's",
  });
}

/** Payments of one link. */
export async function payments(bench, sizes, count) {
  const pay = (id) => (workerd, more) => bench.payments(workerd, Array(more).fill(id));
  let id;
  return ofOne(bench, "payments of one link", sizes, count, {
    begin: async (workerd) => ([id] = (await bench.creates(workerd, 1)).links),
    grow: (workerd, more) => pay(id)(workerd, more),
    ask: (workerd) => pay(id)(workerd, count),
    askYoung: async (workerd) => pay((await bench.creates(workerd, 1)).links[0])(workerd, count),
    title: "CPU of one more, until the shop has its event, of a fresh process's",
  });
}

async function ofOne(bench, what, sizes, count, { begin, grow, ask, askYoung, title }) {
  const grown = await bench.warm();
  await begin?.(grown);
  const cells = [];
  let there = 0;
  for (const size of sizes) {
    while (there < size) {
      const more = Math.min(BATCH, size - there);
      await grow(grown, more);
      there += more;
    }
    const young = await bench.warm();
    const cost = both();
    await inTurns([["grown", grown], ["young", young]], { rounds: SLICES, isTold: false }, async ([name, workerd]) => {
      cost[name].push((await (name === "grown" ? ask : askYoung)(workerd)).cpuUs);
    });
    there += SLICES * count;
    await young.stop();
    cells.push(ofYoung(cost));
    say(what, size, { CPU: cells });
  }
  await grown.stop();
  return table([`${what}, before ${number(SLICES * count)} more`, ...sizes.map(number)], [[title, ...cells]]);
}

function one() {
  const [number, address] = [phone(), `musteri${unique()}@example.com`];
  return { phone: () => number, email: () => address };
}

function say(what, size, rows) {
  const last = Object.entries(rows).map(([name, cells]) => `${name} ${cells.at(-1)}`);
  console.error(`${number(size)} ${what}: ${last.join(", ")}`);
}

const both = () => ({ grown: [], young: [] });
const ofYoung = ({ grown, young }) => `${ratio(grown, young).toFixed(2)} (${median(grown).toFixed(0)} µs)`;
const number = (value) => value.toLocaleString("en");
