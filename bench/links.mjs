// `npm run bench:links`: the whole life of a link, the relay beside the hand-written Worker: a create, a create that sends
// at once, PayTR's notice until the shop has the event, and the same notice again. They take turns in every round, on the
// same machine and upstream. `-- --rounds 9 --requests 600 --callers 16` are the defaults; with `--before FOLDER` what
// another commit has built there takes the place of the hand-written Worker.
//
// CPU is workerd's per request, for a notice until its event was delivered; latency is until the answer.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { beforeVariants, buildPrograms, buildWorkers, variants } from "./lib/build.mjs";
import { checkLinks } from "./lib/compare-links.mjs";
import { post, startUpstream } from "./lib/measure.mjs";
import { out } from "./lib/paths.mjs";
import { table } from "./lib/report.mjs";
import { create, notice, phone, raw, rawNotice, signedHeaders, sms, unique } from "./lib/requests.mjs";
import { bindings } from "./lib/settings.mjs";
import { median, ratio } from "./lib/statistics.mjs";
import { Workerd } from "./lib/workerd.mjs";

const WARM_UP_ROUNDS = 2;
const DELIVERY_PATIENCE_MS = 60_000;
const POLL_MS = 5;
/** Title by step. */
const STEPS = {
  send: "send",
  create: "create",
  createWithSend: "create with send",
  callback: "callback to the shop",
  callbackAgain: "the same callback again",
};

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    requests: { type: "string", default: "600" },
    callers: { type: "string", default: "16" },
    before: { type: "string" },
  },
});
const [rounds, count, callers] = [options.rounds, options.requests, options.callers].map(Number);

await buildWorkers();
const program = await buildPrograms();
const upstream = await startUpstream(program);
const settings = bindings(upstream.port, { EVENTS_URL: `http://127.0.0.1:${upstream.port}/events` });
const [relay, handwritten] = ["relay", "handwritten"].map((name) => variants().find((variant) => variant.name === name));
const other = options.before ? beforeVariants(options.before)[0] : handwritten;
const running = [];
for (const variant of [relay, other]) {
  const results = Object.fromEntries(Object.keys(STEPS).map((step) => [step, { cpuUs: [], p50Ms: [] }]));
  running.push({ workerd: await Workerd.start(variant, settings), results });
}
await checkLinks(running.map(({ workerd }) => workerd));
for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
  const order = round % 2 === 0 ? running : running.toReversed();
  for (const { workerd, results } of order) {
    for (const [step, { cpuUs, p50Ms }] of Object.entries(await life(workerd))) {
      if (round < 0) continue;
      results[step].cpuUs.push(cpuUs);
      results[step].p50Ms.push(p50Ms);
    }
  }
  if (round >= 0) console.error(`round ${round + 1} of ${rounds}`);
}
for (const { workerd } of running) await workerd.stop();

const text = report(...running.map(({ results }) => results));
mkdirSync(out, { recursive: true });
writeFileSync(join(out, "links.md"), `${text}\n`);
console.log(text);
process.exit(0);

/** What each step took of one Worker, with links and recipients of their own. */
async function life(workerd) {
  const ids = Array.from({ length: count }, () => `msg_link_${unique()}`);
  const messages = (make, idOf = () => `msg_bench_${unique()}`) =>
    ids.map((_, number) => {
      const body = make();
      return raw(workerd.port, body, signedHeaders(body, idOf(number)));
    });
  const notices = ids.map((id) => rawNotice(workerd.port, notice(id)));
  return {
    send: await asked(workerd, count, count, () => messages(() => sms(phone()))),
    create: await asked(workerd, count, count, () => messages(() => create(), (number) => ids[number])),
    createWithSend: await asked(workerd, 2 * count, 2 * count, () => messages(() => create({ cell_phone: phone() }))),
    callback: await paid(workerd, notices),
    callbackAgain: await post(program, workerd, notices, callers),
  };
}

/** Posts messages that wake so many objects. Throws unless PayTR was asked so often. */
async function asked(workerd, objects, calls, messages) {
  await workerd.room(objects);
  const before = await upstream.count();
  const took = await post(program, workerd, messages(), callers);
  const made = (await upstream.count()) - before;
  if (made !== calls) throw new Error(`PayTR was asked ${made} times instead of ${calls}`);
  return took;
}

/** Posts notices, and waits until the shop has their events. Throws if it gets none or one too many. */
async function paid(workerd, notices) {
  const before = await upstream.delivered();
  const began = performance.now();
  const settled = async () => {
    while ((await upstream.delivered()) < before + notices.length) {
      if (performance.now() - began > DELIVERY_PATIENCE_MS) throw new Error("the shop does not get its events");
      await setTimeout(POLL_MS);
    }
  };
  const took = await post(program, workerd, notices, callers, settled);
  if ((await upstream.delivered()) !== before + notices.length) throw new Error("an event was delivered twice");
  return took;
}

function report(relay, others) {
  const rows = Object.entries(STEPS).map(([step, title]) => {
    const [ours, theirs] = [relay[step], others[step]];
    return [
      title,
      ratio(ours.cpuUs, theirs.cpuUs).toFixed(2),
      ratio(ours.p50Ms, theirs.p50Ms).toFixed(2),
      `${median(ours.cpuUs).toFixed(0)} µs`,
      `${median(theirs.cpuUs).toFixed(0)} µs`,
      `${median(ours.p50Ms).toFixed(2)} ms`,
      `${median(theirs.p50Ms).toFixed(2)} ms`,
    ];
  });
  const apart = relay.create.cpuUs.map((cpuUs, round) => cpuUs + relay.send.cpuUs[round]);
  return [
    `The relay, of ${other.title}:`,
    "",
    table(["step", "CPU", "median latency", "CPU, relay", "other", "latency, relay", "other"], rows),
    "",
    `A create with send takes ${ratio(relay.createWithSend.cpuUs, apart).toFixed(2)} of the CPU of a create and a send by two messages.`,
  ].join("\n");
}
