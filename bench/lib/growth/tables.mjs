// Does a request cost more as others become more, or as one object's rows do? CPU as a ratio to a fresh process of the same
// Worker that takes turns with the grown one.

import { table } from "../report.mjs";
import { phone, unique } from "../requests.mjs";
import { median, ratio } from "../statistics.mjs";
import { stored } from "./slices.mjs";

const SLICES = 5;
/** The most links, or sends, that are made at once, so that none is stale before its turn and their ledgers can be open. */
const BATCH = 3000;
/** Objects that are awake when memory is looked at. */
const AWAKE = 4000;

/** Links with a send and a recipient each: CPU of what is new, memory while nothing is awake, and what is stored. */
export async function links(bench, sizes, count) {
  const grown = await bench.warm();
  const rows = { sends: [], creates: [], payments: [], memory: [], stored: [] };
  const memory = await awake(bench, grown);
  const before = stored(grown.directory);
  let there = 0;
  for (const size of sizes) {
    while (there < size) {
      const more = Math.min(BATCH, size - there);
      await bench.creates(grown, more, { isSent: true });
      there += more;
    }
    await grown.idle();
    rows.memory.push(megabytes(grown.memory()));
    const { bytes, objects } = stored(grown.directory);
    rows.stored.push(kilobytes((2 * (bytes - before.bytes)) / (objects - before.objects)));
    const young = await bench.warm();
    const costs = { sends: both(), creates: both(), payments: both() };
    await turns([["grown", grown], ["young", young]], async (name, workerd) => {
      costs.sends[name].push((await bench.sends(workerd, count)).cpuUs);
      const { cpuUs, ids } = await bench.creates(workerd, count);
      costs.creates[name].push(cpuUs);
      costs.payments[name].push((await bench.payments(workerd, ids)).cpuUs);
    });
    await young.stop();
    for (const [name, cost] of Object.entries(costs)) rows[name].push(ofYoung(cost));
    say("links", size, rows);
  }
  await grown.stop();
  return [
    table(["links, each with a recipient", ...sizes.map(number)], [
      ["CPU of a send to a new recipient, of a fresh process's", ...rows.sends],
      ["of a create", ...rows.creates],
      ["of a payment, until the shop has its event", ...rows.payments],
      ["memory while none is awake, MB", ...rows.memory],
      ["files for one link and its recipient, KB", ...rows.stored],
    ]),
    `${number(AWAKE)} objects that are awake at once take ${kilobytes(memory)} KB of workerd's memory each.`,
  ].join("\n\n");
}

/** Bytes for each object that is awake, beyond what the process has anyway. */
async function awake(bench, workerd) {
  await workerd.idle();
  const before = workerd.memory();
  await bench.creates(workerd, AWAKE / 2, { isSent: true });
  const bytes = (workerd.memory() - before) / workerd.openObjects();
  await workerd.idle();
  return bytes;
}

/** Sends to one phone and one address, so to two objects. */
export async function rows(bench, sizes, count) {
  const to = one();
  return oneObject(bench, "sends that two recipients have had", sizes, count, {
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
  return oneObject(bench, "payments of one link", sizes, count, {
    begin: async (workerd) => ([id] = (await bench.creates(workerd, 1)).ids),
    grow: (workerd, more) => pay(id)(workerd, more),
    ask: (workerd) => pay(id)(workerd, count),
    askYoung: async (workerd) => pay((await bench.creates(workerd, 1)).ids[0])(workerd, count),
    title: "CPU of one more, until the shop has its event, of a fresh process's",
  });
}

async function oneObject(bench, what, sizes, count, { begin, grow, ask, askYoung, title }) {
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
    await turns([["grown", grown], ["young", young]], async (name, workerd) => {
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

/** By turns, so that what else the machine does weighs on both, and another one begins each time. */
async function turns(pair, action) {
  for (let turn = 0; turn < SLICES; turn += 1) {
    for (const [name, workerd] of turn % 2 === 0 ? pair : pair.toReversed()) await action(name, workerd);
  }
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
const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
const kilobytes = (bytes) => (bytes / 1000).toFixed(1);
