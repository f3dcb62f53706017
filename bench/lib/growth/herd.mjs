// Events that wait while the shop is down, and how they come when it is back. Tries that come within minutes are made and
// timed; those that come hours later are computed by the relay's own schedule (src/bin/herd.rs), which is held against those
// that were timed.

import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { columns } from "../plot.mjs";
import { table } from "../report.mjs";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** One link has so many of the events: more objects' files cannot be open at once. */
const EVENTS_OF_LINK = 2;
const BATCH = 2500;
const PATIENCE_MS = 10 * MINUTE;
const POLL_MS = 500;
const SEED = "1";
/** How long the shop is down in what is computed; every payment came at the beginning, or they came evenly. */
const OUTAGES = { "10 min": 10 * MINUTE, "1 h": HOUR, "6 h": 6 * HOUR, "1 day": 24 * HOUR, "3 days": 72 * HOUR };
const COMPUTED = 10_000;
const WIDTHS = { second: SECOND, minute: MINUTE };

/**
 * The shop is down while payments of all sizes come. It is back as soon as each event was tried `failures` times, and what
 * comes next is timed: 1 is the try after 5 s, 2 the one after 5 min.
 */
export async function measured(bench, sizes, failures) {
  const rows = [];
  let curve;
  for (const size of sizes) {
    const tries = await outage(bench, size, failures);
    const computed = await schedule(bench, tries.first, tries.back);
    const apart = distance(tries.taken, computed);
    rows.push([
      number(size),
      `${seconds(Math.min(...tries.gaps))} to ${seconds(Math.max(...tries.gaps))} s`,
      `${number(peak(tries.taken, SECOND))} / ${number(peak(computed, SECOND))}`,
      `${seconds(span(tries.first))} s`,
      `${seconds(span(tries.taken))} / ${seconds(span(computed))} s`,
      size > 1 ? apart.toFixed(2) : "",
      tries.cpuUs.toFixed(0),
    ]);
    console.error(`${number(size)} events, the shop back after ${failures} tries: ${rows.at(-1).slice(1).join(", ")}`);
    curve = { taken: tries.taken, computed };
  }
  const head = ["events that wait", "from one try to the next", "most in a second", "first tries within", "taken within", "apart", "CPU each, µs"];
  return { text: table(head, rows), curve };
}

async function outage(bench, size, failures) {
  const workerd = await bench.warm();
  const perLink = Math.min(EVENTS_OF_LINK, size);
  const ids = [];
  while (ids.length < size / perLink) ids.push(...(await bench.creates(workerd, Math.min(BATCH, Math.ceil(size / perLink) - ids.length))).ids);
  await bench.upstream.shop("down");
  await bench.upstream.tries();
  const events = Array.from({ length: size }, (_, event) => ids[event % ids.length]);
  const byOid = new Map();
  const collect = async () => {
    for (const { at, isTaken, oid } of await bench.upstream.tries()) {
      if (!byOid.has(oid)) byOid.set(oid, []);
      byOid.get(oid).push({ at, isTaken });
    }
  };
  await bench.notices(workerd, events);
  await until(async () => (await collect(), [...byOid.values()].filter((tries) => tries.length >= failures).length >= size));
  const [back, cpuBefore] = [Date.now(), workerd.cpu()];
  await bench.upstream.shop("up");
  await until(async () => (await collect(), [...byOid.values()].filter((tries) => tries.at(-1).isTaken).length >= size));
  const cpuUs = ((workerd.cpu() - cpuBefore) / size) * 1e6;
  await workerd.stop();
  const all = [...byOid.values()];
  if (all.length !== size || all.some((tries) => tries.filter(({ isTaken }) => isTaken).length !== 1)) {
    throw new Error("an event was lost, or taken twice");
  }
  return {
    first: all.map(([first]) => first.at),
    taken: all.map((tries) => tries.at(-1).at),
    gaps: all.map((tries) => tries.at(-1).at - tries.at(-2).at),
    back,
    cpuUs,
  };
}

async function until(isDone) {
  for (const deadline = Date.now() + PATIENCE_MS; !(await isDone()); await sleep(POLL_MS)) {
    if (Date.now() > deadline) throw new Error("the shop does not get its events");
  }
}

/** When events are taken that were tried first at these times, by the relay's own schedule. */
async function schedule(bench, first, back) {
  const { stdout } = await execa(bench.program("herd"), [String(back), SEED], { input: first.join("\n") });
  return stdout.split("\n").filter(Boolean).map(Number);
}

/** What is computed for outages of hours and days. */
export async function computed(bench) {
  const rows = [];
  for (const [title, back] of Object.entries(OUTAGES)) {
    const together = await schedule(bench, Array(COMPUTED).fill(0), back);
    const evenly = await schedule(bench, Array.from({ length: COMPUTED }, (_, event) => Math.floor((event * back) / COMPUTED)), back);
    const cells = [together, evenly].flatMap((taken) => [
      number(peak(taken, SECOND)),
      number(peak(taken, MINUTE)),
      `${duration(part(taken, 0.5) - back)}, ${duration(Math.max(...taken) - back)}`,
    ]);
    rows.push([title, ...cells]);
  }
  const of = (how) => [`${how}: most in a second`, "in a minute", "half, all after"];
  return table(["the shop is down for", ...of("all paid at once"), ...of("paid evenly")], rows);
}

export function plot({ taken, computed }, step, title) {
  const from = Math.min(...taken, ...computed);
  const length = Math.ceil((Math.max(...taken, ...computed) - from + 1) / step);
  const counts = (times) => {
    const values = Array(length).fill(0);
    for (const time of times) values[Math.floor((time - from) / step)] += 1;
    return values;
  };
  return columns(title, `${step / SECOND} s each`, [
    { label: "measured in workerd", values: counts(taken) },
    { label: "computed by the schedule", values: counts(computed) },
  ]);
}

/** The most events in one window of this width. */
function peak(times, width) {
  const sorted = times.toSorted((a, b) => a - b);
  let [most, from] = [0, 0];
  sorted.forEach((time, to) => {
    while (sorted[from] <= time - width) from += 1;
    most = Math.max(most, to - from + 1);
  });
  return most;
}

/** How far apart two distributions are at most: Kolmogorov's and Smirnov's distance. */
function distance(times, others) {
  const [sorted, sortedOthers] = [times, others].map((list) => list.toSorted((a, b) => a - b));
  let [most, at] = [0, 0];
  sorted.forEach((time, place) => {
    while (at < sortedOthers.length && sortedOthers[at] <= time) at += 1;
    most = Math.max(most, Math.abs((place + 1) / sorted.length - at / sortedOthers.length));
  });
  return most;
}

const span = (times) => Math.max(...times) - Math.min(...times);
const part = (times, of) => times.toSorted((a, b) => a - b)[Math.floor(of * times.length)];
const seconds = (ms) => (ms / SECOND).toFixed(1);
const number = (value) => value.toLocaleString("en");

function duration(ms) {
  if (ms < MINUTE) return `${Math.round(ms / SECOND)} s`;
  return ms < HOUR ? `${Math.round(ms / MINUTE)} min` : `${(ms / HOUR).toFixed(1)} h`;
}
