// `npm run bench:hooks`: what a shop platform's delivery costs while PayTR takes five seconds and the shop's own API hangs.
//
// First orders of 2 to 60 KB, all new, from some callers at once: how long the relay itself took to answer, by its log. Then
// orders of 26 KB one after the other: CPU of each, of a process that has nothing else to do. `-- --orders 2000 --callers 4`
// are the defaults.

import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { listen } from "../tests/support/listen.mjs";
import { buildRelay } from "./lib/build.mjs";
import { options } from "./lib/options.mjs";
import { median } from "./lib/statistics.mjs";
import { delivery, order, storefronts } from "./lib/woocommerce.mjs";
import { Workerd } from "./lib/workerd.mjs";

const PAYTR_MS = 5_000;
const SIZES = [2_000, 8_000, 26_000, 60_000];
const CPU_ORDERS = 200;
const CPU_SIZE = 26_000;
const EMPTY = order();

const { orders, callers } = options({ orders: 2000, callers: 4 });

const asked = async (_, response) => {
  await sleep(PAYTR_MS);
  response.end(JSON.stringify({ status: "success", id: "NB2Zlz3", link: "https://www.paytr.com/link/NB2Zlz3" }));
};
const paytr = await listen(createServer(asked));
const shop = await listen(createServer(() => {}));

const took = [];
const relay = await start((line) => {
  const { type, total_ms: ms, outcome } = line.startsWith("{") ? JSON.parse(line) : {};
  if (type === "hook" && outcome === "stored") took.push(ms);
});
let next = 0;
await Promise.all(
  Array.from({ length: callers }, async () => {
    while (next < orders) await deliver(relay, (next += 1), SIZES[next % SIZES.length]);
  }),
);
while (took.length < orders) await sleep(100);
took.sort((a, b) => a - b);
const at = (part) => took[Math.min(took.length - 1, Math.floor(took.length * part))];
console.log(`${orders} orders of 2 to 60 KB by ${callers} callers: median ${median(took)} ms, 99th percentile ${at(0.99)} ms, longest ${at(1)} ms`);
await relay.stop();

const idle = await start();
for (let id = 1; id <= CPU_ORDERS; id += 1) await deliver(idle, id, CPU_SIZE);
// The same orders again change nothing, so that no link is made meanwhile.
const before = await idle.rest();
for (let id = 1; id <= CPU_ORDERS; id += 1) await deliver(idle, id, CPU_SIZE);
console.log(`CPU of a delivery of 26 KB: ${(((idle.cpu() - before) * 1000) / CPU_ORDERS).toFixed(2)} ms`);
await idle.stop();
process.exit(0);

async function start(hear) {
  const settings = { PAYTR_BASE_URL: paytr.url, STOREFRONTS: storefronts(shop.url), RELAY_ORIGIN: "https://relay.example" };
  return Workerd.start(await buildRelay(), settings, hear);
}

async function deliver(relay, id, size) {
  const order = { ...JSON.parse(EMPTY), id, number: String(id), total: `${id}.00` };
  const line = order.line_items[0];
  while (JSON.stringify(order).length < size) order.line_items.push({ ...line, id: order.line_items.length + 1 });
  const { status, text } = await relay.ask(delivery(JSON.stringify(order)));
  if (status !== 200) throw new Error(`order ${id} was answered with ${status}: ${text}`);
}
