// `npm run bench:soak`: twenty minutes of everything at once, with a PayTR that loses answers, a shop that fails and is down
// for a while, clients that leave, objects that are thrown out of memory, and a workerd that is killed. Then: nothing lost,
// nothing twice, every answer the same again, no line of the log that is not expected, memory flat.
//
// `-- --seconds 1200 --steps 25 --seed N` are the defaults, steps a second; the seed is made up and printed. It takes a
// minute or two longer than that, says every so often how far it is, and ends by itself. tests/load runs it short.
//
// In the first quarter workerd is ended again and again, by SIGKILL and SIGTERM by turns. Then it runs on, and its memory is
// looked at; objects that are not used leave it after a while by themselves. At the end it is killed, its storage made more
// than a day older, so that every event that waits is due, and started again.

import { setTimeout as sleep } from "node:timers/promises";
import { startFlakyProxy } from "../tests/support/flaky-proxy.mjs";
import { startSandbox } from "../tests/support/sandbox.mjs";
import { options } from "./lib/options.mjs";
import { Callers } from "./lib/soak/callers.mjs";
import { Log } from "./lib/soak/log.mjs";
import { Random } from "./lib/soak/random.mjs";
import { Relay } from "./lib/soak/relay.mjs";
import { Shop } from "./lib/soak/shop.mjs";
import { changed, growing, lost, twice } from "./lib/soak/verdict.mjs";

/** Longer than any two tries of an event are apart. */
const LONGEST_GAP_DAYS = 1.21;
const KILLS = 5;
/** Objects thrown out at once, so few that others stay, and from one time to the next. */
const EVICTED = 8;
const EVICTION_MS = [4_000, 10_000];
const OUTAGES = 8;
/** The part of the time for which the shop is down. */
const DOWN = 0.2;
const SAMPLES = 60;
const SAYS_SOMETHING_AFTER_MS = 60_000;
/** The most that are under way at once; a step more is left out. */
const AT_ONCE = 100;
/** Below this there is no telling whether memory grows. */
const SHORTEST_FOR_MEMORY_S = 600;
const MOST_GROWTH = 1.1;
const SHOWN = 20;
const POLL_MS = 50;

const { seconds, steps, seed } = options({ seconds: 1200, steps: 25, seed: Date.now() % 1_000_000 });
console.log(`soak: ${seconds} s, ${steps} steps a second, --seed ${seed}`);

const random = new Random(seed);
const sandbox = await startSandbox({ SANDBOX_CALLBACK_INTERVAL_MS: "1000", SANDBOX_CALLBACK_ATTEMPTS: "1000000" });
const paytr = await startFlakyProxy(sandbox.url, () => random.weighted({ "": 96, answer: 2, half: 1, request: 1 }));
const shop = await Shop.start(random);
const log = new Log();
const relay = await Relay.start({ PAYTR_BASE_URL: paytr.url, EVENTS_URL: `${shop.url}/events`, SEND_LIMITS: "[]" }, log);
const callers = new Callers(random, relay, sandbox.url);

const began = Date.now();
const end = began + seconds * 1000;
const quarter = began + (end - began) / 4;
const samples = [];
let underWay = 0;
let leftOut = 0;
await Promise.all([work(), interrupt(), outages(), watch()]);
while (underWay > 0) await sleep(POLL_MS);

shop.state = "well";
await relay.end("SIGKILL", LONGEST_GAP_DAYS);
const memory = growing(samples, MOST_GROWTH);
const sentences = [
  ...(await lost(callers, shop, sandbox.url)),
  ...(await changed(callers)),
  ...twice(callers, shop, paytr, relay.interruptions),
  ...(seconds >= SHORTEST_FOR_MEMORY_S ? memory.sentences : []),
  ...callers.wrong,
  ...shop.wrong,
  ...log.wrong.map((line) => `not expected in the log: ${line}`),
];
report();
await relay.stop();
process.exit(sentences.length > 0 ? 1 : 0);

async function work() {
  for (let step = 0; Date.now() < end; step += 1) {
    if (underWay < AT_ONCE) {
      underWay += 1;
      callers.step().finally(() => (underWay -= 1));
    } else leftOut += 1;
    const next = began + ((step + 1) * 1000) / steps;
    if (next > Date.now()) await sleep(next - Date.now());
  }
}

/** Kills workerd in the first quarter, and throws objects out all the time. */
async function interrupt() {
  const [least, most] = EVICTION_MS;
  const kills = Array.from({ length: KILLS }, (_, kill) => began + ((quarter - began) * (kill + random.next())) / KILLS);
  const evictions = [];
  for (let at = began; at < end; at += least + random.next() * (most - least)) evictions.push(at);
  while (Date.now() < end) {
    if (kills[0] <= Date.now()) {
      await relay.end(kills.length % 2 === 1 ? "SIGKILL" : "SIGTERM");
      kills.shift();
    }
    if (evictions[0] <= Date.now()) {
      await relay.evict(EVICTED);
      evictions.shift();
    }
    await sleep(POLL_MS);
  }
}

async function outages() {
  const period = (end - began) / OUTAGES;
  for (let outage = 0; outage < OUTAGES; outage += 1) {
    await sleep(period * (1 - DOWN));
    shop.state = "down";
    await sleep(period * DOWN);
    shop.state = "unsteady";
  }
}

async function watch() {
  let saidAt = Date.now();
  while (Date.now() < end) {
    await sleep((end - began) / SAMPLES);
    const bytes = relay.memory();
    if (bytes !== undefined && Date.now() > quarter) samples.push(bytes);
    if (Date.now() - saidAt < SAYS_SOMETHING_AFTER_MS) continue;
    saidAt = Date.now();
    const minutes = Math.round((saidAt - began) / 60_000);
    console.log(`${minutes} min: ${callers.messages.size} messages, ${callers.payments.length} payments, ${megabytes(bytes)}`);
  }
}

function report() {
  const total = (list, count) => list.reduce((sum, item) => sum + count(item), 0);
  const events = [...shop.events.values()];
  console.log(`steps: ${words(callers.counts)}${leftOut > 0 ? `; ${leftOut} left out, as too many were under way` : ""}`);
  console.log(
    `${callers.messages.size} messages, ${paytr.seen.length} requests to PayTR, ${callers.payments.length} payments; ` +
      `${events.length} events tried ${total(events, ({ tries }) => tries)} times and taken ${total(events, ({ takenAt }) => takenAt.length)} times`,
  );
  console.log(`${KILLS + 1} times workerd was ended, ${relay.interruptions.length} interruptions in all`);
  console.log(`log: ${words(Object.fromEntries([...log.counts].sort(([, a], [, b]) => b - a)))}`);
  if (memory.ratio) {
    const { middle, last, ratio } = memory;
    console.log(`memory: ${megabytes(middle)}, then ${megabytes(last)}: ${ratio.toFixed(2)}`);
  }
  for (const sentence of sentences.slice(0, SHOWN)) console.error(`WRONG: ${sentence}`);
  if (sentences.length > SHOWN) console.error(`and ${sentences.length - SHOWN} more`);
  console.log(sentences.length > 0 ? `${sentences.length} things are wrong; --seed ${seed}` : "Nothing lost, nothing twice.");
}

function megabytes(bytes) {
  return bytes === undefined ? "memory unknown" : `${(bytes / 1e6).toFixed(0)} MB`;
}

function words(counts) {
  return Object.entries(counts).map(([name, count]) => `${count} ${name}`).join(", ");
}
