// Events that wait while the shop is down, and how they come when it is back.

import { until } from "../measure.mjs";
import { table } from "../report.mjs";

const SECOND_MS = 1000;
export const PATIENCE_MS = 10 * 60 * SECOND_MS;
export const POLL_MS = 500;
/** One link has so many of the events. */
const EVENTS_OF_LINK = 2;
/** Up to so many events are posted before the first of them is tried again after 5 s; more are tried again after 5 min. */
const WITHIN_SECONDS = 1000;

/** The shop is down until each event was tried once, or twice if there are many, and what comes next is timed. */
export async function outages(bench, sizes) {
  const rows = [];
  for (const size of sizes) {
    const failures = size > WITHIN_SECONDS ? 2 : 1;
    const { first, taken, cpuUs } = await outage(bench, size, failures);
    rows.push([number(size), failures, number(peak(taken)), seconds(first), seconds(taken), cpuUs.toFixed(0)]);
    console.error(`${number(size)} events: ${rows.at(-1).slice(1).join(", ")}`);
  }
  return table(["events that wait", "tries before", "most in a second", "first tries within, s", "all taken within, s", "CPU each, µs"], rows);
}

async function outage(bench, size, failures) {
  const workerd = await bench.warm();
  const ids = await bench.manyLinks(workerd, Math.ceil(size / EVENTS_OF_LINK));
  await bench.upstream.shop("down");
  await bench.upstream.tries();
  const byOid = new Map();
  const areAll = async (fits) => {
    for (const { at, isTaken, oid } of await bench.upstream.tries()) {
      if (!byOid.has(oid)) byOid.set(oid, []);
      byOid.get(oid).push({ at, isTaken });
    }
    return [...byOid.values()].filter(fits).length >= size;
  };
  await bench.notices(workerd, Array.from({ length: size }, (_, event) => ids[event % ids.length]));
  await until(() => areAll((tries) => tries.length >= failures), POLL_MS, PATIENCE_MS);
  const cpuBefore = workerd.cpu();
  await bench.upstream.shop("up");
  await until(() => areAll((tries) => tries.at(-1).isTaken), POLL_MS, PATIENCE_MS);
  const cpuUs = ((workerd.cpu() - cpuBefore) / size) * 1e6;
  await workerd.stop();
  const all = [...byOid.values()];
  if (all.length !== size || all.some((tries) => tries.filter(({ isTaken }) => isTaken).length !== 1)) {
    throw new Error("an event was lost, or taken twice");
  }
  return { first: all.map(([first]) => first.at), taken: all.map((tries) => tries.at(-1).at), cpuUs };
}

/** The most events in one second. */
function peak(times) {
  const sorted = times.toSorted((a, b) => a - b);
  let [most, from] = [0, 0];
  sorted.forEach((time, to) => {
    while (sorted[from] <= time - SECOND_MS) from += 1;
    most = Math.max(most, to - from + 1);
  });
  return most;
}

const seconds = (times) => ((Math.max(...times) - Math.min(...times)) / SECOND_MS).toFixed(1);
const number = (value) => value.toLocaleString("en");
