// One slice of load on one Worker, and one cold start.

import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Service } from "../../scripts/processes.mjs";
import { notice, phone, prepared, rawNotice, sends, signedHeaders, sms, withId } from "./requests.mjs";
import { Workerd } from "./workerd.mjs";

const PATIENCE_MS = 60_000;
const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * The upstream: `{port, count(), delivered(), shop(state), tries()}`: requests to PayTR, events that the shop took; the shop
 * is `up`, `down` or `hanging`; every try of an event since the last time as `{at, isTaken, oid}`.
 */
export async function startUpstream(program) {
  const port = await new Service("upstream", program("upstream"), []).first(Number, PATIENCE_MS);
  const ask = async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  const tries = async () => {
    const lines = (await ask("/tries")).split("\n").filter(Boolean).map((line) => line.split(" "));
    return lines.map(([at, isTaken, oid]) => ({ at: Number(at), isTaken: isTaken === "1", oid }));
  };
  return {
    port,
    count: async () => Number(await ask("/count")),
    delivered: async () => Number(await ask("/delivered")),
    shop: (state) => ask(`/${state}`),
    tries,
  };
}

/** Posts `count` sends from `callers` callers. Throws unless every one was sent. */
export async function slice(program, upstream, workerd, { count, callers, recipient }) {
  await workerd.room(recipient ? 0 : count);
  const requests = sends(workerd.port, count, recipient);
  const sentBefore = await upstream.count();
  const { seconds, cpuUs, p50Ms, p99Ms } = await post(program, workerd, requests, callers);
  const sent = (await upstream.count()) - sentBefore;
  if (sent !== count) throw new Error(`of ${count} requests ${sent} came to the upstream`);
  return { perSecond: count / seconds, cpuUs, p50Ms, p99Ms };
}

/**
 * Posts requests, throws unless each is answered with 200, and says what one took. CPU counts until `settled`, too, if
 * something is left to do.
 */
export async function post(program, workerd, requests, callers, settled) {
  const count = requests.length;
  const file = join(tmpdir(), `relay-bench-requests-${process.pid}`);
  writeFileSync(file, prepared(requests));
  try {
    const cpuBefore = workerd.cpu();
    const load = await execa(program("load"), [String(workerd.port), file, String(callers)], { maxBuffer: MAX_OUTPUT });
    await settled?.();
    const cpu = workerd.cpu() - cpuBefore;
    const { seconds, ok, failed, latencies_us: latencies } = JSON.parse(load.stdout);
    if (failed > 0 || ok !== count) {
      throw new Error(`of ${count} requests ${ok} were answered with 200: ${load.stderr}`);
    }
    const quantile = (part) => latencies[Math.min(count - 1, Math.floor(part * count))] / 1000;
    return { seconds, cpuUs: (cpu / count) * 1e6, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
  } finally {
    rmSync(file, { force: true });
  }
}

/** Milliseconds from starting the process to its first answer. */
export async function coldStart(variant, bindings) {
  const body = sms(phone());
  const headers = signedHeaders(body);
  const workerd = await Workerd.start(variant, bindings);
  try {
    const response = await fetch(`http://127.0.0.1:${workerd.port}/webhook`, { method: "POST", headers, body });
    await response.text();
    const took = performance.now() - workerd.began;
    if (response.status !== 200) throw new Error(`the first answer of ${variant.name} was ${response.status}`);
    return took;
  } finally {
    await workerd.stop();
  }
}

/** Waits until this is so, and throws if the shop takes too long for it. */
export async function until(isSo, pollMs = 5, patienceMs = 120_000) {
  for (const deadline = Date.now() + patienceMs; !(await isSo()); await sleep(pollMs)) {
    if (Date.now() > deadline) throw new Error("the shop does not get its events");
  }
}

/** Posts notices like {@link post}, until the shop has their events. Throws if it gets none or one too many. */
export async function paid(program, upstream, workerd, notices, callers) {
  const goal = (await upstream.delivered()) + notices.length;
  const isDelivered = async () => (await upstream.delivered()) >= goal;
  const took = await post(program, workerd, notices, callers, () => until(isDelivered));
  if ((await upstream.delivered()) !== goal) throw new Error("an event was delivered twice");
  return took;
}

/**
 * PayTR's notices of a payment of each of the links that a Worker made for these `{ id, body }` messages, some of them
 * perhaps more than once: asked again, it says their names.
 */
export async function noticesOf(workerd, creates) {
  const names = new Map();
  for (const { id, body } of creates) {
    if (!names.has(id)) names.set(id, JSON.parse((await workerd.ask(withId(body, id))).text).link.callback_id);
  }
  return creates.map(({ id }) => rawNotice(workerd.port, notice(names.get(id))));
}
