// CPU of workerd for one link: its create with a send, and its payment until the shop has the event.

import { setTimeout as sleep } from "node:timers/promises";
import { buildPrograms, buildRelay } from "../build.mjs";
import { callbackIds, post, startUpstream } from "../measure.mjs";
import { create, notice, phone, raw, rawNotice, signedHeaders, unique } from "../requests.mjs";
import { bindings } from "../settings.mjs";
import { median } from "../statistics.mjs";
import { Workerd } from "../workerd.mjs";

const ROUNDS = 7;
const LINKS = 400;
const CALLERS = 16;
const POLL_MS = 5;
const PATIENCE_MS = 60_000;

/** Milliseconds, `{ createWithSend, payment }`: all of workerd's, the Worker's and the objects'. */
export async function measureCpu() {
  const relay = await buildRelay();
  const program = await buildPrograms();
  const upstream = await startUpstream(program);
  const settings = bindings(upstream.port, { EVENTS_URL: `http://127.0.0.1:${upstream.port}/events` });
  const workerd = await Workerd.start(relay, settings);
  const took = { createWithSend: [], payment: [] };
  for (let round = -1; round < ROUNDS; round += 1) {
    await workerd.room(2 * LINKS);
    const links = Array.from({ length: LINKS }, () => ({ id: `msg_scale_${unique()}`, body: create({ cell_phone: phone() }) }));
    const creates = links.map(({ id, body }) => raw(workerd.port, body, signedHeaders(body, id)));
    const created = await post(program, workerd, creates, CALLERS);
    const before = await upstream.delivered();
    const notices = (await callbackIds(workerd, links)).map((name) => rawNotice(workerd.port, notice(name)));
    const paid = await post(program, workerd, notices, CALLERS, () =>
      delivered(upstream, before + LINKS),
    );
    if (round >= 0) took.createWithSend.push(created.cpuUs), took.payment.push(paid.cpuUs);
    console.error(`CPU, round ${round + 1} of ${ROUNDS}`);
  }
  await workerd.stop();
  const inMs = (us) => Math.round(median(us) / 10) / 100;
  return { createWithSend: inMs(took.createWithSend), payment: inMs(took.payment) };
}

async function delivered(upstream, count) {
  for (const deadline = Date.now() + PATIENCE_MS; (await upstream.delivered()) < count; await sleep(POLL_MS)) {
    if (Date.now() > deadline) throw new Error("the shop does not get its events");
  }
}
