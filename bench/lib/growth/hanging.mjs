// What sends take while a shop answers no event and many events wait for it.

import { until } from "../measure.mjs";
import { table } from "../report.mjs";
import { inTurns, median, ratio } from "../statistics.mjs";

const SLICES = 15;
/** Two events of each of the 32 partitions are at the shop at a time. */
const TRIED_AT_ONCE = 64;

/** Median latency of a send with so many events that wait for a shop that hangs, as a ratio to that of a process without any. */
export async function hangs(bench, sizes, count) {
  const cells = [];
  for (const size of sizes) {
    const waiting = await bench.warm();
    const none = await bench.warm();
    const { links } = await bench.creates(waiting, size);
    await bench.upstream.shop("hanging");
    const goal = (await bench.upstream.tried()) + Math.min(size, TRIED_AT_ONCE);
    await bench.notices(waiting, links);
    await until(async () => (await bench.upstream.tried()) >= goal);
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
