// `npm run bench:links`: the whole life of a link, the relay beside the hand-written Worker: a send, a create, a create that
// sends at once, PayTR's notice until the shop has the event, and the same notice again. They take turns in every round, on
// the same machine and upstream. `-- --rounds 9 --requests 600 --callers 16` are the defaults; `--before` names a checkout
// or a commit, whose relay is measured too.
//
// CPU is workerd's per request, for a notice until its event was delivered; latency is until the answer.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkConformance } from "./conformance.mjs";
import { buildPrograms, buildWorkers } from "./lib/build.mjs";
import { asked, load, noticesOf, paid, startUpstream } from "./lib/measure.mjs";
import { options } from "./lib/options.mjs";
import { out } from "./lib/paths.mjs";
import { table } from "./lib/report.mjs";
import { create, messages, phone, sms } from "./lib/requests.mjs";
import { inTurns, median, ratio } from "./lib/statistics.mjs";
import { Workerd } from "./lib/workerd.mjs";

const WARM_UP_ROUNDS = 2;
/** Title by step. */
const STEPS = {
  send: "send",
  create: "create",
  createWithSend: "create with send",
  callback: "callback to the shop",
  callbackAgain: "the same callback again",
};

const given = options({ rounds: 9, requests: 600, callers: 16, before: undefined });
const { rounds, requests: count, callers } = given;

const { relay, handwritten, before } = await buildWorkers(given.before);
const compared = { relay, handwritten, ...(before && { before }) };
const program = await buildPrograms();
await checkConformance(compared);
const upstream = await startUpstream(program);
const running = [];
for (const [name, variant] of Object.entries(compared)) {
  const results = Object.fromEntries(Object.keys(STEPS).map((step) => [step, { cpuUs: [], p50Ms: [] }]));
  running.push({ name, workerd: await Workerd.start(variant, upstream.settings), results });
}
await inTurns(running, { rounds, warmUp: WARM_UP_ROUNDS }, async ({ workerd, results }, counts) => {
  for (const [step, { cpuUs, p50Ms }] of Object.entries(await life(workerd))) {
    if (!counts) continue;
    results[step].cpuUs.push(cpuUs);
    results[step].p50Ms.push(p50Ms);
  }
});
const memory = Object.fromEntries(running.map(({ name, workerd }) => [name, workerd.memory()]));
for (const { workerd } of running) await workerd.stop();

const results = Object.fromEntries(running.map(({ name, results }) => [name, results]));
const others = Object.keys(compared).filter((name) => name !== "relay");
const text = [...others.map(ratios), absolutes()].join("\n\n");
mkdirSync(out, { recursive: true });
writeFileSync(join(out, "links.md"), `${text}\n`);
console.log(text);
process.exit(0);

/** What each step took of one Worker, with links and recipients of their own. */
async function life(workerd) {
  const ask = (messages, times) => asked(program, upstream, workerd, messages, callers, times);
  const links = messages(count, () => create());
  const send = await ask(messages(count, () => sms(phone())), count);
  const created = await ask(links, count);
  const createWithSend = await ask(messages(count, () => create({ cell_phone: phone() })), 2 * count);
  const notices = await noticesOf(workerd, links);
  const callback = await paid(program, upstream, workerd, notices, callers);
  return { send, create: created, createWithSend, callback, callbackAgain: await load(program, workerd, notices, callers) };
}

function ratios(other) {
  const rows = Object.entries(STEPS).map(([step, title]) => {
    const [ours, theirs] = [results.relay[step], results[other][step]];
    return [title, ...["cpuUs", "p50Ms"].map((key) => ratio(ours[key], theirs[key]).toFixed(2))];
  });
  const grown = (memory.relay / memory[other]).toFixed(2);
  return `The relay, of ${compared[other].title}:\n\n${table(["step", "CPU", "median latency"], rows)}\n\nIts memory at the end: ${grown}.`;
}

function absolutes() {
  const titles = Object.values(compared).map(({ title }) => title);
  const rows = Object.entries(STEPS).map(([step, title]) => [
    title,
    ...Object.values(results).map((worker) => `${median(worker[step].cpuUs).toFixed(0)} µs`),
    ...Object.values(results).map((worker) => `${median(worker[step].p50Ms).toFixed(2)} ms`),
  ]);
  return `This run, CPU and latency:\n\n${table(["step", ...titles, ...titles], rows)}`;
}
