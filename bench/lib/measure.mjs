// One slice of load on one Worker, and one cold start.

import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Service } from "../../scripts/processes.mjs";
import { callback, messages, notice, phone, post, raw, send, sms, withId } from "./requests.mjs";
import { Workerd } from "./workerd.mjs";

const PATIENCE_MS = 120_000;
const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * The upstream: what Workers are told of it, and how many requests to PayTR there were, and events that were tried and that
 * the shop took; the shop is `up` or `hanging`.
 */
export async function startUpstream(program) {
  const port = await new Service("upstream", program("upstream"), []).first(Number, PATIENCE_MS);
  const url = `http://127.0.0.1:${port}`;
  const count = (what) => async () => Number(await (await fetch(`${url}/${what}`)).text());
  return {
    settings: { PAYTR_BASE_URL: url, EVENTS_URL: `${url}/events` },
    asked: count("asked"),
    tried: count("tried"),
    delivered: count("delivered"),
    shop: (state) => fetch(`${url}/${state}`),
  };
}

/** Posts `count` sends from `callers` callers. */
export async function slice(program, upstream, workerd, { count, callers }) {
  const { seconds, cpuUs, p50Ms, p99Ms } = await asked(program, upstream, workerd, messages(count, send), callers, count);
  return { perSecond: count / seconds, cpuUs, p50Ms, p99Ms };
}

/** Posts messages `{ id, body }`. Throws unless PayTR was asked so often. */
export async function asked(program, upstream, workerd, messages, callers, times) {
  const before = await upstream.asked();
  const took = await load(program, workerd, messages.map(({ id, body }) => withId(body, id)), callers);
  const made = (await upstream.asked()) - before;
  if (made !== times) throw new Error(`PayTR was asked ${made} times instead of ${times}`);
  return took;
}

/**
 * Posts requests, throws unless each is answered with 200, and says what one took. CPU counts until `settled`, too, if
 * something is left to do.
 */
export async function load(program, workerd, requests, callers, settled) {
  const count = requests.length;
  const file = join(tmpdir(), `relay-bench-requests-${process.pid}`);
  const prepared = requests.map((request) => raw(workerd.port, request)).flatMap((request) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(request.length);
    return [length, request];
  });
  writeFileSync(file, Buffer.concat(prepared));
  try {
    const cpuBefore = workerd.cpu();
    const { stdout, stderr } = await execa(program("load"), [workerd.port, file, callers], { maxBuffer: MAX_OUTPUT });
    await settled?.();
    const cpu = workerd.cpu() - cpuBefore;
    const { seconds, ok, latencies_us: latencies } = JSON.parse(stdout);
    if (ok !== count) throw new Error(`of ${count} requests ${ok} were answered with 200: ${stderr}`);
    const quantile = (part) => latencies[Math.min(count - 1, Math.floor(part * count))] / 1000;
    return { seconds, cpuUs: (cpu / count) * 1e6, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
  } finally {
    rmSync(file, { force: true });
  }
}

/** Milliseconds from starting the process to its first answer. */
export async function coldStart(variant, settings) {
  const request = post(sms(phone()));
  const workerd = await Workerd.start(variant, settings);
  try {
    const { status } = await workerd.ask(request);
    const took = performance.now() - workerd.began;
    if (status !== 200) throw new Error(`the first answer of ${variant.title} was ${status}`);
    return took;
  } finally {
    await workerd.stop();
  }
}

/** Waits until this is so, and throws if the shop takes too long for it. */
export async function until(isSo) {
  for (const deadline = Date.now() + PATIENCE_MS; !(await isSo()); await sleep(5)) {
    if (Date.now() > deadline) throw new Error("the shop does not get its events");
  }
}

/** Posts notices like {@link load}, until the shop has their events. Throws if it gets none or one too many. */
export async function paid(program, upstream, workerd, notices, callers) {
  const goal = (await upstream.delivered()) + notices.length;
  const isDelivered = async () => (await upstream.delivered()) >= goal;
  const took = await load(program, workerd, notices, callers, () => until(isDelivered));
  if ((await upstream.delivered()) !== goal) throw new Error("an event was delivered twice");
  return took;
}

/** PayTR's notices of a payment of each link that a Worker made for these messages: asked again, it says their names. */
export async function noticesOf(workerd, creates) {
  const notices = [];
  for (const { id, body } of creates) {
    const { link } = JSON.parse((await workerd.ask(withId(body, id))).text);
    notices.push(callback(notice(link.callback_id)));
  }
  return notices;
}
