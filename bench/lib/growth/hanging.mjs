// What sends take while a shop answers no event and many events wait for it.

import { setTimeout as sleep } from "node:timers/promises";
import { table } from "../report.mjs";
import { inTurns, median, ratio } from "../statistics.mjs";

const SLICES = 15;
const BATCH = 2500;
/** Two events of each partition are at the shop at a time. */
const PARTITIONS = 32;
const TRIED_AT_ONCE = 2 * PARTITIONS;
const POLL_MS = 100;

/** Median latency of a send with so many events that wait for a shop that hangs, as a ratio to that of a process without any. */
export async function hangs(bench, sizes, count) {
  const cells = [];
  for (const size of sizes) {
    const waiting = await bench.warm();
    const none = await bench.warm();
    const links = [];
    while (links.length < size) links.push(...(await bench.creates(waiting, Math.min(BATCH, size - links.length))).links);
    await bench.upstream.shop("hanging");
    await bench.upstream.tries();
    await bench.notices(waiting, links);
    let tried = 0;
    while (tried < TRIED_AT_ONCE) {
      await sleep(POLL_MS);
      tried += (await bench.upstream.tries()).length;
    }
    const latencies = { waiting: [], none: [] };
    await inTurns([["waiting", waiting], ["none", none]], { rounds: SLICES, isTold: false }, async ([name, workerd]) => {
      latencies[name].push((await bench.sends(workerd, count)).p50Ms);
    });
    await bench.upstream.shop("up");
    await Promise.all([waiting.stop(), none.stop()]);
    cells.push(`${ratio(latencies.waiting, latencies.none).toFixed(2)} (${median(latencies.waiting).toFixed(2)} ms)`);
    console.error(`${size.toLocaleString("en")} events wait for a shop that hangs: ${cells.at(-1)}`);
  }
  return table(
    ["events that wait for a shop that hangs", ...sizes.map((size) => size.toLocaleString("en"))],
    [["median latency of a send, of a process without any", ...cells]],
  );
}
